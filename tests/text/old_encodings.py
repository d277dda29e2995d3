"""Encoders of the old Vietnamese encodings, written from their definitions apart from the decoders."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

TONES = "\u0300\u0301\u0303\u0309\u0323"
SHAPES = "\u0302\u0306\u031b"

_TCVN3_SMALL = [
    "à",
    "B5",
    "ả",
    "B6",
    "ã",
    "B7",
    "á",
    "B8",
    "ạ",
    "B9",
    "ă",
    "A8",
    "ằ",
    "BB",
    "ẳ",
    "BC",
    "ẵ",
    "BD",
    "ắ",
    "BE",
    "ặ",
    "C6",
    "â",
    "A9",
    "ầ",
    "C7",
    "ẩ",
    "C8",
    "ẫ",
    "C9",
    "ấ",
    "CA",
    "ậ",
    "CB",
    "đ",
    "AE",
    "è",
    "CC",
    "ẻ",
    "CE",
    "ẽ",
    "CF",
    "é",
    "D0",
    "ẹ",
    "D1",
    "ê",
    "AA",
    "ề",
    "D2",
    "ể",
    "D3",
    "ễ",
    "D4",
    "ế",
    "D5",
    "ệ",
    "D6",
    "ì",
    "D7",
    "ỉ",
    "D8",
    "ĩ",
    "DC",
    "í",
    "DD",
    "ị",
    "DE",
    "ò",
    "DF",
    "ỏ",
    "E1",
    "õ",
    "E2",
    "ó",
    "E3",
    "ọ",
    "E4",
    "ô",
    "AB",
    "ồ",
    "E5",
    "ổ",
    "E6",
    "ỗ",
    "E7",
    "ố",
    "E8",
    "ộ",
    "E9",
    "ơ",
    "AC",
    "ờ",
    "EA",
    "ở",
    "EB",
    "ỡ",
    "EC",
    "ớ",
    "ED",
    "ợ",
    "EE",
    "ù",
    "EF",
    "ủ",
    "F1",
    "ũ",
    "F2",
    "ú",
    "F3",
    "ụ",
    "F4",
    "ư",
    "AD",
    "ừ",
    "F5",
    "ử",
    "F6",
    "ữ",
    "F7",
    "ứ",
    "F8",
    "ự",
    "F9",
    "ỳ",
    "FA",
    "ỷ",
    "FB",
    "ỹ",
    "FC",
    "ý",
    "FD",
    "ỵ",
    "FE",
    "Ă",
    "A1",
    "Â",
    "A2",
    "Ê",
    "A3",
    "Ô",
    "A4",
    "Ơ",
    "A5",
    "Ư",
    "A6",
    "Đ",
    "A7",
]
TCVN3_BYTES = {c: int(h, 16) for c, h in zip(_TCVN3_SMALL[::2], _TCVN3_SMALL[1::2], strict=True)}

_VNI_TONE = dict(zip("\u0301\u0300\u0309\u0303\u0323", "ùøûõï", strict=True))
_VNI_HAT = dict(zip(["", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"], "âáàåãä", strict=True))
_VNI_BREVE = dict(zip(["", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"], "êéèúüë", strict=True))
_VNI_SINGLE = dict(zip("ìíỉĩịỵđ", "ìíæóòîñ", strict=True))
_VIQR = dict(zip(TONES + SHAPES, "`'~?.^(+", strict=True))


def parts(char: str) -> tuple[str, str, str]:
    """Base letter, shape mark, tone mark of one NFC character."""
    marks = unicodedata.normalize("NFD", char)
    shape = next((c for c in marks[1:] if c in SHAPES), "")
    tone = next((c for c in marks[1:] if c in TONES), "")
    return marks[0], shape, tone


def _each(text: str, encode: Callable[[str], bytes | None]) -> bytes:
    """Encode NFC characters; what the encoding lacks goes as Windows-1252, else as "?"."""
    out = bytearray()
    for char in unicodedata.normalize("NFC", text):
        done = char.encode() if char.isascii() else encode(char)
        out += done if done is not None else char.encode("cp1252", "replace")
    return bytes(out)


def tcvn3(text: str) -> bytes:
    def one(char: str) -> bytes | None:
        code = TCVN3_BYTES.get(char) or TCVN3_BYTES.get(char.lower())
        return bytes([code]) if code else None

    return _each(text, one)


def vni(text: str) -> bytes:
    def one(char: str) -> bytes | None:
        low = char.lower()
        base, shape, tone = parts(low)
        if low in _VNI_SINGLE:
            typed = _VNI_SINGLE[low]
        elif base not in "aeouy" or not (shape or tone):
            return None
        elif shape == "\u0302":
            typed = base + _VNI_HAT[tone]
        elif shape == "\u0306":
            typed = base + _VNI_BREVE[tone]
        else:
            typed = ({"o": "ô", "u": "ö"}[base] if shape else base) + (_VNI_TONE[tone] if tone else "")
        return (typed if char == low else typed.upper()).encode("cp1252")

    return _each(text, one)


def windows_1258(text: str) -> bytes:
    def one(char: str) -> bytes | None:
        try:
            return char.encode("cp1258")
        except UnicodeEncodeError:
            base, shape, tone = parts(char)
            return (unicodedata.normalize("NFC", base + shape) + tone).encode("cp1258", "replace")

    return _each(text, one)


def viqr(text: str) -> bytes:
    out = []
    for char in unicodedata.normalize("NFC", text):
        if char in "đĐ":
            out.append("dd" if char == "đ" else "DD")
        elif char in "\\^(+*'`?~.":
            out.append("\\" + char)
        elif char.isascii():
            out.append(char)
        else:
            base, shape, tone = parts(char)
            out.append(base + _VIQR.get(shape, "") + _VIQR.get(tone, "") if base.isascii() else "-")
    return "".join(out).encode()


ENCODERS: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda text: text.encode(),
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "windows-1258": windows_1258,
    "tcvn3": tcvn3,
    "vni": vni,
    "viqr": viqr,
}
