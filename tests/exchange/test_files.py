"""The ledger as files: tables with names beside codes, and a whole ledger that goes to another machine and back."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from django.db import models
from django.test import Client
from exchange_book import GIVER, NOW, TAKER, file, take

from hoptac.exchange.findings import ExchangeError
from hoptac.exchange.publish import add_publisher, refresh
from hoptac.exchange.tables import (
    TABLES,
    csv_pieces,
    dictionary,
    meanings,
    rows_of,
    write_parquet,
    write_xlsx,
)
from hoptac.exchange.whole import read_whole, write_whole
from hoptac.ledger import check, triggers
from hoptac.ledger.models import ChainHead, Record, Statement
from hoptac.lexicon import default_lexicon

pytestmark = pytest.mark.django_db


def table(name: str) -> list[dict[str, str]]:
    text = "".join(csv_pieces(TABLES[name]))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_tables_have_names_beside_codes() -> None:
    take(file(GIVER, TAKER))
    row = next(r for r in table("contributions") if r["status"] == "done")
    assert (row["amount"], row["currency"], row["counted"]) == ("65000000000", "VND", "true")
    assert (row["field"], row["field_vi"], row["field_en"]) == (
        "education",
        "Giáo dục, đào tạo",
        "Education and training",
    )
    pledged = next(r for r in table("contributions") if r["status"] == "pledged")
    assert pledged["left_out"] == "pledged" and pledged["left_out_vi"]
    assert {r["uid"] for r in table("records")} >= {r["record"] for r in table("contributions")}
    assert {r["statement"] for r in table("passages")} == {r["uid"] for r in table("statements")}


def test_every_column_is_in_the_dictionary_and_nothing_else_is() -> None:
    words = meanings()
    used = set()
    for one in TABLES.values():
        for name, type_, _ in one.columns:
            assert words[one.name, name]["en"] and words[one.name, name]["vi"], (one.name, name)
            assert type_ in ("text", "integer", "decimal", "boolean", "date", "time")
            used |= {(one.name, name), ("any", name), (one.name, name[:-3]), ("any", name[:-3])}
    rows = default_lexicon().table("exchange_columns")
    assert [r["column"] for r in rows if (r["table"], r["column"]) not in used] == []
    assert "| `amount` | decimal |" in dictionary("en") and "số tiền" in dictionary("vi")


def test_workbook_and_parquet_hold_the_same(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    calamine = pytest.importorskip("python_calamine")
    take(file(GIVER))
    write_xlsx(tmp_path / "l.xlsx", TABLES.values())
    book = calamine.CalamineWorkbook.from_path(str(tmp_path / "l.xlsx"))
    assert book.sheet_names == [*TABLES, "dictionary"]
    for name, one in TABLES.items():
        count = len(list(rows_of(one)))
        assert write_parquet(tmp_path / f"{name}.parquet", one) == count
        assert len(book.get_sheet_by_name(name).to_python()) == count + 1
    sums = parquet.read_table(tmp_path / "contributions.parquet").to_pylist()
    assert sorted(int(r["amount"]) for r in sums) == [65000000000, 70000000000]


def test_formulas_are_text(tmp_path: Path) -> None:
    take(file(GIVER.replace("Trường Tiểu học Nà Tấu", "=1+1")))
    assert {r["title"][:2] for r in table("contributions")} == {"'="}


def test_public_tables_hold_public_records_only(client: Client) -> None:
    take(file(GIVER, GIVER.replace("S1", "S2").replace("Điện Biên", "Hội A").replace("Hà Nội", "Hội B")))
    public = list(rows_of(TABLES["records"], public=True))
    assert 0 < len(public) < len(list(rows_of(TABLES["records"])))
    answer = client.get("/data/tables/records.csv")
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "Hội A" not in text and len(text.splitlines()) == len(public) + 1


def exported(path: Path) -> bytes:
    with path.open("wb") as out:
        write_whole(out)
    return path.read_bytes()


def emptied() -> None:
    """The tables as a new ledger has them."""
    from django.db import connection

    from hoptac.exchange.whole import _models

    triggers.drop(connection)
    for model in reversed(_models()):
        rows: models.QuerySet[models.Model] = models.QuerySet(model)
        rows._raw_delete(using=connection.alias)
        for field in model._meta.local_many_to_many:
            through: models.QuerySet[models.Model] = models.QuerySet(field.remote_field.through)
            through._raw_delete(using=connection.alias)
    ChainHead.objects.update(hash="", length=0)
    triggers.create(connection)


def test_a_whole_ledger_goes_round(tmp_path: Path) -> None:
    take(file(GIVER, TAKER))
    refresh(add_publisher("Hà Nội", "VN-COA-1"), now=NOW)
    text = exported(tmp_path / "l.jsonl")
    hashes = list(Statement.objects.values_list("hash", flat=True))
    emptied()
    made = read_whole(tmp_path / "l.jsonl")
    assert made.new > 0 and list(Statement.objects.values_list("hash", flat=True)) == hashes
    assert list(check.run_checks()) == []
    assert exported(tmp_path / "again.jsonl") == text
    assert read_whole(tmp_path / "l.jsonl").new == 0


def test_an_older_copy_is_brought_up_to_date(tmp_path: Path) -> None:
    take(file(GIVER))
    exported(tmp_path / "old.jsonl")
    take(file(TAKER))
    new = exported(tmp_path / "new.jsonl")
    emptied()
    read_whole(tmp_path / "old.jsonl")
    assert read_whole(tmp_path / "new.jsonl").new > 0
    assert exported(tmp_path / "again.jsonl") == new
    assert read_whole(tmp_path / "old.jsonl").new == 0
    assert Record.objects.get(kind="contribution", values__status="done").standing == "both_sides"


def test_another_ledger_is_refused(tmp_path: Path) -> None:
    take(file(GIVER))
    exported(tmp_path / "one.jsonl")
    emptied()
    take(file(TAKER))
    before = Statement.objects.count()
    with pytest.raises(ExchangeError) as caught:
        read_whole(tmp_path / "one.jsonl")
    assert caught.value.note.code == "X31" and Statement.objects.count() == before


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda t: t[: len(t) // 2], "X30"),
        (lambda t: t.replace(b"65000000000", b"66000000000"), "X30"),
        (lambda t: b"{}\n" + t, "X30"),
        (lambda t: b"", "X30"),
        (lambda t: t.replace(b'"tables":{', b'"tables":{"ledger.other":[],', 1), "X32"),
    ],
)
def test_torn_and_changed_files_are_refused(tmp_path: Path, change: object, code: str) -> None:
    take(file(GIVER))
    text = exported(tmp_path / "l.jsonl")
    (tmp_path / "l.jsonl").write_bytes(change(text))  # type: ignore[operator]
    with pytest.raises(ExchangeError) as caught:
        read_whole(tmp_path / "l.jsonl")
    assert caught.value.note.code == code


def test_no_passwords_leave(tmp_path: Path, django_user_model: type[models.Model]) -> None:
    django_user_model._default_manager.create(username="hoa", password="secret-hash", email="hoa@example.vn")
    text = exported(tmp_path / "l.jsonl")
    assert b"secret-hash" not in text and b"hoa@example.vn" not in text and b'"hoa"' in text


def test_pages_of_files(client: Client) -> None:
    take(file(GIVER))
    refresh(add_publisher("Hà Nội", "VN-COA-1"), now=NOW)
    page = client.get("/data/").content.decode()
    assert "vn-coa-1-activities.xml" in page and "/data/tables/contributions.csv" in page
    answer = client.get("/data/iati/vn-coa-1-activities.xml")
    assert b"".join(answer.streaming_content).startswith(b"<?xml")  # type: ignore[attr-defined]
    assert client.get("/data/iati/vn-coa-1-organisation.xml").status_code == 200
    assert client.get("/data/iati/VN-COA-1/findings/").status_code == 200
    for path in (
        "iati/vn-coa-9-activities.xml",
        "iati/X/findings/",
        "tables/users.csv",
        "tables/records.exe",
    ):
        assert client.get(f"/data/{path}").status_code == 404, path
    assert client.post("/data/").status_code == 405
    listed = client.get("/api/v1/files").json()
    assert {one["kind"] for one in listed} >= {"iati-activities", "iati-organisation", "csv", "xlsx"}
    assert json.dumps(listed)


def test_the_pages_of_files_ask_little(client: Client, django_assert_max_num_queries: object) -> None:
    take(file(GIVER))
    refresh(add_publisher("Hà Nội", "VN-COA-1"), now=NOW)
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        client.get("/data/")
