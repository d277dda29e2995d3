"""Addresses of the page at hand told otherwise, and what the pages of the inbox need in their templates."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.http import HttpRequest

from hoptac.screens.passages import Piece

register = template.Library()


@register.simple_tag
def query_of(request: HttpRequest) -> str:
    """The filters of the address at hand, for a link to the same list told otherwise; the page left out."""
    query = request.GET.copy()
    query.pop("page", None)
    return f"?{query.urlencode()}" if query else ""


@register.simple_tag
def claims_at(piece: Piece, numbers: Mapping[int, list[int]], begins: bool = False) -> str:
    """The numbers of the claims that stand on a stretch of text, or whose passage begins there."""
    passages = piece.begins if begins else piece.inside
    return " ".join(str(n) for n in sorted({n for pk in passages for n in numbers.get(pk, ())}))


@register.simple_tag
def sum_of_href(request: HttpRequest, key: str) -> str:
    """The address of what one line of the sums at hand is made of."""
    query = request.GET.copy()
    query.pop("page", None)
    query.setdefault("by", "field")
    query["group"] = key
    return f"of/?{query.urlencode()}"
