"""Public pages kept ready (trang dựng sẵn): made once for everyone, until the ledger or the news room says something new.

A page is kept for visitors who are not signed in, in each language, packed as it goes out. What it was made from is told by a
stamp: the ends of the tables that are written once, the stories, the day; it is asked for twice a second at most. Another stamp,
and the page is made anew; a page that takes long is given as it was, for a minute at most, while one thread makes the new one.
Nothing of a visitor is in a page: no form's secret, no name.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

View = Callable[..., HttpResponse]
MOST_BYTES = 64 << 20
AT_MOST = 600  # seconds that a page is kept though nothing new is told: a rebuild leaves no stamp
SLOW = 1.0  # seconds from which a page is given as it was while the new one is made
STALE = 60  # seconds for which that is done
AGAIN = 0.5  # seconds for which a stamp is taken as it was: to ask takes longer than to give a kept page
LEAST_PACKED = 500  # bytes below which packing gains nothing

STAMP = """
SELECT (SELECT COALESCE(MAX(length), 0) FROM ledger_chainhead), (SELECT COALESCE(MAX(id), 0) FROM ledger_filing),
 (SELECT COALESCE(MAX(id), 0) FROM ledger_link), (SELECT COALESCE(MAX(id), 0) FROM ledger_partydecision),
 (SELECT COALESCE(SUM(version), 0) FROM newsroom_story), (SELECT COALESCE(MAX(id), 0) + COUNT(*) FROM newsroom_photo),
 (SELECT COUNT(*) FROM newsroom_story WHERE state = 'published' AND embargo > %s)
"""


@dataclass(slots=True)
class Kept:
    """A page as it goes out. ``cost``: seconds that it took; ``made``: when, on the clock that only runs forward.

    ``old_since``: when it was first given although the stamp was another."""

    stamp: str
    packed: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...]
    etag: str
    cost: float
    made: float
    old_since: float | None = None


class Pages:
    """The pages kept in this process, the least asked for dropped first. ``most`` 0: none is kept."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.most = most
        self._pages: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        self._making: set[tuple[str, ...]] = set()

    def get(self, key: tuple[str, ...]) -> Kept | None:
        with self._lock:
            found = self._pages.get(key)
            if found is not None:
                self._pages.move_to_end(key)
            return found

    def put(self, key: tuple[str, ...], page: Kept) -> None:
        with self._lock:
            before = self._pages.pop(key, None)
            self._bytes += len(page.packed) - (len(before.packed) if before else 0)
            self._pages[key] = page
            while self._bytes > self.most and self._pages:
                _old, gone = self._pages.popitem(last=False)
                self._bytes -= len(gone.packed)

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._bytes = 0

    def begin(self, key: tuple[str, ...]) -> bool:
        """Whether nobody makes this page yet; whoever hears True makes it and calls ``end``."""
        with self._lock:
            if key in self._making:
                return False
            self._making.add(key)
            return True

    def end(self, key: tuple[str, ...]) -> None:
        with self._lock:
            self._making.discard(key)


PAGES = Pages()


def stamp() -> str:
    """What the public pages are made from, in one word; one query."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(STAMP, [now])
        row = cursor.fetchone()
    return f"{'.'.join(str(x) for x in row)}.{timezone.localdate(now)}"


class _Asked:
    """The stamp as it was last asked for in this process, and when."""

    told: tuple[float, str] | None = None


def _stamp_now() -> str:
    at, told = time.monotonic(), _Asked.told
    if told is not None and at - told[0] < AGAIN:
        return told[1]
    now = stamp()
    _Asked.told = (at, now)
    return now


def public_page(view: View) -> View:
    """A view whose answer is the same for every visitor who is not signed in."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if not PAGES.most or settings.SESSION_COOKIE_NAME in request.COOKIES or "messages" in request.COOKIES:
            return view(request, *args, **named)
        key = (
            request.get_host(),
            translation.get_language() or "",
            get_script_prefix(),
            request.get_full_path(),
        )
        now, at = _stamp_now(), time.monotonic()
        kept = PAGES.get(key)
        if kept is not None and at - kept.made < AT_MOST:
            if kept.stamp == now:
                return _given(request, kept)
            kept.old_since = kept.old_since or at
            if kept.cost >= SLOW and at - kept.old_since < STALE:
                _make_beside(key, now, lambda: view(request, *args, **named))
                return _given(request, kept)
        began = time.monotonic()
        made = view(request, *args, **named)
        page = _keep(key, now, made, time.monotonic() - began)
        return made if page is None else _given(request, page)

    return answer


def _keep(key: tuple[str, ...], now: str, made: HttpResponse, cost: float) -> Kept | None:
    """Keep an answer that is whole and the same for everyone; None where it is not kept."""
    if made.status_code != 200 or made.streaming or made.cookies:
        return None
    etag = '"' + hashlib.sha256("\0".join((now, *key)).encode()).hexdigest()[:24] + '"'
    headers = tuple((n, v) for n, v in made.items() if n not in ("Content-Type", "Content-Length", "Vary"))
    page = Kept(
        now,
        gzip.compress(made.content, 6, mtime=0),
        made["Content-Type"],
        headers,
        etag,
        cost,
        time.monotonic(),
    )
    PAGES.put(key, page)
    return page


def _given(request: HttpRequest, page: Kept) -> HttpResponse:
    if page.etag in (
        t.strip().removeprefix("W/") for t in request.headers.get("If-None-Match", "").split(",")
    ):
        answer = HttpResponse(status=304)
    elif "gzip" in request.headers.get("Accept-Encoding", "") and len(page.packed) > LEAST_PACKED:
        answer = HttpResponse(page.packed, content_type=page.content_type)
        answer["Content-Encoding"] = "gzip"
    else:
        answer = HttpResponse(gzip.decompress(page.packed), content_type=page.content_type)
    for name, value in page.headers:
        answer[name] = value
    answer["ETag"] = page.etag
    answer["Cache-Control"] = "public, max-age=0, must-revalidate"
    patch_vary_headers(answer, ("Accept-Encoding",))
    return answer


def _make_beside(key: tuple[str, ...], now: str, make: Callable[[], HttpResponse]) -> None:
    """Make a page anew in a thread of its own, with a connection of its own; one for each page at a time."""
    if not PAGES.begin(key):
        return
    language, prefix = translation.get_language() or "", get_script_prefix()

    def work() -> None:
        began = time.monotonic()
        try:
            set_script_prefix(prefix)
            with translation.override(language):
                made = make()
                _keep(key, now, made, time.monotonic() - began)
        finally:
            connection.close()
            PAGES.end(key)

    threading.Thread(target=work, name="public page", daemon=True).start()
