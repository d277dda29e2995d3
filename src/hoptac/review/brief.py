"""The brief for leaders (bản tóm tắt): two pages with charts and the map, out of the same tree as the report."""

from __future__ import annotations

from typing import Any

from hoptac.review.charts import cut
from hoptac.review.document import Document, Notes, Para, Runs, Table, TableRow, plain
from hoptac.review.letterhead import Letterhead
from hoptac.review.paper import figure_json, make_pdf, report_json, runs_json
from hoptac.review.words import Words

TOP = 5  # the largest contributions
PROPOSALS = 4  # lines of a side's proposals
PARA_ROOM = 4500.0  # of a paragraph, in units of ``charts.cut``
OPEN = 6  # promises not kept, asks without an answer
FIGURES = ("matrix", "standing", "map", "places", "promises")
LINE_ROOM = 500.0  # of a line's left side on two lines, in units of ``charts.cut``
LONG = 16  # letters of a key figure beyond which it is set smaller


def brief_json(document: Document, head: Letterhead, words: Words) -> dict[str, Any]:
    """What the template reads. Notes bear the same signs as in the report."""
    notes = Notes()
    report_json(document, head, words, notes)
    top, _rest = _lines(_table(document, "brief-top"), TOP, notes)
    kept, more_open = _lines(_table(document, "brief-open"), OPEN, notes)
    asks, more_asks = _lines(_table(document, "brief-asks"), OPEN, notes)
    known = {f.code: f for f in document.figures}
    return {
        "lang": document.lang,
        "kind": words("brief"),
        "title": document.subject,
        "stands": document.stands,
        "none": words("brief_none"),
        "key": [
            {
                "figure": runs_json(k.figure, notes),
                "words": k.words,
                "long": len(plain(k.figure)) > LONG,
            }
            for k in document.key_figures
        ],
        "top_head": words("brief_top"),
        "top": top,
        "open_head": words("brief_open"),
        "open": kept,
        "open_more": words("brief_more", n=words.number(more_open)) if more_open else "",
        "asks_head": words("brief_asks"),
        "asks": asks,
        "asks_more": words("brief_more", n=words.number(more_asks)) if more_asks else "",
        "overview": [
            cut(plain(p.runs), PARA_ROOM) for p in _paras(document, "overview") if p.style == "body"
        ],
        "proposals_head": words("proposals"),
        "proposals": _proposals(document),
        "figures": {
            code: figure_json(known[code]) | {"caption": known[code].table.caption}
            for code in FIGURES
            if code in known
        },
    }


def _paras(document: Document, key: str) -> list[Para]:
    section = next(s for s in document.sections if s.key == key)
    return [b for b in section.blocks if isinstance(b, Para)]


def _proposals(document: Document) -> list[dict[str, Any]]:
    """The first lines of each side's proposals."""
    out: list[dict[str, Any]] = []
    for para in _paras(document, "proposals"):
        words = plain(para.runs)
        if para.runs and para.runs[0].bold:
            out.append({"side": words, "lines": []})
        elif out and len(out[-1]["lines"]) < PROPOSALS:
            out[-1]["lines"].append(cut(("– " if para.style == "bullet" else "") + words, LINE_ROOM))
    return out


def _table(document: Document, code: str) -> Table:
    return next(t for t in document.lists if t.code == code)


def _lines(table: Table, most: int, notes: Notes) -> tuple[list[dict[str, Any]], int]:
    """The first lines of a table, each cut to one line, and how many there are beyond."""
    return [_line(row, notes) for row in table.rows[:most]], max(0, len(table.rows) - most)


def _line(row: TableRow, notes: Notes) -> dict[str, Any]:
    left, right = row.cells[0], row.cells[-1]
    return {"left": _short(left, notes), "right": _short(right, notes)}


def _short(runs: Runs, notes: Notes) -> list[dict[str, Any]]:
    words = cut(plain(runs), LINE_ROOM)
    told: dict[str, Any] = {"w": words}
    numbers = next((r.numbers for r in runs if r.numbers), ())
    if note := notes.of(numbers):
        told["n"] = note
    return [told]


def brief_pdf(document: Document, head: Letterhead, words: Words) -> bytes:
    """The brief as PDF; two pages whatever the ledger holds."""
    return make_pdf("brief.typ", brief_json(document, head, words), "brief.json", document.figures)
