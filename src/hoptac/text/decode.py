"""Bytes to text, with the choice stated (giải mã).

``decode`` never fails and never drops a byte in silence: what cannot be decoded stands in the text as U+FFFD and is
named as a Problem with its byte offset. The order of the choice, each with its ``why``:

1. a byte order mark                                             ("bom",)
2. the pattern of zero bytes that UTF-16 has                      ("utf-16-pattern", share of zero bytes)
3. what was declared, where the bytes allow it                    ("declared", name)
4. only ASCII                                                     ("ascii",), or VIQR by its mnemonics ("scored", ...)
5. valid UTF-8, or nearly valid                                   ("valid-utf8",) / ("nearly-utf8", good, bad)
6. TCVN3, VNI or Windows-1258 by the share of words with marks
   that are Vietnamese syllables; else Windows-1252               ("scored", "tcvn3=0.98", "vni=0.02", ...)

A declared name that the bytes contradict is overruled: ``why`` then begins ("overruled", name) and goes on with the
reason for what was chosen. The text is as received: not normalised, line ends and HTML references as they stand
(see ``fold`` and ``expand_references``); letters read from an old encoding stay as ``mend_legacy`` found in Unicode
text are not touched here.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from hoptac.text.charsets import (
    VIQR_STRONG,
    compose_vni,
    decode_tcvn3,
    decode_viqr,
    decode_vni,
    read_tcvn3,
    viqr_word,
)
from hoptac.text.problems import Problem, name_problems
from hoptac.text.syllables import MAX_WORD, bare_share, score_words

_SAMPLE = 16384  # bytes that the choice looks at, from the first high byte on


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded text: which encoding, why that one, how sure (0 to 1), and what is wrong with the bytes."""

    text: str
    encoding: str
    why: tuple[str, ...]
    confidence: float
    problems: tuple[Problem, ...] = ()


_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: it begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OWN_NAMES = {
    "tcvn3": "tcvn3",
    "tcvn": "tcvn3",
    "abc": "tcvn3",
    "x-tcvn": "tcvn3",
    "tcvn5712": "tcvn3",
    "tcvn-5712": "tcvn3",
    "tcvn5712-1": "tcvn3",
    "x-viet-tcvn": "tcvn3",
    "x-viet-tcvn5712": "tcvn3",
    "vni": "vni",
    "x-vni": "vni",
    "x-viet-vni": "vni",
    "viqr": "viqr",
    "x-viqr": "viqr",
    "viet-viqr": "viqr",
    "iso-8859-1": "windows-1252",  # as browsers read these two
    "latin-1": "windows-1252",
    "latin1": "windows-1252",
    "us-ascii": "windows-1252",
    "ascii": "windows-1252",
    "utf8": "utf-8",
    "utf-16": "utf-16-le",
    "utf-32": "utf-32-le",
}
_CODECS = {
    "utf-8": "utf-8",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-32-le": "utf-32-le",
    "utf-32-be": "utf-32-be",
    "windows-1258": "cp1258",
    "windows-1252": "cp1252",
    **{f"windows-125{n}": f"cp125{n}" for n in (0, 1, 3, 4, 5, 6, 7)},
    **{f"iso-8859-{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)},
    **{
        name: name for name in ("koi8-r", "gb18030", "gbk", "gb2312", "big5", "shift_jis", "euc-jp", "euc-kr")
    },
    "macintosh": "mac-roman",
    "tis-620": "tis-620",
}
_WIDE = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}


def decode(data: bytes, *, declared: str | None = None) -> Decoded:
    """The text of some bytes, in the encoding that they show.

    ``declared`` is what a header, a meta tag or an XML prolog says, any spelling; unknown names are overruled.

    >>> decode("Hà Nội".encode()).why, decode("Hµ Néi, §iÖn Biªn".encode("cp1252")).text
    (('valid-utf8',), 'Hà Nội, Điện Biên')
    >>> decode(b"H\\xc3\\xa0 N\\xffi").problems
    (Problem(code='undecodable', byte_offset=5, length=1, found='FF'),)
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom) and (encoding != "utf-8" or _utf8_quality(data)[0]):
            return _finish(data, encoding, ("bom",), 1.0, skip=len(bom))
    wanted = canonical_name(declared)
    pattern = _utf16_pattern(data)
    if pattern:
        encoding, share = pattern
        why: tuple[str, ...] = ("utf-16-pattern", f"{share:.2f}")
        return _finish(data, encoding, _reason(declared, wanted, encoding, why), min(1.0, share + 0.3))
    if data.isascii():
        return _decode_ascii(data, declared, wanted)
    nearly, good, bad = _utf8_quality(data)
    strict = (
        wanted in _CODECS and wanted not in _WIDE and wanted not in ("utf-8", "windows-1252", "windows-1258")
    )
    if nearly and not (bad and strict and _reads(data, _CODECS[wanted or ""])):
        why = ("nearly-utf8", str(good), str(bad)) if bad else ("valid-utf8",)
        return _finish(data, "utf-8", _reason(declared, wanted, "utf-8", why), good / (good + bad))
    return _decode_scored(data, declared, wanted)


def canonical_name(declared: str | None) -> str | None:
    """The one name of a declared encoding, None where it is unknown.

    >>> canonical_name("UTF8"), canonical_name("CP1258"), canonical_name("x-user-defined")
    ('utf-8', 'windows-1258', None)
    """
    name = (declared or "").strip().strip("\"'").lower().replace("_", "-").replace(" ", "-")
    name = _OWN_NAMES.get(name, name)
    if name.startswith("cp125"):
        name = "windows-" + name[2:]
    name = {"shift-jis": "shift_jis", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be"}.get(name, name)
    return name if name in _CODECS or name in ("tcvn3", "vni", "viqr") else None


def _reason(declared: str | None, wanted: str | None, chosen: str, why: tuple[str, ...]) -> tuple[str, ...]:
    if not declared:
        return why
    if wanted == chosen:
        return ("declared", declared, *(why if why[0] == "nearly-utf8" else ()))
    return ("overruled", declared, *why)


def _decode_ascii(data: bytes, declared: str | None, wanted: str | None) -> Decoded:
    text = data.decode("ascii")
    marked, words = _viqr_evidence(text)
    if wanted == "viqr" or _is_viqr(marked, words):
        why = ("scored", f"viqr={marked}/{words}")
        done = _finish(data, "viqr", _reason(declared, wanted, "viqr", why), 0.9)
        return done
    if wanted is None or wanted == "utf-8" or wanted in _WIDE:
        return _finish(data, "utf-8", _reason(declared, wanted, "utf-8", ("ascii",)), 1.0)
    return _finish(data, "utf-8", ("declared", declared or "", "ascii"), 1.0)


def _is_viqr(marked: int, words: int) -> bool:
    return marked >= 2 and marked >= 0.25 * words


_ASCII_WORD = re.compile(r"[A-Za-z][A-Za-z\^(+*'`?~.\\-]*")


def _viqr_evidence(text: str) -> tuple[int, int]:
    """Words of a sample that only VIQR explains, and all its words."""
    if (
        "^" not in text
        and "+" not in text
        and "(" not in text
        and "dd" not in text.lower()
        and "`" not in text
    ):
        return 0, 0
    words = _ASCII_WORD.findall(text, 0, _SAMPLE)
    marked = 0
    for word in words:
        if VIQR_STRONG.search(word):
            marked += 1 if not viqr_word(word).isascii() else -1
    return marked, len(words)


def _utf16_pattern(data: bytes) -> tuple[str, float] | None:
    """UTF-16 without its mark: most high halves of letters and spaces are zero, and few low halves are (a grave accent apart is one)."""
    sample = data[:4096]
    half = len(sample) // 2
    if half < 2 or 0 not in sample:
        return None
    even, odd = sample[0 : half * 2 : 2], sample[1 : half * 2 : 2]
    zero_even, zero_odd = even.count(0) / half, odd.count(0) / half
    for encoding, high, zero_high, zero_low in (
        ("utf-16-le", odd, zero_odd, zero_even),
        ("utf-16-be", even, zero_even, zero_odd),
    ):
        known = sum(high.count(b) for b in b"\x00\x01\x03\x1e\x20\x25") / half
        if zero_high >= 0.5 and known >= 0.9 and zero_low <= 0.2:
            return encoding, zero_high
    return None


_ESCAPED = re.compile("[\udc80-\udcff]+")
_NOT_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]")


def _utf8_quality(data: bytes) -> tuple[bool, int, int]:
    """Is this UTF-8, perhaps with a few bad bytes; how many good characters beyond ASCII; how many bad runs."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return True, 1, 0
    text = data.decode("utf-8", "surrogateescape")
    good = len(_NOT_ASCII.findall(text))
    bad = len(_ESCAPED.findall(text))
    return good >= bad, good, bad


_HIGH = re.compile(rb"[\x80-\xff]")
_BYTE_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
_READERS: tuple[tuple[str, Callable[[bytes], str]], ...] = (
    ("windows-1258", lambda b: unicodedata.normalize("NFC", b.decode("cp1258", "surrogateescape"))),
    ("tcvn3", read_tcvn3),
    ("vni", decode_vni),
)


def _decode_scored(data: bytes, declared: str | None, wanted: str | None) -> Decoded:
    first = _HIGH.search(data)
    start = max(0, (first.start() if first else 0) - 64)
    words = [word for word in _BYTE_WORD.findall(data, start, start + _SAMPLE) if len(word) <= MAX_WORD]
    marked = b"\n".join(word for word in words if not word.isascii())
    plain = [word.decode() for word in words if word.isascii()]
    scores = {name: score_words(read(marked)) for name, read in _READERS}
    best = max(scores, key=lambda name: scores[name].share)
    why = (
        "scored",
        *(f"{name}={score.share:.2f}" for name, score in scores.items()),
        f"plain={bare_share(plain):.2f}",
    )
    confidence = scores[best].share
    if not scores[best].convinces(len(words), plain):
        best, confidence = "windows-1252", 0.5
        if wanted in _CODECS and wanted not in _WIDE and wanted != "utf-8" and _reads(data, _CODECS[wanted]):
            best = wanted
    return _finish(data, best, _reason(declared, wanted, best, why), round(confidence, 2))


def _reads(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _finish(data: bytes, encoding: str, why: tuple[str, ...], confidence: float, *, skip: int = 0) -> Decoded:
    raw, width = _decode_raw(data[skip:] if skip else data, encoding)
    text, problems = name_problems(raw, data, width, skip)
    if encoding == "viqr":
        text = decode_viqr(text)
    elif encoding == "vni":
        text = compose_vni(text)
    return Decoded(text, encoding, why, confidence, problems)


def _decode_raw(data: bytes, encoding: str) -> tuple[str, Callable[[str], int]]:
    """The text with each undecodable unit as a lone surrogate, and how many bytes a stretch of it was."""
    if encoding in _WIDE:
        return _decode_wide(data, encoding)
    if encoding == "tcvn3":
        return decode_tcvn3(data), len
    codec = {"vni": "cp1252", "viqr": "utf-8"}.get(encoding) or _CODECS[encoding]
    raw = data.decode(codec, "surrogateescape")
    return raw, len if len(raw) == len(data) else lambda s: len(s.encode(codec, "surrogateescape"))


def _decode_wide(data: bytes, encoding: str) -> tuple[str, Callable[[str], int]]:
    unit = _WIDE[encoding]
    whole = len(data) - len(data) % unit
    if unit == 2:
        raw = data[:whole].decode(encoding, "surrogatepass")
    else:
        raw = _decode_utf32(data[:whole], encoding)
    left = len(data) - whole

    def width(stretch: str) -> int:
        units = len(stretch) + (sum(c > "\uffff" for c in stretch) if unit == 2 else 0)
        return units * unit

    if not left:
        return raw, width
    end = raw.replace("\udcff", "\udcfe") + "\udcff"  # stands for the bytes of a unit cut off at the end
    return end, lambda s: width(s) - (unit - left if s.endswith("\udcff") else 0)


def _decode_utf32(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "surrogatepass")
    except UnicodeDecodeError:
        order: Literal["little", "big"] = "little" if encoding.endswith("le") else "big"
        codes = (int.from_bytes(data[i : i + 4], order) for i in range(0, len(data), 4))
        return "".join(chr(code) if code <= 0x10FFFF else "\udcff" for code in codes)
