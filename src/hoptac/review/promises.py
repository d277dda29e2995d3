"""What was promised, what is late, what was asked (lời hứa, việc chậm, đề nghị): each with what became of it. Pure.

A promise is a pledge that a page or a side tells of, or a contribution that was ever told as pledged. What became of it: the
contribution's own state; for a pledge in words, what the sides say in this review, else what they joined to it. Nothing is
guessed from likeness.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hoptac.review.document import Block, Column, Para, Run, Runs, Table, TableRow, Target, run
from hoptac.review.rows import Row, span
from hoptac.review.telling import Teller, names

DONE, ONGOING, NOT_YET, DECLINED, UNKNOWN = "done", "ongoing", "not_yet", "declined", "unknown"
LEAST_FAR = (DECLINED, NOT_YET, ONGOING, DONE)
MEETINGS = (
    "meeting",
    "visit",
    "conference",
    "signing",
    "ceremony",
)  # in the order in which promises are made at them
_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Promise:
    """``told`` the day of the first page that tells of it, ISO; ``at_last`` whether at the last meeting; ``late`` "" or how late."""

    row: Row
    told: str
    at_last: bool
    became: str
    late: str


def last_meeting(tell: Teller) -> Row | None:
    """The latest meeting up to the end of the period; one at which two sides sit together before a ceremony."""
    known = [
        r for r in tell.snapshot.of_kind("meeting") if r.values.get("date") and _year(r.values["date"]) <= tell.snapshot.last
    ]  # fmt: skip
    if not known:
        return None
    return max(known, key=lambda r: (r.values["date"], -_rank(r), r.uid))


def _rank(row: Row) -> int:
    kind = row.values.get("kind", "")
    return MEETINGS.index(kind) if kind in MEETINGS else len(MEETINGS)


def _year(iso: str) -> int:
    return int(iso[:4]) if iso[:4].isdigit() else 9999


def find_promises(tell: Teller) -> list[Promise]:
    """Every promise told up to the end of the period, those of the last meeting first, then by day."""
    meeting = last_meeting(tell)
    found = []
    for row in tell.snapshot.rows:
        told = _told(tell, row)
        if told is None or (told and _year(told) > tell.snapshot.last):
            continue
        found.append(Promise(row, told, _at(tell, row, meeting), became(tell, row), lateness(tell, row)))
    return sorted(found, key=lambda p: (not p.at_last, p.told, p.row.uid))


def _told(tell: Teller, row: Row) -> str | None:
    """When a row was first told as a promise, "" where that is not known; None for one that is no promise."""
    if row.kind == "ask" and row.values.get("kind") == "pledge":
        return tell.told_on(row)
    pledged = [on for status, on in row.statuses if status == "pledged"]
    if not pledged:
        return None
    return min((on for on in pledged if on), default=tell.told_on(row))


def _at(tell: Teller, row: Row, meeting: Row | None) -> bool:
    if meeting is None:
        return False
    joined = any(
        j.relation == "said_at" and j.record == row.uid and j.to == meeting.uid for j in tell.snapshot.joined
    )
    return joined or bool(set(row.sources) & set(meeting.sources))


def became(tell: Teller, row: Row) -> str:
    """What became of a promise or an ask, as a code; where the sides differ, the one that is least far."""
    said = {o.outcome for o in tell.outcomes.get(row.uid, ())}
    if said:
        return min(said, key=LEAST_FAR.index)
    if row.fact is not None:
        return {"done": DONE, "ongoing": ONGOING}.get(row.fact.status or "", UNKNOWN)
    joined = [r.fact.status for r in tell.joined.get(row.uid, ()) if r.fact is not None]
    if joined:
        return DONE if all(status == "done" for status in joined) else ONGOING
    return UNKNOWN


def lateness(tell: Teller, row: Row) -> str:
    """How late a promise or an ask is, in words; "" where it is not, or where no day or year was told for it."""
    if became(tell, row) in (DONE, DECLINED):
        return ""
    end = min(date(tell.snapshot.last, 12, 31), date.fromisoformat(tell.snapshot.taken_at[:10]))
    if row.fact is not None:
        last = span(row)[1]
        due = date(last, 12, 31) if last is not None else None
    else:
        due = _end_of(str(row.values.get("due") or ""))
    if due is None or due >= end:
        return ""
    years = end.year - due.year
    if (due.month, due.day) == (12, 31) and years:
        return tell.w.many("late_years", years)
    return tell.w.many("late_days", (end - due).days)


def _end_of(iso: str) -> date | None:
    """The last day of a day, month or year; None for words that are none of these."""
    found = _DAY.fullmatch(iso.strip())
    if found is None:
        return None
    year, month, day = int(found[1]), int(found[2] or 12), found[3]
    try:
        if day:
            return date(year, month, int(day))
        after = date(year + month // 12, month % 12 + 1, 1)
        return date.fromordinal(after.toordinal() - 1)
    except ValueError:
        return None


def outcome_words(tell: Teller, row: Row) -> Runs:
    """What became of a row: the state, what each side says, the records joined to it."""
    out = [Run(tell.w.label("became", became(tell, row)), bold=True)]
    for one in tell.outcomes.get(row.uid, ()):
        state = tell.w.label("became", one.outcome)
        words = f"{state}. {one.words}" if one.words else state
        out.append(Run("; " + tell.w("became_by", side=one.side, words=words)))
    for other in tell.joined.get(row.uid, ()):
        link = Run(
            tell.w("became_link", title=other.title),
            to=Target(record=other.slug),
            numbers=(tell.number(other),),
        )
        out += [Run("; "), link]
    return tuple(out)


def promise_blocks(tell: Teller, promises: list[Promise]) -> tuple[Block, ...]:
    w = tell.w
    if not promises:
        return (Para(run(w("promises_none", year=str(tell.snapshot.last))), "empty"),)
    codes = (DONE, ONGOING, NOT_YET, DECLINED, UNKNOWN)
    counts = [(code, [p.row for p in promises if p.became == code]) for code in codes]
    parts = "; ".join(
        f"{w.label('became', code).lower()} {w.number(len(rows))}" for code, rows in counts if rows
    )
    rows: list[TableRow] = []
    meeting = last_meeting(tell)
    for at_last in (True, False):
        here = [p for p in promises if p.at_last is at_last]
        if not here:
            continue
        head = (
            w("promises_last", meeting=meeting_words(tell, meeting))
            if at_last and meeting
            else w("promises_before")
        )
        rows.append(TableRow((run(head),), head=True))
        rows += [
            TableRow(
                (
                    _what(tell, p.row),
                    run(w.day(p.told) or w("no_sum")),
                    run(_due(tell, p.row)),
                    outcome_words(tell, p.row),
                )
            )
            for p in here
        ]
    columns = (
        Column(w("c_promise"), 4),
        Column(w("c_told"), 1.3),
        Column(w("c_due"), 1.2),
        Column(w("c_became"), 3),
    )
    return (
        Para(run(w("promises_text", n=w.number(len(promises)), parts=parts))),
        Table("promises", w("promises"), columns, tuple(rows)),
    )  # fmt: skip


def meeting_words(tell: Teller, row: Row) -> str:
    kind = tell.w.label("event", row.values.get("kind", "meeting"))
    return f"{kind[:1].lower()}{kind[1:]} {tell.w.day(row.values.get('date', ''))}".strip()


def _what(tell: Teller, row: Row) -> Runs:
    """A promise or ask in words, who said it to whom, and its sum where it has one."""
    said = list(tell.what(row))
    who = asked_by(tell, row) if row.kind == "ask" else tell.who(row)
    said.append(Run(f" – {who}", italic=True))
    if row.fact is not None and row.fact.value is not None:
        said += [Run("; "), *tell.amount(row)]
    return tuple(said)


def asked_by(tell: Teller, row: Row) -> str:
    by = str(row.values.get("by") or row.values.get("by_side") or "")
    to = str(row.values.get("to") or "")
    return tell.w("by_to", by=by, to=to) if by and to else by or to or names(row.values.get("parties"))


def _due(tell: Teller, row: Row) -> str:
    if row.fact is not None:
        return tell.year(row)
    return tell.w.day(str(row.values.get("due") or "")) or tell.w("no_sum")


def late_blocks(tell: Teller, promises: Iterable[Promise], asks: Iterable[Row]) -> tuple[Block, ...]:
    w = tell.w
    found = [(p.row, p.late) for p in promises if p.late]
    known = {row.uid for row, _late in found}
    found += [(r, late) for r in asks if (late := lateness(tell, r)) and r.uid not in known]
    known |= {row.uid for row, _late in found}
    under_way = (
        r for r in tell.contributions if r.uid not in known and r.fact and r.fact.status == "ongoing"
    )
    found += [(r, late) for r in under_way if (late := lateness(tell, r))]
    rule = Para(run(w("late_rule")), "note")
    if not found:
        return (Para(run(w("late_none")), "empty"), rule)
    columns = (
        Column(w("c_what"), 4),
        Column(w("c_due"), 1.2),
        Column(w("c_late"), 1.2),
        Column(w("c_became"), 2.4),
    )
    rows = tuple(
        TableRow((_what(tell, r), run(_due(tell, r)), run(late), outcome_words(tell, r))) for r, late in found
    )
    return (Table("late", w("late"), columns, rows), rule)


def find_asks(tell: Teller) -> list[Row]:
    """Requests and instructions told up to the end of the period, in order of the day."""
    rows = [r for r in tell.snapshot.of_kind("ask") if r.values.get("kind") != "pledge"]
    told = [(tell.told_on(r), r) for r in rows]
    return [
        r
        for on, r in sorted(told, key=lambda t: (t[0], t[1].uid))
        if not on or _year(on) <= tell.snapshot.last
    ]


def ask_blocks(tell: Teller, asks: list[Row]) -> tuple[Block, ...]:
    w = tell.w
    if not asks:
        return (Para(run(w("answers_none", year=str(tell.snapshot.last))), "empty"),)
    columns = (
        Column(w("c_ask"), 4),
        Column(w("c_told"), 1.3),
        Column(w("c_due"), 1.2),
        Column(w("c_answer"), 3),
    )
    rows = tuple(
        TableRow((
            _what(tell, r),
            run(w.day(tell.told_on(r)) or w("no_sum")),
            run(_due(tell, r)),
            outcome_words(tell, r),
        ))
        for r in asks
    )  # fmt: skip
    return (Table("asks", w("answers"), columns, rows),)
