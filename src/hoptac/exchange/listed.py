"""Every file there is to download, with its address (danh sách tệp)."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from hoptac.exchange.models import Publisher
from hoptac.exchange.publish import files_of
from hoptac.exchange.tables import TABLES


def formats() -> tuple[str, ...]:
    """The kinds of file in which tables are given here."""
    return ("csv", "xlsx", "parquet") if find_spec("pyarrow") else ("csv", "xlsx")


def listed(request: HttpRequest) -> list[dict[str, Any]]:
    """Every file with its address, for programs."""
    out: list[dict[str, Any]] = []
    for publisher in Publisher.objects.select_related("party"):
        for file in files_of(publisher):
            out.append(
                {
                    "kind": "iati-activities",
                    "name": file.name,
                    "publisher": publisher.party.name,
                    "ref": publisher.ref,
                    "items": file.activities,
                    "made_at": publisher.made_at,
                    "url": request.build_absolute_uri(reverse("opendata:iati", args=[file.name])),
                }
            )
        name = f"{publisher.ref.lower()}-organisation.xml"
        out.append(
            {
                "kind": "iati-organisation",
                "name": name,
                "publisher": publisher.party.name,
                "ref": publisher.ref,
                "items": 1,
                "made_at": publisher.made_at,
                "url": request.build_absolute_uri(reverse("opendata:iati", args=[name])),
            }
        )
    for table in TABLES:
        for kind in formats():
            out.append(
                {
                    "kind": kind,
                    "name": table,
                    "publisher": None,
                    "ref": None,
                    "items": None,
                    "made_at": None,
                    "url": request.build_absolute_uri(reverse("opendata:table", args=[table, kind])),
                }
            )
    return out
