"""The API's root: addresses, pages by cursor, errors as problems. Public data only; what is public, ``visible`` decides."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeVar

from django.db.models import Count, Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from hoptac import __version__
from hoptac.api import files
from hoptac.api.shapes import (
    ChangeOut,
    CooperationOut,
    CooperationPage,
    CoverOut,
    GroupOut,
    LeftOut,
    Locality,
    NotPlacedOut,
    PassageOut,
    PlaceBrief,
    PlaceFull,
    PlaceList,
    PlaceSums,
    Problem,
    RecordFull,
    RecordOut,
    RecordPage,
    SourceOut,
    StatementOut,
    SumOut,
    SumsOut,
)
from hoptac.ledger.located import NOT_FILLED, NOWHERE, Ground, in_unit, on_map, placer
from hoptac.ledger.models import Cooperation, Record
from hoptac.ledger.whereabouts import MARK
from hoptac.lexicon.tables import default_lexicon
from hoptac.places.atlas import PART
from hoptac.places.finder import finder
from hoptac.places.units import Change, Unit
from hoptac.screens.grounds import level_name, place_slug, unit_of_slug, whole_name
from hoptac.screens.lists import ANY_LEVEL
from hoptac.screens.passages import short_quote
from hoptac.screens.placing import place_rows
from hoptac.screens.totals import Group, Sum, groups_by, total_of
from hoptac.screens.visible import public_cooperations, public_records
from hoptac.screens.voices import Voice, tell
from hoptac.text.fold import search_key

M = TypeVar("M", bound=Model)
MOST = 200  # items of one page
Limit = Annotated[int, Field(ge=1, le=MOST, description=f"Items of a page, at most {MOST}.")]
After = Annotated[
    str | None, Field(max_length=64, description="The cursor of a page before; take it from `next`.")
]
Words = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
Kind = Literal["contribution", "activity", "meeting", "agreement", "ask"]
Standing = Literal["read", "one_side", "both_sides", "disputed"]
Map = Literal["34", "63"]
Level = Literal["province", "district", "commune", "any"]

api = NinjaAPI(
    title="Hợp Tác",
    version=__version__,
    urls_namespace="api",
    description=(
        "Cooperation between localities: records, who says so, the words that say so. Every value of a record names the"
        " statements behind it; every statement its passages or its signer. Errors are problems (RFC 9457)."
    ),
)
ERRORS: dict[int, Any] = {404: Problem, 422: Problem}
api.add_router("/files", files.router)


def problem(
    request: HttpRequest, status: int, title: str, detail: str = "", errors: Sequence[Any] = ()
) -> HttpResponse:
    body = Problem(title=title, status=status, detail=detail, errors=list(errors))
    answer: HttpResponse = api.create_response(request, body.model_dump(), status=status)
    answer["Content-Type"] = "application/problem+json"
    return answer


@api.exception_handler(Http404)
def no_such_thing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(request, 404, _("There is nothing here"))


@api.exception_handler(ValidationError)
def odd_question(request: HttpRequest, error: ValidationError) -> HttpResponse:
    faults = [{"where": ".".join(map(str, e["loc"])), "found": str(e.get("msg", ""))} for e in error.errors]
    return problem(request, 422, _("The request cannot be read"), errors=faults)


@api.exception_handler(HttpError)
def other_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(request, error.status_code, str(error))


def cursor_of(row: Model) -> str:
    return urlsafe_b64encode(str(row.pk).encode()).decode().rstrip("=")


def page_after(
    rows: QuerySet[M], request: HttpRequest, after: str | None, limit: int
) -> tuple[list[M], str | None]:
    """Rows in order of their number after a cursor, and the address of the next page."""
    if after:
        try:
            rows = rows.filter(pk__gt=int(urlsafe_b64decode(after + "=" * (-len(after) % 4))))
        except (ValueError, OverflowError):
            raise HttpError(422, _("The cursor is not one of ours; take it from `next`.")) from None
    found = list(rows.order_by("pk")[: limit + 1])
    if len(found) <= limit:
        return found, None
    query = request.GET.copy()
    query["after"] = cursor_of(found[limit - 1])
    return found[:limit], request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


@api.get("/cooperations", response={200: CooperationPage, 422: Problem}, summary="Cooperations")
def cooperations(
    request: HttpRequest, q: Words = "", after: After = None, limit: Limit = 50
) -> CooperationPage:
    """Cooperations, those whose name holds every word of `q`, accents or not."""
    found = public_cooperations()
    for word in search_key(q).split():
        found = found.filter(slug__contains=word)
    rows, following = page_after(_counted(found), request, after, limit)
    return CooperationPage(items=[_cooperation(request, c) for c in rows], next=following)


@api.get("/cooperations/{slug:slug}", response={200: CooperationOut, **ERRORS}, summary="One cooperation")
def cooperation(request: HttpRequest, slug: str) -> CooperationOut:
    return _cooperation(request, _found(_counted(public_cooperations()).filter(slug=slug).first()))


@api.get("/cooperations/{slug:slug}/sums", response={200: SumsOut, **ERRORS}, summary="Sums of a cooperation")
def sums(
    request: HttpRequest,
    slug: str,
    by: Literal["field", "year", "place", "unit"] | None = None,
    map: Map = "34",
    level: Level = "province",
) -> SumsOut:
    """The sum of all contributions, or one for each field, year or place: what was counted, what was left out and why.

    `by=place` rolls records up onto the units of `map` (34: today's provinces, 63: until 2025-06-30) at `level`; what no unit
    there holds stands in groups of their own, by reason. `by=unit` takes the unit as it was. All groups together are always
    the same.
    """
    found: Cooperation = _found(public_cooperations().filter(slug=slug).first())
    groups = groups_by(found, by, _ground(map, level)) if by else (total_of(found),)
    return SumsOut(cooperation=found.slug, by=by, groups=[_group(request, g) for g in groups])


@api.get("/records", response={200: RecordPage, 422: Problem}, summary="Records")
def records(
    request: HttpRequest,
    cooperation: Words = "",
    kind: Kind | None = None,
    standing: Standing | None = None,
    year: Annotated[int | None, Field(ge=1, le=9999)] = None,
    place: Words = "",
    group: Words = "",
    map: Map = "34",
    level: Level = "province",
    q: Words = "",
    after: After = None,
    limit: Limit = 50,
) -> RecordPage:
    """Records in the order they were opened; every filter narrows.

    `place` is the id of a unit: what it and the units that it came from received. `group` is the key of a group of
    `by=place` on the same `map` and `level`.
    """
    found = public_records().prefetch_related("cooperations")
    if place:
        found = in_unit(found, _unit(place))
    if group:
        found = on_map(found, _ground(map, level), group)
    if cooperation:
        found = found.filter(cooperations__slug=cooperation)
    for word in search_key(q).split():
        found = found.filter(title_key__contains=word)
    for name, value in (("kind", kind), ("standing", standing), ("year", year)):
        if value is not None:
            found = found.filter(**{name: value})
    rows, following = page_after(found, request, after, limit)
    return RecordPage(items=[RecordOut(**_record(request, r)) for r in rows], next=following)


@api.get("/records/{slug:slug}", response={200: RecordFull, **ERRORS}, by_alias=True, summary="One record")
def record(request: HttpRequest, slug: str) -> RecordFull:
    """A record by its slug or uid, with every statement in force and the words that it stands on."""
    rows = public_records().prefetch_related("cooperations")
    found: Record = _found(rows.filter(slug=slug).first() or _by_uid(rows, slug))
    told = tell(found)
    return RecordFull(
        **_record(request, found), fields=found.fields, statements=[_statement(v) for v in told.voices]
    )


@api.get("/places", response={200: PlaceList, 422: Problem}, summary="Places that received")
def places(request: HttpRequest, map: Map = "34", level: Level = "province") -> PlaceList:
    """The units of a map with public records, the greatest sum first, and what none of them holds."""
    ground = _ground(map, level)
    rows, nowhere = place_rows(public_records(), ground)
    at = placer()
    return PlaceList(
        map=map,
        level=ground.level,
        items=[
            PlaceSums(**_place(request, at.places.unit(r.key)), records=r.count or 0, sums=_sums(r.sums))
            for r in rows
        ],
        not_placed=[
            NotPlacedOut(reason=r.key.removeprefix(NOWHERE), records=r.count or 0, sums=_sums(r.sums))
            for r in nowhere
        ],
    )


@api.get("/places/search", response={200: list[PlaceBrief], 422: Problem}, summary="Units by name")
def places_by_name(
    request: HttpRequest, q: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
) -> list[PlaceBrief]:
    """Every unit of any time that a name can mean, accents or not, the largest first; a comma parts it from what it lies in."""
    return [PlaceBrief(**_place(request, u)) for u in finder(default_lexicon()).find(q)[:MOST]]


@api.get("/places/{unit}", response={200: PlaceFull, **ERRORS}, summary="One place")
def place(request: HttpRequest, unit: str, map: Map = "34", level: Level = "commune") -> PlaceFull:
    """A unit in time, by its id ("03154@63") or the name of its page, and what it and the units it came from received."""
    found, at = _unit(unit), placer().places
    mine = in_unit(public_records(), found).filter(kind="contribution")
    ground = _ground(map, level)
    point = at.point(found)
    return PlaceFull(
        **_place(request, found),
        parents=[PlaceBrief(**_place(request, p)) for p in at.parents(found)],
        lat=point[0] if point else None,
        lon=point[1] if point else None,
        now=[CoverOut(**_place(request, c.unit), part=c.part) for c in at.now(found)],
        came_from=[_change(request, c, c.before) for c in at.predecessors(found)],
        became=[_change(request, c, c.after) for c in at.successors(found)],
        on_map=map,
        on_level=ground.level,
        received=_group(request, total_of(mine)),
        groups=[_group(request, g) for g in groups_by(mine, "place", ground)],
        perhaps=in_unit(public_records(), found, perhaps=True).count(),
    )


def _ground(units: str, level: str) -> Ground:
    return Ground(units, None if level == ANY_LEVEL else level)


def _unit(text: str) -> Unit:
    unit = placer().unit(text) or unit_of_slug(text)
    if unit is None:
        raise Http404
    return unit


def _place(request: HttpRequest, unit: Unit) -> dict[str, Any]:
    return {
        "id": unit.id,
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "level": level_name(unit),
        "full_name": whole_name(unit),
        "valid_from": unit.valid_from,
        "valid_to": unit.valid_to,
        "url": request.build_absolute_uri(reverse("portal:place", args=[place_slug(unit)])),
    }


def _change(request: HttpRequest, change: Change, other: Unit) -> ChangeOut:
    return ChangeOut(**_place(request, other), part=change.extent == PART, on=change.on, act=change.act)


def _by_uid(rows: QuerySet[Record], text: str) -> Record | None:
    from uuid import UUID

    try:
        return rows.filter(uid=UUID(text)).first()
    except ValueError:
        return None


def _found(row: M | None) -> M:
    if row is None:
        raise Http404
    return row


def _counted(rows: QuerySet[Cooperation]) -> QuerySet[Cooperation]:
    live = Count("records", filter=Q(records__in_force__gt=0), distinct=True)
    return rows.annotate(record_count=live).prefetch_related("localities")


def _cooperation(request: HttpRequest, c: Cooperation) -> CooperationOut:
    return CooperationOut(
        slug=c.slug,
        name=c.name,
        localities=[Locality(name=p.name, code=p.code, slug=p.slug) for p in c.localities.all()],
        records=getattr(c, "record_count", 0),
        url=request.build_absolute_uri(reverse("portal:cooperation", args=[c.slug])),
    )


def _record(request: HttpRequest, r: Record) -> dict[str, Any]:
    return {
        "uid": r.uid,
        "slug": r.slug,
        "kind": r.kind,
        "title": r.title,
        "year": r.year,
        "standing": r.standing,
        "values": r.values,
        "cooperations": [c.slug for c in r.cooperations.all()],
        "places": [u for u in (r.place_units or "").split(MARK) if u],
        "place_reason": NOT_FILLED if r.place_units is None else r.place_why,
        "url": request.build_absolute_uri(reverse("portal:record", args=[r.slug])),
    }


def _statement(voice: Voice) -> StatementOut:
    s, kept = voice.statement, voice.source
    return StatementOut(
        uid=s.uid,
        speaker=s.speaker.name if s.speaker else None,
        source=SourceOut(
            sha256=kept.sha256,
            name=kept.name,
            title=kept.title,
            outlet=kept.outlet,
            url=kept.url,
            published=kept.published,
            read_at=kept.taken_at,
        )
        if kept
        else None,
        values=s.values,
        made_at=s.made_at,
        certainty=None if s.certainty is None else f"{s.certainty:f}",
        passages=[PassageOut(start=p.start, end=p.end, quote=short_quote(p.quote)) for p in voice.passages],
    )


def _group(request: HttpRequest, group: Group) -> GroupOut:
    return GroupOut(
        key=group.key,
        name=group.name,
        unit=PlaceBrief(**_place(request, group.unit)) if group.unit is not None else None,
        sums=_sums(group),
        counted=[f.record.uid for f in group.counted],
        left_out=[LeftOut(record=f.record.uid, reason=f.reason) for f in group.left_out],
    )


def _sums(group: Group | Sum | None) -> list[SumOut]:
    return [SumOut(amount=f"{m.amount:f}", currency=m.currency) for m in group.sums] if group else []
