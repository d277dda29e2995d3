"""Put a page together (dựng trang): lines to text and blocks, bytes to a digest, what went wrong to findings."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import date

from hoptac.pages.limits import Refused
from hoptac.pages.values import Block, Finding, Page
from hoptac.text.decode import Decoded
from hoptac.text.mend import mend_legacy

_NAMED_PROBLEMS = 20
"""Problems of one page named one by one; the rest are counted."""


def finding(
    code: str, where: str, *, start: int | None = None, end: int | None = None, **values: object
) -> Finding:
    """A finding that does not stop the page. ``start`` and ``end`` are bytes of the file."""
    shown = tuple((key, str(value)) for key, value in values.items())
    return Finding(code, where, (("name", where), *shown), start, end, "char" if start is None else "byte")


class Rendering:
    """The text rendition of a file with markup: one block a line, in the order of the file."""

    def __init__(self, where: str, max_chars: int) -> None:
        self.where = where
        self.max_chars = max_chars
        self._lines: list[str] = []
        self._blocks: list[Block] = []
        self._at = 0

    def add(self, text: str, kind: str, role: str | None = None) -> None:
        """One block. Line ends inside part it into blocks of the same kind; blank lines are no blocks."""
        for line in text.splitlines():
            line = line.strip(" \t") if kind != "tr" else line.rstrip()
            if not line or line.isspace():
                continue
            self._lines.append(line)
            self._blocks.append(Block(self._at, self._at + len(line), kind, role))
            self._at += len(line) + 1
            if self._at > self.max_chars:
                raise Refused("P06", self.where, limit=f"{self.max_chars:,}")

    def finish(self) -> tuple[str, tuple[Block, ...], list[Finding]]:
        """The text, its blocks, and a finding where letters of old fonts were turned into Unicode."""
        text = "\n".join(self._lines)
        mended, found = mend_text(text, self.where)
        if not found:
            return text, tuple(self._blocks), []
        lines = mended.split("\n")
        if len(lines) != len(self._lines):
            return text, tuple(self._blocks), []
        blocks, at = [], 0
        for line, block in zip(lines, self._blocks, strict=True):
            blocks.append(Block(at, at + len(line), block.kind, block.role))
            at += len(line) + 1
        return mended, tuple(blocks), found


def mend_text(text: str, where: str) -> tuple[str, list[Finding]]:
    """A text with letters of old fonts ("Hµ Néi") turned into Unicode, and the finding that says so."""
    mended = mend_legacy(text)
    if mended is None:
        return text, []
    return mended.text, [finding("P19", where, encoding=mended.encoding)]


def decoding_findings(decoded: Decoded, where: str) -> list[Finding]:
    """What decoding had to guess or could not read, as findings with their byte offsets."""
    found: list[Finding] = []
    if decoded.why and decoded.why[0] in ("scored", "overruled", "nearly-utf8"):
        found.append(finding("P20", where, encoding=decoded.encoding, why=" ".join(decoded.why)))
    shown: dict[str, int] = {}
    for problem in decoded.problems:
        shown[problem.code] = shown.get(problem.code, 0) + 1
        code = _PROBLEM_CODES.get(problem.code, "P18")
        if shown[problem.code] <= _NAMED_PROBLEMS:
            found.append(
                finding(
                    code,
                    where,
                    start=problem.byte_offset,
                    end=problem.byte_offset + problem.length,
                    count=problem.length,
                    encoding=decoded.encoding,
                    found=problem.found,
                )
            )
    for name, count in shown.items():
        if count > _NAMED_PROBLEMS:
            code = _PROBLEM_CODES.get(name, "P18")
            found.append(finding("P25", where, count=count - _NAMED_PROBLEMS, problem=code))
    return found


_NO_TEXT = re.compile("[\ud800-\udfff]")


def clean(text: str, where: str) -> tuple[str, list[Finding]]:
    """A text that did not come from bytes here (JSON, PDF, a sheet), without what no database or XML can hold.

    NUL and lone surrogates become U+FFFD, one for one, and are counted in a finding.
    """
    found: list[Finding] = []
    if nuls := text.count("\0"):
        found.append(finding("P26", where, start=text.index("\0"), count=nuls))
        text = text.replace("\0", "\ufffd")
    text, lone = _NO_TEXT.subn("\ufffd", text)
    if lone:
        found.append(finding("P18", where, count=lone, encoding="unicode", found="lone surrogates"))
    return text, found


_PROBLEM_CODES = {
    "undecodable": "P18",
    "nul": "P26",
    "control-character": "P27",
    "mixed-line-ends": "P28",
    "more": "P25",
}


def make_page(
    name: str,
    text: str,
    data: bytes,
    media_type: str,
    *,
    encoding: str | None = None,
    url: str | None = None,
    outlet: str | None = None,
    published: date | None = None,
    captured: date | None = None,
    title: str | None = None,
    blocks: Sequence[Block] = (),
    findings: Iterable[Finding] = (),
) -> Page:
    """A page with the digest of its bytes. A page without a letter says so (P17)."""
    found = list(findings)
    if not text.strip():
        found.append(finding("P17", name))
    return Page(
        name=name,
        text=text,
        data=data,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=media_type,
        encoding=encoding,
        url=url,
        outlet=outlet,
        published=published,
        captured=captured,
        title=title,
        blocks=tuple(blocks),
        findings=tuple(found),
    )
