"""The cases of other people's validators, where they are at hand (../shared/iati)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared" / "iati"
needs_cases = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/iati is not here")


@cache
def cases(*suites: str) -> list[dict[str, Any]]:
    """The cases of some suites; none where the folder is absent."""
    index = SHARED / "validator-cases" / "index.json"
    if not index.is_file():
        return []
    return [c for c in json.loads(index.read_text(encoding="utf-8")) if c["suite"] in suites]


@cache
def real_files() -> list[Path]:
    """The files that publishers published, as stored."""
    return sorted((SHARED / "real" / "originals").glob("*.xml"))
