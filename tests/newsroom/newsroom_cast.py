"""What the news room's tests need: small pictures made here, a story, its address."""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User

from hoptac.ledger.models import Party, Record
from hoptac.newsroom.flow import Text, begin, publish
from hoptac.newsroom.models import Story

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(
    width: int = 40, height: int = 30, *, shade: int = 90, extra: bytes = b"", tail: bytes = b""
) -> bytes:
    rows = b"".join(b"\0" + bytes((shade, y % 255, 120)) * width for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts + tail


def part(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def exif(turn: int) -> bytes:
    entries = struct.pack("<HHII", 0x010F, 2, 4, 0x41424300) + struct.pack("<HHIHH", 0x0112, 3, 1, turn, 0)
    return b"Exif\0\0" + b"II*\0" + struct.pack("<IH", 8, 2) + entries + b"\0\0\0\0"


def jpeg(width: int = 40, height: int = 30, *, before: bytes = b"", tail: bytes = b"") -> bytes:
    """The frame of a JPEG: parts in their order, a coded picture of a few bytes."""
    frame = part(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    scan = part(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
    return b"\xff\xd8" + part(0xE0, b"JFIF\0" + bytes(9)) + before + frame + scan + b"\xff\xd9" + tail


def make_story(
    user: User, party: Party, *, headline: str = "Hai bên cùng dựng trường", body: str = "", lead: str = "",
    out: bool = True, embargo: datetime | None = None, at: datetime = NOW, **more: Any,
) -> Story:  # fmt: skip
    made = begin(
        Text(headline, lead, body, "Thu Hà"), party=party, by=user, at=at, **{"cooperation": None, **more}
    )
    return publish(made, version=made.version, embargo=embargo, by=user, at=at) if out else made


def linked(record: Record, words: str = "65 tỷ đồng") -> str:
    return f"Số tiền là [{words}](record:{record.slug})."
