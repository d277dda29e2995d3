"""Photos as they come from a phone, made fit to be shown (ảnh): kind, size, and nothing beside the picture.

JPEG and PNG are taken, told by what is in them. Kept are the parts without which the picture cannot be drawn, in order, up to its
end; a camera's place and owner, comments, previews and whatever hangs behind the end are left out. Of EXIF one value stays: which
way up. The picture itself is not drawn anew, so nothing of it is lost.

Source: JPEG: ITU-T T.81, annex B; EXIF: CIPA DC-008, 4.6; PNG: W3C PNG (Third Edition), 5 and 11.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass

MOST_BYTES = 4 << 20
MOST_PIXELS = 40_000_000
LEAST_SIDE = 16

JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
SOI, EOI, SOS, EXIF, COMMENT = 0xD8, 0xD9, 0xDA, 0xE1, 0xFE
FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive: what browsers draw
OTHER_FRAMES = frozenset(range(0xC3, 0xD0)) - {0xC4, 0xC8, 0xCC}
KEPT_APPS = frozenset({0xE0, 0xE2, 0xEE})  # JFIF, colour profile, Adobe's colour transform
RESTARTS = frozenset(range(0xD0, 0xD8))
KEPT_CHUNKS = frozenset(
    {
        b"IHDR",
        b"PLTE",
        b"tRNS",
        b"IDAT",
        b"IEND",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"iCCP",
        b"sBIT",
        b"pHYs",
        b"bKGD",
    }
)
ORIENTATION = 0x0112
SIDEWAYS = frozenset({5, 6, 7, 8})  # orientations that turn width and height


class PictureError(ValueError):
    """A file that is not taken. ``code``: ``kind``, ``large``, ``pixels``, ``small``, ``broken``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A picture as it is kept: its bytes, type, size as shown, digest of the bytes."""

    data: bytes
    media_type: str
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def clean_picture(data: bytes) -> Cleaned:
    """Take what is needed to draw a picture out of an uploaded file. Raises PictureError."""
    if len(data) > MOST_BYTES:
        raise PictureError("large")
    try:
        if data.startswith(JPEG):
            cleaned = _jpeg(data)
        elif data.startswith(PNG):
            cleaned = _png(data)
        else:
            raise PictureError("kind")
    except (IndexError, struct.error) as error:
        raise PictureError("broken") from error
    if cleaned.width * cleaned.height > MOST_PIXELS:
        raise PictureError("pixels")
    if min(cleaned.width, cleaned.height) < LEAST_SIDE:
        raise PictureError("small")
    return cleaned


def _jpeg(data: bytes) -> Cleaned:
    out, at = bytearray(data[:2]), 2
    size: tuple[int, int] | None = None
    turn, drawn = 1, False
    while True:
        if data[at] != 0xFF:
            raise PictureError("broken")
        while data[at + 1] == 0xFF:
            at += 1
        marker = data[at + 1]
        at += 2
        if marker == EOI:
            break
        if marker in (0x00, 0x01, SOI) or marker in RESTARTS:
            raise PictureError("broken")
        (length,) = struct.unpack_from(">H", data, at)
        part = data[at : at + length]
        if length < 2 or len(part) != length:
            raise PictureError("broken")
        at += length
        if marker in FRAMES:
            height, width = struct.unpack_from(">HH", part, 3)
            size = (width, height)
        elif marker in OTHER_FRAMES:
            raise PictureError("kind")
        elif marker == EXIF:
            turn = _orientation(part[2:]) or turn
            continue
        elif marker == COMMENT or (0xE0 <= marker <= 0xEF and marker not in KEPT_APPS):
            continue
        if marker == SOS and not drawn:
            drawn = True
        out += bytes((0xFF, marker)) + part
        if marker == SOS:
            end = _scan_end(data, at)
            out += data[at:end]
            at = end
    if size is None or not drawn:
        raise PictureError("broken")
    if turn != 1:
        out[2:2] = _exif(turn)
    width, height = size[::-1] if turn in SIDEWAYS else size
    return Cleaned(bytes(out) + bytes((0xFF, EOI)), "image/jpeg", width, height)


def _scan_end(data: bytes, at: int) -> int:
    """Where the coded picture that begins at ``at`` ends: at the next marker that is no part of it."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            raise PictureError("broken")
        if data[at + 1] != 0x00 and data[at + 1] not in RESTARTS:
            return at
        at += 2


def _orientation(part: bytes) -> int | None:
    """Which way up an EXIF part says the picture stands; None where it does not say."""
    if not part.startswith(b"Exif\0\0"):
        return None
    tiff = part[6:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return None
    try:
        (first,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, first)
        for n in range(count):
            tag, _kind, _many, value = struct.unpack_from(order + "HHIH", tiff, first + 2 + 12 * n)
            if tag == ORIENTATION:
                return value if 1 <= value <= 8 else None
    except struct.error:
        return None
    return None


def _exif(turn: int) -> bytes:
    """An EXIF part that says which way up, and nothing else."""
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, 3, 1, turn, 0, 0)
    body = b"Exif\0\0" + tiff
    return bytes((0xFF, EXIF)) + struct.pack(">H", len(body) + 2) + body


def _png(data: bytes) -> Cleaned:
    out, at = bytearray(data[:8]), 8
    size: tuple[int, int] | None = None
    drawn = False
    while True:
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        (told,) = struct.unpack_from(">I", data, at + 8 + length)
        if len(body) != length or zlib.crc32(kind + body) != told:
            raise PictureError("broken")
        if size is None:
            if kind != b"IHDR":
                raise PictureError("broken")
            width, height = struct.unpack_from(">II", body)
            size = (width, height)
        drawn = drawn or kind == b"IDAT"
        if kind in KEPT_CHUNKS:
            out += data[at : at + 12 + length]
        at += 12 + length
        if kind == b"IEND":
            break
    if not drawn or size is None:
        raise PictureError("broken")
    return Cleaned(bytes(out), "image/png", *size)
