"""What every public page has beside its content (khung trang công khai): its own address, the other language's, what it is about.

An address is stable: the name in it may change, its id leads on. ``canonical`` is the one under which a page is to be kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from hoptac.screens.labels import language_code
from hoptac.screens.language import NAMED

KEPT = ("by", "group", "map", "level", "page")
"""Parts of a query that make another page; all others only choose from a list."""
DESCRIPTION = 200  # characters


@dataclass(frozen=True)
class Image:
    """A picture for a share card: whole address, size, what it shows."""

    address: str
    width: int
    height: int
    shows: str


@dataclass(frozen=True)
class Meta:
    """What a page is about, for search engines and share cards. ``linked``: schema.org things, as JSON-LD has them."""

    title: str = ""
    description: str = ""
    kind: str = "website"
    image: Image | None = None
    published: datetime | None = None
    changed: datetime | None = None
    linked: tuple[Mapping[str, Any], ...] = field(default=())
    indexed: bool = True


def whole(path: str) -> str:
    """A path's whole address, as the office that runs the program gave it (HOPTAC_ADDRESS)."""
    return f"{settings.HOPTAC_ADDRESS}{path}"


def show(
    request: HttpRequest, template: str, context: dict[str, Any], meta: Meta | None = None, status: int = 200
) -> HttpResponse:
    """A public page."""
    meta = meta or Meta()
    plain = request.path_info
    kept = urlencode([(k, v) for k in KEPT if (v := request.GET.get(k))])
    tail = f"?{kept}" if kept else ""
    query = request.META.get("QUERY_STRING", "")
    english, vietnamese = f"/{NAMED}{plain}", plain
    own = english if language_code() == NAMED else vietnamese
    frame = {
        "frame": "portal/frame.html",
        "space": "portal",
        "meta": meta,
        "description": cut(meta.description),
        "canonical": whole(own + tail),
        "in_english": whole(english + tail),
        "in_vietnamese": whole(vietnamese + tail),
        "to_english": english + (f"?{query}" if query else ""),
        "to_vietnamese": f"/vi{plain}" + (f"?{query}" if query else ""),
        "json_ld": [json_ld(thing) for thing in meta.linked],
    }
    return render(request, template, frame | context, status=status)


def cut(text: str, most: int = DESCRIPTION) -> str:
    """A text in one line, cut between words."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: flat.rfind(" ", 0, most - 1)].rstrip(",;:.") + "…"


def json_ld(thing: Mapping[str, Any]) -> SafeString:
    """A schema.org thing as the text of a script element that no browser runs; no sign in it can end that element."""
    said = json.dumps({"@context": "https://schema.org"} | dict(thing), ensure_ascii=False)
    for sign in "<>&":
        said = said.replace(sign, f"\\u{ord(sign):04x}")
    return mark_safe(said)  # noqa: S308 - the signs that mean something in HTML are written as escapes


def dataset(name: str, description: str, path: str, files: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """A schema.org Dataset. ``files``: path -> (media type, name)."""
    return {
        "@type": "Dataset",
        "name": name,
        "description": cut(description, 500),
        "url": whole(path),
        "inLanguage": language_code(),
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": "Hợp Tác", "url": whole("/")},
        "distribution": [
            {"@type": "DataDownload", "contentUrl": whole(where), "encodingFormat": kind, "name": title}
            for where, (kind, title) in files.items()
        ],
    }


def site_thing() -> dict[str, Any]:
    """The site itself, with the address of its search."""
    return {
        "@type": "WebSite",
        "name": "Hợp Tác",
        "url": whole("/"),
        "description": _("Cooperation between localities, and the words that say so."),
        "potentialAction": {
            "@type": "SearchAction",
            "target": whole("/search/?q={words}"),
            "query-input": "required name=words",
        },
    }
