from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection
from ledger_book import NOW, page, told

from hoptac.ledger import commands, store, triggers
from hoptac.ledger.commands import LedgerError, Taken
from hoptac.ledger.models import Membership, Record, Source, Statement
from hoptac.ledger.parties import ensure_party
from hoptac.pages.values import Block, Finding, Page
from hoptac.reading.values import Reading

pytestmark = pytest.mark.django_db
GIFT = (
    "gift: Hà Nội > Điện Biên | Trường Tiểu học Sín Thầu | build | 9935000000 VND | 2014 | education | done"
)
PASSWORD = "mot-mat-khau-dai-2026"


class Shelves:
    """Readers of files and pages that know a few made ones: file name -> page text, or a finding."""

    def __init__(self, **files: str | Finding) -> None:
        self.files, self.readings = files, dict[str, Reading]()

    def read(self, path: Path) -> Iterator[Page | Finding]:
        held = self.files[path.name]
        if isinstance(held, Finding):
            yield held
            return
        reading, made = page(held, name=path.name)
        self.readings[made.sha256] = reading
        yield replace(made, findings=(Finding("P05", path.name),) if path.name == "odd" else ())

    def take(self, *names: str, **more: Any) -> commands.TakeReport:
        asked: dict[str, Any] = {"read_page": lambda p: self.readings[p.sha256], "on": NOW}
        return commands.take_files([Path(n) for n in names], read=self.read, **(asked | more))


def test_taking_files_reports_each_page() -> None:
    told_names: list[str] = []

    def progress(taken: Taken) -> None:
        told_names.append(taken.name)

    shelves = Shelves(one=GIFT, odd=GIFT + "\nthêm", broken=Finding("P08", "broken", fatal=True))
    report = shelves.take("one", "broken", "odd", on_progress=progress)
    assert told_names == ["one", "odd"]
    assert [f.code for f in report.findings] == ["P08", "P05"]
    assert (report.pages_new, report.statements_new, report.records_new, report.unfiled) == (2, 4, 2, 0)
    again = shelves.take("one", "odd")
    assert (again.pages_new, again.statements_new, again.records_new) == (0, 0, 0)


def test_a_page_that_cannot_be_taken_is_a_finding_and_the_rest_goes_on() -> None:
    shelves = Shelves(one=GIFT, two=GIFT + "\nthêm")
    wrong, _ = page("khác")
    report = shelves.take(
        "one", "two", read_page=lambda p: wrong if p.name == "one" else shelves.readings[p.sha256]
    )
    assert [f.code for f in report.findings] == ["L14"]
    assert [t.result is None for t in report.taken] == [True, False]


def test_a_sides_paper_is_its_word_brought_by_its_officer() -> None:
    commands.add_user("canbo", PASSWORD, "Hà Nội", "officer")
    Shelves(one=GIFT).take("one", speaker="UBND thành phố Hà Nội", by="canbo")
    statement = Statement.objects.filter(kind="contribution").get()
    assert statement.speaker == ensure_party("UBND thành phố Hà Nội")
    assert statement.signer == User.objects.get(username="canbo")
    assert told()[0].endswith("one_side")


def test_the_kept_text_is_read_again_not_a_newer_rendition() -> None:
    shelves = Shelves(one=GIFT)
    shelves.take("one")
    reading, made = page(GIFT)
    newer = replace(made, text="<p>" + made.text, blocks=(Block(0, 3, "p"),))
    assert commands.kept_page(newer).text == made.text and commands.kept_page(made) is made
    report = commands.take_files(
        [Path("one")],
        read=lambda path: [newer],
        read_page=lambda p: replace(reading, source=replace(reading.source, reader="2")),
    )
    assert report.findings == [] and Source.objects.count() == 1


def test_the_real_readers_are_used_by_default(tmp_path: Path) -> None:
    paper = tmp_path / "bao-cao.txt"
    paper.write_text(
        "Hà Nội hỗ trợ Điện Biên 9,9 tỷ đồng xây Trường Tiểu học Sín Thầu năm 2014.\n", encoding="utf-8"
    )
    report = commands.take_files([paper, tmp_path / "missing.txt"], on=NOW)
    assert report.pages_new == 1 and [f.where for f in report.findings if f.fatal] == ["missing.txt"]
    assert commands.check_ledger() == []


def test_leftovers_of_a_dead_writer_are_cleared(data_folder: Path) -> None:
    folder = data_folder / "sources" / "ab"
    folder.mkdir(parents=True)
    old, young = folder / ".new-old", folder / ".new-young"
    for path in (old, young):
        path.write_bytes(b"x")
    past = young.stat().st_mtime - timedelta(hours=2).total_seconds()
    os.utime(old, (past, past))
    Shelves(one=GIFT).take("one")
    assert list(store.leftovers()) == [young]


def test_init_makes_the_folder_the_key_and_the_guards(
    data_folder: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOPTAC_SECRET_KEY", raising=False)
    connection.check_constraints()
    triggers.drop(connection)
    commands.init_ledger()
    key = data_folder / "secret-key"
    assert key.read_text(encoding="ascii").strip() == settings.SECRET_KEY
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert all(triggers.standing(connection).values()) and commands.check_ledger() == []
    settings.SECRET_KEY = "another" * 8
    commands.init_ledger()
    assert "another" not in key.read_text(encoding="ascii")


def test_a_key_from_the_environment_is_not_written(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOPTAC_SECRET_KEY", "k" * 40)
    commands.init_ledger()
    assert not (data_folder / "secret-key").exists()


def refused(run: Any) -> Finding:
    with pytest.raises(LedgerError) as refusal:
        run()
    return refusal.value.finding


def test_a_ledger_that_is_not_ready_says_so(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    class Executor:
        def __init__(self, connection: object) -> None:
            self.loader = self
            self.graph = self

        def leaf_nodes(self) -> list[object]:
            return []

        def migration_plan(self, nodes: object) -> list[object]:
            return [1, 2]

    monkeypatch.setattr(commands, "MigrationExecutor", Executor)
    found = refused(commands.check_ledger)
    assert (found.code, found.values) == ("L30", (("found", "2 migrations to run"),))

    def broken(connection: object) -> None:
        raise DatabaseError("no connection")

    monkeypatch.setattr(commands, "MigrationExecutor", broken)
    assert refused(commands.rebuild_ledger).values == (("found", "no connection"),)
    if connection.vendor == "sqlite":
        monkeypatch.setitem(settings.DATABASES["default"], "NAME", "/nowhere/ledger.sqlite3")
        assert refused(commands.check_ledger).values == (("found", "no such file"),)


def test_rebuilding_mends_what_was_altered() -> None:
    Shelves(one=GIFT).take("one")
    Record.objects.update(standing="both_sides", values={}, title="khác")
    assert {f.code for f in commands.check_ledger()} == {"L05"}
    seen: list[tuple[int, int]] = []
    assert commands.rebuild_ledger(on_progress=lambda n, of: seen.append((n, of))) == 2
    assert seen == [(2, 2)] and commands.check_ledger() == []


def test_users_work_for_parties() -> None:
    user = commands.add_user("duyet", PASSWORD, ["Hà Nội", "Điện Biên"], "reviewer")
    assert user.check_password(PASSWORD)
    rows = Membership.objects.order_by("party__code").values_list("party__name", "role")
    assert list(rows) == [("Hà Nội", "reviewer"), ("Điện Biên", "reviewer")]
    assert str(Membership.objects.order_by("pk").first()) == "duyet · Hà Nội · reviewer"


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("canbo", PASSWORD, "Hà Nội", "king"), "L32"),
        (("canbo", "123", "Hà Nội", "officer"), "L18"),
        (("canbo", PASSWORD, "Xứ Không Có", "officer"), "L33"),
        (("cu", PASSWORD, "Hà Nội", "officer"), "L31"),
    ],
)
def test_users_that_cannot_be_added(args: tuple[str, str, str, str], code: str) -> None:
    User.objects.create_user("cu")
    assert refused(lambda: commands.add_user(*args)).code == code
    assert User.objects.count() == 1


def test_a_known_party_need_be_no_locality() -> None:
    ensure_party("Quỹ Thiện Tâm")
    commands.add_user("quy", PASSWORD, "Quỹ Thiện Tâm", "viewer")
    assert Membership.objects.get().party.name == "Quỹ Thiện Tâm"
