from __future__ import annotations

from dataclasses import replace

import pytest
from ledger_book import NOW, page, take, told

from hoptac.ledger import check
from hoptac.ledger.filing import filed_statements, filed_under, move_statement, suggest
from hoptac.ledger.models import Cooperation, Filing, Party, Person, Record, Source, Statement
from hoptac.ledger.parties import ensure_party
from hoptac.ledger.records import rebuild
from hoptac.ledger.take import TakeError, take_reading

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
    assert list(activity.parts.order_by("year").values_list("year", flat=True)) == [1984, 2004, 2024]
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


LINE = (
    "gift: Hà Nội > Điện Biên | Trường Tiểu học Sín Thầu | build | 9935000000 VND | 2014 | education | done"
)


def test_readers_that_differ_and_come_back() -> None:
    """Reader 2 tells a field otherwise, reader 3 does not read the gift at all, reader 4 reads as the first did."""
    reading, written = page(LINE)

    def read(reader: str, status: str = "done") -> list[str]:
        source = replace(reading.source, reader=reader)
        gifts = () if status == "-" else tuple(replace(c, status=status) for c in reading.contributions)
        take_reading(replace(reading, source=source, contributions=gifts), written, now=NOW)
        assert check.run_checks() == []
        return told()

    first = read("1")
    assert (
        read("2", status="ongoing") == first
        and Record.objects.get(kind="contribution").values["status"] == "ongoing"
    )
    assert read("3", status="-") == []
    assert read("4") == first and Record.objects.get(kind="contribution").values["status"] == "done"
    assert (
        read("5", status="ongoing") == first
        and Record.objects.get(kind="contribution").values["status"] == "ongoing"
    )
    assert read("5") == read("1") == first
    count = Statement.objects.count()
    assert (read("2"), Statement.objects.count()) == (first, count)


def test_what_a_person_filed_is_not_withdrawn() -> None:
    from django.contrib.auth.models import User

    reading, written = page(LINE)
    take_reading(reading, written, now=NOW)
    statement = Statement.objects.get(kind="contribution")
    record = Record.objects.get(kind="contribution")
    move_statement(statement, record, by=User.objects.create_user("canbo"), reason="đúng hồ sơ", made_at=NOW)
    empty = replace(reading, contributions=(), source=replace(reading.source, reader="2"))
    take_reading(empty, written, now=NOW)
    assert told() == ["2014 | Trường Tiểu học Sín Thầu | 9935000000 VND | 1 | read"]


def test_a_filing_is_moved_and_the_move_undone() -> None:
    take(LINE)
    take(LINE.replace("9935000000", "12000000000"))
    before = told()
    first, second = Statement.objects.filter(kind="contribution").order_by("seq")
    record = Record.objects.get(kind="contribution")
    move_statement(second, None, by=None, reason="khác việc", made_at=NOW, action="reject")
    rebuild([record.pk])
    assert told() == ["2014 | Trường Tiểu học Sín Thầu | 9935000000 VND | 1 | read"]
    assert [s.record for s in suggest(second)] == [record]
    move_statement(second, record, by=None, reason="xếp lại", made_at=NOW, action="undo")
    rebuild([record.pk])
    assert told() == before and check.run_checks() == []
    assert list(Statement.objects.filed_under(record)) == [first, second]
    assert [s for s, _ in filed_statements([record.pk])] == [first, second]
    filing = filed_under(second)
    assert filing is not None and filing.action == "undo"


def test_a_record_that_lost_all_its_statements_is_not_live() -> None:
    take(LINE)
    record = Record.objects.get(kind="contribution")
    for statement, _ in filed_statements([record.pk]):
        move_statement(statement, None, by=None, reason="nhầm", made_at=NOW, action="reject")
    rebuild([record.pk])
    assert told() == [] and check.run_checks() == [] and not hasattr(Record.objects.get(pk=record.pk), "fact")


def test_what_cannot_be_a_statement_is_named_and_the_rest_taken() -> None:
    reading, written = page(LINE + "\nmet: meeting | 2024-04-25 | Hà Nội, Điện Biên")
    (gift,), (met,) = reading.contributions, reading.events
    bad = replace(gift, act="steal")
    quoteless = replace(gift, what="khác", evidence=())
    astray = replace(gift, what="khác nữa", evidence=(replace(gift.evidence[0], quote="không có"),))
    result = take_reading(replace(reading, contributions=(bad, quoteless, astray)), written, now=NOW)
    assert [f.code for f in result.refused] == ["L16"] * 3
    reasons = [dict(f.values)["reason"] for f in result.refused]
    assert "one of fund" in reasons[0] and reasons[1] == "0 passages" and "words at that place" in reasons[2]
    assert told() == [] and len(told(kind="meeting")) == 1 and met.kind == "meeting"


def test_a_reading_of_another_page_is_refused() -> None:
    reading, _ = page(LINE)
    _, other = page(LINE + "\nthêm")
    with pytest.raises(TakeError) as refusal:
        take_reading(reading, other, now=NOW)
    assert refusal.value.finding.code == "L14" and not Source.objects.exists()


def test_another_text_of_a_kept_source_is_refused() -> None:
    reading, written = page(LINE)
    take_reading(reading, written, now=NOW)
    newer = replace(reading, source=replace(reading.source, reader="2"), contributions=())
    with pytest.raises(TakeError) as refusal:
        take_reading(newer, replace(written, text=written.text + "\nthêm"), now=NOW)
    assert refusal.value.finding.code == "L15"


def test_text_that_no_database_holds_keeps_its_offsets() -> None:
    reading, written = page("dòng đầu\n" + LINE)
    odd = replace(written, text=written.text.replace("dòng", "d\0n\ud800"))
    take_reading(reading, odd, now=NOW)
    assert Source.objects.get().text.startswith("d\ufffdn\ufffd") and check.run_checks() == []


def test_a_thing_told_twice_on_a_page_is_one_statement_on_two_passages() -> None:
    take(LINE + "\n" + LINE)
    statement = Statement.objects.get(kind="contribution")
    assert statement.passages.count() == 2


def test_a_deed_told_twice_less_and_more_exactly_on_a_page_is_one_record() -> None:
    less = LINE.replace("2014", "-").replace("education", "-")
    assert len({take(LINE + "\n" + less).records_new}) == 1
    assert told() == ["2014 | Trường Tiểu học Sín Thầu | 9935000000 VND | 2 | read"]


def test_a_meeting_told_by_two_pages_is_one_and_another_days_is_another() -> None:
    take("met: meeting | 2024-04-25 | Hà Nội, Điện Biên | Điện Biên")
    take("met: meeting | 2024-04-25 | Điện Biên, Hà Nội |\nbáo khác")
    take("met: meeting | 2024-04-26 | Điện Biên, Hà Nội | Hà Nội")
    take("met: ceremony | 2024-04-25 | Điện Biên, Hà Nội | Điện Biên")
    assert sorted(line.split(" | ")[3] for line in told(kind="meeting")) == ["1", "1", "2"]


def test_agreements_and_asks_are_told_apart() -> None:
    take(
        "agreed: Hà Nội, Điện Biên | 2019-2025 | \nasked: request | Lê Thành Đô > Hà Nội | tăng cường giao lưu nhân dân"
    )
    take(
        "agreed: Điện Biên, Hà Nội | 2019- | \nasked: request | ông Lê Thành Đô > Hà Nội | tăng cường giao lưu nhân dân"
    )
    take(
        "agreed: Điện Biên, Hà Nội | 2026-2030 | \nasked: pledge | Hà Nội > Điện Biên | tăng cường giao lưu nhân dân"
    )
    assert [line.split(" | ")[3] for line in told(kind="agreement")] == ["2", "1"]
    assert sorted(line.split(" | ")[3] for line in told(kind="ask")) == ["1", "2"]


def test_a_circle_of_localities() -> None:
    take("agreed: Hà Nội, Điện Biên, Sơn La | 2019- |")
    assert Cooperation.objects.get().localities.count() == 3
    take("met: conference | 2024-05-01 | Hà Nội, Điện Biên, Sơn La, Lai Châu")
    take("met: meeting | 2024-05-02 | Lai Châu, Thanh Hóa, Sơn La")
    assert Cooperation.objects.count() == 1
    circle = Cooperation.objects.get()
    assert sorted(circle.records.values_list("kind", flat=True)) == ["agreement", "meeting"]


def test_one_gift_to_two_localities_stands_in_both_cooperations() -> None:
    take(
        "gift: Hà Nội > Điện Biên, Sơn La | thuốc và thiết bị y tế | gift | 10000000000 VND | 2021 | health | done"
    )
    assert sorted(c.name for c in Record.objects.get().cooperations.all()) == [
        "Hà Nội – Sơn La",
        "Hà Nội – Điện Biên",
    ]


def test_a_gift_to_people_of_a_place_named_beside_them() -> None:
    take(
        "gift: Hà Nội > học sinh nghèo | đồ dùng học tập | gift | - | 2021 | education | done | place=Điện Biên"
    )
    assert Cooperation.objects.get().name == "Hà Nội – Điện Biên"


def test_a_companys_gift_makes_no_cooperation() -> None:
    take("gift: Công ty Cổ phần Than Quảng Ninh > Điện Biên | áo ấm | gift | - | 2021 | welfare | done")
    assert not Cooperation.objects.exists() and len(told()) == 1
