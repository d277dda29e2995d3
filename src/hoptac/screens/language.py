"""The language of a screen: the reader's choice in a cookie, else Vietnamese.

Browsers in Vietnam often ask for English because nobody set them; so their wish is not followed, only the switch on the page.
A program has no switch: to the API it says its language in Accept-Language, and gets English where it says nothing known.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

Answer = Callable[[HttpRequest], HttpResponse]


def language_middleware(answer: Answer) -> Answer:
    """Set the language from the cookie that ``set_language`` writes."""
    known = {code for code, _ in settings.LANGUAGES}

    def middleware(request: HttpRequest) -> HttpResponse:
        wish = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = wish if wish in known else settings.LANGUAGE_CODE
        if request.path.startswith("/api/"):
            asked = request.headers.get("Accept-Language", "").strip().lower()
            language = next((code for code in known if asked.startswith(code)), "en")
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = answer(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie", "Accept-Language"))
        return response

    return middleware
