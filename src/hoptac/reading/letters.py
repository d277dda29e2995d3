"""A text as bytes, one for each character (chữ thành byte), so that what reads bytes fast needs no counting back."""

from __future__ import annotations

import codecs
from functools import lru_cache

UPPER = frozenset(chr(c) for c in range(0x41, 0x1F00) if chr(c).isupper() and chr(c).isalpha())
"""Capital letters of names."""
LOWER = frozenset(chr(c) for c in range(0x61, 0x1F00) if chr(c).islower() and chr(c).isalpha())
"""Small letters of names."""

_VIETNAMESE = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
_WORD, _SIGN, _CAPITAL, _SMALL = map(chr, range(0xD800, 0xD804))  # no text holds half a surrogate pair
_STAND_INS = _WORD + _SIGN + _CAPITAL + _SMALL

_OTHERS = _STAND_INS + "“”‘’«»–—…•·°€₫²½×"
_HELD = "\x00\t\n" + "".join(map(chr, range(0x20, 0x7F)))
_FREE = [byte for byte in range(256) if chr(byte) not in _HELD]

ALPHABET = "".join(
    {
        **dict(zip(_FREE, _OTHERS + _VIETNAMESE + _VIETNAMESE.upper(), strict=False)),
        **{ord(c): c for c in _HELD},
    }.get(byte, "\ufffe")
    for byte in range(256)
)
"""The character of each byte; ASCII keeps its own. Others share four: a capital, a small letter, another letter or
digit, a sign."""

OWN = frozenset(ALPHABET) - frozenset(_STAND_INS) - {"\ufffe"}
"""The characters that have a byte of their own."""

_BYTE_OF = codecs.charmap_build(ALPHABET)
_HANDLER = "hoptac.letters"


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    odd = error.object[error.start : error.end]
    return "".join(map(_shared, odd)), error.end


def _shared(char: str) -> str:
    if char in UPPER:
        return _CAPITAL
    if char in LOWER:
        return _SMALL
    return _WORD if char.isalnum() else _SIGN


codecs.register_error(_HANDLER, _stand_in)


@lru_cache(maxsize=4)
def page_bytes(text: str) -> bytes:
    """The text with one byte for each character. The last texts are kept: many finders ask for the same one.

    >>> len(page_bytes("Điện Biên → 中")), page_bytes("tỉ") == page_bytes("tỉ"), page_bytes("→") == page_bytes("≤")
    (13, True, True)
    """
    coded: bytes = codecs.charmap_encode(text, _HANDLER, _BYTE_OF)[0]
    return coded


def class_table(classes: dict[str, str], default: str) -> bytes:
    """A table for ``bytes.translate`` that turns each byte of ``page_bytes`` into the ASCII letter of its class.

    ``classes`` maps characters, and the words "upper", "lower" and "word" (other letters and digits, "_") to their
    classes, "" to leave a byte as it is; ``default`` is the class of all the rest.
    """
    table = bytearray(default.encode() * 256)
    for byte, char in enumerate(ALPHABET):
        to = classes.get(char, classes.get(_class(char), default))
        table[byte] = ord(to) if to else byte
    return bytes(table)


def _class(char: str) -> str:
    if char in UPPER or char == _CAPITAL:
        return "upper"
    if char in LOWER or char == _SMALL:
        return "lower"
    return "word" if char.isalnum() or char in ("_", _WORD) else "sign"
