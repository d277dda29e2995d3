"""The whole public site as a folder of files (bản tĩnh), for any file server or a disk: links lead from file to file.

Pages are asked for as a visitor asks, in both languages, beginning with every address of the sitemap; further ones (another map, the
next page of a list, what a sum is made of) are followed from there. What only a running program can do (search, filters, forms,
sorting) is left out, or leads to the running site where its address is given.
"""

from __future__ import annotations

import posixpath
import re
import shutil
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import lxml.html
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.handlers.base import BaseHandler
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.http import HttpResponse
from django.test import RequestFactory

from hoptac.portal import feeds
from hoptac.screens.language import NAMED, ONE_ADDRESS

MARK = ".hoptac-site"
"""A file that says a folder was written here: only such a folder, or an empty one, is written over."""
FOLLOWED = frozenset({"map", "level", "page", "left", "by", "group", "cooperation", "kind"})
"""Parts of a query that make a page of its own here; an address with any other part is not followed."""
MOST_PARTS = 3
MOST_PAGES = 200_000
LIVE_ONLY = ("search", "corrections", *ONE_ADDRESS[:4])
FILES = re.compile(r"[^/]\.[a-z]{2,7}\Z")
ODD = re.compile(r"[^\w-]")
CSS_URL = re.compile(r"url\(['\"]?([^'\")]+)")


class FolderError(Exception):
    """A folder that was not written here and is not empty."""


@dataclass
class Written:
    """What was written: pages, other files, bytes; addresses that gave no page, with their status."""

    pages: int = 0
    files: int = 0
    bytes: int = 0
    failed: list[tuple[str, int]] = field(default_factory=list)


def write_site(
    folder: Path, *, live: str = "", most: int = MOST_PAGES, told: Callable[[int], None] = lambda done: None
) -> Written:
    """Write the public site into a folder. ``live``: the address of the running site, "" for none.

    The folder is made anew beside its place and put there when it is whole. Raises FolderError.
    """
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / MARK).exists())):
        raise FolderError(str(folder))
    draft = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        written = _Writer(draft, live.rstrip("/"), most, told).write()
        (draft / MARK).write_text("hoptac site\n", encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        draft.replace(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return written


class _Writer:
    def __init__(self, folder: Path, live: str, most: int, told: Callable[[int], None]) -> None:
        self.folder, self.live, self.most, self.told = folder, live, most, told
        self.ask = _asker()
        self.written = Written()
        self.waiting: deque[str] = deque()
        self.known: set[str] = set()

    def write(self) -> Written:
        for address in _first():
            self._want(address)
        while self.waiting:
            address = self.waiting.popleft()
            self._take(address)
            if self.written.pages % 50 == 0:
                self.told(self.written.pages)
        return self.written

    def _want(self, address: str) -> bool:
        """Whether an address gets a file; if it is new, it waits to be written."""
        if address in self.known:
            return True
        if len(self.known) >= self.most:
            return False
        self.known.add(address)
        self.waiting.append(address)
        return True

    def _take(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.path.startswith(settings.STATIC_URL):
            self._static(parts.path)
            return
        answer = self.ask(address)
        if answer.status_code in (301, 302):
            self._pointer(address, answer["Location"])
        elif answer.status_code != 200:
            self.written.failed.append((address, answer.status_code))
        elif answer["Content-Type"].startswith("text/html"):
            self.written.pages += 1
            self._put(file_of(address), self._page(address, answer.content))
        else:
            self._put(file_of(address), answer.content)

    def _pointer(self, address: str, target: str) -> None:
        """A page that leads on, where an address moved."""
        where = self._link(address, target)
        if where is not None:
            said = f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={where}"><a href="{where}">{where}</a>'
            self._put(file_of(address), said.encode())

    def _put(self, name: str, data: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.written.files += 1
        self.written.bytes += len(data)

    def _static(self, path: str) -> None:
        found = finders.find(unquote(path.removeprefix(settings.STATIC_URL)))
        if not isinstance(found, str):
            self.written.failed.append((path, 404))
            return
        data = Path(found).read_bytes()
        if path.endswith(".css"):
            for inner in CSS_URL.findall(data.decode()):
                if not inner.startswith(("data:", "http:", "https:", "//")):
                    self._want(posixpath.normpath(posixpath.join(posixpath.dirname(path), inner)))
        self._put(file_of(path), data)

    def _page(self, address: str, content: bytes) -> bytes:
        document: Any = lxml.html.document_fromstring(content.decode())
        for form in document.xpath("//form"):
            self._form(form)
        for element in document.xpath("//*[@href or @src]"):
            for name in ("href", "src"):
                value = element.get(name)
                if value is None or (element.get("rel") in ("canonical", "alternate") and "://" in value):
                    continue
                where = self._link(address, value)
                if where is None:
                    del element.attrib[name]
                else:
                    element.set(name, where)
        for element in document.xpath("//svg//*[@*[name()='xlink:href']]"):
            del element.attrib["{http://www.w3.org/1999/xlink}href"]
        for link in document.xpath("//link[not(@href)]"):
            link.getparent().remove(link)
        said = lxml.html.tostring(document, encoding="utf-8", doctype="<!doctype html>")
        return bytes(said)

    def _form(self, form: Any) -> None:
        """A form leads to the running site, where there is one; else it goes."""
        if self.live and (form.get("method") or "get").lower() == "get":
            action = form.get("action") or ""
            if action.startswith("/"):
                form.set("action", self.live + action)
                return
        form.drop_tree()

    def _link(self, here: str, target: str) -> str | None:
        """A link of a page as it stands in its file; None where it leads nowhere."""
        if target.startswith(("#", "data:", "mailto:")):
            return target
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            return target
        base = urlsplit(here)
        path = parts.path or base.path
        if not path.startswith("/"):
            path = posixpath.normpath(posixpath.join(base.path, path)) + ("/" if path.endswith("/") else "")
        first = path.split("/")[1] if "/" in path else ""
        if first == "vi":
            path = path.removeprefix("/vi")
            first = path.split("/")[1]
        if first == NAMED:
            first = [*path.split("/"), "", ""][2]
        query = _sorted(parts.query)
        live_only = first in LIVE_ONLY and not path.startswith(settings.STATIC_URL)
        if live_only or query is None or not self._want(path + (f"?{query}" if query else "")):
            return self.live + path + (f"?{parts.query}" if parts.query else "") if self.live else None
        wanted = path + (f"?{query}" if query else "")
        there = posixpath.relpath(file_of(wanted), posixpath.dirname(file_of(here)) or ".")
        return there + (f"#{parts.fragment}" if parts.fragment else "")


def _first() -> Iterator[str]:
    """Every address of the sitemap, in both languages, and the files beside the pages."""
    for prefix in ("", f"/{NAMED}"):
        for section in feeds.SECTIONS[:-1]:
            yield from (prefix + path for path in feeds.addresses(section))
        number = 1
        while paths := feeds.records_part(number):
            yield from (prefix + path for path in paths)
            number += 1
        yield from (prefix + path for path in ("/new.atom", "/news/feed.atom"))
    yield from ("/robots.txt", f"{settings.STATIC_URL}icon.svg")


def _sorted(query: str) -> str | None:
    """A query in one order; None where it is none that makes a page of its own."""
    pairs = sorted((k, v) for k, v in parse_qsl(query) if v)
    if len(pairs) > MOST_PARTS or any(k not in FOLLOWED for k, _v in pairs):
        return None
    return urlencode(pairs)


def file_of(address: str) -> str:
    """The file that holds an address.

    >>> file_of("/records/x-1/"), file_of("/places/?map=63&page=2"), file_of("/records.csv?cooperation=a")
    ('records/x-1/index.html', 'places/map-63.page-2.html', 'records.cooperation-a.csv')
    """
    parts = urlsplit(address)
    path = unquote(parts.path).lstrip("/")
    told = ".".join(f"{k}-{ODD.sub('_', v)}" for k, v in parse_qsl(parts.query))
    if FILES.search(path) or path.startswith(settings.STATIC_URL.lstrip("/")):
        stem, dot, ending = path.rpartition(".")
        return f"{stem}.{told}.{ending}" if told and dot else path
    return f"{path.rstrip('/')}/{told or 'index'}.html".lstrip("/")


def _asker() -> Callable[[str], HttpResponse]:
    """Ask the program itself for an address, as a visitor without a cookie does."""
    get_wsgi_application()
    handler = BaseHandler()
    handler.load_middleware()
    made = RequestFactory(headers={"host": urlsplit(settings.HOPTAC_ADDRESS).hostname or "localhost"})
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)

    def ask(address: str) -> HttpResponse:
        secure = settings.HOPTAC_ADDRESS.startswith("https:")
        answer = handler.get_response(made.get(address, secure=secure))
        if not isinstance(answer, HttpResponse):
            return HttpResponse(b"".join(answer), content_type=answer["Content-Type"])
        answer.close()
        return answer

    return ask
