"""The README shows what the program prints."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@cache
def filler() -> ModuleType:
    spec = importlib.util.spec_from_file_location("readme", ROOT / "scripts" / "readme.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["README.md", "README.vi.md"])
def test_the_console_blocks_show_what_is_printed_now(name: str) -> None:
    """Where this fails after a change of the reading: .venv/bin/python scripts/readme.py, and look at the difference."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "$ hoptac read" in text
    assert filler().steady(filler().filled(text)) == filler().steady(text)


@pytest.mark.parametrize("name", ["README.md", "README.vi.md"])
def test_the_readme_says_where_to_begin(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for needed in (
        "src/hoptac/reading/pipeline.py",
        "make demo",
        "make test",
        "Apache-2.0",
        "docs/contract.md",
    ):
        assert needed in text
    assert (ROOT / "src" / "hoptac" / "reading" / "pipeline.py").is_file()


def test_only_known_commands_stand_in_a_console_block() -> None:
    with pytest.raises(ValueError, match="only"):
        filler().output("rm -rf somewhere")
