"""One round of the news watch (một vòng theo dõi): due lists, then due pages, politely.

Each list and each page is a step of its own that ends in one transaction: a process killed between two steps loses nothing,
and a page whose taking was cut off is taken again, which changes nothing that is there.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.db import transaction
from protego import Protego

from hoptac.ledger.commands import take_files
from hoptac.pages import Finding, Page, read_file
from hoptac.watch.feeds import Entry, FeedError, Listing, read_listing
from hoptac.watch.fetch import Fetched, Fetcher, FetchError
from hoptac.watch.models import Watch, WatchedPage

AGENT = "hoptac"
LEAST_PAUSE_S = 5.0
"""Seconds between two requests to one host where its robots.txt asks for no other pause."""

LONGEST_PAUSE_S = 60.0
"""A longer pause than this is kept by leaving the host's other pages to the next round."""

MOST_TRIES = 5
MOST_LISTS = 50
"""Further lists read of one sitemap's index."""

FIRST_WAIT = timedelta(minutes=10)
LONGEST_WAIT = timedelta(days=1)


@dataclass
class Round:
    """What a round did: lists checked, pages newly found, read, refused and put off, and every finding on the way."""

    checked: int = 0
    found: int = 0
    read: int = 0
    refused: int = 0
    put_off: int = 0
    statements: int = 0
    findings: list[Finding] = field(default_factory=list)


@dataclass
class _Host:
    """What is known of one origin in a round: its robots.txt and when it was asked last."""

    rules: Protego | None
    pause: float
    asked: float | None = None


class Watcher:
    """A round's state. ``now`` gives the time of day, ``clock`` and ``sleep`` the passing of time; tests give their own."""

    def __init__(
        self,
        fetcher: Fetcher,
        *,
        now: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        pause: float = LEAST_PAUSE_S,
    ) -> None:
        self.fetcher, self.now, self.clock, self.sleep, self.pause = fetcher, now, clock, sleep, pause
        self.hosts: dict[str, _Host] = {}
        self.done = Round()

    def run(self, *, most_pages: int = 200) -> Round:
        """Check every list that is due, then read the pages that are due, the oldest found first."""
        for watch in Watch.objects.filter(active=True, next_at__lte=self.now()).order_by("next_at", "id"):
            self._check(watch)
        due = WatchedPage.objects.filter(stage="found", next_at__lte=self.now(), watch__active=True)
        for page in due.select_related("watch").order_by("next_at", "id")[:most_pages]:
            self._read(page)
        return self.done

    # --- lists ---

    def _check(self, watch: Watch) -> None:
        self.done.checked += 1
        try:
            answer = self._get(watch.address, etag=watch.etag, modified=watch.modified)
            listing = None if answer.unchanged else read_listing(answer.body, answer.url)
            entries: tuple[Entry, ...] = () if listing is None else self._entries(listing)
        except (FetchError, FeedError) as error:
            code, found = (error.code, error.found) if isinstance(error, FetchError) else ("W08", str(error))
            self._failed(watch, code, found)
            return
        now = self.now()
        with transaction.atomic():
            for entry in entries:
                _, new = WatchedPage.objects.get_or_create(
                    url=entry.url,
                    defaults={
                        "watch": watch,
                        "title": (entry.title or "")[:400],
                        "listed_day": entry.day,
                        "found_at": now,
                        "next_at": now,
                    },
                )
                self.done.found += new
            watch.etag, watch.modified = _header(answer.etag, 500), _header(answer.modified, 100)
            watch.checked_at, watch.failures, watch.code, watch.reason = now, 0, "", ""
            watch.next_at = now + timedelta(minutes=watch.every_minutes)
            watch.save()

    def _entries(self, listing: Listing) -> tuple[Entry, ...]:
        entries = list(listing.entries)
        for address in listing.lists[:MOST_LISTS]:
            try:
                answer = self._get(address)
                entries += read_listing(answer.body, answer.url).entries
            except (FetchError, FeedError) as error:
                code, found = (
                    (error.code, error.found) if isinstance(error, FetchError) else ("W08", str(error))
                )
                self._tell(code, address, found)
        return tuple(entries)

    def _failed(self, watch: Watch, code: str, found: str) -> None:
        self._tell(code, watch.address, found)
        watch.failures += 1
        watch.checked_at, watch.code, watch.reason = self.now(), code, found[:200]
        watch.next_at = self.now() + max(_wait(watch.failures), timedelta(minutes=watch.every_minutes))
        watch.save()

    # --- pages ---

    def _read(self, row: WatchedPage) -> None:
        try:
            answer = self._get(row.url)
        except FetchError as error:
            if error.code == "W10":
                self.done.put_off += 1
                return
            self._refuse(row, error.code, error.found, lasting=error.lasting)
            return
        day = self.now().date()
        name = urlsplit(answer.url).path.rsplit("/", 1)[-1] or urlsplit(answer.url).netloc
        read = read_file(io.BytesIO(answer.body), name=_named(name, answer.media_type))
        pages = [
            replace(item, url=answer.url, captured=day) if isinstance(item, Page) else item for item in read
        ]
        with transaction.atomic():
            report = take_files([Path(row.url)], read=lambda _: iter(pages), on=self.now())
            self.done.findings += report.findings
            taken = [page for page in report.taken if page.result is not None]
            row.tries += 1
            if not taken:
                reason = report.findings[0].code if report.findings else "P17"
                row.stage, row.code, row.reason = "refused", "W09", reason
                self.done.refused += 1
            else:
                row.stage, row.code, row.reason = "read", "", ""
                row.sha256, row.read_at = taken[0].sha256, self.now()
                row.statements = report.statements_new
                self.done.read += 1
                self.done.statements += report.statements_new
            row.save()

    def _refuse(self, row: WatchedPage, code: str, found: str, *, lasting: bool) -> None:
        row.tries += 1
        row.code, row.reason = code, found[:200]
        if lasting or row.tries >= MOST_TRIES:
            row.stage = "refused"
            self.done.refused += 1
        else:
            row.next_at = self.now() + _wait(row.tries)
            self.done.put_off += 1
        self._tell(code, row.url, found)
        row.save()

    # --- politeness ---

    def _get(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Fetched:
        """Fetch where robots.txt allows it, after the host's pause. Raises FetchError."""
        host = self._host(url)
        if host.rules is None:
            raise FetchError("W11", url)
        if not host.rules.can_fetch(url, AGENT):
            raise FetchError("W12", url, lasting=True)
        self._wait_turn(host, url)
        return self.fetcher.get(url, etag=etag, modified=modified)

    def _host(self, url: str) -> _Host:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self.hosts:
            rules = self._robots(f"{origin}/robots.txt")
            asked = rules.crawl_delay(AGENT) if rules is not None else None
            self.hosts[origin] = _Host(rules, max(self.pause, float(asked or 0)), self.clock())
        return self.hosts[origin]

    def _robots(self, address: str) -> Protego | None:
        """The rules of a host; all is allowed where it has none (4xx), nothing where it cannot say (RFC 9309, 2.3.1)."""
        try:
            answer = self.fetcher.get(address)
        except FetchError as error:
            if error.code == "W04" and error.found.startswith("4"):
                return Protego.parse("")
            if error.code == "W01":
                raise
            return None
        return Protego.parse(answer.body[:500_000].decode("utf-8", "replace"))

    def _wait_turn(self, host: _Host, url: str) -> None:
        if host.asked is not None:
            left = host.asked + host.pause - self.clock()
            if left > LONGEST_PAUSE_S:
                raise FetchError("W10", url)
            if left > 0:
                self.sleep(left)
        host.asked = self.clock()

    def _tell(self, code: str, where: str, found: str) -> None:
        self.done.findings.append(Finding(code, where, (("name", where), ("found", found))))


def _wait(failures: int) -> timedelta:
    """Ten minutes after the first failure, twice as long after each further one, a day at most."""
    times: int = 2 ** min(failures - 1, 10)
    return min(FIRST_WAIT * times, LONGEST_WAIT)


def _header(value: str | None, most: int) -> str | None:
    return value if value and len(value) <= most else None


def _named(name: str, media_type: str) -> str:
    """A file name by which the readers know HTML that its address does not name so."""
    return name if "." in name or "html" not in media_type else f"{name}.html"
