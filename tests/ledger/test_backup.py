"""A backup holds all of a ledger, proves itself, and makes the same ledger again."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection

from hoptac.cli import main
from hoptac.ledger import store
from hoptac.ledger.backup import MANIFEST, back_up, restore, verify
from hoptac.ledger.commands import LedgerError, add_user, check_ledger, init_ledger, take_files
from hoptac.ledger.models import Record, Source, Statement
from hoptac.samples import samples

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "một mật khẩu dài"


@pytest.fixture
def book(tmp_path: Path, settings: Any) -> Path:
    """A filled ledger and the name of a backup that is not there yet."""
    settings.HOPTAC_DATA = tmp_path / "data"
    init_ledger()
    take_files([s.path for s in samples()][:3])
    add_user("canbo", PASSWORD, ["Điện Biên"], "officer")
    return tmp_path / "backup.tar"


def empty(settings: Any, folder: Path) -> None:
    """The same database with nothing in it, and another data folder."""
    settings.HOPTAC_DATA = folder
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        else:
            cursor.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
            rows = cursor.fetchall()
            cursor.execute("PRAGMA foreign_keys = OFF")
            for kind in ("trigger", "view", "table"):
                for what, name in rows:
                    if what == kind:
                        # a search table takes its own parts with it
                        cursor.execute(f'DROP {kind.upper()} IF EXISTS "{name}"')
            cursor.execute("PRAGMA foreign_keys = ON")
    call_command("migrate", interactive=False, verbosity=0)


def all_rows() -> dict[str, list[dict[str, Any]]]:
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.app_label in ("ledger", "auth", "watch", "account")
        and model._meta.label_lower != "auth.permission"
    }


def test_a_ledger_comes_back_row_for_row(book: Path, settings: Any, tmp_path: Path) -> None:
    before, statements = all_rows(), Statement.objects.count()
    made = back_up(book)
    assert (made.rows["ledger.statement"], made.sources) == (statements, Source.objects.count())
    empty(settings, tmp_path / "other")
    assert not Statement.objects.exists()
    assert restore(book) == made
    assert all_rows() == before
    assert check_ledger() == []
    assert all(store.get(sha) for sha in Source.objects.values_list("sha256", flat=True))
    assert User.objects.get(username="canbo").check_password(PASSWORD)
    again = take_files([s.path for s in samples()][:4])
    assert again.pages_new > 0, "what comes after has numbers of its own"
    assert check_ledger() == []


def test_a_backup_never_overwrites(book: Path) -> None:
    book.write_text("mine", encoding="utf-8")
    with pytest.raises(LedgerError, match="L37"):
        back_up(book)
    assert book.read_text(encoding="utf-8") == "mine"


def test_a_full_ledger_is_not_restored_over(book: Path) -> None:
    back_up(book)
    records = Record.objects.count()
    with pytest.raises(LedgerError, match="L35"):
        restore(book)
    assert Record.objects.count() == records


def rewritten(path: Path, change: Any) -> None:
    """The same tar with its members passed through ``change(name, data)``; None leaves one out."""
    members: list[tuple[str, bytes]] = []
    with tarfile.open(path) as tar:
        for member in tar:
            data = tar.extractfile(member)
            members.append((member.name, data.read() if data else b""))
    with tarfile.open(path, "w") as tar:
        for name, old in members:
            new = change(name, old)
            if new is not None:
                info = tarfile.TarInfo(name)
                info.size = len(new)
                tar.addfile(info, io.BytesIO(new))


def _other_sum(name: str, data: bytes) -> bytes:
    return data.replace(b"65", b"66", 1) if name == "tables/ledger.statement.jsonl" else data


def _no_source(name: str, data: bytes) -> bytes | None:
    return None if name.startswith("sources/") else data


def _no_manifest(name: str, data: bytes) -> bytes | None:
    return None if name == MANIFEST else data


def _other_format(name: str, data: bytes) -> bytes:
    return data.replace(b"hoptac/backup/1", b"hoptac/backup/9") if name == MANIFEST else data


BROKEN = [_other_sum, _no_source, _no_manifest, _other_format]


@pytest.mark.parametrize("change", BROKEN, ids=lambda change: change.__name__.strip("_"))
def test_a_changed_backup_is_refused(book: Path, change: Any) -> None:
    back_up(book)
    rewritten(book, change)
    with pytest.raises(LedgerError, match="L34"):
        verify(book)


@pytest.mark.parametrize("keep", [0, 100, 0.5, 0.9])
def test_a_torn_backup_is_refused(book: Path, keep: float) -> None:
    back_up(book)
    data = book.read_bytes()
    book.write_bytes(data[: int(len(data) * keep) if isinstance(keep, float) else keep])
    with pytest.raises(LedgerError, match="L34"):
        verify(book)


def test_a_forged_backup_keeps_nothing(book: Path, settings: Any, tmp_path: Path) -> None:
    """Digests that fit a changed statement do not help: the chain of hashes tells."""
    import hashlib

    back_up(book)
    changed: dict[str, str] = {}

    def forge(name: str, data: bytes) -> bytes:
        if name == "tables/ledger.statement.jsonl":
            first, rest = data.split(b"\n", 1)
            row = json.loads(first)
            row["fields"]["values"]["name"] = "Người khác"
            data = json.dumps(row).encode() + b"\n" + rest
            changed[name] = hashlib.sha256(data).hexdigest()
        elif name == MANIFEST:
            manifest = json.loads(data)
            manifest["digests"].update(changed)
            data = json.dumps(manifest).encode()
        return data

    rewritten(book, forge)
    empty(settings, tmp_path / "other")
    with pytest.raises(LedgerError, match="L38"):
        restore(book)
    assert not Statement.objects.exists() and not User.objects.exists()


def test_a_backup_of_other_tables_is_refused(book: Path, settings: Any, tmp_path: Path) -> None:
    back_up(book)
    rewritten(book, lambda name, data: data.replace(b'"ledger.0001', b'"ledger.9001') if name == MANIFEST else data)  # fmt: skip
    empty(settings, tmp_path / "other")
    with pytest.raises(LedgerError, match="L36"):
        restore(book)


def test_missing_kept_bytes_are_told(book: Path) -> None:
    store.path_of(Source.objects.order_by("pk").values_list("sha256", flat=True)[0]).unlink()
    with pytest.raises(LedgerError, match="L21"):
        back_up(book)
    assert list(book.parent.glob("*.tar*")) == list(book.parent.glob(".*.tmp")) == []


def test_the_commands(book: Path) -> None:
    made = CliRunner().invoke(main, ["backup", "--json", str(book)])
    assert made.exit_code == 0, made.output
    held = json.loads(made.stdout)
    assert held["tables"]["ledger.statement"] == Statement.objects.count()
    shown = CliRunner().invoke(main, ["restore", "--verify", str(book)])
    assert (shown.exit_code, f"sources {held['sources']}" in shown.output) == (0, True)
    assert CliRunner().invoke(main, ["backup", str(book)]).exit_code == 2
    assert CliRunner().invoke(main, ["restore", str(book)]).exit_code == 2
