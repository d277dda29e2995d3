"""Walked in a browser as an officer of each side: from two sample pages to a ledger confirmed but for one dispute, by clicks."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer
from test_web_browser import PHONE, Visitor, breaches
from web_cast import Cast

from hoptac.ledger.models import Party, Record
from hoptac.ledger.turns import WAITING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

playwright = pytest.importorskip("playwright.sync_api", reason="the browser tests need the group e2e")
expect = playwright.expect
pytestmark = pytest.mark.browser
MOST = 40  # records that the walk may meet; more is a loop
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


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


class Walker(Visitor):
    """A visitor whose clicks are counted."""

    clicks = 0

    def click(self, locator: Any) -> None:
        self.clicks += 1
        locator.click()

    def confirm_all(self) -> int:
        """Confirm whatever waits, one click each; gives how many records there were."""
        done = 0
        self.go(reverse("desk:mine"))
        while done < MOST and (buttons := self.page.get_by_role("button", name="Xác nhận")).count():
            self.click(buttons.first)
            self.page.wait_for_load_state()
            done += 1
        return done


def waiting(code: str) -> int:
    party = Party.objects.get(code=code)
    roles = party.roles.filter(role="side", word__in=WAITING, record__in_force__gt=0)
    return roles.count()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_from_the_pages_to_a_confirmed_ledger_with_one_dispute(
    browser: Browser, live_server: LiveServer, cast: Cast, script: bool
) -> None:
    began = time.monotonic()
    ours = Walker(browser, live_server, java_script_enabled=script)
    ours.sign_in("canbo.hanoi")
    shared = Record.objects.live().filter(standing__in=("read", "disputed")).count()
    confirmed = ours.confirm_all()
    assert confirmed == ours.clicks > 5, "one click each"
    answered = 2  # clicks: to the form, and its button
    ours.click(ours.page.get_by_role("link", name="Trả lời").first)
    ours.page.get_by_label("Trả lời", exact=True).select_option("accepted")
    ours.page.get_by_label("Nội dung trả lời").fill("cử hai bác sĩ từ tháng 3")
    ours.click(ours.page.get_by_role("button", name="Lập lời khai"))
    ours.go(reverse("desk:mine"))
    expect(ours.page.get_by_text("Không có việc nào chờ bên mình.")).to_be_visible()

    theirs = Walker(browser, live_server, java_script_enabled=script)
    theirs.sign_in("canbo.dienbien")
    school = cast.record("Lê Quý Đôn")
    theirs.go(reverse("desk:record", args=[school.slug]))
    theirs.click(theirs.page.get_by_text("Nêu khác, hoặc xác nhận theo công văn"))
    theirs.page.get_by_label("Số tiền (ghi đủ chữ số)").fill("2.350.000.000")
    theirs.page.locator("#id_reason").fill("Theo hồ sơ quyết toán số 31/QT-STC")
    theirs.click(theirs.page.get_by_role("button", name="Nêu các giá trị này"))
    expect(theirs.page.get_by_text("Đang khác nhau").first).to_be_visible()
    assert theirs.clicks == 2, "two clicks and two fields make a dispute"
    own = theirs.confirm_all()

    standings = dict(
        Record.objects.live()
        .filter(roles__party__code="11", roles__role="side")
        .values_list("slug", "standing")
    )
    disputed = {slug for slug, standing in standings.items() if standing == "disputed"}
    read_twice = {cast.record("Sam Mứn").slug}  # two papers give two sums: a dispute that was there before
    assert disputed == {school.slug} | read_twice
    assert set(standings.values()) <= {"both_sides", "disputed", "one_side"}
    assert waiting("11") == 0 and waiting("01") == 1, "the dispute waits for the other side, and nothing else"

    ours.go(reverse("desk:mine"))
    expect(ours.page.get_by_text("Có lời khác sau đó").last).to_be_visible()
    assert ours.page.get_by_role("button", name="Xác nhận").count() == 1
    public = Visitor(browser, live_server)
    public.go(reverse("portal:record", args=[school.slug]))
    for told in ("2,4 tỷ đồng", "2,35 tỷ đồng"):
        expect(public.page.get_by_text(told).first).to_be_visible()
    for v in (ours, theirs, public):
        assert v.faults == [] and v.outside == []
    seconds = time.monotonic() - began
    print(
        f"\nwalk: {shared} records to begin with; Hà Nội {confirmed} confirmed in {ours.clicks - answered} clicks, one request answered in {answered},"
        f" Điện Biên {own} in {theirs.clicks - 2}, one dispute in 2; {seconds:.0f} s"
    )


def test_a_letter_is_brought_and_got_back(
    browser: Browser, live_server: LiveServer, cast: Cast, tmp_path: Path
) -> None:
    scan = tmp_path / "công văn.pdf"
    scan.write_bytes(b"%PDF-1.4\nscan")
    v = Walker(browser, live_server)
    v.sign_in("canbo.hanoi")
    v.go(reverse("desk:record", args=[cast.record("Lê Quý Đôn").slug]))
    v.click(v.page.get_by_text("Nêu khác, hoặc xác nhận theo công văn"))
    v.click(v.page.get_by_text("Theo công văn", exact=True))
    v.page.get_by_label("Số công văn").fill("12/UBND-VX")
    v.page.get_by_label("Bản quét công văn").set_input_files(scan)
    v.click(v.page.get_by_role("button", name="Xác nhận như đang ghi, theo công văn này"))
    link = v.page.get_by_role("link", name="12/UBND-VX").first
    with v.page.expect_download() as got:
        link.click()
    assert got.value.suggested_filename == "12-ubnd-vx.pdf"
    assert v.faults == []


def addresses(cast: Cast) -> list[str]:
    """One address of each new type of page."""
    meeting = Record.objects.live().filter(kind="meeting").first()
    agreement = Record.objects.live().filter(kind="agreement").first()
    work = Record.objects.live().get(kind="activity", title__contains="Tiểu học")
    assert meeting is not None and agreement is not None
    slugs = [meeting.slug, agreement.slug, work.slug, cast.record("bác sĩ", "ask").slug]
    coop = cast.cooperation.slug
    return [
        *(reverse("desk:record", args=[slug]) for slug in slugs),
        *(reverse("desk:record-version", args=[slug]) for slug in slugs),
        *(reverse("desk:new", args=[coop, kind]) for kind in ("meeting", "agreement", "ask", "activity")),
        reverse("desk:record-history", args=[work.slug]),
        reverse("desk:record-tie-find", args=[work.slug]),
        reverse("desk:mine"),
        reverse("desk:ladder") + "?stage=all",
        reverse("desk:meetings"),
        reverse("desk:agreements"),
        reverse("desk:account"),
        reverse("desk:users"),
        reverse("desk:audit"),
    ]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_pages_are_accessible_and_fit_a_phone(
    browser: Browser, live_server: LiveServer, cast: Cast, language: str
) -> None:
    cast.ha_noi.memberships.update(role="administrator")
    v = Visitor(browser, live_server, viewport=PHONE)
    v.sign_in("canbo.hanoi")
    v.speak(language)
    for where in addresses(cast):
        v.go(where)
        assert breaches(v) == "", where
        wide = v.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{where} is {wide} px too wide on a phone"
    assert v.faults == [] and v.outside == []
