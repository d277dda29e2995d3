"""The inbox in a real browser: twenty right claims are filed with the keyboard, with and without the script."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer
from test_web_browser import PHONE, Visitor, breaches, browser, expect
from test_web_inbox import bulletin, retold
from web_cast import Cast

from hoptac.ledger.models import Record, Waiting

__all__ = ["browser"]
pytestmark = pytest.mark.browser
PRESSES_MOST = 25
BUSY = 60_000  # milliseconds that a busy machine may take


def test_a_page_of_twenty_right_claims_in_twenty_five_presses(
    browser: object,
    live_server: LiveServer,
    cast: Cast,
) -> None:
    _reading, sha256 = bulletin()
    v = Visitor(browser, live_server)  # type: ignore[arg-type]
    v.sign_in("canbo.hanoi")
    v.go(reverse("desk:inbox-source", args=[sha256]))
    expect(v.page.locator("[data-claim]")).to_have_count(20)
    presses = 0
    for n in range(20):
        expect(v.page.locator(".claim.now")).to_have_attribute("data-claim", str(n + 1))
        v.page.keyboard.press("y")
        presses += 1
    v.page.keyboard.press("s")
    presses += 1
    expect(v.page.get_by_role("status")).to_contain_text("Đã xếp 20 lời khai", timeout=BUSY)
    assert presses <= PRESSES_MOST, presses
    assert not Waiting.objects.exists()
    assert Record.objects.live().filter(kind="contribution", title__contains="Trường Tiểu học").count() >= 20
    assert not v.faults and not v.outside
    v.context.close()


def test_without_the_script_the_same_form_works(
    browser: object,
    live_server: LiveServer,
    cast: Cast,
) -> None:
    sha256 = retold()
    v = Visitor(browser, live_server, java_script_enabled=False)  # type: ignore[arg-type]
    v.sign_in("canbo.hanoi")
    v.go(reverse("desk:inbox-source", args=[sha256]))
    v.page.get_by_label(re.compile("^vào hồ sơ")).first.check()
    v.page.get_by_role("button", name="Xếp những gì đã chọn").click()
    expect(v.page.get_by_role("status")).to_contain_text("Đã xếp 1 lời khai")
    v.page.get_by_role("checkbox").first.check()
    v.page.get_by_role("button", name="Hoàn tác mục đã đánh dấu").click()
    expect(v.page.get_by_role("status")).to_contain_text("Đã hoàn tác 1 quyết định")
    v.context.close()


def test_the_inbox_keeps_to_wcag_and_a_phone(
    browser: object,
    live_server: LiveServer,
    cast: Cast,
) -> None:
    _reading, sha256 = bulletin()
    retold()
    row = Waiting.objects.order_by("-statement_id").first()
    assert row is not None
    pages = [reverse("desk:inbox"), reverse("desk:inbox-batch"), reverse("desk:inbox-done")]
    pages += [
        reverse("desk:inbox-source", args=[sha256]),
        reverse("desk:inbox-statement", args=[row.statement.uid]),
    ]
    v = Visitor(browser, live_server, viewport=PHONE)  # type: ignore[arg-type]
    v.sign_in("canbo.hanoi")
    for page in pages:
        v.go(page)
        wide = v.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"], (page, wide)
        assert not breaches(v), page
    v.context.close()
