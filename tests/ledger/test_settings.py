"""Odd settings are refused with what was found and what was expected; the rest have safe defaults."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from django.core.exceptions import ImproperlyConfigured

import hoptac.settings

Load = Callable[..., ModuleType]
NAMES = ("DATABASE_URL", "SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "HTTPS", "STATIC")


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Load:
    for name in NAMES:
        monkeypatch.delenv(f"HOPTAC_{name}", raising=False)
    monkeypatch.setenv("HOPTAC_DATA", str(tmp_path))

    def run(**values: str) -> ModuleType:
        for name, value in values.items():
            monkeypatch.setenv(f"HOPTAC_{name}", value)
        spec = spec_from_file_location("settings_on_trial", hoptac.settings.__file__)
        assert spec is not None and spec.loader is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return run


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DEBUG", "maybe", "1 or 0"),
        ("HTTPS", "2", "1 or 0"),
        ("STATIC", "cdn", "finders, collected"),
        ("ALLOWED_HOSTS", "https://hoptac.vn", "without http://"),
        ("ALLOWED_HOSTS", "hoptac.vn:8000", "without http:// or a port"),
        ("ALLOWED_HOSTS", "*", "only with HOPTAC_DEBUG=1"),
        ("SECRET_KEY", "short", "at least 32 characters"),
        ("DATABASE_URL", "mysql://a@b/c", "sqlite:///FILE or postgres://"),
        ("DATABASE_URL", "postgres://user:secret@host/", "ends in the database's name"),
        ("DATA", __file__, "a folder"),
    ],
)
def test_odd_values_are_refused(load: Load, name: str, value: str, expected: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        load(**{name: value})
    message = str(refusal.value)
    assert message.startswith(f"HOPTAC_{name}: found ") and expected in message and "secret" not in message


def test_a_short_kept_key_is_refused(load: Load, tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("short", encoding="ascii")
    with pytest.raises(ImproperlyConfigured, match="at least 32"):
        load()


def test_defaults_are_one_folder_and_this_machine(load: Load, tmp_path: Path) -> None:
    plain = load()
    assert plain.DATABASES["default"]["NAME"] == str(tmp_path / "ledger.sqlite3")
    assert plain.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert plain.ALLOWED_HOSTS == ["localhost", "127.0.0.1", "[::1]"] and not plain.DEBUG
    assert len(plain.SECRET_KEY) >= 32 and not (tmp_path / "secret-key").exists()
    assert not hasattr(plain, "SESSION_COOKIE_SECURE")


def test_the_kept_key_is_used(load: Load, tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("k" * 40 + "\n", encoding="ascii")
    assert load().SECRET_KEY == "k" * 40


def test_https_secures_cookies_and_headers(load: Load) -> None:
    secure = load(HTTPS="1", ALLOWED_HOSTS="hoptac.vn,.example.vn", STATIC="collected")
    assert secure.SESSION_COOKIE_SECURE and secure.CSRF_COOKIE_SECURE and secure.SECURE_SSL_REDIRECT
    assert secure.CSRF_TRUSTED_ORIGINS == ["https://hoptac.vn", "https://*.example.vn"]
    assert "Manifest" in secure.STORAGES["staticfiles"]["BACKEND"]
    assert load(DEBUG="1", ALLOWED_HOSTS="*").ALLOWED_HOSTS == ["*"]


def test_postgresql_by_its_url(load: Load) -> None:
    database = load(DATABASE_URL="postgres://hoptac@db.example.vn:5433/hoptac").DATABASES["default"]
    assert (database["ENGINE"], database["HOST"], database["PORT"], database["NAME"]) == (
        "django.db.backends.postgresql",
        "db.example.vn",
        5433,
        "hoptac",
    )
