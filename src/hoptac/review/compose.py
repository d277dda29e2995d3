"""Put a review together from a snapshot and what the sides wrote (dựng bản kiểm điểm). Pure: the same input, the same tree.

Read this file first: it has the parts of a review in the order in which offices write them.
"""

from __future__ import annotations

from collections.abc import Iterable

from hoptac.lexicon.tables import Lexicon
from hoptac.reading.values import FIELDS
from hoptac.review import annexes, pictures
from hoptac.review.document import (
    Block,
    Column,
    Document,
    Figure,
    KeyFigure,
    Para,
    Run,
    Runs,
    Section,
    Table,
    TableRow,
    Target,
    run,
)
from hoptac.review.promises import (
    DONE,
    UNKNOWN,
    Promise,
    ask_blocks,
    became,
    find_asks,
    find_promises,
    late_blocks,
    promise_blocks,
)
from hoptac.review.rows import HOME_CURRENCY, Row, Snapshot, pile
from hoptac.review.telling import NONE, Outcome, SideWords, Teller
from hoptac.review.words import Language

FIELD_ROWS = 8  # contributions of a field in the report's body; all of them are in Annex 1
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII")
MARK_LETTERS = 12  # of a digest, enough to tell two reviews apart by eye


def compose(
    snapshot: Snapshot,
    *,
    language: Language = "vi",
    units: str = "34",
    sides: Iterable[SideWords] = (),
    outcomes: Iterable[Outcome] = (),
    mark: str = "",
    lexicon: Lexicon | None = None,
) -> Document:
    """The review as a tree.

    Takes   ``units``: the map on which places are told, "34" or "63"; ``sides``: what each side wrote, in the order of the
            cooperation; ``outcomes``: what they say became of asks; ``mark``: the digest that the sides agree to.
    Gives   sections I to VII, annexes 1 to 5, the key figures and pictures of the brief.
    """
    tell = Teller(snapshot, language, units, outcomes, lexicon)
    written = list(sides)
    promises, asks = find_promises(tell), find_asks(tell)
    drawn = {
        "matrix": pictures.matrix(tell),
        "standing": pictures.standing(tell),
        "places": pictures.places(tell),
        "promises": pictures.promised(tell, promises),
        "map": pictures.map_of(tell),
    }
    w = tell.w
    parts: list[tuple[str, tuple[Block, ...], tuple[Section, ...]]] = [
        ("overview", _overview(tell, drawn), ()),
        ("results", *_results(tell)),
        ("promises", (*promise_blocks(tell, promises), *_drawn(drawn["promises"])), ()),
        ("late", late_blocks(tell, promises, asks), ()),
        ("answers", ask_blocks(tell, asks), ()),
        ("views", (), _views(tell, written)),
        ("proposals", _side_blocks(tell, [(s.side, s.proposals) for s in written]), ()),
    ]
    sections: list[Section] = []
    for roman, (key, blocks, below) in zip(ROMAN, parts, strict=True):
        sections += [Section(key, roman, w(key), blocks), *below]
    extra = (
        annexes.by_year(tell),
        annexes.by_field(tell),
        annexes.by_place(tell, drawn["map"]),
        annexes.meetings(tell),
    )
    return Document(
        lang=language,
        kind=w("kind"),
        subject=w("subject", sides=tell.sides(), period=tell.period()),
        stands=w("stands", statements=w.number(snapshot.statements), day=w.day(snapshot.taken_at[:10]), mark=mark[:MARK_LETTERS]),
        sections=tuple(sections),
        annexes=(*extra, annexes.sources(tell)),
        key_figures=_key_figures(tell, promises),
        figures=tuple(f for f in drawn.values() if f is not None),
        lists=_lists(tell, promises, asks),
    )  # fmt: skip


def _drawn(figure: Figure | None) -> tuple[Block, ...]:
    return (figure,) if figure is not None else ()


def _overview(tell: Teller, drawn: dict[str, Figure | None]) -> tuple[Block, ...]:
    w, snapshot = tell.w, tell.snapshot
    whole = pile(snapshot, tell.contributions)

    def held(kind: str) -> list[Row]:
        return [r for r in snapshot.of_kind(kind) if not snapshot.outside(r)]

    text = w(
        "overview_text",
        period=tell.period(),
        contributions=w.many("contributions", len(tell.contributions)),
        works=w.many("works", len(snapshot.of_kind("activity"))),
        meetings=w.many("meetings", len(held("meeting"))),
        agreements=w.many("agreements", len(held("agreement"))),
        asks=w.many("asks", len(held("ask"))),
    )
    blocks: list[Block] = [Para(run(text)), _total_para(tell)]
    if whole.left_out:
        rows = [r for r, _reason in whole.left_out]
        blocks.append(
            Para(_left_out(tell, "left_out_text", rows, tell.reasons(whole), Target.pick(counted="0")))
        )
    elif tell.contributions:
        blocks.append(Para(run(w("left_out_none"))))
    if tell.contributions:
        blocks.append(Para(run(w("currencies_apart")), "note"))
    for name in ("standing", "matrix", "places"):
        blocks += _drawn(drawn[name])
    return tuple(blocks)


def _total_para(tell: Teller) -> Para:
    """ "Số tiền được tính là …, từ … khoản": the sentence with its sums as figures of their own."""
    whole = pile(tell.snapshot, tell.contributions)
    if not whole.totals:
        return Para(run(tell.w("total_none")))
    counted = tell.w.many("contributions", len(whole.counted))
    before, after = tell.w("total_text", totals="\0", contributions=counted).split("\0")
    return Para((Run(before), *tell.sums(whole, Target.pick(counted="1")), Run(after)))


def _left_out(tell: Teller, code: str, rows: list[Row], reasons: str, to: Target) -> Runs:
    """A sentence on what is left out, its number a figure of its own."""
    before, after = tell.w(code, n="\0", reasons=reasons).split("\0")
    return (Run(before), tell.count(rows, to), Run(after))


def _results(tell: Teller) -> tuple[tuple[Block, ...], tuple[Section, ...]]:
    groups: dict[str, list[Row]] = {}
    for row in tell.contributions:
        groups.setdefault((row.fact.field if row.fact else None) or NONE, []).append(row)
    if not groups:
        return (Para(run(tell.w("results_none")), "empty"),), ()
    below = []
    for n, field in enumerate((f for f in (*FIELDS, NONE) if f in groups), 1):
        heading = pictures.field_name(tell, field)
        below.append(Section(f"field-{field}", str(n), heading, _field(tell, field, groups[field]), level=2))
    return (), tuple(below)


def _field(tell: Teller, field: str, rows: list[Row]) -> tuple[Block, ...]:
    """A field's sum, what is left out of it, and its largest contributions."""
    w = tell.w
    whole = pile(tell.snapshot, rows)
    first = [
        Run(w.many("contributions", len(rows)), to=Target.pick(field=field), numbers=tell.numbers(rows)),
        Run("; "),
        *tell.sums(whole, Target.pick(field=field, counted="1")),
        Run("."),
    ]
    if whole.left_out:
        out = [r for r, _reason in whole.left_out]
        to = Target.pick(field=field, counted="0")
        first += [Run(" "), *_left_out(tell, "field_left_out", out, tell.reasons(whole), to)]
    columns = annexes.contribution_columns(tell)[1:]
    shown = sorted(rows, key=lambda r: (-(r.fact.value or 0) if r.fact else 0, tell.number(r)))[:FIELD_ROWS]
    lines = tuple(
        TableRow((tell.what(r), *annexes.contribution_row(tell, r).cells[2:]))
        for r in sorted(shown, key=tell.number)
    )
    blocks: list[Block] = [
        Para(tuple(first)),
        Table(f"field-{field}", pictures.field_name(tell, field), columns, lines),
    ]
    if len(rows) > len(shown):
        more = w("more_in_annex", n=w.number(len(rows) - len(shown)))
        blocks.append(Para((Run(more, to=Target.pick(field=field)),), "note"))
    return tuple(blocks)


def _views(tell: Teller, written: list[SideWords]) -> tuple[Section, ...]:
    return tuple(
        Section(
            key,
            str(n),
            tell.w(key),
            _side_blocks(tell, [(s.side, getattr(s, key)) for s in written]),
            level=2,
        )
        for n, key in enumerate(("strengths", "limits"), 1)
    )


def _side_blocks(tell: Teller, said: list[tuple[str, str]]) -> tuple[Block, ...]:
    """Each side's own words under its name; a line that begins with a dash is a point."""
    blocks: list[Block] = []
    for side, text in said:
        blocks.append(Para((Run(tell.w("side_says", side=side), bold=True),)))
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if not lines:
            blocks.append(Para(run(tell.w("not_written")), "empty"))
        for line in lines:
            point = line.lstrip("-–•+ ")
            blocks.append(Para(run(point), "bullet") if point != line else Para(run(line)))
    return tuple(blocks)


def _key_figures(tell: Teller, promises: list[Promise]) -> tuple[KeyFigure, ...]:
    w = tell.w
    whole = pile(tell.snapshot, tell.contributions)
    both = [r for r in tell.contributions if r.standing == "both_sides"]
    kept = [p.row for p in promises if p.became == DONE]
    return (
        KeyFigure(tell.sums(whole, Target.pick(counted="1"), apart=" + "), w("key_total")),
        KeyFigure((tell.count(tell.contributions, Target.pick()),), w("key_contributions")),
        KeyFigure((tell.count(both, Target.pick(standing="both_sides")),), w("key_both")),
        KeyFigure((tell.count(kept),), w("key_promises", n=w.number(len(promises)))),
    )


def _lists(tell: Teller, promises: list[Promise], asks: list[Row]) -> tuple[Table, ...]:
    """The short lists of the brief: what it is, and its sum, day or lateness."""

    def table(code: str, rows: Iterable[TableRow]) -> Table:
        return Table(
            code,
            tell.w(code.replace("-", "_")),
            (Column(tell.w("c_what")), Column(tell.w("c_sum"))),
            tuple(rows),
        )

    counted = pile(tell.snapshot, tell.contributions).counted
    top = sorted(
        counted,
        key=lambda r: (
            r.fact is None or r.fact.currency != HOME_CURRENCY,
            -(r.fact.value or 0) if r.fact else 0,
        ),
    )
    waiting = [r for r in asks if became(tell, r) == UNKNOWN]
    return (
        table("brief-top", (TableRow((tell.what(r), tell.amount(r))) for r in top)),
        table(
            "brief-open", (TableRow((tell.what(p.row), run(p.late))) for p in promises if p.became != DONE)
        ),
        table("brief-asks", (TableRow((tell.what(r), run(tell.w.day(tell.told_on(r))))) for r in waiting)),
    )
