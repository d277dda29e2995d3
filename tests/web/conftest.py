from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from web_cast import Cast, raise_cast


@pytest.fixture(autouse=True)
def _no_attempts_counted() -> None:
    """Attempts to sign in are counted in the cache; each test begins with none."""
    cache.clear()


@pytest.fixture
def cast(db: None) -> Cast:
    return raise_cast()


@pytest.fixture
def officer(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.ha_noi)
    cache.add(
        f"hoptac-seen-{client.session.session_key}", 1
    )  # noted once in a while: not in each page's count
    return client
