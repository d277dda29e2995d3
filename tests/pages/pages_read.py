"""Read bytes under a name, and look at what came."""

from __future__ import annotations

import hashlib
import io
from typing import Any

from hoptac.pages import Finding, Page, read_file


def everything(data: bytes, name: str, **options: Any) -> list[Page | Finding]:
    return list(read_file(io.BytesIO(data), name=name, **options))


def pages(data: bytes, name: str, **options: Any) -> list[Page]:
    return [item for item in everything(data, name, **options) if isinstance(item, Page)]


def page(data: bytes, name: str, **options: Any) -> Page:
    (only,) = pages(data, name, **options)
    check(only)
    return only


def codes(data: bytes, name: str, **options: Any) -> list[str]:
    """Codes of all findings, those of pages too, in order."""
    found: list[str] = []
    for item in everything(data, name, **options):
        found += [f.code for f in item.findings] if isinstance(item, Page) else [item.code]
    return found


def lines(one: Page) -> list[tuple[str, str]]:
    """Kind and text of every block."""
    return [(block.kind, one.text[block.start : block.end]) for block in one.blocks]


def check(one: Page) -> None:
    """What holds for every page: its digest, its blocks in order inside its text, its text storable."""
    assert hashlib.sha256(one.data).hexdigest() == one.sha256
    at = 0
    for block in one.blocks:
        assert at <= block.start < block.end <= len(one.text), block
        assert "\n" not in one.text[block.start : block.end]
        at = block.end
    assert "\0" not in one.text
    one.text.encode("utf-8")
