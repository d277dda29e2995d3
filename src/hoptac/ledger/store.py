"""Kept bytes (kho tệp nguồn), each under its own SHA-256: ``HOPTAC_DATA/sources/ab/abcdef…``.

A file is written whole or not at all: beside its place, synced, renamed, the folder synced. A file that lies there is
complete; whoever reads it checks it against its name.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

_DIGEST = re.compile(r"[0-9a-f]{64}")


class StoreError(Exception):
    """Kept bytes that are missing (L21) or not what their name says (L20)."""

    def __init__(self, code: str, sha256: str, found: str) -> None:
        super().__init__(f"{code} {sha256}: {found}")
        self.code, self.sha256, self.found = code, sha256, found


def folder() -> Path:
    return Path(settings.HOPTAC_DATA) / "sources"


def path_of(sha256: str) -> Path:
    """Where the bytes with this digest lie, or would lie."""
    if not _DIGEST.fullmatch(sha256):
        raise ValueError(f"{sha256!r} is not a SHA-256 in hex")
    return folder() / sha256[:2] / sha256


def put(data: bytes, sha256: str) -> Path:
    """Keep bytes. Keeping what is kept does nothing; bytes that do not match their digest are refused."""
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise StoreError("L20", sha256, found)
    path = path_of(sha256)
    if path.is_file() and path.stat().st_size == len(data):
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    _sync_folder(path.parent.parent)
    return path


def get(sha256: str) -> bytes:
    """The kept bytes, checked against their digest."""
    path = path_of(sha256)
    if not path.is_file():
        raise StoreError("L21", sha256, str(path))
    data = path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise StoreError("L20", sha256, found)
    return data


def leftovers() -> Iterator[Path]:
    """Files that an interrupted writer left behind; they count for nothing."""
    yield from sorted(folder().glob("*/.new-*"))


def _sync_folder(path: Path) -> None:
    with contextlib.suppress(PermissionError):  # a folder cannot be opened for syncing on Windows
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
