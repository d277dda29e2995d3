"""The public site in a real browser: axe on every page type, the keyboard, a phone, paper, and what a page may cost."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer
from test_web_browser import PHONE, Visitor, breaches, browser, expect
from web_cast import Cast

from hoptac.ledger.models import Party
from hoptac.newsroom.flow import Text, begin, publish
from hoptac.newsroom.models import Notice, Story
from hoptac.newsroom.notices import take_notice

sys.path.insert(0, str(Path(__file__).parents[1] / "newsroom"))

from newsroom_cast import png

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser"]
pytestmark = pytest.mark.browser
MOST_BYTES = 100_000  # of a page with its styles, as they come over the wire, pictures left out
MOST_PAINT = 2_500  # ms to the first paint on a busy machine of two cores; a quiet one takes a tenth
MOST_SHIFT = 0.02  # layout shift; 0.1 is what counts as good


@pytest.fixture
def story(cast: Cast) -> Story:
    side = Party.objects.get(name="Hà Nội", kind="locality")
    body = f"## Con số\n- Sửa trường: [65 tỷ đồng](record:{cast.record('Tiểu học').slug})\n\n> Lời nói.\n\nĐoạn *cuối*."
    at = timezone.now()
    for n in range(3):
        text = Text(f"Một ngày ở trường, kỳ {n + 1}", "Sa-pô ngắn của bài.", body, "Thu Hà")
        made = begin(text, party=side, cooperation=cast.cooperation, by=cast.ha_noi, at=at)
        publish(made, version=1, embargo=None, by=cast.ha_noi, at=at)
    client = Client()
    client.force_login(cast.ha_noi)
    picture = SimpleUploadedFile("a.png", png(800, 450))
    client.post(
        reverse("newsroom:photo-add", args=[made.pk]),
        {"picture": picture, "caption": "Sân trường", "shows": "Cây"},
    )
    take_notice(path="/", words="Chưa đúng ở đây", contact="", language="vi", address=None, at=at)
    return Story.objects.get(pk=made.pk)


def public(cast: Cast, story: Story) -> list[str]:
    fixed = (
        "home",
        "records",
        "promises",
        "meetings",
        "places",
        "news",
        "new",
        "data",
        "counting",
        "correct",
        "thanks",
    )
    return [
        *(reverse(f"portal:{name}") for name in fixed),
        reverse("portal:search") + "?q=truong+bein",
        reverse("portal:search") + "?q=khongcogica",
        reverse("portal:cooperation", args=[cast.cooperation.slug]),
        reverse("portal:record", args=[cast.record("Tiểu học").slug]),
        reverse("portal:record", args=[cast.record("", kind="meeting").slug]),
        reverse("portal:record", args=[cast.record("", kind="ask").slug]),
        reverse("portal:party", args=["dien-bien"]),
        reverse("portal:place", args=["11-2004-dien-bien"]),
        reverse("portal:story", args=[story.pk, story.slug]),
        reverse("portal:embed", args=[cast.cooperation.slug]),
    ]


def desk(story: Story) -> list[str]:
    return [
        reverse("newsroom:stories"),
        reverse("newsroom:new"),
        reverse("newsroom:pick"),
        reverse("newsroom:story", args=[story.pk]),
        reverse("newsroom:notices"),
        reverse("newsroom:notice", args=[Notice.objects.get().pk]),
    ]


def look(v: Visitor, paths: list[str]) -> None:
    wrong = {}
    for path in paths:
        v.faults.clear()
        v.page.set_viewport_size({"width": 1280, "height": 860})
        v.go(path)
        if found := breaches(v):
            wrong[path] = found
        v.page.set_viewport_size(PHONE)
        width = v.page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], f"{path} is {width} wide on a phone"
        assert v.faults == [], (path, v.faults)
    assert not wrong, "\n".join(f"{path}\n{found}" for path, found in wrong.items())
    assert not v.outside


@pytest.mark.parametrize("scheme,prefix", [("light", ""), ("dark", "/en")])
def test_every_public_page_type(
    browser: Browser, live_server: LiveServer, cast: Cast, story: Story, scheme: str, prefix: str
) -> None:
    v = Visitor(browser, live_server, color_scheme=scheme)
    look(v, [prefix + path for path in public(cast, story)])
    v.context.close()


def test_every_page_of_the_news_room(
    browser: Browser, live_server: LiveServer, cast: Cast, story: Story
) -> None:
    v = Visitor(browser, live_server)
    v.sign_in("canbo.hanoi")
    look(v, desk(story))
    v.context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_from_a_story_to_the_words_by_keyboard(
    browser: Browser, live_server: LiveServer, cast: Cast, story: Story, script: bool
) -> None:
    v = Visitor(browser, live_server, java_script_enabled=script)
    page = v.page
    v.go("/")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("ngay o truogn")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Một ngày ở trường, kỳ 3").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Một ngày ở trường, kỳ 3")
    page.get_by_role("link", name="65 tỷ đồng").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Trường Tiểu học Hà Nội - Điện Biên Phủ")
    expect(page.locator("blockquote").first).to_contain_text("65 tỷ đồng")
    page.get_by_role("link", name="English").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/en/records/"))
    expect(page.get_by_role("heading", name="In whose words")).to_be_visible()
    page.get_by_role("link", name="Tiếng Việt").click()
    expect(page).to_have_url(re.compile(":[0-9]+/records/"))
    assert not v.faults and not v.outside
    v.context.close()


def test_what_a_page_costs(browser: Browser, live_server: LiveServer, cast: Cast, story: Story) -> None:
    """Bytes over the wire without pictures, the first paint, and how far things move while the page comes."""
    v = Visitor(browser, live_server, viewport=PHONE)
    sizes: dict[str, int] = {}
    v.page.on("response", lambda r: _weigh(r, sizes))
    for path in public(cast, story):
        sizes.clear()
        v.page.goto(path, wait_until="load")
        told = v.page.evaluate(COST)
        assert sum(sizes.values()) < MOST_BYTES, (path, sizes)
        assert told["paint"] < MOST_PAINT and told["shift"] < MOST_SHIFT, (path, told)
    v.context.close()


COST = """() => new Promise(done => {
  let shift = 0;
  new PerformanceObserver(l => l.getEntries().forEach(e => { shift += e.value })).observe({type: "layout-shift", buffered: true});
  setTimeout(() => {
    const paint = performance.getEntriesByType("paint").find(e => e.name === "first-contentful-paint");
    done({shift, paint: paint ? paint.startTime : 0});
  }, 100);
})"""


def _weigh(response: Any, sizes: dict[str, int]) -> None:
    if response.request.resource_type != "image" and response.status == 200:
        sizes[response.url] = len(response.body())


def test_a_story_on_paper(browser: Browser, live_server: LiveServer, cast: Cast, story: Story) -> None:
    v = Visitor(browser, live_server)
    v.go(reverse("portal:story", args=[story.pk, story.slug]))
    v.page.emulate_media(media="print")
    expect(v.page.locator(".beside-story")).to_be_hidden()
    expect(v.page.locator(".page-head")).to_be_hidden()
    expect(v.page.locator(".story img")).to_be_visible()
    v.context.close()
