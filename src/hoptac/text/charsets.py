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
    text = codecs.charmap_decode(data, "surrogateescape", TCVN3)[0]
    return text.upper() if capitals else raise_capitals(text)


def raise_capitals(text: str) -> str:
    """Capitals for the toned letters of words set in capitals: "TỉNH" -> "TỈNH", "Uỷ BAN" -> "UỶ BAN".

    A toned small letter is raised where an unmarked letter after it in its word is a capital, or where its word holds
    no other small letter and stands beside a word in capitals on its line. Length does not change.
    """
    return "\n".join(_raise_line(line) for line in text.split("\n"))


def _raise_line(line: str) -> str:
    words = [(m.start(), m.end(), m.group()) for m in _WORD.finditer(line)]
    shouted = [_in_capitals(word) for _, _, word in words]
    if True not in shouted:
        return line
    out = list(line)
    for i, (start, end, word) in enumerate(words):
        beside = (i > 0 and shouted[i - 1]) or (i + 1 < len(words) and shouted[i + 1])
        if shouted[i] or (beside and _only_tones_small(word)):
            out[start:end] = word.upper() if len(word.upper()) == len(word) else word
            shouted[i] = True
    return "".join(out)


def _in_capitals(word: str) -> bool:
    return len(word) > 1 and _only_tones_small(word) and sum(c.isupper() for c in word[1:]) > 0


def _only_tones_small(word: str) -> bool:
    return not any(c.islower() and c.isascii() for c in word) and not any(c in "ăâêôơưđ" for c in word)


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
_VNI_TYPED = re.compile("[aeouyôöAEOUYÔÖ][ùøûõïâáàåãäêéèúüëÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË]|[ôöíìæóòîñÔÖÍÌÆÓÒÎÑ]")


def decode_vni(data: bytes) -> str:
    """Text of VNI bytes; bytes without a character become U+DC80-U+DCFF.

    >>> decode_vni("Haø Noäi, Ñieän Bieân".encode("cp1252"))
    'Hà Nội, Điện Biên'
    """
    return compose_vni(data.decode("cp1252", "surrogateescape"))


def compose_vni(glyphs: str) -> str:
    """Text of VNI letters and marks that were read through Windows-1252."""
    return _VNI_TYPED.sub(lambda m: VNI.get(m.group()) or _vni_apart(m.group()), glyphs)


def _vni_apart(pair: str) -> str:
    """A letter and a mark that make no pair ("eê"): each by itself, ơ and ư still single."""
    return "".join(VNI.get(c, c) for c in pair)


_VIQR_SHAPE = {"^": "\u0302", "(": "\u0306", "+": "\u031b", "*": "\u031b"}
_VIQR_TONE = {"'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_VIQR_TAKES = {"^": "aeoAEO", "(": "aA", "+": "ouOU", "*": "ouOU"}
_VIQR_WORD = re.compile(
    r"""(?:[A-Za-z]|(?<=[A-Za-z])[\^(+*]|(?<=[A-Za-z^(+*])['`?~.]|(?<=[dD])-(?=[A-Za-z])|\\.)+"""
)
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


def viqr_word(word: str) -> str:
    """One VIQR word as Vietnamese, or unchanged where it makes no syllable; escapes are always resolved."""
    typed, tail = word, ""
    while True:
        read = unicodedata.normalize("NFC", _VIQR_UNIT.sub(_viqr_unit, typed))
        if read.isalpha() and is_syllable(read.lower()):
            return read + re.sub(r"\\(.)", r"\1", tail)
        if not typed or typed[-1] not in "'`?~.":
            return re.sub(r"\\(.)", r"\1", word)
        cut = 2 if len(typed) > 1 and typed[-2] == "\\" else 1
        typed, tail = typed[:-cut], typed[-cut:] + tail


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
