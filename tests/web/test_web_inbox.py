"""The inbox on the desk: who sees and files what waits, what a form does, what it says when someone was faster."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from web_cast import DIEN_BIEN, HA_NOI, WHEN, Cast, given, page_of, spans, vnd

from hoptac.ledger.filing import filed_under
from hoptac.ledger.models import Filing, Record, Source, Statement, Waiting
from hoptac.ledger.parties import ensure_party
from hoptac.ledger.take import take_reading
from hoptac.reading.values import Article, Contribution, LineRole, Quantity, Reading, SourceInfo

CLAIMS = 20
WORKS = "Nà Sự,Huổi Cơ,Pá Khoang,Sen Thượng,Nậm Vì,Tả Lèng,Mường Toong,Chà Cang,Si Pa,Hua Ngài,Xa Dung,Pú Nhi,Keo Lôm,Nà Hỳ,Ảng Cang,Búng Lao,Mùn Chung,Pu Xi,Noong U,Phì Nhừ"


def bulletin() -> tuple[Reading, str]:
    """A page of twenty gifts to twenty schools, and the third told in the cast's paper too."""
    names = WORKS.split(",")
    lines = ["Hà Nội giúp Điện Biên hai mươi trường học"]
    lines += [
        f"Năm {2005 + n}, Hà Nội dành {n + 1},{n + 1:02}5 tỷ đồng xây Trường Tiểu học {name}."
        for n, name in enumerate(names)
    ]
    page = page_of("hai-muoi-truong.txt", "\n".join(lines) + "\n", "Báo Vùng cao", date(2026, 10, 1))
    gifts: list[Contribution] = []
    for n, name in enumerate(names):
        sum_ = str((n + 1) * 10**9 + (n + 1) * 10**7 + 5 * 10**6)
        gifts.append(
            given(
                page,
                f"Trường Tiểu học {name}",
                "build",
                lines[n + 1],
                field="education",
                amount=vnd(sum_),
                year=2005 + n,
            )
        )
    info = SourceInfo(page.name, page.sha256, page.media_type, "test:1", None, page.outlet, page.published)
    roles = tuple(LineRole(n, "headline" if n == 1 else "body") for n in range(1, len(lines) + 1))
    reading = Reading(
        info, Article(headline=spans(page, lines[0])[0]), lines=roles, contributions=tuple(gifts)
    )
    take_reading(reading, page, now=WHEN, filing="inbox")
    return reading, page.sha256


def retold() -> str:
    """The cast's repair of one school, told by another paper in other words and rounded: it waits."""
    text = "Trường TH Hà Nội - Điện Biên Phủ vừa được nâng cấp năm 2024 với hơn 60 tỷ đồng của Thủ đô.\n"
    page = page_of("ke-lai.txt", text, "Báo Vùng cao", date(2024, 7, 1))
    one = replace(
        given(page, "nâng cấp Trường TH Hà Nội - Điện Biên Phủ", "repair", text.strip(), field="education",
              amount=vnd("60000000000", "at_least"), year=2024),
        quantity=Quantity(Decimal(1), "trường"), confidence=0.95,
    )  # fmt: skip
    info = SourceInfo(page.name, page.sha256, page.media_type, "test:1", None, page.outlet, page.published)
    take_reading(
        Reading(info, Article(), lines=(LineRole(1, "body"),), contributions=(one,)),
        page,
        now=WHEN,
        filing="inbox",
    )
    return page.sha256


def send(client: Client, **fields: str) -> int:
    return client.post(reverse("desk:inbox-decide"), fields).status_code


def choose(statement: Statement, what: str, why: str = "") -> dict[str, str]:
    seen = filed_under(statement)
    assert seen is not None
    return {f"d-{statement.pk}": what, f"seen-{statement.pk}": str(seen.pk), f"why-{statement.pk}": why}


def first() -> Statement:
    row = Waiting.objects.order_by("statement_id").first()
    assert row is not None
    return row.statement


def test_the_list_filters_sorts_and_is_saved_as_it_is_shown(cast: Cast, officer: Client) -> None:
    bulletin()
    page = officer.get(reverse("desk:inbox")).content.decode()
    assert "20 lời khai đang chờ" in " ".join(page.split())
    page = officer.get(reverse("desk:inbox") + "?q=na+su").content.decode()
    assert "Nà Sự" in page and "Huổi Cơ" not in page
    rows = officer.get(reverse("desk:inbox-csv") + "?q=na+su").content.decode("utf-8-sig").splitlines()
    assert len(rows) == 2 and "1015000000" in rows[1]
    for query in (
        "kind=ask",
        "likely=likely",
        "certainty=uncertain",
        "party=ca-mau",
        "q=%00",
        "page=x",
        "sort=-score",
    ):
        assert officer.get(reverse("desk:inbox") + "?" + query).status_code == 200


def test_the_list_asks_the_same_number_of_questions_however_long(
    cast: Cast, officer: Client, django_assert_max_num_queries: object
) -> None:
    bulletin()
    officer.get(reverse("desk:inbox"))
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        officer.get(reverse("desk:inbox"))


def test_the_sources_page_shows_claims_beside_the_text_with_reasons(cast: Cast, officer: Client) -> None:
    sha256 = retold()
    for language, words in (
        ("vi", "làm tròn|số tiền ước chừng phù hợp"),
        ("en", "the softened sum holds the other"),
    ):
        officer.cookies["django_language"] = language
        page = officer.get(reverse("desk:inbox-source", args=[sha256])).content.decode()
        assert any(word in page for word in words.split("|"))
        assert 'data-of="1"' in page and "data-first" in page


def test_file_undo_and_file_again(cast: Cast, officer: Client) -> None:
    sha256 = retold()
    statement, record = first(), cast.record("Hà Nội - Điện Biên Phủ")
    before = record.in_force
    assert send(officer, **choose(statement, f"file:{record.pk}")) == 302
    record.refresh_from_db()
    assert record.in_force == before + 1 and not Waiting.objects.exists()
    assert reverse("desk:inbox-source", args=[sha256])
    page = officer.get(reverse("desk:inbox-done")).content.decode()
    assert 'value="undo"' in page
    assert send(officer, **choose(statement, "undo")) == 302
    record.refresh_from_db()
    assert record.in_force == before and first() == statement


def test_to_put_aside_needs_a_reason(cast: Cast, officer: Client) -> None:
    retold()
    statement = first()
    send(officer, **choose(statement, "reject"))
    assert first() == statement
    send(officer, **choose(statement, "reject", "đọc nhầm"))
    filing = filed_under(statement)
    assert filing is not None and (filing.action, filing.reason) == ("reject", "đọc nhầm")


def test_the_second_officer_is_told(cast: Cast, officer: Client) -> None:
    retold()
    statement = first()
    theirs = Client()
    theirs.force_login(cast.dien_bien)
    mine = choose(statement, "new")
    send(theirs, **choose(statement, "reject", "trùng"))
    answer = officer.post(reverse("desk:inbox-decide"), mine, follow=True)
    assert "canbo.dienbien" in answer.content.decode()
    assert Filing.objects.filter(statement=statement).count() == 2


@pytest.mark.parametrize(
    ("who", "sees", "files"),
    [
        ("ha_noi", 200, 302),
        ("dien_bien", 200, 302),
        ("reviewer", 200, 403),
        ("reader", 200, 403),
        ("stranger", 404, 404),
    ],
)
def test_who_may_see_and_file(cast: Cast, who: str, sees: int, files: int) -> None:
    sha256 = retold()
    statement = first()
    client = Client()
    client.force_login(getattr(cast, who))
    assert client.get(reverse("desk:inbox-source", args=[sha256])).status_code == sees
    assert client.get(reverse("desk:inbox-statement", args=[statement.uid])).status_code == sees
    assert send(client, **choose(statement, "new")) == files
    answer = client.post(reverse("desk:inbox-read", args=[statement.uid]), {})
    assert answer.status_code == {302: 422, 403: 403, 404: 404}[files]


def test_nobody_comes_in_without_signing_in_or_by_get(cast: Cast, officer: Client) -> None:
    sha256 = retold()
    for page in (
        reverse("desk:inbox"),
        reverse("desk:inbox-source", args=[sha256]),
        reverse("desk:inbox-batch"),
    ):
        assert Client().get(page).status_code == 302
    assert officer.get(reverse("desk:inbox-decide")).status_code == 405
    assert officer.get(reverse("desk:inbox-read", args=[first().uid])).status_code == 405


def test_a_sides_own_paper_is_filed_by_that_side_alone(cast: Cast, officer: Client) -> None:
    text = "Năm 2021, Hà Nội tặng Điện Biên 40 con bò giống.\n"
    page = page_of("bao-cao.txt", text, "Điện Biên", date(2022, 1, 5))
    one = given(
        page,
        "bò giống",
        "gift",
        text.strip(),
        field="agriculture",
        quantity=Quantity(Decimal(40), "con"),
        year=2021,
    )
    info = SourceInfo(page.name, page.sha256, page.media_type, "test:1", None, page.outlet, page.published)
    reading = Reading(info, Article(), lines=(LineRole(1, "body"),), contributions=(one,))
    take_reading(
        reading, page, speaker=ensure_party(DIEN_BIEN.name, DIEN_BIEN.code), now=WHEN, filing="inbox"
    )
    statement = first()
    assert send(officer, **choose(statement, "new")) == 403
    assert (
        "Điện Biên tự xếp lời của mình"
        in officer.get(reverse("desk:inbox-source", args=[page.sha256])).content.decode()
    )
    theirs = Client()
    theirs.force_login(cast.dien_bien)
    assert send(theirs, **choose(statement, "new")) == 302
    assert HA_NOI.name in [p["name"] for p in Record.objects.get(title__contains="bò").values["funder"]]


def test_a_record_that_is_not_open_cannot_be_named(cast: Cast, officer: Client) -> None:
    retold()
    statement = first()
    assert send(officer, **choose(statement, "file:999999")) == 404
    meeting = Record.objects.get(kind="meeting")
    send(officer, **choose(statement, f"file:{meeting.pk}"))
    assert first() == statement


def test_a_batch_states_what_it_would_do_and_does_only_that(cast: Cast, officer: Client) -> None:
    bulletin()
    retold()
    page = officer.get(reverse("desk:inbox-batch")).content.decode()
    assert page.count('type="checkbox"') >= 19 and Waiting.objects.count() == 21
    page = officer.get(reverse("desk:inbox-batch") + "?q=thu+do").content.decode()
    statement = Waiting.objects.get(words__contains="nang cap").statement
    record = cast.record("Hà Nội - Điện Biên Phủ")
    assert send(officer, **choose(statement, f"file:{record.pk}")) == 302
    assert Waiting.objects.count() == 20


def test_a_value_is_corrected_by_a_reading_of_ones_own(cast: Cast, officer: Client) -> None:
    retold()
    statement = first()
    seen = filed_under(statement)
    assert seen is not None
    fields = {
        "seen": str(seen.pk), "form": "11111111-2222-3333-4444-555555555555", "reason": "bài ghi 65 tỷ", "do": "correct",
        "p0-what": "nâng cấp Trường TH Hà Nội - Điện Biên Phủ", "p0-funder": "Hà Nội", "p0-recipient": "Điện Biên",
        "p0-amount": "65.000.000.000", "p0-currency": "VND", "p0-bound": "exact", "p0-quantity": "", "p0-unit": "",
        "p0-year": "2024", "p0-place": "", "p0-act": "repair", "p0-field": "education", "p0-status": "done",
    }  # fmt: skip
    answer = officer.post(reverse("desk:inbox-read", args=[statement.uid]), fields)
    own = first()
    assert answer.status_code == 302 and answer["Location"] == reverse("desk:inbox-statement", args=[own.uid])
    assert own.values["amount"] == {"value": "65000000000", "currency": "VND", "bound": "exact"}
    assert own.values["funder"] == statement.values["funder"]
    assert (own.supersedes, own.signer, own.speaker) == (None, cast.ha_noi, None)
    assert Statement.objects.get(pk=statement.pk).values["amount"]["value"] == "60000000000"
    assert officer.post(reverse("desk:inbox-read", args=[statement.uid]), fields).status_code == 409
    for wrong in ({"p0-amount": "nhiều"}, {"reason": ""}, {"p0-what": ""}):
        again = fields | {"seen": str(filed_under(own).pk)} | wrong  # type: ignore[union-attr]
        assert officer.post(reverse("desk:inbox-read", args=[own.uid]), again).status_code == 422


def test_the_inbox_opens_in_both_languages(cast: Cast, officer: Client) -> None:
    bulletin()
    sha256 = Source.objects.get(name="hai-muoi-truong.txt").sha256
    pages = [reverse(n) for n in ("desk:inbox", "desk:inbox-batch", "desk:inbox-done")]
    pages += [
        reverse("desk:inbox-source", args=[sha256]),
        reverse("desk:inbox-statement", args=[first().uid]),
    ]
    for language in ("vi", "en"):
        officer.cookies["django_language"] = language
        for page in pages:
            assert officer.get(page).status_code == 200, page
