"""What waits for my side (việc chờ bên mình): records of which it has said nothing, or of which somebody says otherwise since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hoptac.desk.answers import states_of
from hoptac.ledger.models import RECORD_KINDS, Party, Record, RecordParty
from hoptac.ledger.turns import UNANSWERED, WAITING
from hoptac.screens.access import desk_of, open_cooperations
from hoptac.screens.labels import label
from hoptac.screens.lists import RecordFilter, page_of
from hoptac.screens.tables import csv_answer
from hoptac.screens.templatetags.hoptac import heading, names


@dataclass(frozen=True)
class Wish:
    """What the list was asked for: the filters of records, and why it waits (``word``)."""

    records: RecordFilter
    word: str

    @classmethod
    def of(cls, query: QueryDict) -> Wish:
        word = query.get("word", "")
        return cls(RecordFilter.of(query), word if word in WAITING else "")

    @property
    def narrowed(self) -> bool:
        return self.records.narrowed or bool(self.word)

    def query(self) -> str:
        parts = [self.records.query(), f"word={self.word}" if self.word else ""]
        return "&".join(filter(None, parts))


@dataclass(frozen=True)
class Row:
    """A record that waits, why, and for which of the user's sides it can be confirmed here."""

    record: Record
    words: tuple[str, ...]
    state: str
    form_uid: UUID
    speakers: tuple[Party, ...]

    @property
    def owes_answer(self) -> bool:
        """Whether to confirm once more would not do: a request wants an answer."""
        return UNANSWERED in self.words


def waiting_for(sides: frozenset[int], word: str = "") -> QuerySet[Record]:
    """The live records that wait for any of some sides."""
    words = [word] if word else list(WAITING)
    roles = RecordParty.objects.filter(party_id__in=sides, role="side", word__in=words)
    return Record.objects.live().filter(pk__in=roles.values("record_id"))


def rows_of(request: HttpRequest, records: list[Record]) -> list[Row]:
    """The rows of a page, in three queries whatever their number."""
    desk = desk_of(request)
    ids = [r.pk for r in records]
    waiting: dict[int, list[RecordParty]] = {pk: [] for pk in ids}
    roles = RecordParty.objects.filter(
        record__in=ids, party_id__in=desk.ids, role="side", word__in=WAITING
    ).select_related("party")
    for role in roles.order_by("pk"):
        waiting[role.record_id].append(role)
    speaking = desk.writes_for(desk.ids)
    states = states_of(ids) if speaking else dict.fromkeys(ids, "")
    return [
        Row(
            r,
            tuple(dict.fromkeys(role.word or "" for role in waiting[r.pk])),
            states[r.pk],
            uuid4(),
            tuple(role.party for role in waiting[r.pk] if role.party_id in speaking),
        )
        for r in records
    ]


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    desk, wish = desk_of(request), Wish.of(request.GET)
    found = waiting_for(desk.ids, wish.word)
    page = page_of(wish.records.apply(found), request.GET)
    context: dict[str, Any] = {
        "page": page,
        "rows": rows_of(request, list(page.object_list)),
        "wish": wish,
        "words": [(word, label("word", word)) for word in WAITING],
        "kinds": [(kind, label("kind", kind)) for kind in RECORD_KINDS],
        "cooperations": open_cooperations(desk).values_list("slug", "name"),
        "here": request.get_full_path(),
    }
    return render(request, "desk/mine.html", context)


@require_safe
@login_required
def mine_csv(request: HttpRequest) -> HttpResponse:
    desk, wish = desk_of(request), Wish.of(request.GET)
    records = list(wish.records.apply(waiting_for(desk.ids, wish.word)))
    words: dict[int, list[str]] = {}
    roles = RecordParty.objects.filter(party_id__in=desk.ids, role="side", word__in=WAITING).order_by("pk")
    for pk, word in roles.values_list("record_id", "word"):
        words.setdefault(pk, []).append(label("word", word))
    columns = (
        (_("Why"), lambda r: "; ".join(dict.fromkeys(words.get(r.pk, ())))),
        (_("Kind"), lambda r: label("kind", r.kind)),
        (_("What"), heading),
        (_("Given by"), lambda r: names(r.values.get("funder") or r.values.get("by"))),
        (_("Received by"), lambda r: names(r.values.get("recipient") or r.values.get("to"))),
        (_("Sum"), lambda r: (r.values.get("amount") or {}).get("value")),
        (_("Currency"), lambda r: (r.values.get("amount") or {}).get("currency")),
        (_("Year"), lambda r: r.year),
        (_("Standing"), lambda r: label("standing", r.standing)),
        (_("Address"), lambda r: request.build_absolute_uri(reverse("desk:record", args=[r.slug]))),
    )
    return csv_answer("waiting", columns, records)
