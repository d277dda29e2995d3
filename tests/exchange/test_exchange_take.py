"""IATI in: what activities say becomes statements of who reports them; nothing counts twice."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from exchange_book import GIVER, SCHOOL, TAKER, activity, file, payment, take

from hoptac.cli.iati import iati_names
from hoptac.exchange.facts import Facts
from hoptac.exchange.models import Given
from hoptac.exchange.take import take_iati
from hoptac.iati import Limits
from hoptac.ledger import check
from hoptac.ledger.models import ContributionFact, Filing, Party, Record, Source, Statement
from hoptac.lexicon import default_lexicon

pytestmark = pytest.mark.django_db
SHARED = Path(__file__).resolve().parents[3] / "shared" / "iati" / "real"


def told() -> list[str]:
    rows = Record.objects.live().filter(kind="contribution").order_by("values__status", "pk")
    return [
        f"{r.year} | {r.values['amount']['value']} {r.values['amount']['currency']} | {r.values['status']} | {r.in_force}"
        for r in rows
    ]


def test_payments_of_a_year_are_one_contribution_and_the_commitment_does_not_count() -> None:
    report = take(file(GIVER))
    assert (report.activities_new, report.findings) == (1, [])
    assert told() == ["2024 | 65000000000 VND | done | 1", "2024 | 70000000000 VND | pledged | 1"]
    facts = {f.status: f for f in ContributionFact.objects.all()}
    assert facts["done"].counted and facts["pledged"].left_out == "pledged"
    statement = Statement.objects.get(kind="contribution", values__status="done")
    assert statement.speaker == Party.objects.get(name="Hà Nội")
    assert [p.quote.count("<transaction>") for p in statement.passages.all()] == [1, 1]
    assert list(check.run_checks()) == []


def test_two_publishers_of_one_deed_are_one_deed() -> None:
    take(file(GIVER), "hanoi.xml")
    take(file(TAKER), "dienbien.xml")
    assert told() == ["2024 | 65000000000 VND | done | 2", "2024 | 70000000000 VND | pledged | 1"]
    assert Record.objects.get(kind="contribution", values__status="done").standing == "both_sides"


def test_the_original_is_kept_to_the_letter() -> None:
    odd = activity(
        "X-1", "Hà Nội", payment("3", " 1,250.50 "), more="<!-- ghi chú --><x:own xmlns:x='u'>?</x:own>"
    )
    take(file(odd))
    assert odd in Source.objects.get().text
    assert Statement.objects.get(kind="contribution").values["amount"]["value"] == "1250.5"


def test_taking_twice_changes_nothing() -> None:
    take(file(GIVER, TAKER))
    before = (Statement.objects.count(), Filing.objects.count(), Given.objects.count())
    again = take(file(GIVER, TAKER))
    assert (again.activities_known, again.statements_new) == (2, 0)
    assert (Statement.objects.count(), Filing.objects.count(), Given.objects.count()) == before


def test_a_later_file_takes_the_place_of_the_earlier_one() -> None:
    take(file(GIVER))
    record = Record.objects.get(kind="contribution", values__status="done")
    later = GIVER.replace("25000000000", "26000000000").replace(
        'code="2"/><transaction-date', 'code="12"/><transaction-date'
    )
    report = take(file(later))
    assert report.statements_superseded >= 2
    record.refresh_from_db()
    assert record.values["amount"]["value"] == "66000000000" and record.in_force == 1
    assert take(file(GIVER)).activities_known == 1  # the old file does not come back
    record.refresh_from_db()
    assert record.values["amount"]["value"] == "66000000000"
    assert list(check.run_checks()) == []


def test_what_a_later_file_does_not_say_is_filed_nowhere() -> None:
    take(file(GIVER))
    take(file(GIVER.replace(payment("2", "70000000000"), "")))
    assert told() == ["2024 | 65000000000 VND | done | 1"]


def test_money_that_came_in_and_was_spent_counts_once() -> None:
    both = activity("X-2", "Điện Biên", payment("1", "100") + payment("4", "90"))
    report = take(file(both))
    assert [row.split(" | ")[1] for row in told()] == ["100 VND"]
    assert report.loss["iati-activity/transaction (spent of what came in)"] == 1


def test_things_are_counted() -> None:
    result = (
        '<result type="1"><title><narrative>Máy lọc nước</narrative></title><indicator measure="1"><title>'
        '<narrative>máy</narrative></title><period><period-start iso-date="2025-01-01"/><period-end '
        'iso-date="2025-12-31"/><target value="20"/><actual value="12"/></period></indicator></result>'
    )
    take(file(activity("X-3", "Hà Nội", "", more=result)))
    values = Statement.objects.get(kind="contribution").values
    assert values["quantity"] == {"value": "12", "unit": "máy"} and values["status"] == "done"
    assert values["year"] == 2025


def test_broken_activities_are_told_with_their_line_and_the_good_ones_go_on() -> None:
    broken = GIVER.replace("</title>", "").replace("S1", "S2")
    report = take(file(GIVER, broken, TAKER))
    assert report.activities_new == 2
    assert [(f.id, f.identifier) for f in report.findings][-1] == ("0.1.1", "VN-COA-1-S2")
    assert all(f.line for f in report.findings)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (
            lambda a: a.replace("<narrative>Hà Nội</narrative></reporting-org>", "</reporting-org>").replace(
                'ref="VN-COA-1"', 'ref=""'
            ),
            "X10",
        ),
        (lambda a: a.replace(f"<narrative>{SCHOOL}</narrative>", ""), "X13"),
        (lambda a: a + a.replace("70000000000", "71000000000"), "X12"),
    ],
)
def test_odd_activities_are_noted(change: object, code: str) -> None:
    report = take(file(change(GIVER)))  # type: ignore[operator]
    assert [note.code for note in report.notes] == [code]
    assert report.notes[0].message("vi") != report.notes[0].message("en")


def test_version_one_is_taken() -> None:
    old = f"""<iati-activity default-currency="USD"><reporting-org ref="X" type="10">Bộ A</reporting-org>
<iati-identifier>X-9</iati-identifier><title>{SCHOOL}</title>
<participating-org role="Implementing">Điện Biên</participating-org>
<transaction><transaction-type code="D">Disbursement</transaction-type><value value-date="2012-05-01">5000</value>
</transaction></iati-activity>"""
    take(file(old, version="1.03"))
    assert told() == ["2012 | 5000 USD | done | 1"]


def test_a_large_activity_comes_in_parts_and_its_sums_are_whole() -> None:
    many = "".join(payment("3", "10", f"2024-{n % 12 + 1:02d}-01") for n in range(3000))
    report = take_iati(
        io.BytesIO(file(activity("X-4", "Hà Nội", many))), name="l.xml", limits=Limits(part=40_000)
    )
    assert [note.code for note in report.notes] == ["X14"]
    assert told() == ["2024 | 30000 VND | done | 1"]


def test_what_is_iati_is_told_by_its_bytes(tmp_path: Path) -> None:
    names = []
    for name, text in (("a.xml", file(GIVER)), ("b.xml", b"<html/>"), ("c.xml", b""), ("d.txt", file(GIVER))):
        (tmp_path / name).write_bytes(text)
        names.append(str(tmp_path / name))
    assert iati_names([*names, str(tmp_path / "no.xml")]) == names[:1]


def test_negative_payments_are_taken_off() -> None:
    take(file(activity("X-5", "Hà Nội", payment("3", "100") + payment("3", "-30"))))
    assert told() == ["2024 | 70 VND | done | 1"]


def test_the_tables_name_known_codes() -> None:
    lexicon = default_lexicon()
    codes = {
        row["list"]: set(row["codes"].split("|"))
        for row in lexicon.table("iati_codes")
        if "2.03" in row["versions"]
    }
    for row in lexicon.table("iati_in_types"):
        assert row["type"] in codes["TransactionType"]
    for row in lexicon.table("iati_out_states"):
        assert {row["giver"], row["taker"]} - {""} <= codes["TransactionType"]
        assert row["activity"] in codes["ActivityStatus"]
    for row in lexicon.table("iati_out_sectors"):
        assert row["code"] in codes["Sector" if row["vocabulary"] == "1" else "SectorCategory"], row["code"]
    for row in lexicon.table("iati_out_aid"):
        assert row["code"] in codes["AidType"]
    for row in lexicon.table("iati_out_parties"):
        assert row["type"] in codes["OrganisationType"]
    assert Facts(lexicon).sums == {}


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/iati/real is not here")
@pytest.mark.parametrize(
    "name", ["finland-crs-vn", "acfspain-ph", "datastore-CD-101", "beis-with-negative-budget"]
)
def test_publishers_files_are_taken_and_the_book_stays_clean(name: str) -> None:
    path = next(iter(SHARED.glob(f"originals/{name}*.xml")), None)
    if path is None:
        pytest.skip(f"{name} is not here")
    with path.open("rb") as stream:
        report = take_iati(stream, name=path.name)
    assert report.activities == report.activities_new
    assert list(check.run_checks()) == []
