from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from hoptac.ledger import store

DATA = "Hà Nội hỗ trợ Điện Biên".encode()
NAME = hashlib.sha256(DATA).hexdigest()


def test_bytes_come_back_as_they_were(data_folder: Path) -> None:
    path = store.put(DATA, NAME)
    assert path == data_folder / "sources" / NAME[:2] / NAME
    assert store.get(NAME) == DATA and list(store.leftovers()) == []


def test_keeping_twice_writes_once() -> None:
    first = store.put(DATA, NAME).stat().st_mtime_ns
    assert store.put(DATA, NAME).stat().st_mtime_ns == first


def test_a_cut_file_is_written_anew() -> None:
    store.put(DATA, NAME).write_bytes(DATA[:5])
    store.put(DATA, NAME)
    assert store.get(NAME) == DATA


def test_other_bytes_than_named_are_refused() -> None:
    with pytest.raises(store.StoreError, match="L20"):
        store.put(b"khac", NAME)
    with pytest.raises(store.StoreError, match="L21"):
        store.get(NAME)
    store.put(DATA, NAME).write_bytes(b"khac")
    with pytest.raises(store.StoreError, match="L20"):
        store.get(NAME)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "AB" * 32, "g" * 64])
def test_only_digests_are_names(name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        store.path_of(name)


def test_a_write_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.put(DATA, NAME)
    assert not store.path_of(NAME).exists() and list(store.leftovers()) == []


def test_the_bytes_are_synced_before_they_have_their_name(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    real = os.fsync

    def watch(descriptor: int) -> Any:
        seen.append(store.path_of(NAME).exists())
        return real(descriptor)

    monkeypatch.setattr(os, "fsync", watch)
    store.put(DATA, NAME)
    assert seen == [False, True, True]
