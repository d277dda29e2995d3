"""The list of records (danh sách hồ sơ), for the desk and for the public: its filters, its rows on a map, its CSV."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.ledger.models import RECORD_KINDS, STANDINGS, Cooperation, Party, Record
from hoptac.reading.values import FIELDS, STATUSES
from hoptac.screens.grounds import USUAL, map_choices, name_of_key
from hoptac.screens.labels import label
from hoptac.screens.lists import RecordFilter, page_of
from hoptac.screens.placing import own_units, place_link, spot_of, with_spots
from hoptac.screens.tables import csv_answer
from hoptac.screens.templatetags.hoptac import heading, names, shown


def list_context(
    request: HttpRequest,
    records: QuerySet[Record],
    cooperations: QuerySet[Cooperation],
    parties: QuerySet[Party],
    space: str,
) -> dict[str, Any]:
    """A page of those of some records that the address asks for."""
    wish = RecordFilter.of(request.GET)
    page = page_of(wish.apply(records).select_related("fact"), request.GET)
    unit = wish.unit
    years = records.exclude(year=None).order_by("-year").values_list("year", flat=True).distinct()
    return {
        "space": space,
        "page": page,
        "rows": with_spots(list(page.object_list), wish.map or USUAL),
        "wish": wish,
        "kinds": [(code, label("kind", code)) for code in RECORD_KINDS],
        "fields": [(code, label("field", code)) for code in FIELDS],
        "statuses": [(code, label("status", code)) for code in STATUSES],
        "standings": [(code, label("standing", code)) for code in STANDINGS],
        "years": [year for year in years if year is not None],
        "party": parties.filter(slug=wish.party).first() if wish.party else None,
        "place": place_link(unit) if unit is not None else None,
        "spot_name": name_of_key(wish.spot) if wish.spot else "",
        "cooperations": cooperations.values_list("slug", "name"),
        "maps": map_choices(wish.ground),
    }


def list_csv(request: HttpRequest, records: QuerySet[Record], space: str) -> HttpResponse:
    """All rows of the list at hand, in its order: the screen's columns, the sum in digits, the unit as it was by its id."""
    wish = RecordFilter.of(request.GET)
    ground = type(wish.ground)(wish.ground.units, None)

    def where(record: Record) -> str:
        spot = spot_of(record, ground)
        return spot.link.whole if spot.link else spot.why

    columns = (
        (_("Kind"), lambda r: label("kind", r.kind)),
        (_("What"), heading),
        (
            _("Given by"),
            lambda r: names(r.values.get("funder") or r.values.get("by") or r.values.get("parties")),
        ),
        (_("Received by"), lambda r: names(r.values.get("recipient") or r.values.get("to"))),
        (_("Sum"), lambda r: (r.values.get("amount") or {}).get("value")),
        (_("Currency"), lambda r: (r.values.get("amount") or {}).get("currency")),
        (_("Exactness"), lambda r: (r.values.get("amount") or {}).get("bound")),
        (_("Year"), lambda r: r.year),
        (_("Field"), lambda r: shown(r.values.get("field"), "field") if r.values.get("field") else ""),
        (_("State"), lambda r: shown(r.values.get("status"), "status") if r.values.get("status") else ""),
        (_("Standing"), lambda r: label("standing", r.standing)),
        (_("Place as it was"), lambda r: "; ".join(link.whole for link in own_units(r))),
        (_("Unit as it was"), lambda r: r.place_units or ""),
        (_("Place on the map"), where),
        (
            _("Address"),
            lambda r: request.build_absolute_uri(reverse(f"{space}:record", args=[r.slug])),
        ),
    )
    rows: Iterable[Record] = wish.apply(records).select_related("fact")
    return csv_answer("records", columns, rows)
