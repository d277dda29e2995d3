"""The annexes of a review (phụ lục): contributions by year, sums by field and by place, meetings, sources. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from hoptac.ledger.located import NOWHERE
from hoptac.reading.values import FIELDS
from hoptac.review.document import Annex, Block, Column, Figure, Para, Run, Runs, Table, TableRow, Target, run
from hoptac.review.rows import Attendant, Pile, Row, pile, piles, span
from hoptac.review.telling import NONE, Teller, capital, names


def contribution_columns(tell: Teller) -> tuple[Column, ...]:
    w = tell.w
    return (
        Column(w("c_n"), 0.7, "right"),
        Column(w("c_what"), 4),
        Column(w("c_who"), 2.4),
        Column(w("c_sum"), 2.4),
        Column(w("c_year"), 1.1),
        Column(w("c_status"), 1.4),
        Column(w("c_standing"), 1.8),
    )


def contribution_row(tell: Teller, row: Row) -> TableRow:
    n = Run(str(tell.number(row)))
    (what,) = tell.what(row)
    title = Run(what.words, to=what.to)
    return TableRow(
        (
            (n,),
            (title,),
            run(tell.who(row)),
            tell.amount(row),
            run(tell.year(row)),
            run(tell.status(row)),
            run(tell.standing(row)),
        )
    )


def by_year(tell: Teller) -> Annex:
    """Every contribution of the period, its year above it; the number is that of the annex of sources."""
    groups: dict[tuple[int | None, int | None], list[Row]] = {}
    for row in tell.contributions:
        groups.setdefault(span(row), []).append(row)
    rows: list[TableRow] = []
    for (first, last), some in groups.items():
        name = tell.w("year_none") if first is None and last is None else tell.years(first, last)
        rows.append(TableRow((run(name),), head=True))
        rows += [contribution_row(tell, r) for r in some]
    title = tell.w("annex_years")
    table = Table("by-year", title, contribution_columns(tell), tuple(rows), _all_row(tell))
    works = sorted(tell.snapshot.of_kind("activity"), key=lambda r: (r.title, r.uid))
    blocks: tuple[Block, ...] = (table,)
    if works:
        blocks += (_works(tell, works),)
    return Annex("years", tell.w("annex", n="1"), title, blocks)


def _all_row(tell: Teller) -> tuple[TableRow, ...]:
    whole = pile(tell.snapshot, tell.contributions)
    if not tell.contributions:
        return ()
    empty: Runs = ()
    return (
        TableRow(
            (empty, run(tell.w("all")), (tell.count(whole.rows),), tell.sums(whole, Target.pick(counted="1")), empty, empty, empty)
        ),
    )  # fmt: skip


def _works(tell: Teller, works: Iterable[Row]) -> Table:
    w = tell.w
    columns = (Column(w("c_n"), 0.7, "right"), Column(w("c_what"), 4), Column(w("c_place"), 2.5),
               Column(w("c_field"), 2), Column(w("c_contributions"), 1, "right"))  # fmt: skip
    parts: dict[str, list[Row]] = {}
    for row in tell.snapshot.of_kind("contribution"):
        if row.part_of:
            parts.setdefault(row.part_of, []).append(row)
    rows = tuple(
        TableRow(
            (
                run(str(tell.number(r))),
                (Run(capital(r.title), to=Target(record=r.slug)),),
                run((r.values.get("place") or {}).get("name", "")),
                run(w.label("field", r.values["field"]) if r.values.get("field") else ""),
                (tell.count(parts.get(r.uid, ())),),
            )
        )
        for r in works
    )
    return Table("works", w("annex_works"), columns, rows)


def sum_columns(tell: Teller, head: str) -> tuple[Column, ...]:
    w = tell.w
    return (
        Column(head, 3),
        Column(w("c_contributions"), 1.2, "right"),
        Column(w("c_totals"), 2.4, "right"),
        Column(w("c_left_out"), 2.6),
    )


def sum_row(tell: Teller, name: str, whole: Pile, query: dict[str, str]) -> TableRow:
    every, counted, left = (
        Target.pick(**query),
        Target.pick(**query, counted="1"),
        Target.pick(**query, counted="0"),
    )
    out: Runs = ()
    if whole.left_out:
        rows = [r for r, _reason in whole.left_out]
        out = (tell.count(rows, left), Run(f": {tell.reasons(whole)}"))
    return TableRow(((Run(name),), (tell.count(whole.rows, every),), tell.sums(whole, counted), out))


def by_field(tell: Teller) -> Annex:
    groups = piles(tell.snapshot, tell.contributions, lambda r: (r.fact.field if r.fact else None) or NONE)
    rows = tuple(
        sum_row(
            tell, tell.w("field_none") if f == NONE else tell.w.label("field", f), groups[f], {"field": f}
        )
        for f in (*FIELDS, NONE)
        if f in groups
    )
    title = tell.w("annex_fields")
    table = Table("by-field", title, sum_columns(tell, tell.w("c_field")), rows, _foot(tell))
    return Annex("fields", tell.w("annex", n="2"), title, (table,))


def _foot(tell: Teller) -> tuple[TableRow, ...]:
    whole = pile(tell.snapshot, tell.contributions)
    return (sum_row(tell, tell.w("all"), whole, {}),) if tell.contributions else ()


def by_place(tell: Teller, picture: Figure | None) -> Annex:
    """A table for provinces, one for the finer level where records are told so finely, and the map."""
    blocks: list[Block] = []
    if picture is not None:
        blocks.append(picture)
    title = tell.w("annex_places", map=tell.w(f"map_{tell.units}"))
    for level in tell.levels():
        groups = piles(tell.snapshot, tell.contributions, lambda r, at=level: tell.place_key(r, at))  # type: ignore[misc]
        ranked = sorted(
            groups.items(), key=lambda item: (str(item[0]).startswith(NOWHERE), tell.place_name(str(item[0])))
        )
        rows = tuple(
            sum_row(
                tell, tell.place_name(str(key)), whole, {"place": str(key), "level": level, "map": tell.units}
            )
            for key, whole in ranked
        )
        caption = f"{title}: {tell.w.label('level', level).lower()}"
        blocks.append(Table(f"by-{level}", caption, sum_columns(tell, tell.w("c_place")), rows, _foot(tell)))
    return Annex("places", tell.w("annex", n="3"), title, tuple(blocks))


def meetings(tell: Teller) -> Annex:
    """Every meeting of the period, who was there as localities, and the people whom its pages name."""
    w = tell.w
    held = [r for r in tell.snapshot.of_kind("meeting") if not tell.snapshot.outside(r)]
    held.sort(key=lambda r: (r.values.get("date") or "9999", r.uid))
    rows = []
    for row in held:
        told = "; ".join(", ".join(filter(None, (p.name, p.office, p.side))) for p in _named(tell, row))
        rows.append(
            TableRow(
                (
                    run(str(tell.number(row))),
                    run(w.day(row.values.get("date") or "") or w("no_sum")),
                    (Run(w.label("event", row.values.get("kind", "meeting")), to=Target(record=row.slug)),),
                    run(names(row.values.get("parties"))),
                    run((row.values.get("place") or {}).get("name", "")),
                    run(told or w("no_sum")),
                )
            )
        )
    columns = (Column(w("c_n"), 0.7, "right"), Column(w("c_day"), 1.3), Column(w("c_kind"), 1.6), Column(w("c_parties"), 1.8),
               Column(w("c_place"), 1.4), Column(w("c_people"), 4))  # fmt: skip
    title = w("annex_meetings")
    table = Table("meetings", title, columns, tuple(rows))
    return Annex("meetings", w("annex", n="4"), title, (table, Para(run(w("attendance_rule")), "note")))


def _named(tell: Teller, row: Row) -> list[Attendant]:
    """The people whom a meeting's pages name, each once, in the office that is told most fully."""
    found: dict[tuple[str, str], Attendant] = {}
    for person in tell.snapshot.people:
        if set(person.sources) & set(row.sources):
            key = (person.name, person.side)
            known = found.get(key)
            if known is None or len(person.office) > len(known.office):
                found[key] = person
    return list(found.values())


def sources(tell: Teller) -> Annex:
    """Every row that bears a number, with the pages and sides that say so. Made last, when all numbers are given."""
    w = tell.w
    rows = tuple(
        TableRow(
            (run(str(n)), (Run(capital(row.title), to=Target(record=row.slug)),), run(said_by(tell, row)))
        )
        for n, row in tell.numbered()
    )
    columns = (Column(w("c_n"), 0.7, "right"), Column(w("c_record"), 3.2), Column(w("c_sources"), 5.4))
    title = w("annex_sources")
    table = Table("sources", title, columns, rows)
    return Annex("sources", w("annex", n="5"), title, (Para(run(w("sources_rule")), "note"), table))


def said_by(tell: Teller, row: Row) -> str:
    """The pages that say so, each once, and the sides' own statements."""
    w = tell.w
    out: list[str] = []
    for told in row.said:
        if told.source is not None:
            page = tell.snapshot.pages[told.source]
            day = w("page_day", day=w.day(page.published)) if page.published else ""
            url = w("page_url", url=page.url) if page.url else ""
            code = "page_says" if page.outlet else "page_alone"
            out.append(w(code, outlet=page.outlet, title=page.title, day=day, url=url))
        if told.side is not None:
            out.append(w("side_word", side=told.side, day=w.day(told.on)))
    return "; ".join(dict.fromkeys(out))
