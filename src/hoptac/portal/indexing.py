"""Keeping the search index up with the ledger (cập nhật chỉ mục).

Every change of a record comes with a filing, so the index is whole up to a filing and goes on from there: a search first takes in
what is new. ``make_index`` makes it from nothing, after a rebuild.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable

from django.db import OperationalError, connection, transaction
from django.db.models import Max

from hoptac.ledger.models import Cooperation, Filing, Party, Record, RecordParty
from hoptac.newsroom.models import Story
from hoptac.portal.models import Entry, IndexState, Word
from hoptac.screens.labels import label
from hoptac.screens.templatetags.hoptac import heading, names
from hoptac.screens.visible import public_cooperations, public_parties, public_records
from hoptac.text.fold import search_key

AT_ONCE = 2_000  # records of one step: each step asks once which of them are public
FILINGS = 2_000  # filings that one search takes in at most
STORY_WORDS = 20_000  # characters of a story that are searched
_LETTERS = re.compile(r"[^\W_]+")
LEAST_WORD, LONGEST_WORD = 3, 30  # letters of a word that is offered for a mistyped one


def folded(*texts: str | None) -> str:
    """Texts as the index has them: their words in search form, one space between."""
    return " ".join(_LETTERS.findall(search_key(" ".join(t for t in texts if t))))


def catch_up(most: int = FILINGS) -> bool:
    """Take into the index what was filed and published since; False where more is left than ``most`` filings.

    Where another process writes at the moment, nothing is done: its words are found a moment later.
    """
    try:
        with transaction.atomic():
            return _catch_up(most)
    except OperationalError:
        return False


def _catch_up(most: int) -> bool:
    state = IndexState.objects.select_for_update().filter(pk=1).first() or IndexState(pk=1)
    _index_stories()
    last = Filing.objects.aggregate(last=Max("id"))["last"] or 0
    if last <= state.filing:
        return True
    rows = list(
        Filing.objects.filter(id__gt=state.filing).order_by("id").values_list("id", "statement_id")[:most]
    )
    touched = Filing.objects.filter(statement__in=[s for _id, s in rows], record__isnull=False)
    ids = sorted(set(touched.values_list("record_id", flat=True)))
    for at in range(0, len(ids), AT_ONCE):
        _index_records([i for i in ids[at : at + AT_ONCE] if i is not None])
    state.filing = rows[-1][0]
    state.save()
    return rows[-1][0] >= last


def make_index(told: Callable[[int], None] = lambda done: None) -> int:
    """Make the whole index anew; gives how many entries it has."""
    with transaction.atomic():
        Entry.objects.all().delete()
        Word.objects.all().delete()
        last = Filing.objects.aggregate(last=Max("id"))["last"] or 0
        IndexState.objects.update_or_create(pk=1, defaults={"filing": last})
        after, done = 0, 0
        named: set[tuple[str, int]] = set()
        while ids := list(
            Record.objects.live().filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
        ):
            _index_records(ids, named)
            after, done = ids[-1], done + len(ids)
            told(done)
        _index_stories()
    return Entry.objects.count()


def _index_records(ids: list[int], named: set[tuple[str, int]] | None = None) -> None:
    """Index some records, and the parties and cooperations that they name; what is not public any more leaves the index.

    ``named``: the parties and cooperations that this run has indexed already; they are not looked at again.
    """
    named = set() if named is None else named
    records = list(public_records().filter(pk__in=ids))
    roles = RecordParty.objects.filter(record__in=ids).order_by()
    entries = [
        Entry(kind=r.kind, ref=r.pk, slug=r.slug, title=heading(r), words=_record_words(r)) for r in records
    ]
    gone = set(ids) - {r.pk for r in records}
    kinds = ("activity", "contribution", "meeting", "agreement", "ask")
    Entry.objects.filter(kind__in=kinds, ref__in=gone).delete()
    new = {pk for pk in roles.values_list("party_id", flat=True).distinct() if ("party", pk) not in named}
    if new:
        entries += [_party_entry(p) for p in public_parties().filter(pk__in=new)]
    linked = Record.cooperations.through.objects.filter(record__in=ids).order_by()
    found = set(linked.values_list("cooperation_id", flat=True).distinct())
    joined = {pk for pk in found if ("cooperation", pk) not in named}
    if joined:
        entries += [_cooperation_entry(c) for c in public_cooperations().filter(pk__in=joined)]
    named |= {("party", pk) for pk in new} | {("cooperation", pk) for pk in joined}
    _put(entries)


def _record_words(record: Record) -> str:
    v = record.values
    told = (v.get(k) for k in ("funder", "recipient", "by", "to", "parties", "place"))
    people = " ".join(str(p.get("name") or "") for p in v.get("people") or () if isinstance(p, dict))
    field = v.get("field")
    named = [label("field", field, lang) for lang in ("vi", "en")] if field else []
    return folded(
        heading(record), record.title, str(v.get("about") or ""), *(names(t) for t in told if t), people,
        *named, str(record.year or ""),
    )  # fmt: skip


def _party_entry(party: Party) -> Entry:
    return Entry(kind="party", ref=party.pk, slug=party.slug, title=party.name, words=folded(party.name))


def _cooperation_entry(found: Cooperation) -> Entry:
    return Entry(
        kind="cooperation", ref=found.pk, slug=found.slug, title=found.name, words=folded(found.name)
    )


def _index_stories() -> None:
    """Index the stories that anyone may read now; a story that changed, appeared or was withdrawn is seen by its version."""
    have = dict(Entry.objects.filter(kind="story").values_list("ref", "version"))
    now = dict(Story.objects.public().order_by().values_list("pk", "version"))
    if have == now:
        return
    Entry.objects.filter(kind="story", ref__in=have.keys() - now.keys()).delete()
    fresh = Story.objects.filter(pk__in=[pk for pk, version in now.items() if have.get(pk) != version])
    _put(
        [
            Entry(
                kind="story", ref=s.pk, slug=s.slug, title=s.headline, words=folded(s.words[:STORY_WORDS]),
                version=s.version,
            )
            for s in fresh
        ]
    )  # fmt: skip


def _put(entries: list[Entry]) -> None:
    """Write entries: new ones are added, those that say something else are changed."""
    seen: Counter[str] = Counter()
    by_kind: dict[str, list[Entry]] = {}
    for entry in entries:
        by_kind.setdefault(entry.kind, []).append(entry)
    for kind, rows in by_kind.items():
        known = {e.ref: e for e in Entry.objects.filter(kind=kind, ref__in=[r.ref for r in rows])}
        added = [r for r in rows if r.ref not in known]
        Entry.objects.bulk_create(added)
        for row in rows:
            old = known.get(row.ref)
            if old is None:
                seen.update(_offered(row.words))
            elif (old.title, old.words, old.slug, old.version) != (
                row.title,
                row.words,
                row.slug,
                row.version,
            ):
                seen.update(set(_offered(row.words)) - set(_offered(old.words)))
                row.pk = old.pk
                row.save(force_update=True)
    if seen:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO portal_word (word, seen) VALUES (%s, %s)"
                " ON CONFLICT (word) DO UPDATE SET seen = portal_word.seen + excluded.seen",
                sorted(seen.items()),
            )


def _offered(words: str) -> Iterable[str]:
    return {w for w in words.split() if LEAST_WORD <= len(w) <= LONGEST_WORD and w.isalpha()}
