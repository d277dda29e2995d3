"""The old Vietnamese encodings, byte by byte (bảng mã cũ).

TCVN3  (ABC, the .Vn fonts) has one byte for each lower-case letter and for Ă Â Ê Ô Ơ Ư Đ. It has no byte for a capital
       with a tone: such a letter was the lower-case byte set in a capital font (.VnTimeH). ``raise_capitals`` gives
       back those capitals that the word or line around them shows; a line typed in small letters for a capital font
       stays in small letters unless the caller, who may know the font, says ``capitals=True``.
       Source: TCVN 5712:1993, table VN1 for 0xA0-0xFF; 0x80-0x9F hold Windows punctuation, as in the fonts.
VNI    a letter and then a mark, both bytes of Windows-1252; ơ ư đ and the i's are single. Source: VNI-Windows fonts.
VIQR   ASCII mnemonics: ``Ha` No^.i``, ``dda.i ho^.i``; a backslash makes the next mark plain. Source: RFC 1456; horn
       also as ``*``, đ also as ``d-``.

The same letters read through Windows-1252 ("Hµ Néi") are what ``mend_legacy`` recognises in Unicode text.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import lru_cache

from hoptac.text.syllables import is_syllable

UNDEFINED = "\ufffe"  # what codecs.charmap_decode takes for "no character here"

_CP1252 = "".join(
    bytes([b]).decode("cp1252", "ignore") or UNDEFINED  # 81 8D 8F 90 9D stand for nothing
    for b in range(256)
)
_TCVN3_HIGH = (
    "\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ"
    "\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽ"
    "éẹềểễếệìỉỄẾỒĩíịò"
    "Ổỏõóọồổỗốộờởỡớợù"
    "ỖủũúụừửữứựỳỷỹýỵỐ"
)
TCVN3 = _CP1252[:0xA0] + _TCVN3_HIGH

_WORD = re.compile(r"[^\W\d_]+")


def decode_tcvn3(data: bytes, *, capitals: bool = False) -> str:
    """Text of TCVN3 bytes, one character for each byte; bytes without a character become U+DC80-U+DCFF.

    >>> decode_tcvn3(bytes.fromhex("48b5 204ee969"))
    'Hà Nội'
    """
    text = read_tcvn3(data)
    return text.upper() if capitals else raise_capitals(text)


def read_tcvn3(data: bytes) -> str:
    """As ``decode_tcvn3``, with every toned letter small."""
    return codecs.charmap_decode(data, "surrogateescape", TCVN3)[0]


def raise_capitals(text: str) -> str:
    """Capitals for the toned small letters of words set in capitals. Length does not change.

    A word without plain small letters that has a capital after its first letter is one ("TỉNH" -> "TỈNH"). Where every
    word of a line is without plain small letters, and one of them shows it, the short ones follow ("Hà ĐÔNG").

    >>> raise_capitals("THàNH PHố Hà NộI"), raise_capitals("TP Hà Nội, UBND xã")
    ('THÀNH PHỐ HÀ NỘI', 'TP Hà Nội, UBND xã')
    """
    return "\n".join(_raise_line(line) for line in text.split("\n"))


def _raise_line(line: str) -> str:
    if line.isascii() or (_PLAIN_SMALL.search(line) and not _MIXED.search(line)):
        return line
    words = [word for word in _WORD.findall(line) if _only_tones_small(word)]
    if not any(_in_capitals(word) for word in words):
        return line
    whole = len(words) == len(_WORD.findall(line))
    return _WORD.sub(lambda m: _raise_word(m.group(), whole), line)


def _raise_word(word: str, in_capital_line: bool) -> str:
    if _only_tones_small(word) and (in_capital_line or _in_capitals(word)):
        return word.upper()
    return word


def _in_capitals(word: str) -> bool:
    return any(c.isupper() for c in word[1:])


_PLAIN_SMALL = re.compile(
    "[a-zăâêôơưđß]"
)  # letters that TCVN3 has as capitals; ß has no capital of one letter
_TONED = "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
_CAPITAL = "A-ZĂÂÊÔƠƯĐ"
_MIXED = re.compile(f"[{_CAPITAL}]{{2}}[{_TONED}]|[{_TONED}][{_CAPITAL}]")


def _only_tones_small(word: str) -> bool:
    return not _PLAIN_SMALL.search(word)


_SAC_HUYEN = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_HATS = dict(zip("âáàåãä", ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True))
_BREVES = dict(zip("êéèúüë", ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True))
_VNI_SINGLE = dict(zip("ôöíìæóòîñ", "ơưíìỉĩịỵđ", strict=True))


def _vni_pairs() -> dict[str, str]:
    pairs: dict[str, str] = {}
    for letter in "aeouyôö":
        for mark, tone in _SAC_HUYEN.items():
            pairs[letter + mark] = _VNI_SINGLE.get(letter, letter) + tone
    for letter in "aeo":
        for mark, tone in _HATS.items():
            pairs[letter + mark] = letter + "\u0302" + tone
    for mark, tone in _BREVES.items():
        pairs["a" + mark] = "a\u0306" + tone
    pairs.update(_VNI_SINGLE)
    full: dict[str, str] = {}
    for typed, letter in pairs.items():
        composed = unicodedata.normalize("NFC", letter)
        full[typed] = composed
        full[typed.upper()] = composed.upper()
        if len(typed) == 2:  # "Aù": the letter says the case
            full[typed[0].upper() + typed[1]] = composed.upper()
            full[typed[0] + typed[1].upper()] = composed
    return full


VNI = _vni_pairs()
VNI_TYPED = re.compile("[aeouyôöAEOUYÔÖ][ùøûõïâáàåãäêéèúüëÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË]|[ôöíìæóòîñÔÖÍÌÆÓÒÎÑ]")


def decode_vni(data: bytes) -> str:
    """Text of VNI bytes; bytes without a character become U+DC80-U+DCFF.

    >>> decode_vni("Haø Noäi, Ñieän Bieân".encode("cp1252"))
    'Hà Nội, Điện Biên'
    """
    return compose_vni(data.decode("cp1252", "surrogateescape"))


def compose_vni(glyphs: str) -> str:
    """Text of VNI letters and marks that were read through Windows-1252."""
    return VNI_TYPED.sub(lambda m: vni_letter(m.group()), glyphs)


def vni_letter(typed: str) -> str:
    """What a match of VNI_TYPED stands for; a letter and a mark that make no pair ("eê") stand each by itself."""
    return VNI.get(typed) or "".join(VNI.get(c, c) for c in typed)


_VIQR_SHAPE = {"^": "\u0302", "(": "\u0306", "+": "\u031b", "*": "\u031b"}
_VIQR_TONE = {"'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_VIQR_WORD = re.compile(
    r"""[A-Za-z](?:[A-Za-z]|(?<=[A-Za-z])[\^(+*]|(?<=[A-Za-z^(+*])['`?~.]|(?<=\b[dD])-(?=[A-Za-z])"""
    r"""|(?<=[dD])\\[dD]|\\[\\\^(+*'`?~.-])*|\\[\\\^(+*'`?~.-]"""
)
_VIQR_SHAPED = re.compile(r"[aeoAEO]\^|[aA]\(|[oOuU]\+")
_VIQR_ESCAPE = re.compile(r"(?<=[dD])\\([dD])|\\([\\\^(+*'`?~.-])")
_VIQR_UNIT = re.compile(
    r"""\\(.)|^([dD])[dD-](?=[aeiouyAEIOUY])|([aeoAEO]\^|[aA]\(|[oOuU][+*]|[aeiouyAEIOUY])(['`?~.]?)"""
)
VIQR_STRONG = re.compile(r"[aeoAEO]\^|[aA]\(|[oOuU][+*]|[aeiouyAEIOUY^(+*][`~]|[\^(+*]['?.]|\b[dD][dD]")


def decode_viqr(text: str) -> str:
    """Text of VIQR mnemonics.

    A word is read only as a whole and only into a Vietnamese syllable, so that "a^b", "e.g." and addresses stay as
    they are. A full stop or question mark after a bare vowel is a tone, as RFC 1456 has it, unless escaped.

    >>> decode_viqr("Ha` No^.i va` DDie^.n Bie^n ho+.p ta'c\\\\.")
    'Hà Nội và Điện Biên hợp tác.'
    """
    return _VIQR_WORD.sub(lambda m: viqr_word(m.group()), text)


@lru_cache(maxsize=8192)
def viqr_word(word: str) -> str:
    """One VIQR word as Vietnamese, or unchanged where it makes no syllable; escapes are always resolved."""
    typed, tail = word, ""
    while typed:
        read = unicodedata.normalize("NFC", _VIQR_UNIT.sub(_viqr_unit, typed))
        if is_syllable(read.lower()) or (_VIQR_SHAPED.search(typed) and _two_syllables(read.lower())):
            return read + _unescape(tail)
        if typed.isalpha() and typed.isupper() and "DD" in typed:  # HĐND, ĐH, GD-ĐT
            return typed.replace("DD", "Đ") + _unescape(tail)
        if typed[-1] not in "'`?~.":
            break
        cut = 2 if typed[-2:-1] == "\\" else 1
        typed, tail = typed[:-cut], typed[-cut:] + tail
    return _unescape(word)


def _two_syllables(word: str) -> bool:
    return any(is_syllable(word[:i]) and is_syllable(word[i:]) for i in range(1, min(len(word), 12)))


def _unescape(word: str) -> str:
    return _VIQR_ESCAPE.sub(lambda m: m.group(1) or m.group(2), word)


def _viqr_unit(m: re.Match[str]) -> str:
    escaped, stroke, vowel, tone = m.groups()
    if escaped:
        return str(escaped)
    if stroke:
        return "đ" if stroke == "d" else "Đ"
    letter = str(vowel)
    if len(letter) == 2:
        letter = letter[0] + _VIQR_SHAPE[letter[1]]
    return letter + _VIQR_TONE.get(str(tone), "")
