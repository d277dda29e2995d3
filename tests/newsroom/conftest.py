from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "web"))

from web_cast import Cast, raise_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return raise_cast()
