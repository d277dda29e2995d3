"""The language of a screen: named by the address, else the reader's choice in a cookie, else Vietnamese.

Browsers in Vietnam often ask for English because nobody set them; so their wish is not followed, only the switch on the page.
A program has no switch: to the API it says its language in Accept-Language, and gets English where it says nothing known.

A public page has an address in each language: ``/records/x/`` and ``/en/records/x/``, so that either can be linked, kept, found
and copied into a folder. ``/vi/records/x/`` leads to the first and makes Vietnamese the reader's choice. What is not public
has one address; asked for under a language it leads there.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import get_script_prefix, set_script_prefix
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.encoding import escape_uri_path

Answer = Callable[[HttpRequest], HttpResponse]
NAMED = "en"
"""The language whose public pages have its code in their address; the other's have none."""
ONE_ADDRESS = ("desk", "accounts", "api", "language", "static", "en", "vi")
"""First parts of addresses that are the same in every language."""


def language_middleware(answer: Answer) -> Answer:
    """Set the language from the address, or from the cookie that ``set_language`` writes."""
    known = {code for code, _ in settings.LANGUAGES}

    def middleware(request: HttpRequest) -> HttpResponse:
        first, rest = _parted(request.path_info)
        if first in known:
            if first != NAMED or rest.split("/")[1] in ONE_ADDRESS:
                return _led_to(request, rest, first)
            return _under(request, rest, answer)
        wish = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = wish if wish in known else settings.LANGUAGE_CODE
        if request.path.startswith("/api/"):
            asked = request.headers.get("Accept-Language", "").strip().lower()
            language = next((code for code in known if asked.startswith(code)), "en")
        return _answered(request, language, answer)

    return middleware


def _parted(path: str) -> tuple[str, str]:
    """The first part of a path, and the path without it: never one that a browser takes for another host."""
    first, _slash, rest = path.removeprefix("/").partition("/")
    return first, "/" + rest.lstrip("/\\")


def _led_to(request: HttpRequest, rest: str, language: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    led = HttpResponseRedirect(escape_uri_path(rest) + (f"?{query}" if query else ""))
    led.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax")
    return led


def _under(request: HttpRequest, rest: str, answer: Answer) -> HttpResponse:
    """Answer as for the address without the language; every address that is made meanwhile has it."""
    before = get_script_prefix()
    request.path_info = rest
    set_script_prefix(f"/{NAMED}/")
    try:
        return _answered(request, NAMED, answer)
    finally:
        set_script_prefix(before)


def _answered(request: HttpRequest, language: str, answer: Answer) -> HttpResponse:
    with translation.override(language):
        request.LANGUAGE_CODE = language
        response = answer(request)
    response.headers.setdefault("Content-Language", language)
    patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response
