"""The screens in a real browser: clicks from a total to its sentence, the keyboard, a phone, paper, both languages, axe."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer
from web_cast import PASSWORD, Cast

from hoptac.ledger.models import Passage

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ViewportSize

playwright = pytest.importorskip("playwright.sync_api", reason="the browser tests need the group e2e")
axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="the browser tests need the group e2e"
)
expect = playwright.expect

pytestmark = pytest.mark.browser
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's own loop runs in this thread
    with playwright.sync_playwright() as p:
        if not Path(CHROMIUM).exists():
            pytest.skip(f"no browser at {CHROMIUM}")
        chromium = p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Visitor:
    """A browser window on the live server, and what went wrong in it."""

    def __init__(self, browser: Browser, server: LiveServer, **more: Any) -> None:
        self.base = server.url
        self.context = browser.new_context(locale="en-US", base_url=server.url, **more)
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.outside: list[str] = []
        self.page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.faults.append(str(e)))
        self.page.on(
            "request",
            lambda r: None if r.url.startswith((server.url, "data:")) else self.outside.append(r.url),
        )

    def go(self, path: str) -> None:
        self.page.goto(path)

    def sign_in(self, name: str) -> None:
        self.go(reverse("account_login"))
        self.page.get_by_label("Tên đăng nhập").fill(name)
        self.page.get_by_label("Mật khẩu").fill(PASSWORD)
        self.page.get_by_role("button", name="Đăng nhập").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Quan hệ hợp tác")

    def speak(self, language: str) -> None:
        self.context.add_cookies([{"name": "django_language", "value": language, "url": self.base}])


RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def breaches(v: Visitor) -> str:
    """What axe finds wrong on the page at hand by WCAG 2.2 A and AA and its own good practice; "" for nothing."""
    result = axe.Axe().run(v.page, options=RULES)
    assert len(result.response["passes"]) > 10, "axe looked at nothing"
    return str(result.generate_report()) if result.violations_count else ""


def page_types(cast: Cast) -> list[str]:
    """One address of each type of page."""
    slug, record = [cast.cooperation.slug], [cast.record("Sam Mứn").slug]
    return [
        reverse("portal:home"),
        reverse("portal:cooperation", args=slug),
        reverse("portal:cooperation-sum", args=slug),
        reverse("portal:cooperation-records", args=slug),
        reverse("portal:record", args=record),
        reverse("portal:party", args=["dien-bien"]),
        reverse("portal:records"),
        reverse("portal:places"),
        reverse("portal:places") + "?q=sin+thau",
        reverse("portal:place", args=["11-2004-dien-bien"]) + "?map=63",
        reverse("portal:place-sum", args=["11-2004-dien-bien"]),
        reverse("desk:cooperations"),
        reverse("desk:cooperation", args=slug),
        reverse("desk:cooperation-sum", args=slug) + "?by=field&group=education",
        reverse("desk:records"),
        reverse("desk:records") + "?q=khong-co-gi",
        reverse("desk:record", args=record),
        reverse("desk:place", args=["03158-34-sin-thau"]),
        reverse("desk:sources"),
        reverse("desk:source", args=[cast.source.sha256]),
        reverse("account_change_password"),
        reverse("mfa_index"),
        reverse("account_logout"),
        "/khong-co/",
    ]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_from_the_total_to_its_sentence(
    browser: Browser, live_server: LiveServer, cast: Cast, script: bool
) -> None:
    v = Visitor(browser, live_server, java_script_enabled=script)
    v.sign_in("canbo.hanoi")
    page = v.page
    page.get_by_role("link", name="Hà Nội – Điện Biên", exact=True).click()
    page.get_by_role("link", name="67,4 tỷ đồng").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("67,4 tỷ đồng")
    page.get_by_role("link", name="65 tỷ đồng", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trường Tiểu học Hà Nội - Điện Biên Phủ")
    page.locator("#amount").get_by_role("link", name="65 tỷ đồng").click()
    page.get_by_role("link", name=re.compile("Mở câu này trong nguồn được lưu")).first.click()
    passage = Passage.objects.get(source=cast.source, quote__contains="65 tỷ đồng")
    assert page.url.endswith(f"{reverse('desk:source', args=[cast.source.sha256])}#p-{passage.pk}")
    marked = page.locator(f"#p-{passage.pk} + mark")
    expect(marked).to_have_text(passage.quote)
    expect(marked).to_be_in_viewport()
    line = page.locator(".line", has=marked)
    line.get_by_role("link", name="Trường Tiểu học Hà Nội - Điện Biên Phủ").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trường Tiểu học Hà Nội - Điện Biên Phủ")
    assert not v.faults and not v.outside
    v.context.close()


def test_every_page_type(browser: Browser, live_server: LiveServer, cast: Cast) -> None:
    """No breach found by axe, nothing wider than a phone, nothing from elsewhere, no error in the console."""
    v = Visitor(browser, live_server)
    v.go(reverse("account_login"))
    checked = {"login": breaches(v)}
    v.sign_in("canbo.hanoi")
    for path in page_types(cast):
        v.faults.clear()
        v.page.set_viewport_size({"width": 1280, "height": 860})
        v.go(path)
        checked[path] = breaches(v)
        v.page.set_viewport_size(PHONE)
        width = v.page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], f"{path} is {width} wide on a phone"
        assert [f for f in v.faults if "404" not in f] == [], path
    wrong = {path: found for path, found in checked.items() if found}
    assert not wrong, "\n".join(f"{path}\n{found}" for path, found in wrong.items())
    assert not v.outside
    v.context.close()


def test_dark_and_phone_pass_axe(browser: Browser, live_server: LiveServer, cast: Cast) -> None:
    v = Visitor(browser, live_server, viewport=PHONE, color_scheme="dark", has_touch=True)
    v.speak("vi")
    v.sign_in("canbo.dienbien")
    v.speak("en")
    for path in page_types(cast)[:20]:
        v.go(path)
        assert v.page.locator("html").get_attribute("lang") == "en"
        found = breaches(v)
        assert not found, f"{path}\n{found}"
    v.context.close()


def test_keyboard_walk(browser: Browser, live_server: LiveServer, cast: Cast) -> None:
    """Skip link first, every stop visible with a ring, sign-in and filter without a mouse."""
    v = Visitor(browser, live_server)
    page = v.page
    v.go(reverse("account_login"))
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("canbo.hanoi")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Quan hệ hợp tác")
    pages = (reverse("desk:cooperation", args=[cast.cooperation.slug]), reverse("desk:records"))
    for path in (*pages, reverse("portal:home"), reverse("desk:place", args=["11-2004-dien-bien"])):
        v.go(path)
        stops = page.locator("a[href], button, input:not([type=hidden]), select, summary").count()
        seen = 0
        for _ in range(stops):
            page.keyboard.press("Tab")
            ring = page.evaluate(
                "(() => { const e = document.activeElement; if (e === document.body) return null;"
                " const s = getComputedStyle(e), r = e.getBoundingClientRect();"
                " return [s.outlineStyle, parseFloat(s.outlineWidth), r.width * r.height] })()"
            )
            if ring is None:
                break
            assert ring[0] != "none" and ring[1] >= 2 and ring[2] > 0, (
                path,
                page.evaluate("document.activeElement.outerHTML"),
            )
            seen += 1
        assert seen >= stops - 2, path
    v.context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_the_map_by_keyboard_and_its_switch(
    browser: Browser, live_server: LiveServer, cast: Cast, script: bool
) -> None:
    """A province is a named link in the map; the switch keeps the page; both work without JavaScript."""
    v = Visitor(browser, live_server, java_script_enabled=script)
    page = v.page
    v.go(reverse("portal:cooperation", args=[cast.cooperation.slug]))
    page.get_by_role("link", name="Đến 30/6/2025: 63 tỉnh, thành phố").click()
    expect(page.locator(".map path.map-unit")).to_have_count(63)
    expect(page.get_by_role("link", name="Đến 30/6/2025: 63 tỉnh, thành phố")).to_have_attribute(
        "aria-current", "true"
    )
    page.get_by_role("link", name="Cấp huyện").click()
    expect(page.get_by_role("link", name="Thành phố Điện Biên Phủ, tỉnh Điện Biên").first).to_be_visible()
    province = page.locator(".map").get_by_role("link", name="Điện Biên: 67,4 tỷ đồng (bậc 1)")
    province.focus()
    expect(province).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hồ sơ: Tỉnh Điện Biên")
    expect(page.locator("tbody tr")).to_have_count(6)
    assert not v.faults and not v.outside
    v.context.close()


def test_maps_on_a_phone_and_on_paper(browser: Browser, live_server: LiveServer, cast: Cast) -> None:
    v = Visitor(browser, live_server, viewport=PHONE)
    for where in (reverse("portal:home"), reverse("portal:place", args=["096-63-muong-nhe"])):
        v.go(where)
        drawn = v.page.locator("svg.map")
        expect(drawn).to_be_visible()
        height = drawn.locator(".map-names text").first.evaluate("t => t.getBoundingClientRect().height")
        assert height >= 9, f"names {height:.1f} px high on {where}"
        v.page.emulate_media(media="print")
        expect(drawn).to_be_visible()
        expect(v.page.locator(".switch a:not([aria-current])").first).to_be_hidden()
        v.page.emulate_media(media="screen")
    v.context.close()


def test_switch_of_language_keeps_the_page(browser: Browser, live_server: LiveServer, cast: Cast) -> None:
    v = Visitor(browser, live_server, java_script_enabled=False)
    where = reverse("portal:cooperation", args=[cast.cooperation.slug])
    v.go(where)
    expect(v.page.get_by_text("67,4 tỷ đồng").first).to_be_visible()
    v.page.get_by_role("link", name="English").click()
    assert v.page.url.endswith("/en" + where)
    expect(v.page.get_by_text("67.4 billion dong").first).to_be_visible()
    v.page.get_by_role("link", name="Tiếng Việt").click()
    expect(v.page.get_by_text("67,4 tỷ đồng").first).to_be_visible()
    v.context.close()


def test_on_paper(browser: Browser, live_server: LiveServer, cast: Cast) -> None:
    v = Visitor(browser, live_server)
    v.sign_in("canbo.hanoi")
    v.go(reverse("desk:record", args=[cast.record("Sam Mứn").slug]))
    v.page.emulate_media(media="print")
    expect(v.page.locator(".page-head")).to_be_hidden()
    expect(v.page.locator(".answer")).to_be_hidden()
    expect(v.page.get_by_role("table").first).to_be_visible()
    assert v.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert v.page.pdf(format="A4")[:5] == b"%PDF-"
    v.context.close()


def test_confirm_in_the_browser(browser: Browser, live_server: LiveServer, cast: Cast) -> None:
    v = Visitor(browser, live_server)
    v.sign_in("canbo.dienbien")
    v.go(reverse("desk:record", args=[cast.record("Tiểu học").slug]))
    v.page.get_by_role("button", name="Xác nhận đúng như trên").first.click()
    expect(v.page.get_by_role("status")).to_contain_text("Lời khai của bên bạn đã vào hồ sơ")
    expect(v.page.locator("main > p .chip")).to_have_text("Một bên xác nhận")
    v.context.close()


def test_api_description_works_under_the_policy(browser: Browser, live_server: LiveServer, db: None) -> None:
    v = Visitor(browser, live_server)
    v.go("/api/v1/docs")
    expect(v.page.get_by_text("/api/v1/cooperations", exact=True).first).to_be_visible()
    assert not v.outside and not [f for f in v.faults if "Content Security Policy" in f and "script" in f]
    v.context.close()
