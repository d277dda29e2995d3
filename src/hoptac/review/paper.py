"""Draw a review's tree as PDF, and its pictures as PNG, with typst (bản PDF). Tagged, PDF/UA-1 and PDF/A-2a.

The templates under ``typst/`` read one JSON each; no word of a record is ever read as markup. The same input gives the same
bytes, but for faces: Times New Roman where the machine has it, else Liberation Serif of the same widths, else typst's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any

import typst

from hoptac.review.document import Block, Document, Figure, Notes, Para, Run, Runs, Table, TableRow, run
from hoptac.review.letterhead import Letterhead
from hoptac.review.words import Words

STANDARDS = ["a-2a", "ua-1"]
DOTS_PER_INCH = 150  # of pictures in a Word file: a printed page shows no steps
STAMP = int(
    datetime(2020, 1, 1, tzinfo=UTC).timestamp()
)  # a PDF's inner date; the paper's own stands in its text


_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")  # no face has them
LINES = "sources"  # the table that is printed as lines


def runs_json(runs: Runs, notes: Notes) -> list[dict[str, Any]]:
    out = []
    for one in runs:
        told: dict[str, Any] = {"w": _CONTROL.sub(" ", one.words)}
        if one.bold:
            told["b"] = True
        if one.italic:
            told["i"] = True
        if note := notes.of(one.numbers):
            told["n"] = note
        out.append(told)
    return out


def _cell(runs: Runs, notes: Notes) -> str | list[dict[str, Any]]:
    """A cell that is plain text as that text."""
    told = runs_json(runs, notes)
    return "".join(one["w"] for one in told) if all(len(one) == 1 for one in told) else told


def _table(table: Table, notes: Notes, heading: str) -> dict[str, Any]:
    def row(one: TableRow) -> dict[str, Any]:
        return {"head": one.head, "cells": [_cell(c, notes) for c in one.cells]}

    return {
        "kind": "lines" if table.code == LINES else "table",
        "caption": None if table.caption == heading else table.caption,
        "columns": [asdict(c) for c in table.columns],
        "rows": [row(r) for r in table.rows],
        "foot": [row(r) for r in table.foot],
    }


def figure_json(figure: Figure) -> dict[str, Any]:
    return {
        "kind": "figure",
        "file": f"{figure.code}.svg",
        "caption": figure.caption,
        "alt": figure.alt,
        "share": figure.share,
    }


def _blocks(blocks: Iterable[Block], notes: Notes, heading: str) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    for block in blocks:
        if isinstance(block, Para):
            out.append({"kind": "para", "style": block.style, "runs": runs_json(block.runs, notes)})
        elif isinstance(block, Table):
            out.append(_table(block, notes, heading))
        else:
            out.append(figure_json(block))
    return out


def report_json(document: Document, head: Letterhead, words: Words, notes: Notes) -> dict[str, Any]:
    """The whole paper as the template reads it. Fills ``notes``: the lines of its signs end the annex of sources."""
    sections = [
        {
            "number": s.number,
            "heading": s.heading,
            "level": s.level,
            "blocks": _blocks(s.blocks, notes, s.heading),
        }
        for s in document.sections
    ]
    annexes = [
        {"heading": a.heading, "title": a.title, "blocks": _blocks(a.blocks, notes, a.title)}
        for a in document.annexes
    ]
    if annexes and notes.lines():
        annexes[-1]["blocks"] += _blocks(sign_blocks(words, notes), Notes(), "")  # type: ignore[operator]
    return {
        "lang": document.lang,
        "type": document.kind,
        "subject": document.subject,
        "stands": document.stands,
        "head": asdict(head),
        "sections": sections,
        "annexes": annexes,
    }


def sign_blocks(words: Words, notes: Notes) -> tuple[Para, ...]:
    """What the signs of a paper stand for."""
    head = Para((Run(words("sources_signs"), bold=True),), "note")
    lines = (Para(run(words("sign_lines", sign=s, lines=told)), "note") for s, told in notes.lines())
    return (head, *lines)


PAPER_FACES = "'Liberation Sans', Arial, 'Noto Sans', 'DejaVu Sans', sans-serif"
_FACES = re.compile(r'font-family="[^"]*"')


def svg_files(figures: Iterable[Figure]) -> dict[str, bytes]:
    """The pictures for paper; "system-ui", which a page asks for first, is no face that typst knows."""
    return {
        f"{f.code}.svg": _FACES.sub(f'font-family="{PAPER_FACES}"', f.picture.draw(f.code)).encode()
        for f in figures
    }


@cache
def template(name: str) -> bytes:
    return resources.files("hoptac.review").joinpath("typst", name).read_bytes()


def make_pdf(template_name: str, data: dict[str, Any], data_name: str, figures: Iterable[Figure]) -> bytes:
    """A PDF by a template. The standards refuse a file with a letter that no face at hand has (an emoji, a rare script); such a
    file is made tagged but without their mark, rather than not at all."""
    files = {
        "main.typ": template(template_name),
        data_name: json.dumps(data, ensure_ascii=False).encode(),
        **svg_files(figures),
    }
    try:
        made = _compile(files, format="pdf", pdf_standards=STANDARDS, timestamp=STAMP)
    except typst.TypstError:
        made = _compile(files, format="pdf", timestamp=STAMP)
    return _one(made)


def _compile(files: dict[str, bytes], **more: Any) -> Any:
    """typst takes files by name, the first being the one to draw, and gives bytes, or a list of them for pictures of several
    pages; its own type hints know of neither."""
    compile_files: Any = typst.compile
    return compile_files(files, **more)


def report_pdf(document: Document, head: Letterhead, words: Words) -> bytes:
    """The review as an administrative document in PDF."""
    return make_pdf(
        "report.typ", report_json(document, head, words, Notes()), "review.json", document.figures
    )


PICTURE = """#set page(width: 440pt, height: auto, margin: 0pt)
#set text(font: ("Liberation Sans", "Arial", "Noto Sans", "DejaVu Sans"))
"""


def pictures_png(figures: Iterable[Figure]) -> dict[str, bytes]:
    """Each picture as a PNG by its code, for files that cannot hold SVG everywhere."""
    kept = list(figures)
    if not kept:
        return {}
    pages = "\n#pagebreak()\n".join(f'#image("{f.code}.svg", width: 100%)' for f in kept)
    files = {"main.typ": (PICTURE + pages).encode(), **svg_files(kept)}
    made = _compile(files, format="png", ppi=DOTS_PER_INCH)
    pngs = made if isinstance(made, list) else [_one(made)]
    return {f.code: bytes(png) for f, png in zip(kept, pngs, strict=True)}


def _one(made: Any) -> bytes:
    """What typst gives for one file: the bytes, or a list of one."""
    found = made[0] if isinstance(made, list) else made
    if not isinstance(found, bytes):
        raise TypeError(f"typst gave {type(found).__name__}; expected bytes")
    return found
