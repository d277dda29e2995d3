from __future__ import annotations

import pytest
from django.core.cache import cache
from review_cast import Cast, furnish, raise_cast


@pytest.fixture(autouse=True)
def _no_attempts_counted() -> None:
    """Attempts to sign in are counted in the cache; each test begins with none."""
    cache.clear()


@pytest.fixture
def cast(db: None) -> Cast:
    made = raise_cast()
    furnish(made)
    return made
