"""HTML character references in plain text (mã ký tự HTML), with the way back.

``decode`` leaves references as they stand, for its text is the bytes' own; a reader that meets a text dump with
"&agrave;" or "&#7879;" in it asks for this, and offsets still lead to the text as received (``Folded.after``).
"""

from __future__ import annotations

import re
from html.entities import html5

from hoptac.text.fold import Folded

_REFERENCE = re.compile(r"&(?:#[xX]([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([A-Za-z][A-Za-z0-9]{1,31}));")
_C1 = {
    code: bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xA0)
}  # what pages mean by &#146;, as browsers read it


def expand_references(source: str) -> Folded:
    """The text with its character references (named, decimal, hex) as characters, and each one's place in the source.

    Only whole references with their semicolon count, so "AT&T" and "?a=1&copy=2" stay. An unknown name, NUL, a
    surrogate or a number beyond Unicode stays as written. One pass: "&amp;agrave;" gives "&agrave;". Linear.

    >>> expand_references("H&agrave; N&#7897;i &amp; &#x110;i&ecirc;n Bi&ecirc;n").text
    'Hà Nội & Điên Biên'
    """
    if "&" not in source:
        return Folded(source, source)
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for m in _REFERENCE.finditer(source):
        meant = _meaning(m)
        if meant is None:
            continue
        start, end = m.span()
        out += (source[done:start], meant)
        starts += (*range(done, start), *[start] * len(meant))
        ends += (*range(done + 1, start + 1), *[end] * len(meant))
        done = end
    if not done:
        return Folded(source, source)
    out.append(source[done:])
    starts += range(done, len(source))
    ends += range(done + 1, len(source) + 1)
    return Folded(source, "".join(out), tuple(starts), tuple(ends))


def _meaning(m: re.Match[str]) -> str | None:
    sixteen, ten, name = m.groups()
    if name:
        return html5.get(name + ";")
    code = int(sixteen, 16) if sixteen else int(ten)
    if code in _C1:
        return _C1[code]
    if code == 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return None
    return chr(code)
