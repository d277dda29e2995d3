"""A publisher's IATI files (tệp IATI của đơn vị công bố): kept identifiers, made anew only where something changed.

``refresh`` brings a publisher's activities up to the ledger: what was made from the same is left as it is, byte for byte. Each
activity is checked before it may stand in a file; one with an error is held back, and its findings say why. ``write`` gives
the files in pieces, in the memory of a few activities.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from lxml import etree

from hoptac.exchange.deeds import Deeds
from hoptac.exchange.findings import ExchangeError, Note
from hoptac.exchange.models import Given, Published, Publisher
from hoptac.exchange.render import NAMESPACE, PREFIX, Rendered, Renderer, Who
from hoptac.iati import Checker, Reading, Writer
from hoptac.iati.activity import Narrative, Org
from hoptac.iati.organisation import Organisation
from hoptac.iati.values import CRITICAL, ERROR, Finding
from hoptac.iati.write import END
from hoptac.ledger import store
from hoptac.ledger.canonical import digest
from hoptac.ledger.models import ChainHead, Filing, Party, Record, RecordParty, Statement
from hoptac.ledger.parties import find_party
from hoptac.lexicon.tables import Lexicon, default_lexicon
from hoptac.screens.visible import public_records

FORM = "1"  # raised when what is written of the same record changes
BATCH = 50  # activities made in one transaction
FILE_MOST = 18_000_000  # bytes of one file: the standard's tools ask for less than 20 MB
NO_SITE = ("http://localhost", "http://127.")
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{1,99}\Z")
OUT, HELD, GONE = "out", "held", "gone"
NAMESPACES = {PREFIX: NAMESPACE}


@dataclass
class Refreshed:
    """What a refreshing did: activities made, changed, held back; ``left`` still to be made."""

    made: int = 0
    changed: int = 0
    held: int = 0
    gone: int = 0
    left: int = 0


@dataclass(frozen=True)
class _Wanted:
    """One activity that a publisher has: a record with its parts, or one that the publisher gave."""

    key: str
    stamp: str
    record: int | None = None
    parts: tuple[int, ...] = ()
    given: Given | None = None


def add_publisher(name: str, ref: str, *, type_: str | None = None) -> Publisher:
    """Let a party publish under a reference, or give it another one; the identifiers of its activities stay.

    Raises ExchangeError X20 for a party that the ledger has not, X21 for a reference of another's, X22 for an odd one.
    """
    party = find_party(name)
    if party is None:
        raise ExchangeError("X20", name, value=name)
    if not REFERENCE.match(ref):
        raise ExchangeError("X22", name, value=ref)
    if Publisher.objects.filter(ref=ref).exclude(party=party).exists():
        raise ExchangeError("X21", name, value=ref)
    with transaction.atomic():
        found, new = Publisher.objects.get_or_create(
            party=party, defaults={"ref": ref, "type": type_ or _type(party)}
        )
        if not new and (found.ref != ref or (type_ and found.type != type_)):
            former = [*found.former, found.ref] if found.ref not in (ref, *found.former) else found.former
            changed = Publisher.objects.filter(pk=found.pk, ref=found.ref).update(
                ref=ref, former=[f for f in former if f != ref], type=type_ or found.type, mark=""
            )
            if changed != 1:
                raise ExchangeError("X21", name, value=ref)
            found.refresh_from_db()
    return found


def _type(party: Party) -> str:
    rows = default_lexicon().table("iati_out_parties")
    level = "" if party.level is None else str(party.level)
    return next((r["type"] for r in rows if r["kind"] == party.kind and r["level"] in (level, "")), "11")


def publisher_named(name: str) -> Publisher:
    """The publisher of this name or reference. Raises ExchangeError X20."""
    party = find_party(name)
    found = (
        Publisher.objects.select_related("party")
        .filter(Q(ref=name) | Q(party=party) if party is not None else Q(ref=name))
        .first()
    )
    if found is None:
        raise ExchangeError("X20", name, value=name)
    return found


def refresh(
    publisher: Publisher,
    *,
    now: datetime | None = None,
    most: int | None = None,
    lexicon: Lexicon | None = None,
    told: Callable[[Refreshed], None] = lambda done: None,
) -> Refreshed:
    """Bring a publisher's activities up to the ledger, ``most`` of them at most; a second time changes nothing."""
    lexicon = lexicon or default_lexicon()
    when = (now or timezone.now()).astimezone(UTC)
    mark = _mark(publisher, lexicon)
    done = Refreshed()
    if publisher.mark == mark:
        return done
    kept = dict(publisher.activities.values_list("identifier", "stamp"))
    by_record = dict(publisher.activities.exclude(record=None).values_list("record_id", "identifier"))
    pending: list[tuple[str, _Wanted]] = []
    seen: set[str] = set()
    for wanted in _wanted(publisher, lexicon):
        identifier = (
            wanted.key
            if wanted.given
            else by_record.get(wanted.record or 0) or _identifier(publisher, wanted)
        )
        seen.add(identifier)
        if kept.get(identifier) != wanted.stamp:
            pending.append((identifier, wanted))
    work = pending if most is None else pending[:most]
    maker = _Maker(publisher, lexicon, when)
    for at in range(0, len(work), BATCH):
        with transaction.atomic():
            maker.make(work[at : at + BATCH], done)
        told(done)
    gone = publisher.activities.exclude(state=GONE).exclude(identifier__in=seen) if len(seen) < 500 else None
    ids = (
        list(gone.values_list("pk", flat=True))
        if gone is not None
        else [
            pk
            for pk, name in publisher.activities.exclude(state=GONE).values_list("pk", "identifier")
            if name not in seen
        ]
    )
    for at in range(0, len(ids), 500):
        done.gone += Published.objects.filter(pk__in=ids[at : at + 500]).update(
            state=GONE, stamp="", made_at=when
        )
    done.left = len(pending) - len(work)
    if not done.left:
        changed = bool(done.changed or done.gone or publisher.made_at is None)
        Publisher.objects.filter(pk=publisher.pk).update(
            mark=mark, made_at=when if changed else publisher.made_at
        )
        publisher.refresh_from_db()
    return done


def _mark(publisher: Publisher, lexicon: Lexicon) -> str:
    """The state of everything that the files are made from."""
    head = ChainHead.objects.filter(pk=1).first()
    return digest(
        [
            FORM,
            lexicon.version,
            head.hash if head is not None else "",
            Filing.objects.aggregate(last=Max("id"))["last"],
            Given.objects.aggregate(last=Max("id"))["last"],
            sorted(map(list, Publisher.objects.values_list("party_id", "ref", "type"))),
            publisher.former,
            _site(),
        ]
    )


def _site() -> str:
    return "" if settings.HOPTAC_ADDRESS.startswith(NO_SITE) else settings.HOPTAC_ADDRESS


def _identifier(publisher: Publisher, wanted: _Wanted) -> str:
    return f"{publisher.ref}-{wanted.key}"


def _wanted(publisher: Publisher, lexicon: Lexicon) -> Iterator[_Wanted]:
    """What the publisher's file should hold, each with a digest of what it is made from."""
    latest: dict[str, int] = {}
    sources: dict[str, str] = {}
    rows = Given.objects.filter(party=publisher.party).exclude(identifier="").order_by("id")
    for pk, identifier, sha256 in rows.values_list("pk", "identifier", "source__sha256").iterator():
        latest[identifier], sources[identifier] = pk, sha256
    common = [FORM, lexicon.version, publisher.ref, publisher.type, publisher.former, _site()]
    for identifier, pk in latest.items():
        yield _Wanted(
            identifier, digest([*common, sources[identifier]]), given=Given(pk=pk, identifier=identifier)
        )
    own = _mine(publisher)
    given = _given_records(publisher)
    bundles: dict[int, list[int]] = {}
    for pk, kind, part_of, activity in own.values_list(
        "pk", "kind", "part_of_id", "part_of__in_force"
    ).order_by("pk"):
        if pk in given:
            continue
        if kind == "contribution" and part_of is not None and activity:
            bundles.setdefault(part_of, []).append(pk)
        elif kind in ("contribution", "agreement"):
            bundles.setdefault(pk, [])
    heads = sorted(bundles)
    names = sorted(map(list, Publisher.objects.values_list("party_id", "ref")))
    for at in range(0, len(heads), BATCH * 4):
        here = heads[at : at + BATCH * 4]
        every = [*here, *(part for head in here for part in bundles[head])]
        stamps = _stamps(every)
        for head in here:
            parts = tuple(sorted(bundles[head]))
            uid, _ = stamps[head]
            told = [stamps[pk][1] for pk in (head, *parts)]
            yield _Wanted(uid.replace("-", "")[:12].upper(), digest([*common, names, told]), head, parts)


def _mine(publisher: Publisher) -> Any:
    """Public records in which the publisher gives, receives or is a party of an agreement."""
    roles = RecordParty.objects.filter(party=publisher.party)
    money = roles.filter(role__in=("giver", "taker", "funder", "recipient")).values("record_id")
    sides = roles.filter(role__in=("side", "party")).values("record_id")
    return public_records().filter(Q(kind="contribution", pk__in=money) | Q(kind="agreement", pk__in=sides))


def _given_records(publisher: Publisher) -> set[int]:
    """Records that the publisher's own taken files speak of: those stand in the file as they were given."""
    told = Statement.objects.in_force().filter(
        speaker=publisher.party, source__in=Given.objects.filter(party=publisher.party).values("source_id")
    )
    newer = {}
    for statement_id, record_id in (
        Filing.objects.filter(statement__in=told).order_by("id").values_list("statement_id", "record_id")
    ):
        newer[statement_id] = record_id
    return {record_id for record_id in newer.values() if record_id is not None}


def _stamps(ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """The number of each record, and the digest of its cache: what it says, who says so, what counts."""
    rows = Record.objects.filter(pk__in=list(ids)).values_list(
        "pk", "uid", "slug", "title", "values", "fields", "standing", "place_units", "fact__left_out"
    )
    return {row[0]: (str(row[1]), digest([str(row[1]), *row[2:]])) for row in rows}


@dataclass
class _Maker:
    """Makes activities, checks them and keeps them."""

    publisher: Publisher
    lexicon: Lexicon
    when: datetime
    writer: Writer = field(init=False)
    checker: Checker = field(init=False)
    deeds: Deeds = field(init=False)
    renderer: Renderer = field(init=False)

    def __post_init__(self) -> None:
        self.writer, self.checker = Writer(self.lexicon), Checker(self.lexicon)
        self.deeds = Deeds(self.publisher, self.lexicon)
        who = Who(self.publisher.party.name, self.publisher.ref, self.publisher.type)
        self.renderer = Renderer(self.lexicon, who, self.publisher.former, _site())

    def make(self, work: list[tuple[str, _Wanted]], done: Refreshed) -> None:
        ids = {pk for _, wanted in work for pk in (wanted.record, *wanted.parts) if pk is not None}
        records = (
            Record.objects.filter(pk__in=ids)
            .select_related("fact")
            .prefetch_related("roles__party__locality")
        )
        deeds = self.deeds.of(records)
        for identifier, wanted in work:
            if wanted.given is not None:
                rendered = self._given(wanted.given)
            elif wanted.record is not None and wanted.record in deeds:
                parts = [deeds[pk] for pk in wanted.parts if pk in deeds]
                rendered = self.renderer.render(identifier, deeds[wanted.record], parts)
            else:
                continue
            self._keep(identifier, wanted, rendered, done)

    def _given(self, given: Given) -> Rendered:
        """An activity as the publisher gave it, in the standard's present version."""
        row = Given.objects.select_related("source").get(pk=given.pk)
        if row.part:
            return Rendered(None, [Note("X14", row.identifier, "", (("value", str(row.part)),))])
        reading = Reading(io.BytesIO(store.get(row.source.sha256)), self.lexicon)
        activities = [activity for activity, _ in reading]
        return Rendered(activities[0] if activities else None)

    def _keep(self, identifier: str, wanted: _Wanted, rendered: Rendered, done: Refreshed) -> None:
        plain = self.writer.one(rendered.activity) if rendered.activity is not None else ""
        content = digest(plain)
        before = self.publisher.activities.filter(identifier=identifier).first()
        if before is not None and before.content == content and before.state != GONE:
            findings = self._findings(rendered, before.body)
            Published.objects.filter(pk=before.pk).update(stamp=wanted.stamp, findings=findings)
            done.made += 1
            return
        body = ""
        if rendered.activity is not None:
            made = rendered.activity
            if wanted.given is None:
                made = made._replace(updated=self.when.strftime("%Y-%m-%dT%H:%M:%SZ"))
            body = self.writer.one(made)
        findings = self._findings(rendered, body)
        state = HELD if not body or any(f["severity"] in (CRITICAL, ERROR) for f in findings) else OUT
        Published.objects.update_or_create(
            publisher=self.publisher,
            identifier=identifier,
            defaults={
                "record_id": wanted.record,
                "given": wanted.key if wanted.given is not None else None,
                "stamp": wanted.stamp,
                "content": content,
                "body": body,
                "size": len(body.encode()),
                "transactions": len(rendered.activity.transactions) if rendered.activity is not None else 0,
                "findings": findings,
                "state": state,
                "made_at": self.when,
            },
        )
        done.made += 1
        done.changed += 1
        done.held += state == HELD

    def _findings(self, rendered: Rendered, body: str) -> list[dict[str, Any]]:
        """What the checks and the making say of an activity, in both languages, with the record to open."""
        out: list[dict[str, Any]] = []
        if body:
            root = etree.fromstring((self.writer.head(namespaces=NAMESPACES) + body + END).encode())
            for finding in self.checker.activity(root[0], on=self.when.date()):
                out.append(_told(finding, self.lexicon))
        out += [
            {
                "id": note.code,
                "severity": "error" if rendered.activity is None else "note",
                "record": note.record,
                "what": note.where,
                "en": note.message("en"),
                "vi": note.message("vi"),
            }
            for note in rendered.notes
        ]
        return out


def _told(finding: Finding, lexicon: Lexicon) -> dict[str, Any]:
    return {
        "id": finding.id,
        "severity": finding.severity,
        "record": "",
        "what": finding.path,
        "value": finding.value,
        "en": finding.message(lexicon, "en"),
        "vi": finding.message(lexicon, "vi"),
    }


@dataclass(frozen=True, slots=True)
class File:
    """One file of a publisher: its name, the first and last row that it holds, activities, about how many bytes."""

    name: str
    first: int
    last: int
    activities: int
    size: int


def files_of(publisher: Publisher) -> list[File]:
    """The activity files of a publisher, none larger than the standard's tools take."""
    rows = publisher.activities.filter(state=OUT).order_by("id").values_list("pk", "size")
    groups: list[list[int]] = []
    size = 0
    for pk, bytes_ in rows.iterator():
        if not groups or size + bytes_ > FILE_MOST:
            groups.append([pk, pk, 0, 0])
            size = 0
        groups[-1][1] = pk
        groups[-1][2] += 1
        groups[-1][3] += bytes_
        size += bytes_
    base = publisher.ref.lower()
    return [
        File(f"{base}-activities{f'-{n}' if n > 1 else ''}.xml", first, last, count, bytes_)
        for n, (first, last, count, bytes_) in enumerate(groups, 1)
    ]


def write_file(publisher: Publisher, file: File) -> Iterator[bytes]:
    """The bytes of one activity file, a few activities at a time. The same as long as nothing in it changed."""
    rows = publisher.activities.filter(state=OUT, pk__gte=file.first, pk__lte=file.last).order_by("id")
    newest = rows.aggregate(last=Max("made_at"))["last"]
    when = newest.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if newest is not None else None
    yield Writer().head(generated=when, namespaces=NAMESPACES).encode()
    for body in rows.values_list("body", flat=True).iterator(BATCH):
        yield body.encode() + b"\n"
    yield END.encode() + b"\n"


def organisation_file(publisher: Publisher) -> tuple[str, bytes]:
    """The organisation file of a publisher: its name, bytes."""
    name = (Narrative(publisher.party.name),)
    made = Organisation(
        identifier=publisher.ref,
        lang="vi",
        name=name,
        reporting_org=Org(ref=publisher.ref, type=publisher.type, name=name),
    )
    return f"{publisher.ref.lower()}-organisation.xml", b"".join(Writer().organisations([made]))
