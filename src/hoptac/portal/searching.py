"""The public search (tìm kiếm): everything that is public, with or without accents, mistyped words put right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from rapidfuzz import process
from rapidfuzz.distance import OSA

from hoptac.lexicon.tables import default_lexicon
from hoptac.places.finder import finder
from hoptac.portal.indexing import LEAST_WORD, catch_up, folded
from hoptac.portal.models import KINDS, Entry, Word
from hoptac.portal.show import Meta, show
from hoptac.screens.labels import label
from hoptac.screens.lists import LONGEST_SEARCH, PER_PAGE
from hoptac.screens.placing import PlaceLink, place_link

MOST_WORDS = 10
MOST_FOUND = 500  # pages of one search that can be leafed through
RANKED = 2_000  # found pages up to which they are put in order of fitness; more are shown newest first
PLACES = 4  # places shown above what is found
NEAR, NEARER = 2, 1  # letters that may be wrong in a long word, in a short one
SHORT = 5  # letters of a short word
OFFERED = 200  # words as near that are looked at


@dataclass(frozen=True)
class Found:
    """What a search gives. ``read``: the words as they were understood, "" where they are as typed. ``some``: no page holds
    all of the words, these hold some. ``more``: there are more than can be leafed through."""

    ids: tuple[int, ...]
    read: str
    some: bool
    more: bool


def find(q: str, kind: str = "") -> Found:
    """The entries that hold every word of ``q``, each as the beginning of a word."""
    typed = folded(q).split()[:MOST_WORDS]
    if not typed:
        return Found((), "", False, False)
    words = [_known(w) for w in typed]
    ids, more = _match(words, kind, every=True)
    some = not ids and len(words) > 1
    if some:
        ids, more = _match(words, kind, every=False)
    return Found(tuple(ids), " ".join(words) if words != typed else "", some and bool(ids), more)


def _known(word: str) -> str:
    """A word as typed where any begins so, else the nearest that stands anywhere; the most frequent of those as near."""
    if len(word) < LEAST_WORD or not word.isalpha() or Word.objects.filter(word__startswith=word).exists():
        return word
    near = process.extract(
        word,
        _vocabulary(),
        scorer=OSA.distance,
        score_cutoff=NEARER if len(word) < SHORT else NEAR,
        limit=OFFERED,
    )
    if not near:
        return word
    best = min(distance for _word, distance, _n in near)
    seen = dict(
        Word.objects.filter(word__in=[w for w, d, _n in near if d == best]).values_list("word", "seen")
    )
    return max(sorted(seen), key=lambda w: (w[0] == word[0], seen[w])) if seen else word


class _Words:
    """The words of the index, read once for each state of it."""

    mark: tuple[int, int] = (0, 0)
    words: Sequence[str] = ()


def _vocabulary() -> Sequence[str]:
    told = Word.objects.aggregate(all=Sum("seen"))
    mark = (Word.objects.count(), told["all"] or 0)
    if _Words.mark != mark:
        _Words.words = list(Word.objects.values_list("word", flat=True))
        _Words.mark = mark
    return _Words.words


def _match(words: Sequence[str], kind: str, *, every: bool) -> tuple[list[int], bool]:
    """Ids of entries, fittest first (newest first where very many fit), and whether there are more than are given."""
    sql = _sqlite if connection.vendor == "sqlite" else _postgresql
    with connection.cursor() as cursor:
        told, values = sql(words, kind, every)
        cursor.execute(f"SELECT COUNT(*) FROM (SELECT 1 {told} LIMIT {RANKED + 1}) AS fitting", values)  # noqa: S608
        ranked = cursor.fetchone()[0] <= RANKED
        order, more = _order(words, every) if ranked else ("portal_entry.id DESC", [])
        cursor.execute(
            f"SELECT portal_entry.id {told} ORDER BY {order} LIMIT {MOST_FOUND + 1}",
            [*values, *more],
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    return ids[:MOST_FOUND], len(ids) > MOST_FOUND


def _sqlite(words: Sequence[str], kind: str, every: bool) -> tuple[str, list[str]]:
    told = (" AND " if every else " OR ").join(f'"{w}"*' for w in words)
    where = (
        "FROM portal_entry_words JOIN portal_entry ON portal_entry.id = portal_entry_words.rowid"
        " WHERE portal_entry_words MATCH %s"
    )
    return (where + " AND kind = %s", [told, kind]) if kind else (where, [told])


def _postgresql(words: Sequence[str], kind: str, every: bool) -> tuple[str, list[str]]:
    told = _tsquery(words, every)
    where = "FROM portal_entry WHERE to_tsvector('simple', words) @@ to_tsquery('simple', %s)"
    return (where + " AND kind = %s", [told, kind]) if kind else (where, [told])


def _tsquery(words: Sequence[str], every: bool) -> str:
    return (" & " if every else " | ").join(f"{w}:*" for w in words)


def _order(words: Sequence[str], every: bool) -> tuple[str, list[str]]:
    """Cooperations and parties before stories before records, then by fitness."""
    first = "CASE kind WHEN 'cooperation' THEN 0 WHEN 'party' THEN 1 WHEN 'story' THEN 2 WHEN 'activity' THEN 3 ELSE 4 END"
    head = "" if not every else f"{first}, "
    if connection.vendor == "sqlite":
        return f"{head}bm25(portal_entry_words), portal_entry.id DESC", []
    return (
        f"{head}ts_rank(to_tsvector('simple', words), to_tsquery('simple', %s), 1) DESC, portal_entry.id DESC",
        [_tsquery(words, every)],
    )


@dataclass(frozen=True)
class Hit:
    """A page that was found."""

    title: str
    href: str
    kind: str


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    q = request.GET.get("q", "").replace("\x00", "")[:LONGEST_SEARCH].strip()
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    up_to_date = catch_up() if q else True
    found = find(q, kind)
    page: Page[int] = Paginator(found.ids, PER_PAGE).get_page(request.GET.get("page"))
    entries = Entry.objects.defer("words").in_bulk(list(page.object_list))
    places: list[PlaceLink] = []
    if q and not kind and page.number == 1:
        places = [place_link(u) for u in finder(default_lexicon()).find(found.read or q)[:PLACES]]
    context = {
        "q": q,
        "kind": kind,
        "kinds": [(k, kind_name(k)) for k in KINDS],
        "found": found,
        "page": page,
        "hits": [hit_of(entries[pk]) for pk in page.object_list if pk in entries],
        "places": places,
        "up_to_date": up_to_date,
    }
    return show(request, "portal/search.html", context, Meta(_("Search"), indexed=False))


def kind_name(kind: str) -> str:
    names = {"cooperation": _("Cooperation"), "party": _("Party"), "story": _("News")}
    return names.get(kind) or label("kind", kind)


def hit_of(entry: Entry) -> Hit:
    if entry.kind == "story":
        href = reverse("portal:story", args=[entry.ref, entry.slug])
    elif entry.kind in ("cooperation", "party"):
        href = reverse(f"portal:{entry.kind}", args=[entry.slug])
    else:
        href = reverse("portal:record", args=[entry.slug])
    return Hit(entry.title, href, kind_name(entry.kind))
