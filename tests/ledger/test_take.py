from __future__ import annotations

from dataclasses import replace

import pytest
from ledger_book import NOW, page, take, told

from hoptac.ledger.models import Cooperation, Filing, Party, Person, Record, Source, Statement
from hoptac.ledger.parties import ensure_party
from hoptac.ledger.take import take_reading

pytestmark = pytest.mark.django_db

SCHOOL = "Trường Tiểu học Hà Nội - Điện Biên Phủ"
VISIT = f"""
person: Lê Thành Đô | Chủ tịch UBND tỉnh Điện Biên | Điện Biên
gift: Hà Nội > Điện Biên | {SCHOOL} | build | 65000000000 VND | 2024 | education | done | of=70000000000
gift: Hà Nội > Điện Biên | {SCHOOL} | build | - | 1984 | education | done
gift: Hà Nội > Điện Biên | tu sửa, nâng cấp và mở rộng {SCHOOL} | repair | - | 2004 | education | done
gift: Hà Nội > đồng bào các dân tộc tỉnh Điện Biên | đoàn y, bác sĩ khám bệnh | treat | - | - | health | ongoing
met: meeting | 2024-04-25 | Hà Nội, Điện Biên | Điện Biên
agreed: Hà Nội, Điện Biên | 2019- |
asked: request | Lê Thành Đô > Hà Nội | tăng cường giao lưu
"""


def test_a_page_becomes_records_with_its_words() -> None:
    result = take(VISIT)
    assert (result.new_source, result.unfiled, result.refused) == (True, 0, ())
    assert told() == [
        "- | đoàn y, bác sĩ khám bệnh | - | 1 | read",
        f"1984 | {SCHOOL} | - | 1 | read",
        f"2004 | tu sửa, nâng cấp và mở rộng {SCHOOL} | - | 1 | read",
        f"2024 | {SCHOOL} | 65000000000 VND | 1 | read",
    ]
    source = Source.objects.get()
    for statement in Statement.objects.all():
        for passage in statement.passages.all():
            assert source.text[passage.start : passage.end] == passage.quote


def test_the_works_of_a_school_are_parts_of_one_activity() -> None:
    take(VISIT)
    activity = Record.objects.get(kind="activity")
    assert activity.title == SCHOOL
    assert sorted(activity.parts.values_list("year", flat=True)) == [1984, 2004, 2024]
    assert activity.cooperations.get().name == "Hà Nội – Điện Biên"


def test_two_localities_make_one_cooperation_that_holds_all_their_records() -> None:
    take(VISIT)
    cooperation = Cooperation.objects.get()
    assert cooperation.name == "Hà Nội – Điện Biên"
    kinds = sorted(cooperation.records.values_list("kind", flat=True))
    assert kinds == [
        "activity",
        "agreement",
        "ask",
        "contribution",
        "contribution",
        "contribution",
        "contribution",
        "meeting",
    ]


def test_a_person_is_a_row_with_office_statements() -> None:
    take(VISIT)
    person = Person.objects.get()
    assert person.side == Party.objects.get(name="Điện Biên")
    assert person.filings.get().statement.values["office"] == "Chủ tịch UBND tỉnh Điện Biên"


def test_taking_twice_changes_nothing() -> None:
    first = take(VISIT)
    before = (list(Statement.objects.values_list("hash", flat=True)), Filing.objects.count(), told())
    again = take(VISIT)
    assert (list(Statement.objects.values_list("hash", flat=True)), Filing.objects.count(), told()) == before
    assert (again.new_source, again.statements_new, again.statements_known) == (
        False,
        0,
        first.statements_new,
    )


def test_another_page_that_tells_the_same_with_another_figure_makes_a_dispute() -> None:
    take(
        "gift: Hà Nội > Điện Biên | Trường Tiểu học Sín Thầu | build | 9935000000 VND | 2014 | education | done"
    )
    take(
        "gift: Hà Nội > Điện Biên | xây Trường TH Sín Thầu | build | 12000000000 VND | 2014 | education | done"
    )
    (line,) = told()
    assert line.endswith("| 2 | disputed")
    record = Record.objects.get(kind="contribution")
    shown, other = record.fields["amount"]["value"], record.fields["amount"]["otherwise"]
    assert {shown["value"], other[0]["value"]["value"]} == {
        "9935000000",
        "12000000000",
    } and record.fact.left_out == "disputed"


def test_a_softer_figure_is_no_dispute() -> None:
    take(
        "gift: Hà Nội > Điện Biên | Trường Tiểu học Sín Thầu | build | 65000000000 VND | 2014 | education | done"
    )
    take(
        "gift: Hà Nội > Điện Biên | Trường Tiểu học Sín Thầu | build | >=60000000000 VND | 2014 | education | done"
    )
    assert told() == ["2014 | Trường Tiểu học Sín Thầu | 65000000000 VND | 2 | read"]


def test_two_schools_stay_two() -> None:
    take(
        "gift: Hà Nội > Điện Biên | Trường Mầm non số 1 Sam Mứn | build | 1000000000 VND | 2012 | education | done"
    )
    take(
        "gift: Hà Nội > Điện Biên | Trường Mầm non số 2 Sam Mứn | build | 1000000000 VND | 2012 | education | done"
    )
    assert len(told()) == 2


def test_one_work_told_without_a_year_among_several_waits_for_a_person() -> None:
    take(VISIT)
    result = take(f"gift: Hà Nội > Điện Biên | {SCHOOL} | build | - | - | education | done")
    assert result.unfiled == 1
    filing = Filing.objects.order_by("-id").first()
    assert filing is not None and filing.record is None and filing.reason.startswith("tie ")


def test_a_newer_reader_adds_and_supersedes() -> None:
    text = "gift: Hà Nội > Điện Biên | Trường Tiểu học Sín Thầu | build | 9935000000 VND | 2014 | education | done"
    take(text)
    reading, written = page(text, reader="2.0+lexicon:cd34")
    better = replace(reading, contributions=tuple(replace(c, field="culture") for c in reading.contributions))
    result = take_reading(better, written, now=NOW)
    assert result.statements_superseded == 2
    (line,) = told()
    assert line.endswith("| 1 | read")
    record = Record.objects.get(kind="contribution")
    assert record.values["field"] == "culture"


def test_a_sides_own_paper_confirms() -> None:
    line = "gift: Hà Nội > Điện Biên | Trường Tiểu học Sín Thầu | build | 9935000000 VND | 2014 | education | done"
    take(line)
    take(
        line + "\n(báo cáo của thành phố)",
        speaker=ensure_party("UBND thành phố Hà Nội"),
        name="báo cáo Hà Nội",
    )
    assert told()[0].endswith("| 2 | one_side")
    take(line + "\n(báo cáo của tỉnh)", speaker=ensure_party("Điện Biên", "11"), name="báo cáo Điện Biên")
    assert told()[0].endswith("| 3 | both_sides")
