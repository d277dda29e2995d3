"""Files for everybody (dữ liệu mở): what publishers' IATI files hold and what the checks say of them; tables of public records."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hoptac.exchange.listed import formats
from hoptac.exchange.models import Published, Publisher
from hoptac.exchange.publish import HELD, OUT, File, files_of, organisation_file, write_file
from hoptac.exchange.tables import TABLES, csv_pieces, meanings, write_parquet, write_xlsx
from hoptac.ledger.models import Record
from hoptac.portal.show import Meta, show
from hoptac.screens.labels import language_code
from hoptac.screens.lists import page_of
from hoptac.screens.visible import public_records

XML = "application/xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARQUET = "application/vnd.apache.parquet"
PIECE = 1 << 16


@require_safe
def files(request: HttpRequest) -> HttpResponse:
    """Every file there is, and the dictionary of the tables."""
    lang, words = language_code(), meanings()
    publishers = []
    for publisher in Publisher.objects.select_related("party"):
        held = publisher.activities.filter(state=HELD).count()
        noted = publisher.activities.filter(state=OUT).exclude(findings=[]).count()
        publishers.append((publisher, files_of(publisher), held, noted))
    tables = [
        (table.name, [(name, type_, words[table.name, name][lang]) for name, type_, _ in table.columns])
        for table in TABLES.values()
    ]
    context = {"publishers": publishers, "tables": tables, "formats": formats()}
    return show(request, "portal/opendata.html", context, Meta(_("Files to download")))


@require_safe
def findings(request: HttpRequest, ref: str) -> HttpResponse:
    """What the checks say of a publisher's activities, in plain words, each with the record to open."""
    publisher = get_object_or_404(Publisher.objects.select_related("party"), ref=ref)
    rows = publisher.activities.exclude(findings=[]).exclude(state="gone").order_by("state", "id")
    page = page_of(rows.select_related("record").defer("body"), request.GET)
    lang = language_code()
    open_to_all = set(_public(page.object_list).values_list("pk", "slug"))
    slugs = {slug for _, slug in open_to_all}
    told = [
        (
            row,
            row.record
            if row.record is not None and (row.record.pk, row.record.slug) in open_to_all
            else None,
            [
                {
                    "id": f["id"],
                    "severity": f["severity"],
                    "what": f.get("what", ""),
                    "words": f[lang],
                    "record": f["record"] if f.get("record") in slugs else "",
                }
                for f in row.findings
            ],
        )
        for row in page.object_list
    ]
    context = {"publisher": publisher, "page": page, "told": told}
    meta = Meta(_("What the checks say"), indexed=False)
    return show(request, "portal/opendata_findings.html", context, meta)


def _public(rows: Iterable[Published]) -> QuerySet[Record]:
    slugs = {f.get("record") for row in rows for f in row.findings} | {
        row.record.slug for row in rows if row.record is not None
    }
    return public_records().filter(slug__in=[slug for slug in slugs if slug])


@require_safe
def iati_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """One IATI file: the same bytes as long as nothing in it changed."""
    publisher, file = _file(name)
    if file is None:
        return _attached(HttpResponse(organisation_file(publisher)[1], content_type=XML), name)
    return _attached(StreamingHttpResponse(write_file(publisher, file), content_type=XML), name)


def _file(name: str) -> tuple[Publisher, File | None]:
    """The publisher of a file and the file; None for the organisation file. 404 where there is none of this name."""
    for publisher in Publisher.objects.select_related("party"):
        if not name.startswith(f"{publisher.ref.lower()}-"):
            continue
        if name == f"{publisher.ref.lower()}-organisation.xml":
            return publisher, None
        for file in files_of(publisher):
            if file.name == name:
                return publisher, file
    raise Http404


@require_safe
def table_file(request: HttpRequest, name: str, kind: str) -> HttpResponseBase:
    """One table of public records as CSV, Excel or Parquet."""
    table = TABLES.get(name)
    if table is None or kind not in formats():
        raise Http404
    file = f"hoptac-{name}.{kind}"
    if kind == "csv":
        pieces = (piece.encode() for piece in csv_pieces(table, public=True))
        return _attached(StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8"), file)
    if kind == "xlsx":
        book = BytesIO()
        write_xlsx(book, [table], public=True, lang=language_code())
        return _attached(HttpResponse(book.getvalue(), content_type=SHEET), file)
    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / file
    write_parquet(path, table, public=True)
    return _attached(StreamingHttpResponse(_read(path, folder), content_type=PARQUET), file)


def _read(path: Path, folder: tempfile.TemporaryDirectory[str]) -> Iterator[bytes]:
    with folder, path.open("rb") as stream:
        while piece := stream.read(PIECE):
            yield piece


def _attached(answer: HttpResponseBase, name: str) -> HttpResponseBase:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
