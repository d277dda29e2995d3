"""Take pictures of the screens (chụp màn hình) of a running server, for a person to look at.

    python scripts/screenshots.py FOLDER [--base http://127.0.0.1:8000] [--user NAME --password WORD] [--only WORD]

Each page at desk width and at phone width, in Vietnamese; the first pages in English, dark and on paper as well.
Chromium is found at CHROMIUM, else /usr/bin/chromium.
"""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, ViewportSize, sync_playwright

DESK: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 360, "height": 740}
LONGEST = 3600  # pixels of a page that one picture shows


def sign_in(context: BrowserContext, base: str, user: str, password: str) -> None:
    page = context.new_page()
    page.goto(f"{base}/accounts/login/")
    page.fill("#id_login", user)
    page.fill("#id_password", password)
    page.get_by_role("button", name=re.compile("Đăng nhập|Sign In")).click()
    page.wait_for_load_state()
    page.close()


def first_link(page: Page, pattern: str) -> str | None:
    """The first address on the page that matches a pattern."""
    hrefs = page.eval_on_selector_all("main a[href]", "links => links.map(a => a.getAttribute('href'))")
    return next((h for h in hrefs if re.search(pattern, h)), None)


def addresses(page: Page, base: str, signed_in: bool) -> dict[str, str]:
    """Name -> address of one page of each type."""
    out = {"login": "/accounts/login/", "home": "/", "not-found": "/khong-co", "api-docs": "/api/v1/docs"}
    out |= {"places": "/places/", "all-records": "/records/?map=63"}
    page.goto(base + "/places/")
    if place := first_link(page, r"^/places/[^/?]+/"):
        out |= {"place": place, "place-63": place.split("?")[0] + "?map=63"}
    page.goto(base + "/")
    if cooperation := first_link(page, r"^/cooperations/[^/]+/$"):
        out |= {"portal-cooperation": cooperation, "portal-sum": cooperation + "sum/"}
        page.goto(base + cooperation)
        if record := first_link(page, r"^/records/"):
            out["portal-record"] = record
        if party := first_link(page, r"^/parties/"):
            out["portal-party"] = party
    if not signed_in:
        return out
    out |= {
        "desk": "/desk/",
        "records": "/desk/records/",
        "sources": "/desk/sources/",
        "account": "/accounts/2fa/",
    }
    page.goto(base + "/desk/?sort=-records")
    if cooperation := first_link(page, r"^/desk/cooperations/[^/]+/$"):
        out |= {"cooperation": cooperation, "sum": cooperation + "sum/"}
    page.goto(base + "/desk/records/?sort=-sum&kind=contribution")
    if record := first_link(page, r"^/desk/records/[^/?]+/$"):
        out["record"] = record
        page.goto(base + record)
        if source := first_link(page, r"^/desk/sources/"):
            out["source"] = source
    page.goto(base + "/desk/records/?standing=disputed")
    if disputed := first_link(page, r"^/desk/records/[^/?]+/$"):
        out["record-disputed"] = disputed
    return out


def shoot(page: Page, address: str, path: Path) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    width = page.viewport_size["width"] if page.viewport_size else DESK["width"]
    height = page.evaluate("document.documentElement.scrollHeight")
    if "#" in address:
        page.screenshot(path=path)
    else:
        page.screenshot(
            path=path, clip={"x": 0, "y": 0, "width": width, "height": min(height, LONGEST)}, full_page=True
        )
    print(path)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--only", default="", help="names that hold this word")
    wish = parser.parse_args()
    wish.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as p:
        browser = p.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        context = browser.new_context(viewport=DESK, locale="vi-VN")
        if wish.user:
            sign_in(context, wish.base, wish.user, wish.password)
        page = context.new_page()
        pages = {n: a for n, a in addresses(page, wish.base, bool(wish.user)).items() if wish.only in n}
        for name, address in pages.items():
            page.set_viewport_size(DESK)
            shoot(page, wish.base + address, wish.folder / f"{name}.png")
            page.set_viewport_size(PHONE)
            shoot(page, wish.base + address, wish.folder / f"{name}-phone.png")
        page.set_viewport_size(DESK)
        for name in {"cooperation", "record", "home", "place"} & set(pages):
            page.emulate_media(media="print")
            shoot(page, wish.base + pages[name], wish.folder / f"{name}-print.png")
            page.emulate_media(media="screen", color_scheme="dark")
            shoot(page, wish.base + pages[name], wish.folder / f"{name}-dark.png")
            page.emulate_media(media="screen", color_scheme="light")
            context.add_cookies([{"name": "django_language", "value": "en", "url": wish.base}])
            shoot(page, wish.base + pages[name], wish.folder / f"{name}-en.png")
            context.add_cookies([{"name": "django_language", "value": "vi", "url": wish.base}])
        browser.close()


if __name__ == "__main__":
    main()
