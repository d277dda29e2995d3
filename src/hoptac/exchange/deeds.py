"""Records as a publisher tells them (hồ sơ theo lời đơn vị công bố): from the ledger to ``render``'s plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from hoptac.exchange.models import Publisher
from hoptac.exchange.render import Deed, Quote, Spot, Who
from hoptac.ledger.filing import filed_statements
from hoptac.ledger.located import placer
from hoptac.ledger.models import Party, Record, Statement, StatementPassage
from hoptac.ledger.parties import side_of
from hoptac.ledger.whereabouts import MARK
from hoptac.lexicon.tables import Lexicon, default_lexicon
from hoptac.places.naming import say
from hoptac.screens.passages import short_quote

GROUP = "group"  # a kind of party that is no organisation: people are not named in files
TOLD_AS = {"giver": "funder", "taker": "recipient"}
HOME = "VN"


class Deeds:
    """Makes the deeds of one publisher for some records at a time."""

    def __init__(self, publisher: Publisher, lexicon: Lexicon | None = None) -> None:
        self.publisher = publisher
        lexicon = lexicon or default_lexicon()
        self.types = {(row["kind"], row["level"]): row["type"] for row in lexicon.table("iati_out_parties")}
        self.refs = dict(Publisher.objects.values_list("party_id", "ref"))

    def who(self, party: Party) -> Who:
        """A party as a file names it."""
        level = "" if party.level is None else str(party.level)
        kind = self.types.get((party.kind, level)) or self.types.get((party.kind, ""))
        return Who(party.name, self.refs.get(party.pk), kind)

    def of(self, records: Iterable[Record]) -> dict[int, Deed]:
        """The deed of each record, by its id. Records come with ``roles__party`` and ``fact``."""
        kept = list(records)
        statements: dict[int, list[Statement]] = {record.pk: [] for record in kept}
        for statement, record_id in filed_statements(list(statements), texts=False):
            statements[record_id].append(statement)
        quotes = self._quotes([s for told in statements.values() for s in told])
        return {record.pk: self._deed(record, statements[record.pk], quotes) for record in kept}

    def _deed(
        self, record: Record, statements: list[Statement], quotes: Mapping[int, tuple[Quote, ...]]
    ) -> Deed:
        mine = [s for s in statements if self._mine(s)]
        own = mine[-1].values if mine else {}
        sides = {role: self._parties(record, role) for role in ("giver", "taker")}
        givers_ids = {r.party_id for r in record.roles.all() if r.role == "giver"}
        fact = getattr(record, "fact", None)
        days = [_said(s) for s in statements]
        return Deed(
            uid=str(record.uid),
            slug=record.slug,
            kind=record.kind,
            title=record.title,
            values={**record.values, **own},
            standing=record.standing,
            fields={name: str(view["standing"]) for name, view in record.fields.items()},
            side="giver" if self.publisher.party_id in givers_ids else "taker",
            givers=sides["giver"],
            takers=sides["taker"],
            told=max(days, default=date(1, 1, 1)),
            own=bool(own.get("amount")),
            left_out=fact.left_out if fact is not None else "",
            spot=_spot(record),
            quotes=tuple(dict.fromkeys(q for s in statements for q in quotes.get(s.pk, ()))),
        )

    def _mine(self, statement: Statement) -> bool:
        speaker = statement.speaker
        if speaker is None:
            return False
        side = side_of(speaker) or speaker
        return self.publisher.party_id in (speaker.pk, side.pk)

    def _parties(self, record: Record, role: str) -> tuple[Who, ...]:
        """Organisations in a role, as told; else the localities behind those who are none; all sides of an agreement."""
        rows = list(record.roles.all())
        if record.kind == "agreement":
            every = [r.party for r in rows if r.role == "side"]
            wanted = [p for p in every if (p.pk == self.publisher.party_id) == (role == "taker")]
        else:
            wanted = [r.party for r in rows if r.role == TOLD_AS[role] and r.party.kind != GROUP]
            wanted = wanted or [r.party for r in rows if r.role == role]
        return tuple(sorted({self.who(p) for p in wanted}, key=lambda w: w.name))

    def _quotes(self, statements: list[Statement]) -> dict[int, tuple[Quote, ...]]:
        """The words that statements of pages stand on; what an activity's own XML says is no quote."""
        wanted = {
            s.pk: s
            for s in statements
            if s.source is not None and not s.source.media_type.startswith("application/iati")
        }
        rows = StatementPassage.objects.filter(statement__in=list(wanted)).select_related("passage")
        out: dict[int, tuple[Quote, ...]] = {}
        for row in rows.order_by("statement_id", "order"):
            source = wanted[row.statement_id].source
            if source is None:
                continue
            quote = Quote(
                short_quote(row.passage.quote),
                source.sha256,
                source.title or "",
                source.outlet,
                source.url,
                source.published,
            )
            out[row.statement_id] = (*out.get(row.statement_id, ()), quote)
        return out


def _said(statement: Statement) -> date:
    source = statement.source
    return (
        source.published
        if source is not None and source.published and statement.speaker_id is None
        else statement.made_at.date()
    )


def _spot(record: Record) -> Spot | None:
    """The one unit in which a record took place; None where it is none or not settled."""
    ids = [unit for unit in (record.place_units or "").split(MARK) if unit]
    unit = placer().unit(ids[0]) if len(ids) == 1 else None
    if unit is None:
        return None
    point = placer().places.point(unit)
    code = unit.code or ""
    country = code[:2] if code[:2].isalpha() and code[:2].isupper() else HOME
    return Spot(unit.id, say(unit, default_lexicon()), unit.level, country, point)
