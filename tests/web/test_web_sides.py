"""Two sides on screen: the queue, letters, own versions, ties, meetings, agreements, the ladder, the history."""

from __future__ import annotations

import csv
import hashlib
import io
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries
from web_cast import Cast

from hoptac.desk.answers import state_of
from hoptac.ledger import store
from hoptac.ledger.commands import check_ledger
from hoptac.ledger.links import ties_of
from hoptac.ledger.models import Link, Party, Record, RecordParty, Source, Statement

PDF = b"%PDF-1.7\nscan of a letter"


@pytest.fixture
def other(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.dien_bien)
    return client


def side(code: str) -> Party:
    return Party.objects.get(code=code)


def answer(client: Client, record: Record, code: str, **more: Any) -> int:
    form = {
        "say": "confirm",
        "form_uid": str(uuid4()),
        "state": state_of(record),
        "party": str(side(code).pk),
        "amount": "65000000000",
        "year": "2024",
        "status": "done",
    }
    status = client.post(reverse("desk:record-answer", args=[record.slug]), form | more).status_code
    record.refresh_from_db()
    return status


def version(client: Client, record: Record, code: str, **more: Any) -> Any:
    form = {"form_uid": str(uuid4()), "state": state_of(record), "party": str(side(code).pk)}
    return client.post(reverse("desk:record-version", args=[record.slug]), form | more)


def begin(client: Client, cast: Cast, what: str, code: str, query: str = "", **more: Any) -> Any:
    form = {"form_uid": str(uuid4()), "party": str(side(code).pk)}
    where = reverse("desk:new", args=[cast.cooperation.slug, what]) + query
    return client.post(where, form | more)


def page(client: Client, name: str, *args: str, query: str = "") -> str:
    found = client.get(reverse(name, args=args) + query)
    assert found.status_code == 200, (name, found.status_code)
    return str(found.content.decode())


def rows_of(client: Client, name: str, *args: str, query: str = "") -> list[dict[str, str]]:
    text = page(client, name, *args, query=query)
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def words(record: Record) -> dict[str, str | None]:
    told = RecordParty.objects.filter(record=record, role="side").values_list("party__name", "word")
    return dict(told)


def test_the_queue_shrinks_as_one_confirms(cast: Cast, officer: Client, other: Client) -> None:
    record = cast.record("Tiểu học")
    assert words(record) == {"Hà Nội": "silent", "Điện Biên": "silent"}
    before = len(rows_of(officer, "desk:mine-csv"))
    there = reverse("desk:mine") + "?kind=contribution"
    form = {"say": "confirm", "form_uid": str(uuid4()), "state": state_of(record), "next": there}
    sent = officer.post(
        reverse("desk:record-answer", args=[record.slug]), form | {"party": str(side("01").pk)}
    )
    assert sent.status_code == 302 and sent["Location"] == there
    assert len(rows_of(officer, "desk:mine-csv")) == before - 1
    assert words(record) == {"Hà Nội": "said", "Điện Biên": "silent"}
    assert answer(other, record, "11", say="otherwise", amount="64.500.000.000", reason="Quyết toán") == 302
    assert words(record) == {"Hà Nội": "differs", "Điện Biên": "stands"}
    shown = page(officer, "desk:mine", query="?word=differs")
    assert "Tiểu học" in shown and "Có lời khác sau đó" in shown and "1 hồ sơ" in shown
    assert answer(officer, record, "01") == 302, "it shows what was said last: to confirm is to agree to it"
    assert words(record) == {"Hà Nội": "stands", "Điện Biên": "stands"}, "only the papers say otherwise now"
    assert record.values["amount"]["value"] == "64500000000"


def test_a_foreign_address_is_not_gone_back_to(cast: Cast, officer: Client) -> None:
    record = cast.record("Tiểu học")
    for where in ("https://example.com/", "//example.com/x", "javascript:alert(1)"):
        form = {"say": "confirm", "form_uid": str(uuid4()), "state": state_of(record), "next": where}
        sent = officer.post(
            reverse("desk:record-answer", args=[record.slug]), form | {"party": str(side("01").pk)}
        )
        assert sent["Location"] == reverse("desk:record", args=[record.slug])


def test_lists_equal_their_exports(cast: Cast, officer: Client) -> None:
    for name, query in (
        ("mine", "?kind=contribution&sort=-sum"),
        ("mine", "?q=khong+co+gi"),
        ("ladder", "?stage=all"),
        ("ladder", "?late=no_date"),
        ("meetings", ""),
        ("agreements", "?q=ha+noi"),
    ):
        screen = officer.get(reverse(f"desk:{name}") + query)
        listed = [r.get("Nội dung") for r in rows_of(officer, f"desk:{name}-csv", query=query)]
        assert len(listed) == screen.context["page"].paginator.count, (name, query)
        rows = screen.context.get("rows") or [
            type("R", (), {"record": r}) for r in screen.context["page"].object_list
        ]
        from hoptac.screens.templatetags.hoptac import heading

        assert [heading(row.record) for row in rows] == listed[: len(rows)], (name, query)


def test_a_change_lifts_the_confirmation(cast: Cast, officer: Client, other: Client) -> None:
    record = cast.record("Tiểu học")
    assert answer(officer, record, "01") == 302 and answer(other, record, "11") == 302
    assert record.standing == "both_sides"
    assert answer(officer, record, "01", say="otherwise", year="2023", reason="Nhầm năm") == 302
    assert record.standing == "disputed" and record.fields["year"]["standing"] == "disputed"
    public = page(Client(), "portal:record", record.slug)
    assert "2024" in public and "2023" in public, "both versions are published"
    told = Client().get(f"/api/v1/records/{record.slug}").json()["fields"]["year"]
    assert {told["value"], *(o["value"] for o in told["otherwise"])} == {2023, 2024}


def test_by_an_official_letter(cast: Cast, officer: Client, other: Client) -> None:
    record = cast.record("Tiểu học")
    scan = SimpleUploadedFile("../../evil.html", PDF, content_type="text/html")
    letter = {"letter_number": "12/BC-UBND", "letter_day": "2026-11-20", "letter_scan": scan}
    assert answer(officer, record, "01", **letter) == 302
    statement = Statement.objects.order_by("-seq").select_related("source").first()
    assert statement is not None and statement.source is not None
    digest = hashlib.sha256(PDF).hexdigest()
    assert statement.source.sha256 == digest and store.get(digest) == PDF
    assert statement.reason == "Công văn số 12/BC-UBND, 20/11/2026"
    assert statement.source.name == "12-bc-ubnd.pdf" and statement.source.media_type == "application/pdf"
    got = other.get(reverse("desk:paper", args=[digest]))
    assert got.status_code == 200 and got.content == PDF
    assert got["Content-Disposition"] == 'attachment; filename="12-bc-ubnd.pdf"'
    assert got["Content-Security-Policy"].startswith("sandbox") and got["X-Content-Type-Options"] == "nosniff"
    stranger = Client()
    stranger.force_login(cast.stranger)
    assert stranger.get(reverse("desk:paper", args=[digest])).status_code == 404
    assert other.get(reverse("desk:paper", args=[cast.source.sha256])).status_code == 404, (
        "a page is no paper"
    )
    assert "12/BC-UBND" in page(other, "desk:record", record.slug)
    assert digest not in page(Client(), "portal:record", record.slug)
    assert check_ledger() == []


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"<html><script>alert(1)</script>", "Chỉ nhận tệp PDF"),
        (b"MZ\x90\x00 a program", "Chỉ nhận tệp PDF"),
        (b"", "errorlist"),
        (b"%PDF-1.4" + b"x" * (1 << 20), "Tệp lớn hơn 1 MB"),
    ],
    ids=["page", "program", "empty", "large"],
)
def test_what_is_no_letter(cast: Cast, officer: Client, settings: Any, data: bytes, fault: str) -> None:
    settings.HOPTAC_UPLOAD_MB = 1
    record, before = cast.record("Tiểu học"), Statement.objects.count()
    form = {
        "say": "confirm",
        "form_uid": str(uuid4()),
        "state": state_of(record),
        "party": str(side("01").pk),
    }
    form |= {"letter_number": "12", "letter_scan": SimpleUploadedFile("a.pdf", data)}  # type: ignore[dict-item]
    sent = officer.post(reverse("desk:record-answer", args=[record.slug]), form)
    assert sent.status_code == 422 and fault in sent.content.decode()
    assert Statement.objects.count() == before and Source.objects.filter(reader="").count() == 0


def test_an_upload_that_takes_too_long_is_stopped(cast: Cast, officer: Client, settings: Any) -> None:
    settings.HOPTAC_UPLOAD_SECONDS = -1
    record = cast.record("Tiểu học")
    assert (
        answer(officer, record, "01", letter_number="1", letter_scan=SimpleUploadedFile("a.pdf", PDF)) == 422
    )


def test_a_work_over_the_years(cast: Cast, officer: Client, other: Client) -> None:
    work = Record.objects.live().get(kind="activity", title__contains="Tiểu học")
    life = "1984 | xây dựng\n2004 | mở rộng | thêm nhà hai tầng\n2024 | cải tạo, làm mới"
    sent = version(
        other,
        work,
        "11",
        name=work.title,
        stage_code="in_use",
        stage_on="2024-09-05",
        life=life,
        owner="Sở Giáo dục",
    )
    assert sent.status_code == 302
    work.refresh_from_db()
    assert work.stage == "in_use" and [y["year"] for y in work.values["life"]] == [1984, 2004, 2024]
    shown = page(officer, "desk:record", work.slug)
    for told in ("1984", "Xây dựng", "thêm nhà hai tầng", "Đang sử dụng", "Sở Giáo dục"):
        assert told in shown
    assert (
        version(
            officer, work, "01", name=work.title, stage_code="needs_repair", stage_on="2026-05-01"
        ).status_code
        == 302
    )
    work.refresh_from_db()
    assert work.stage == "needs_repair" and work.standing != "disputed", "a work goes on"
    bad = version(officer, work, "01", name=work.title, life="1984 | nhảy múa")
    assert bad.status_code == 422 and "nhảy múa" in bad.content.decode()
    assert check_ledger() == []


def test_a_meeting_with_what_was_asked_there(cast: Cast, officer: Client, other: Client) -> None:
    sent = begin(
        officer, cast, "meeting", "01", kind="meeting", date="2026-11-20", place="Điện Biên Phủ",
        localities=[str(side("01").pk), str(side("11").pk)],
        people="Nguyễn Thị Lan | Phó Chủ tịch UBND thành phố | Hà Nội\nVừ A Bằng | Phó Chủ tịch UBND tỉnh | Điện Biên",
    )  # fmt: skip
    assert sent.status_code == 302
    meeting = Record.objects.get(kind="meeting", values__date="2026-11-20")
    assert meeting.standing == "one_side" and len(meeting.values["people"]) == 2
    asked = begin(
        other, cast, "ask", "11", f"?meeting={meeting.slug}", kind="request", by_side="Điện Biên", to="Hà Nội",
        about="cử mười giáo viên tiếng Anh", due="2026-12-31", owner="Sở Giáo dục Hà Nội",
    )  # fmt: skip
    assert asked.status_code == 302
    ask = Record.objects.get(kind="ask", title__contains="giáo viên tiếng Anh")
    assert [(t.link.relation, t.link.to_id) for t in ties_of([ask.pk])] == [("said_at", meeting.pk)]
    assert ask.stage == "asked" and str(ask.due) == "2026-12-31" and ask.met is False
    there = page(officer, "desk:record", meeting.slug)
    assert "giáo viên tiếng Anh" in there and "Vừ A Bằng" in there and "Phó Chủ tịch UBND tỉnh" in there
    assert meeting.slug in page(officer, "desk:record", ask.slug), "links lead both ways"
    assert words(ask)["Hà Nội"] == "silent"
    assert answer(officer, ask, "01") == 302 and words(ask)["Hà Nội"] == "unanswered"
    told = version(
        officer, ask, "01", kind="request", by_side="Điện Biên", to="Hà Nội", about=ask.title, due="2026-12-31",
        outcome="partly", answered="2026-11-22", answer="cử năm người trong học kỳ hai",
    )  # fmt: skip
    assert told.status_code == 302
    ask.refresh_from_db()
    assert (ask.stage, ask.met, words(ask)["Hà Nội"]) == ("pledged", True, "said")
    assert "cử năm người" in page(other, "desk:record", ask.slug)
    assert check_ledger() == []


def test_an_agreement_and_its_amendment(cast: Cast, officer: Client, other: Client) -> None:
    both = [str(side("01").pk), str(side("11").pk)]
    given: dict[str, Any] = {
        "localities": both,
        "title": "Chương trình hợp tác 2026-2030",
        "number": "05/CTHT",
        "from_year": "2026",
        "to_year": "2030",
    }
    clauses = "Hỗ trợ xây hai trường học\nĐào tạo cán bộ y tế"
    assert begin(officer, cast, "agreement", "01", **given, clauses=clauses).status_code == 302
    agreed = Record.objects.get(kind="agreement", values__number="05/CTHT")
    assert answer(other, agreed, "11") == 302 and agreed.standing == "both_sides"
    for n, about in ((1, "xây trường ở Sín Thầu"), (2, "mở lớp điều dưỡng")):
        begin(
            other,
            cast,
            "ask",
            "11",
            f"?agreement={agreed.slug}&clause={n}",
            kind="request",
            by_side="Điện Biên",
            to="Hà Nội",
            about=about,
        )
    shown = page(officer, "desk:record", agreed.slug)
    shown = shown[shown.index('id="clauses-h"') :]
    assert (
        shown.index("Hỗ trợ xây hai")
        < shown.index("Sín Thầu")
        < shown.index("Đào tạo cán bộ")
        < shown.index("điều dưỡng")
    )
    amended = clauses.replace("hai trường", "ba trường")
    assert version(officer, agreed, "01", **given, clauses=amended).status_code == 302
    agreed.refresh_from_db()
    assert agreed.fields["clauses"]["standing"] == "disputed", "until the other side says so too"
    assert version(other, agreed, "11", **given, clauses=amended).status_code == 302
    agreed.refresh_from_db()
    assert agreed.standing == "both_sides" and "ba trường" in agreed.values["clauses"][0]["text"]
    history = page(officer, "desk:record-history", agreed.slug)
    assert history.count("<del>") == 2 and "hai trường" in history
    assert version(officer, agreed, "01", **given | {"to_year": "2020"}).status_code == 422
    assert check_ledger() == []


def test_ties_are_undone_by_their_own_side(cast: Cast, officer: Client, other: Client) -> None:
    record, ask = cast.record("Sín Thầu"), cast.record("bác sĩ", "ask")
    where = reverse("desk:record-tie", args=[record.slug])
    tied = {"relation": "carries_out", "to": ask.slug}
    assert officer.post(where, tied).status_code == 302
    assert officer.post(where, tied).status_code == 302 and Link.objects.count() == 1, "once is enough"
    ask.refresh_from_db()
    assert ask.stage == "pledged", "what carries it out is pledged"
    assert other.post(where, tied | {"action": "unlink"}).status_code == 302
    assert len(ties_of([record.pk])) == 1, "the other side's tie stands"
    assert officer.post(where, tied | {"action": "unlink"}).status_code == 302
    ask.refresh_from_db()
    assert ties_of([record.pk]) == [] and ask.stage == "asked" and Link.objects.count() == 2
    assert officer.post(where, {"relation": "said_at", "to": ask.slug}).status_code == 404
    assert officer.post(where, {"relation": "carries_out", "to": "khong-co"}).status_code == 404
    found = page(officer, "desk:record-tie-find", record.slug, query="?relation=carries_out&q=bac+si")
    assert ask.slug in found
    assert check_ledger() == []


def test_the_ladder_tells_what_is_late(cast: Cast, officer: Client, other: Client) -> None:
    begin(
        other,
        cast,
        "ask",
        "11",
        kind="request",
        by_side="Điện Biên",
        to="Hà Nội",
        about="sửa cầu treo",
        due="2020-03-01",
    )
    late = rows_of(officer, "desk:ladder-csv", query="?late=late")
    assert [(r["Nội dung"], r["Đúng hạn"]) for r in late] == [("Sửa cầu treo", "Trễ hạn")]
    assert int(late[0]["Số ngày trễ"]) > 2000
    undated = rows_of(officer, "desk:ladder-csv", query="?late=no_date")
    assert undated and all(r["Số ngày trễ"] == "" and r["Đúng hạn"] == "Chưa có hạn" for r in undated)


def test_the_history_tells_everything(cast: Cast, officer: Client, other: Client) -> None:
    record = cast.record("Tiểu học")
    answer(officer, record, "01")
    answer(other, record, "11", say="otherwise", amount="64.500.000.000", reason="Theo quyết toán")
    answer(other, record, "11")
    steps = rows_of(officer, "desk:record-history-csv", record.slug)
    kept = Statement.objects.filter(filings__record=record).distinct()
    assert {s["Mã băm"] for s in steps if s["Mã băm"]} == set(kept.values_list("hash", flat=True))
    assert [s["Khi nào"] for s in steps] == sorted(s["Khi nào"] for s in steps)
    shown = page(officer, "desk:record-history", record.slug)
    assert "đã rút sau đó" in shown and "Theo quyết toán" in shown and "canbo.dienbien" in shown
    assert (
        page(officer, "desk:record-history", record.slug, query="?kind=statement&q=quyet+toan").count("<time")
        == 1
    )


MOST_QUERIES = {
    "mine": 14,
    "mine-csv": 6,
    "ladder": 8,
    "ladder-csv": 6,
    "meetings": 8,
    "meetings-csv": 6,
    "agreements": 8,
}


def test_lists_ask_no_more_than_they_did(
    cast: Cast, officer: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for name, most in MOST_QUERIES.items():
        with django_assert_max_num_queries(most, info=name):
            officer.get(reverse(f"desk:{name}"))
    record = cast.record("Tiểu học")
    for name, most in (("record-history", 10), ("record-history-csv", 11)):
        with django_assert_max_num_queries(most, info=name):
            officer.get(reverse(f"desk:{name}", args=[record.slug]))
    work = Record.objects.live().get(kind="activity", title__contains="Tiểu học")
    with django_assert_max_num_queries(26, info="work"):
        officer.get(reverse("desk:record", args=[work.slug]))


def test_two_who_speak_at_once(cast: Cast, officer: Client) -> None:
    """Of two forms filled in on one state the second is told to read again."""
    colleague = User.objects.create_user("canbo2.hanoi")
    colleague.memberships.create(party=side("01"), role="officer")
    second = Client()
    second.force_login(colleague)
    record, state = cast.record("Tiểu học"), state_of(cast.record("Tiểu học"))
    assert answer(officer, record, "01", state=state) == 302
    assert answer(second, record, "01", state=state) == 409
