"""The files that a command names (các tệp được nêu)."""

from __future__ import annotations

import glob
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from hoptac.pages import Finding, Page


def expand(names: Sequence[str]) -> list[str]:
    """File names with globs expanded and folders walked, in a stable order; "-" is standard input."""
    out: list[str] = []
    for name in names:
        if name != "-" and Path(name).is_dir():
            out += sorted(str(p) for p in Path(name).rglob("*") if p.is_file() and not p.name.startswith("."))
        elif name != "-" and not Path(name).exists() and glob.has_magic(name):
            out += sorted(glob.glob(name, recursive=True)) or [name]  # noqa: PTH207 - a pattern may be absolute
        else:
            out.append(name)
    return out


def pages_of(name: str) -> Iterator[Page | Finding]:
    """The pages of one file, or of standard input for "-"."""
    from hoptac.pages import read_file

    return read_file(sys.stdin.buffer, name="stdin") if name == "-" else read_file(Path(name))


@contextmanager
def seekable(name: str) -> Iterator[BinaryIO]:
    """A file's bytes, or those of standard input for "-", that can be read twice."""
    if name != "-":
        with Path(name).open("rb") as stream:
            yield stream
        return
    with tempfile.TemporaryFile() as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept)
        yield cast(BinaryIO, kept)
