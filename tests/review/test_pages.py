"""Reviews on the desk: who gets what, what a form does, what a list shows and exports, how many questions a page asks."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertRedirects
from pytest_django.fixtures import DjangoAssertNumQueries
from review_cast import WHEN, Cast

from hoptac.review import flow, press
from hoptac.review.models import Assent, Review, SideText

READ = ("review", "rows", "rows-csv", "annex", "paper")
WRITE = ("words", "asks", "details")
POSTS = ("agree", "renew")
LISTS = ("reviews", "reviews-csv")
MEMBERS = ("ha_noi", "dien_bien", "administrator", "reviewer", "viewer")
WRITERS = ("ha_noi", "dien_bien", "administrator")


def client_of(cast: Cast, who: str) -> Client:
    client = Client()
    if who != "public":
        client.force_login(cast.officers[who])
    return client


def address(review: Review, name: str) -> str:
    if name in LISTS or name == "new":
        return reverse(f"review:{name}")
    more = {"annex": ["years"], "paper": ["annexes.xlsx"]}.get(name, [])
    return reverse(f"review:{name}", args=[review.slug, *more])


@pytest.fixture
def review(cast: Cast) -> Review:
    return cast.review()


# the matrix of rights: role and side by page


def test_whoever_is_not_signed_in_is_sent_to_sign_in(cast: Cast, review: Review) -> None:
    for name in (*READ, *WRITE, *LISTS, "new"):
        where = address(review, name)
        assertRedirects(
            Client().get(where), f"{reverse('account_login')}?next={where}", fetch_redirect_response=False
        )
    for name in POSTS:
        assert Client().post(address(review, name)).status_code == 302


@pytest.mark.parametrize("who", MEMBERS)
def test_both_sides_and_every_role_read_the_same_one(cast: Cast, review: Review, who: str) -> None:
    client = client_of(cast, who)
    for name in (*READ, *LISTS):
        assert client.get(address(review, name)).status_code == 200, name
    body = client.get(address(review, "review")).content.decode()
    assert "32,124" not in body and "16,589" in body.replace("\u00a0", " ")


@pytest.mark.parametrize("who", MEMBERS)
def test_only_a_sides_officers_and_administrators_write(cast: Cast, review: Review, who: str) -> None:
    client = client_of(cast, who)
    expected = 200 if who in WRITERS else 403
    for name in (*WRITE, "new"):
        assert client.get(address(review, name)).status_code == expected, name
    for name in POSTS:
        side = cast.ha_noi if who == "ha_noi" else cast.dien_bien
        answer = client.post(address(review, name), {"version": review.version, "side": side.pk})
        assert answer.status_code == (302 if who in WRITERS else 403), name
        review.refresh_from_db()
    shown = client.get(address(review, "review")).content.decode()
    assert ("say" in re.findall(r'name="(say)"', shown)) is (who in WRITERS)


def test_a_stranger_finds_nothing(cast: Cast, review: Review) -> None:
    client = client_of(cast, "stranger")
    for name in (*READ, *WRITE):
        assert client.get(address(review, name)).status_code == 404, name
    for name in POSTS:
        assert client.post(address(review, name)).status_code == 404, name
    for name in LISTS:
        answer = client.get(address(review, name))
        assert answer.status_code == 200 and "Điện Biên" not in answer.content.decode()


@pytest.mark.parametrize(("who", "other"), [("ha_noi", "dien_bien"), ("dien_bien", "ha_noi")])
def test_no_side_agrees_or_writes_for_the_other(cast: Cast, review: Review, who: str, other: str) -> None:
    client, side = client_of(cast, who), getattr(cast, other)
    answer = client.post(address(review, "agree"), {"version": review.version, "side": side.pk})
    assert answer.status_code == 403
    words = {
        "version": review.version,
        "side": side.pk,
        "strengths": "của bên kia",
        "limits": "",
        "proposals": "",
    }
    assert client.post(address(review, "words"), words).status_code == 422
    assert not Assent.objects.exists() and not SideText.objects.exists()


def test_wrong_methods_are_refused(cast: Cast, review: Review) -> None:
    client = client_of(cast, "ha_noi")
    for name in (*READ, *LISTS):
        assert client.post(address(review, name)).status_code == 405, name
    for name in POSTS:
        assert client.get(address(review, name)).status_code == 405, name


def test_pages_ask_a_fixed_number_of_questions(
    cast: Cast, review: Review, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """What a page asks does not grow with the records; session, user and memberships are among the questions."""
    client = client_of(cast, "ha_noi")
    for name, most in (
        ("reviews", 7),
        ("review", 14),
        ("annex", 14),
        ("rows", 14),
        ("asks", 16),
        ("words", 16),
        ("details", 14),
    ):
        client.get(address(review, name))
        with django_assert_max_num_queries(most):
            client.get(address(review, name))


# what forms do


def test_a_review_is_opened_written_and_agreed_to_by_both(cast: Cast) -> None:
    one, two = client_of(cast, "ha_noi"), client_of(cast, "dien_bien")
    opened = one.post(
        reverse("review:new"), {"cooperation": cast.cooperation.slug, "first": 2011, "last": 2024, "side": cast.ha_noi.pk}
    )  # fmt: skip
    review = Review.objects.get()
    assertRedirects(opened, reverse("review:review", args=[review.slug]))
    words = {
        "version": 1,
        "side": cast.ha_noi.pk,
        "strengths": "- Phối hợp chặt chẽ\r\n- Kịp thời",
        "limits": "",
        "proposals": "Ưu tiên y tế",
    }
    assert one.post(address(review, "words"), words).status_code == 302
    review.refresh_from_db()
    page = two.get(address(review, "review")).content.decode()
    assert "Phối hợp chặt chẽ" in page and "Ưu tiên y tế" in page
    for client, side in ((one, cast.ha_noi), (two, cast.dien_bien)):
        review.refresh_from_db()
        client.post(address(review, "agree"), {"version": review.version, "side": side.pk, "say": "agree"})
    review.refresh_from_db()
    assert review.state == "both_sides"
    assert "Hai bên đồng ý" in one.get(address(review, "review")).content.decode()


def test_an_older_form_is_refused_with_what_to_do(cast: Cast, review: Review) -> None:
    seen = review.version
    flow.write_text(
        review, side=cast.dien_bien, part="limits", values={"text": "Còn chậm"}, by=cast.officers["dien_bien"], version=seen,
        at=WHEN + timedelta(days=3),
    )  # fmt: skip
    client = client_of(cast, "ha_noi")
    answer = client.post(address(review, "agree"), {"version": seen, "side": cast.ha_noi.pk, "say": "agree"})
    assert answer.status_code == 409 and "đọc lại" in answer.content.decode().lower()
    words = {"version": seen, "side": cast.ha_noi.pk, "strengths": "Tốt", "limits": "", "proposals": ""}
    answer = client.post(address(review, "words"), words)
    assert answer.status_code == 409 and "Tốt" in answer.content.decode(), "what was typed is not lost"


def test_years_in_the_wrong_order_are_named(cast: Cast) -> None:
    said = {"cooperation": cast.cooperation.slug, "first": 2024, "last": 2011, "side": cast.ha_noi.pk}
    answer = client_of(cast, "ha_noi").post(reverse("review:new"), said)
    assert (
        answer.status_code == 422 and "đứng trước" in answer.content.decode() and not Review.objects.exists()
    )


def test_what_became_of_an_ask_is_said_for_ones_own_side(cast: Cast, review: Review) -> None:
    client = client_of(cast, "ha_noi")
    page = client.get(address(review, "asks")).content.decode()
    assert "cử thêm bác sĩ" in page and "ba mươi máy tính" in page
    about = re.findall(r'name="about" value="([0-9a-f-]{36})"', page)[0]
    said = {
        "version": review.version,
        "side": cast.ha_noi.pk,
        "about": about,
        "outcome": "done",
        "text": "Đã cử 4 bác sĩ.",
    }
    assert client.post(address(review, "asks"), said).status_code == 302
    other = client_of(cast, "dien_bien").get(address(review, "review")).content.decode()
    assert "Hà Nội: Đã xong. Đã cử 4 bác sĩ." in other
    assert "cử thêm bác sĩ" not in client.get(address(review, "asks") + "?open=1").content.decode()
    strange = {**said, "version": review.version + 1, "about": "00000000-0000-0000-0000-000000000000"}
    assert client.post(address(review, "asks"), strange).status_code == 403


def test_the_details_of_a_paper_stand_on_it(cast: Cast, review: Review) -> None:
    client = client_of(cast, "dien_bien")
    said = {
        "version": review.version,
        "side": cast.dien_bien.pk,
        "number": "45",
        "symbol": "BC-UBND",
        "day": "2024-12-02",
        "signer": "Trần Mẫu",
    }
    assert client.post(address(review, "details"), said).status_code == 302
    loaded = press.load(Review.objects.select_related("cooperation").get(pk=review.pk))
    head = loaded.head(cast.dien_bien, loaded.teller("vi", "63"))
    assert (head.number, head.signer, head.office) == ("Số: 45/BC-UBND", "Trần Mẫu", "CHỦ TỊCH")
    assert head.place_day == "Điện Biên, ngày 02 tháng 12 năm 2024"


# lists


def test_the_list_a_figure_opens_shows_its_rows_and_the_csv_has_the_same(cast: Cast, review: Review) -> None:
    client = client_of(cast, "viewer")
    tail = "?field=education&counted=1&sort=-sum"
    page = client.get(address(review, "rows") + tail).content.decode()
    answer = client.get(address(review, "rows-csv") + tail).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(answer)))
    shown = re.findall(r'<th role="rowheader" scope="row"><a href="[^"]+">([^<]+)</a>', page)
    assert [r[1] for r in rows[1:]] == [
        "Trường Mầm non số 2 Sam Mứn",
        "Nhà bán trú Sín Thầu",
        "Trường THPT chuyên Lê Quý Đôn",
    ]
    assert [re.sub(r" \(.*\)$", "", one) for one in shown] == [r[1] for r in rows[1:]]
    assert [r[3] for r in rows[1:]] == ["9989000000", "4200000000", "2400000000"]


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 9), ("?q=tram+y+te", 1), ("?counted=0", 5), ("?reason=disputed", 1), ("?years=2011-2014", 3), ("?years=none", 1),
     ("?standing=both_sides", 1), ("?status=pledged", 1), ("?field=none", 0), ("?page=99", 9), ("?field=wrong&years=x", 9)],
)  # fmt: skip
def test_the_filters_of_the_list(cast: Cast, review: Review, query: str, count: int) -> None:
    answer = client_of(cast, "viewer").get(address(review, "rows") + query)
    assert answer.context["page"].paginator.count == count


def test_the_list_of_reviews_is_searched_filtered_and_exported(cast: Cast, review: Review) -> None:
    client = client_of(cast, "viewer")
    for query, count in (
        ("?q=dien+bien", 1),
        ("?q=2024", 1),
        ("?q=ca+mau", 0),
        ("?state=draft", 1),
        ("?state=both_sides", 0),
    ):
        assert client.get(address(review, "reviews") + query).context["page"].paginator.count == count, query
    rows = list(
        csv.reader(io.StringIO(client.get(address(review, "reviews-csv")).content.decode("utf-8-sig")))
    )
    assert len(rows) == 2 and rows[1][1:3] == ["2011", "2024"]


def test_an_annex_is_searched(cast: Cast, review: Review) -> None:
    client = client_of(cast, "viewer")
    for key in ("years", "fields", "places", "meetings", "sources"):
        assert client.get(reverse("review:annex", args=[review.slug, key])).status_code == 200
    found = client.get(reverse("review:annex", args=[review.slug, "years"]) + "?q=tram+y+te").content.decode()
    assert "Trạm y tế" in found and "Lê Quý Đôn" not in found
    assert client.get(reverse("review:annex", args=[review.slug, "none"])).status_code == 404


# papers


@pytest.mark.parametrize(
    ("name", "begins"),
    [("report.docx", b"PK"), ("report.pdf", b"%PDF"), ("annexes.xlsx", b"PK"), ("brief.pdf", b"%PDF")],
)
def test_papers_come_as_files(cast: Cast, review: Review, name: str, begins: bytes) -> None:
    answer = client_of(cast, "viewer").get(reverse("review:paper", args=[review.slug, name]))
    assert answer.status_code == 200 and answer.content.startswith(begins)
    assert answer["Content-Disposition"].startswith(f'attachment; filename="{review.slug}-')


def test_a_full_press_says_when_to_come_back(
    cast: Cast, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hoptac.review.views.seat", lambda: press.seat(wait=0))
    with press.seat(), press.seat():
        answer = client_of(cast, "viewer").get(reverse("review:paper", args=[review.slug, "brief.pdf"]))
    assert answer.status_code == 503 and answer["Retry-After"] == "20"


def test_pages_hold_no_script_or_style_of_their_own(cast: Cast, review: Review) -> None:
    page = client_of(cast, "ha_noi").get(address(review, "review")).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert (
        "<script" not in main
        and "<style" not in main
        and " style=" not in main
        and not re.search(r"\son\w+=", main)
    )


def test_english_pages_have_no_vietnamese_of_ours(cast: Cast, review: Review) -> None:
    client = client_of(cast, "ha_noi")
    client.cookies["django_language"] = "en"
    for name in ("review", "rows", "annex", "words", "asks", "details", "reviews", "new"):
        page = client.get(address(review, name)).content.decode()
        for words in ("Kiểm điểm", "Phụ lục", "Ưu điểm", "Đồng ý", "Lĩnh vực"):
            assert words not in page, (name, words)
