"""The public site: search, promises, addresses in two languages and over time, feeds, what is kept ready, notices, the folder."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import lxml.etree
import lxml.html
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from web_cast import Cast

from hoptac.ledger.models import Filing, Party, Record
from hoptac.newsroom.flow import Text, begin, publish
from hoptac.newsroom.models import Notice, Story
from hoptac.portal import folder, served
from hoptac.portal.indexing import catch_up, make_index
from hoptac.portal.models import Entry
from hoptac.portal.searching import find


def out(cast: Cast, headline: str = "Trường mới ở vùng cao", body: str = "") -> Story:
    side = Party.objects.get(name="Hà Nội", kind="locality")
    text = Text(headline, "Một <b>sa-pô</b>", body, "Thu Hà")
    made = begin(text, party=side, cooperation=cast.cooperation, by=cast.ha_noi, at=timezone.now())
    return publish(made, version=1, embargo=None, by=cast.ha_noi, at=timezone.now())


def public_paths(cast: Cast, story: Story) -> list[str]:
    record, c = cast.record("Sam Mứn").slug, cast.cooperation.slug
    fixed = (
        "home",
        "records",
        "promises",
        "meetings",
        "places",
        "news",
        "search",
        "new",
        "data",
        "counting",
        "thanks",
    )
    return [
        *(reverse(f"portal:{name}") for name in fixed),
        reverse("portal:cooperation", args=[c]),
        reverse("portal:cooperation-sum", args=[c]),
        reverse("portal:cooperation-records", args=[c]),
        reverse("portal:record", args=[record]),
        reverse("portal:record", args=[cast.record("", kind="meeting").slug]),
        reverse("portal:record", args=[cast.record("", kind="ask").slug]),
        reverse("portal:party", args=["dien-bien"]),
        reverse("portal:place", args=["11-2004-dien-bien"]),
        reverse("portal:story", args=[story.pk, story.slug]),
        reverse("portal:embed", args=[c]),
    ]


def test_every_page_in_both_languages_sets_nothing_and_says_where_it_is(cast: Cast) -> None:
    story = out(cast)
    for path in public_paths(cast, story):
        for prefix, language in (("", "vi"), ("/en", "en")):
            answer = Client().get(prefix + path)
            said = answer.content.decode()
            assert answer.status_code == 200 and not answer.cookies, path
            assert f'<html lang="{language}">' in said and "csrfmiddlewaretoken" not in said, path
            assert "Giá rau tăng" not in said and "canbo.hanoi" not in said, path
            document: Any = lxml.html.document_fromstring(said)
            canonical = document.xpath("//link[@rel='canonical']/@href")
            assert (
                canonical == [f"http://localhost:8000{path if 'embed' in path else prefix + path}"]
                or "embed" in path
            )
            assert Client().post(prefix + path).status_code == 405, path
            for thing in document.xpath("//script[@type='application/ld+json']/text()"):
                assert json.loads(thing)["@context"] == "https://schema.org"
            inside = [h for h in document.xpath("//main//a/@href") if h.startswith("/")]
            if prefix:
                assert all(h.startswith(("/en/", "/api/", "/data/", "/static/")) for h in inside), (
                    path,
                    inside,
                )


def test_languages_by_address(cast: Cast) -> None:
    client = Client()
    led = client.get("/vi/records/?kind=ask")
    assert led.status_code == 302 and led["Location"] == "/records/?kind=ask"
    assert led.cookies["django_language"].value == "vi"
    for path, there in (
        ("/en/desk/records/", "/desk/records/"),
        ("/en/accounts/login/", "/accounts/login/"),
        ("/en/api/v1/records", "/api/v1/records"),
        ("/vi//evil.example/", "/evil.example/"),
        ("/en//desk/", "/desk/"),
        ("/vi/%5Cevil.example", "/evil.example"),
        ("/en/en/", "/"),
    ):
        answer = client.get(path)
        assert answer.status_code in (302, 404), path
        assert answer.status_code == 404 or (
            unquote(answer["Location"]).startswith("/") and "//" not in answer["Location"]
        ), path
        if answer.status_code == 302 and "evil" not in path and path != "/en/en/":
            assert answer["Location"] == there
    assert '<html lang="en">' in Client().get("/en/khong-co/").content.decode()


def test_addresses_that_moved_lead_on(cast: Cast) -> None:
    record = cast.record("Lê Quý Đôn")
    tail = record.slug.rsplit("-", 1)[1]
    moved = Client().get(f"/records/ten-cu-{tail}/")
    assert moved.status_code == 301 and moved["Location"] == reverse("portal:record", args=[record.slug])
    other = cast.record("Sam Mứn")
    for filing in Filing.objects.filter(record=record):
        Filing.objects.create(
            statement=filing.statement,
            record=other,
            reason="một việc",
            by=cast.ha_noi,
            made_at=timezone.now(),
        )
    Record.objects.filter(pk=record.pk).update(in_force=0)
    moved = Client().get(reverse("portal:record", args=[record.slug]))
    assert moved.status_code == 301 and moved["Location"] == reverse("portal:record", args=[other.slug])
    place = Client().get("/places/11-2004-ten-khac/?map=63")
    assert place.status_code == 301 and place["Location"] == "/places/11-2004-dien-bien/?map=63"
    story = out(cast)
    assert Client().get(f"/news/{story.pk}/")["Location"] == f"/news/{story.pk}-{story.slug}/"
    assert Client().get("/news/999-khong/").status_code == 404


SEARCHES = [
    ("truong tieu hoc", "Trường Tiểu học Hà Nội - Điện Biên Phủ", ""),
    ("TRƯỜNG tiểu HỌC", "Trường Tiểu học Hà Nội - Điện Biên Phủ", ""),
    ("điện biên", "Điện Biên", ""),
    ("dien bein", "Hà Nội – Điện Biên", "dien bien"),
    ("quy donn", "Trường THPT chuyên Lê Quý Đôn", "quy don"),
    ("truongg sam mun", "Trường Mầm non số 2 Sam Mứn", "truong sam mun"),
    ("vung cao", "Trường mới ở vùng cao", ""),
    ("bac si", "Cử thêm bác sĩ lên giúp bệnh viện tỉnh", ""),
]


@pytest.mark.parametrize("q,title,read", SEARCHES)
def test_search(cast: Cast, q: str, title: str, read: str) -> None:
    out(cast)
    answer = Client().get(reverse("portal:search"), {"q": q})
    assert title in [h.title for h in answer.context["hits"]], [h.title for h in answer.context["hits"]]
    assert answer.context["found"].read == read


def test_search_keeps_up_and_forgets(cast: Cast) -> None:
    assert catch_up() and catch_up()
    before = Entry.objects.count()
    assert make_index() == before
    record = cast.record("Lê Quý Đôn")
    assert find("le quy don").ids
    Record.objects.filter(pk=record.pk).update(in_force=0)
    make_index()
    assert not find("le quy don", "contribution").ids
    story = out(cast, "Bản tin về chợ phiên")
    catch_up()
    assert find("cho phien").ids
    Story.objects.filter(pk=story.pk).update(state="withdrawn", version=9)
    catch_up()
    assert not find("cho phien", "story").ids


@pytest.mark.parametrize(
    "q",
    [
        '"',
        "a OR b",
        "NEAR(",
        "*",
        "-",
        "(",
        "' --",
        "\x00",
        "x" * 400,
        "%",
        "a:b",
        "😀",
        "&|!",
        "trường " * 40,
    ],
)
def test_odd_searches(cast: Cast, q: str) -> None:
    for kind in ("", "story", "xx"):
        assert Client().get(reverse("portal:search"), {"q": q, "kind": kind, "page": "99"}).status_code == 200


def test_promises_and_meetings_as_lists(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    for name, most in (("promises", 4), ("meetings", 4)):
        where = reverse(f"portal:{name}")
        with django_assert_max_num_queries(most, info=name):
            page = client.get(where)
        listed = client.get(reverse(f"portal:{name}-csv")).content.decode().strip().splitlines()
        assert len(listed) - 1 == page.context["page"].paginator.count > 0
    said = client.get(reverse("portal:promises")).content.decode()
    assert "bác sĩ" in said and "trạm y tế" in said.lower()
    narrowed = reverse("portal:promises") + "?ask=request&stage=asked&late=no_date&sort=title"
    page = client.get(narrowed)
    assert [r.record.kind for r in page.context["rows"]] == ["ask"]
    csv = client.get(reverse("portal:promises-csv") + "?" + page.context["wish"].query()).content.decode()
    assert len(csv.strip().splitlines()) == 2


MOST_QUERIES = {"record": 16, "story": 14, "news": 4, "party": 14, "new": 6}


def test_pages_ask_no_more_than(cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    story = out(cast, body=f"[65 tỷ](record:{cast.record('Tiểu học').slug})")
    args: dict[str, list[Any]] = {
        "record": [cast.record("Tiểu học").slug], "story": [story.pk, story.slug], "party": ["dien-bien"],
    }  # fmt: skip
    for name, most in MOST_QUERIES.items():
        with django_assert_max_num_queries(most, info=name):
            assert Client().get(reverse(f"portal:{name}", args=args.get(name))).status_code == 200


def test_feeds_and_sitemaps(cast: Cast) -> None:
    story = out(cast, "Tin “mới” & <lạ>")
    for path in ("/new.atom", "/en/new.atom", "/news/feed.atom"):
        feed = lxml.etree.fromstring(Client().get(path).content)
        entries = feed.findall("{http://www.w3.org/2005/Atom}entry")
        assert entries and feed.find("{http://www.w3.org/2005/Atom}updated") is not None
    assert entries[0].findtext("{http://www.w3.org/2005/Atom}title") == story.headline
    index = lxml.etree.fromstring(Client().get("/sitemap.xml").content)
    asked = 0
    for part in index.iter("{*}loc"):
        listed = lxml.etree.fromstring(Client().get(urlsplit(str(part.text)).path).content)
        for where in listed.iter("{*}loc"):
            assert Client().get(urlsplit(str(where.text)).path).status_code == 200, where.text
            asked += 1
    assert asked > 20
    assert Client().get("/sitemap-nothing-1.xml").status_code == 404
    assert Client().get("/sitemap-records-9.xml").status_code == 404
    assert "Sitemap: http://localhost:8000/sitemap.xml" in Client().get("/robots.txt").content.decode()


def test_a_share_card(cast: Cast) -> None:
    story = out(cast, body="Chữ thôi.")
    said = Client().get(reverse("portal:story", args=[story.pk, story.slug])).content.decode()
    document: Any = lxml.html.document_fromstring(said)
    card = {m.get("property"): m.get("content") for m in document.xpath("//meta[@property]")}
    assert (
        card["og:type"] == "article"
        and card["og:title"] == story.headline
        and card["og:description"] == "Một <b>sa-pô</b>"
    )
    thing = json.loads(document.xpath("//script[@type='application/ld+json']/text()")[0])
    assert thing["@type"] == "NewsArticle" and thing["headline"] == story.headline
    assert "</script><" not in said.replace("</script>\n", "")


def test_only_the_figure_for_other_sites_may_stand_in_a_frame(cast: Cast) -> None:
    answer = Client().get(reverse("portal:embed", args=[cast.cooperation.slug]))
    assert "frame-ancestors *" in answer["Content-Security-Policy"] and "X-Frame-Options" not in answer
    assert (
        f"/cooperations/{cast.cooperation.slug}/" in answer.content.decode()
        and "67,4 tỷ đồng" in answer.content.decode()
    )
    other = Client().get("/")
    assert "frame-ancestors 'none'" in other["Content-Security-Policy"] and other["X-Frame-Options"] == "DENY"


@pytest.fixture
def kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[served.Pages]:
    monkeypatch.setattr(served, "AGAIN", -1)
    served.PAGES.most = served.MOST_BYTES
    served.PAGES.clear()
    yield served.PAGES
    served.PAGES.most = 0
    served.PAGES.clear()


def test_a_kept_page_costs_one_question_until_something_is_new(
    cast: Cast, kept: served.Pages, officer: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    where = reverse("portal:cooperation", args=[cast.cooperation.slug])
    first = client.get(where)
    with django_assert_num_queries(1):
        again = client.get(where)
    assert again.content == first.content and again["ETag"] and again["Content-Language"] == "vi"
    packed = client.get(where, headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip" and len(packed.content) < len(first.content) / 2
    assert client.get(where, headers={"if-none-match": again["ETag"]}).status_code == 304
    english = client.get("/en" + where)
    assert english.content != first.content and client.get(where + "?map=63").content != first.content
    assert (
        "canbo.hanoi" in officer.get(where).content.decode()
        and "canbo.hanoi" not in client.get(where).content.decode()
    )
    story = out(cast)
    assert story.headline in client.get(where).content.decode()
    assert client.get("/records/khong-co-12345678/").status_code == 404


def test_a_slow_page_is_given_as_it_was_for_a_while(
    cast: Cast, kept: served.Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "SLOW", 0.0)
    made: list[str] = []
    monkeypatch.setattr(served, "_make_beside", lambda key, now, make: made.append(now))
    client = Client()
    before = client.get("/").content
    story = out(cast)
    assert client.get("/").content == before and made
    monkeypatch.setattr(served, "STALE", -1)
    assert story.headline in client.get("/").content.decode()


WORDS = "Trường này xây năm 2013 chứ không phải 2012."


def test_a_notice_arrives_once_for_people_and_never_for_programs(cast: Cast) -> None:
    record = cast.record("Sam Mứn")
    where = reverse("portal:correct")
    page = Client().get(where, {"about": reverse("portal:record", args=[record.slug])})
    assert page.context["record"] == record
    said = {"words": WORDS, "contact": "", "path": page.context["path"]}
    client = Client(headers={"x-forwarded-for": ""})
    assert (
        client.post(where, said | {"website": "http://spam.example"}).status_code == 302
        and not Notice.objects.exists()
    )
    assert client.post(where, said | {"words": "ngắn"}).status_code == 422 and not Notice.objects.exists()
    assert client.post(where, said)["Location"] == reverse("portal:thanks")
    kept = Notice.objects.get()
    assert (kept.record, kept.words, kept.path) == (
        record,
        WORDS,
        said["path"],
    ) and "127.0.0.1" not in kept.sender
    statuses = [client.post(where, said).status_code for _ in range(6)]
    assert statuses == [302] * 4 + [429] * 2 and Notice.objects.count() == 5
    for odd in ("//evil.example/", "https://evil.example/", "/" + "x" * 900, "%00", ""):
        assert Client().get(where, {"about": odd}).context["path"] == "/"
    assert Client(enforce_csrf_checks=True).post(where, said).status_code == 403


def test_the_site_in_a_folder(cast: Cast, tmp_path: Path) -> None:
    """Every link of every page leads to a file that is there."""
    out(cast)
    where = tmp_path / "public"
    written = folder.write_site(where)
    assert written.failed == [] and written.pages > 60
    checked = 0
    for page in sorted(where.rglob("*.html")):
        document: Any = lxml.html.document_fromstring(page.read_bytes().decode())
        assert not document.xpath("//form"), page
        for value in (
            *document.xpath("//*[not(self::link[@rel='canonical' or @rel='alternate'])]/@href"),
            *document.xpath("//*/@src"),
        ):
            assert not value.startswith("/"), (page, value)
            if re.match(r"[a-z]+:|#", value):
                continue
            target = page.parent / unquote(urlsplit(value).path)
            assert target.is_file(), (page, value)
            checked += 1
    assert checked > 1000 and (where / "en" / "index.html").is_file()
    (where / "own.txt").write_text("x")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.txt").write_text("x")
    with pytest.raises(folder.FolderError):
        folder.write_site(tmp_path / "other")
    live = folder.write_site(where, live="https://hoptac.example.vn", most=30)
    assert live.pages <= 30 and not (where / "own.txt").exists()
    assert 'action="https://hoptac.example.vn/search/"' in (where / "index.html").read_text()


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", "newsroom", "portal", check=True, dry_run=True, verbosity=0)
