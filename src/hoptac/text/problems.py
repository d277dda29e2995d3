"""What is wrong with bytes, named with its byte offset (chỗ hỏng)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

MAX_NAMED = 200  # problems of one code that are named one by one; one more stands for all the rest
_FOUND_BYTES = 8  # bytes of each that are shown


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the bytes that their reader must know.

    ``code``    undecodable        bytes that are no text in the chosen encoding: the run stands as one U+FFFD
                nul                zero bytes: the run stands as one U+FFFD (no database and no XML takes them)
                control-character  other controls than tab, line ends and form feed: stand as they are
                mixed-line-ends    the first line end unlike most: all stand as they are
                more               ``length`` further problems of the code that ``found`` names, from ``byte_offset`` on
    ``byte_offset``, ``length`` count bytes of the data. ``found`` shows the first bytes in hex, or the line ends' counts.
    """

    code: str
    byte_offset: int
    length: int
    found: str


_AMISS = re.compile("[\ud800-\udfff]+|\x00+|[\x01-\x08\x0b\x0e-\x1f\x7f-\x9f]+")
# Text in which none of them stands; one walk without a choice, which is many times as fast.
_SOUND = re.compile("[\t\n\f\r -~\xa0-\ud7ff\ue000-\U0010ffff]*")
_LINE_END = re.compile("\r\n?|\n")
_END_NAMES = {"\r\n": "crlf", "\n": "lf", "\r": "cr"}


def name_problems(
    raw: str, data: bytes, width: Callable[[str], int], skip: int = 0
) -> tuple[str, tuple[Problem, ...]]:
    """The text with U+FFFD where nothing else can stand, and the problems in byte order.

    ``raw``    the decoded text with every undecodable unit as a lone surrogate
    ``width``  how many bytes of ``data`` a stretch of ``raw`` was
    ``skip``   bytes before the text (a byte order mark)
    """
    problems: list[Problem] = []
    counts: Counter[str] = Counter()
    hidden: dict[str, int] = {}
    out: list[str] = []
    at, offset = 0, skip
    for m in () if _SOUND.fullmatch(raw) else _AMISS.finditer(raw):
        before, run = raw[at : m.start()], m.group()
        offset += width(before)
        length = width(run)
        code = _code(run[0])
        counts[code] += 1
        if counts[code] <= MAX_NAMED:
            problems.append(Problem(code, offset, length, _show(data[offset : offset + length])))
        else:
            hidden.setdefault(code, offset)
        out += (before, run if code == "control-character" else "\ufffd")
        at, offset = m.end(), offset + length
    problems += [Problem("more", where, counts[code] - MAX_NAMED, code) for code, where in hidden.items()]
    problems += _line_ends(raw, width, skip)
    problems.sort(key=lambda p: p.byte_offset)
    return ("".join(out) + raw[at:] if out else raw), tuple(problems)


def _code(char: str) -> str:
    if char == "\x00":
        return "nul"
    return "undecodable" if "\ud800" <= char <= "\udfff" else "control-character"


def _show(found: bytes) -> str:
    return found[:_FOUND_BYTES].hex(" ").upper() + (" …" if len(found) > _FOUND_BYTES else "")


def _line_ends(raw: str, width: Callable[[str], int], skip: int) -> list[Problem]:
    crlf = raw.count("\r\n")
    counts = {"crlf": crlf, "lf": raw.count("\n") - crlf, "cr": raw.count("\r") - crlf}
    if sum(n > 0 for n in counts.values()) < 2:
        return []
    most = max(counts, key=lambda name: counts[name])
    odd = next(m for m in _LINE_END.finditer(raw) if _END_NAMES[m.group()] != most)
    shown = ", ".join(f"{name} {n}" for name, n in counts.items() if n)
    return [Problem("mixed-line-ends", skip + width(raw[: odd.start()]), width(odd.group()), shown)]
