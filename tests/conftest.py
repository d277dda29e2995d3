"""What every test shares: the database it runs on, and a data folder of its own.

SQLite by default; PostgreSQL where HOPTAC_TEST_DATABASE_URL is set (``scripts/with_postgres.sh`` sets it).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections
from django.test import TransactionTestCase

from hoptac.ledger import triggers
from hoptac.newsroom import guards as newsroom_guards
from hoptac.portal.served import PAGES
from hoptac.review import guards
from hoptac.settings import read_database


def pytest_configure() -> None:
    url = os.environ.get("HOPTAC_TEST_DATABASE_URL", "")
    if url:
        django_settings.DATABASES["default"].clear()
        django_settings.DATABASES["default"].update(read_database("HOPTAC_TEST_DATABASE_URL", url))
        django_settings.DATABASES["default"]["CONN_MAX_AGE"] = 0
        connections.settings = connections.configure_settings(django_settings.DATABASES)
        for made in connections.all(initialized_only=True):
            del connections[made.alias]
        if connection.vendor != "postgresql":
            raise pytest.UsageError(
                f"HOPTAC_TEST_DATABASE_URL is set, but the tests would run on {connection.vendor}"
            )
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    PAGES.most = 0  # a page made for one test is not given to the next
    _let_the_test_runner_empty_tables()


def _let_the_test_runner_empty_tables() -> None:
    """Tests that commit are cleaned up by emptying every table, which the ledger's triggers rightly refuse."""
    case: Any = TransactionTestCase
    empty = case._fixture_teardown

    def empty_without_triggers(self: TransactionTestCase) -> None:
        triggers.drop(connection)
        triggers.drop(connection, guards.TABLES)
        triggers.drop(connection, newsroom_guards.TABLES)
        try:
            empty(self)
        finally:
            triggers.create(connection)
            triggers.create(connection, guards.TABLES)
            triggers.create(connection, newsroom_guards.TABLES)

    case._fixture_teardown = empty_without_triggers


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """Kept sources go to a folder of the test's own."""
    settings.HOPTAC_DATA = tmp_path / "hoptac-data"
    yield settings.HOPTAC_DATA
