"""Pages of errors (trang báo lỗi): what happened and what to do, in the reader's language."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def form_check_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its secret, or with that of another session."""
    return render(request, "403_form.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": _("There is nothing here"), "status": 404}
        return JsonResponse(body, status=404, content_type="application/problem+json")
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the request's processors: whatever broke may be what they need."""
    return HttpResponse(render_to_string("500.html", {}), status=500)
