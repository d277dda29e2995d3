"""The tree of a review: what it counts, how it tells it, that every figure leads to its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import ask, contribution, many, meeting, snapshot

from hoptac.lexicon.tables import default_lexicon
from hoptac.review import words as words_module
from hoptac.review.compose import FIELD_ROWS, ROMAN, compose
from hoptac.review.document import Block, Document, Figure, Notes, Para, Run, Table, plain, spans
from hoptac.review.promises import find_promises, last_meeting
from hoptac.review.rows import Joined, Row, pile
from hoptac.review.telling import Outcome, Pick, SideWords, Teller

PACKAGE = Path(words_module.__file__).parent


def runs_of(document: Document) -> Iterator[Run]:
    def blocks(some: tuple[Block, ...]) -> Iterator[Run]:
        for block in some:
            if isinstance(block, Para):
                yield from block.runs
            elif isinstance(block, Figure):
                yield from blocks((block.table,))
            else:
                for row in (*block.rows, *block.foot):
                    for cell in row.cells:
                        yield from cell

    for section in document.sections:
        yield from blocks(section.blocks)
    for annex in document.annexes:
        yield from blocks(annex.blocks)


def table_of(document: Document, code: str) -> Table:
    blocks = [b for s in document.sections for b in s.blocks] + [
        b for a in document.annexes for b in a.blocks
    ]
    return next(b for b in blocks if isinstance(b, Table) and b.code == code)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_parts_stand_in_the_order_in_which_offices_write_them(language: words_module.Language) -> None:
    document = compose(many(60), language=language)
    assert [s.number for s in document.sections if s.level == 1] == list(ROMAN)
    keys = [s.key for s in document.sections if s.level == 1]
    assert keys == ["overview", "results", "promises", "late", "answers", "views", "proposals"]
    assert [a.key for a in document.annexes] == ["years", "fields", "places", "meetings", "sources"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_nothing_is_left_unfilled_or_in_codes(language: words_module.Language) -> None:
    document = compose(many(60), language=language)
    told = " ".join(r.words for r in runs_of(document)) + document.subject + document.stands
    assert not re.search(r"[{}\0]", told)
    assert not re.search(r"\b(one_side|both_sides|not_yet|covered_total|no_sum|annex_\w+)\b", told)


def test_every_label_is_used_and_every_used_label_is_there() -> None:
    code = "\n".join(p.read_text(encoding="utf-8") for p in sorted(PACKAGE.glob("*.py")))
    labels = {row["code"] for row in default_lexicon().table("review_labels")}
    patterns = {r"^(month|map)_\w+$", r"_one$"}
    unused = [
        one for one in labels if f'"{one}"' not in code and not any(re.search(p, one) for p in patterns)
    ]
    lists = {"brief_top", "brief_open", "brief_asks"}
    assert sorted(set(unused) - lists) == []


def test_both_languages_fill_the_same_words() -> None:
    for row in default_lexicon().table("review_labels"):
        vi, en = (sorted(set(re.findall(r"{(\w+)}", row[language]))) for language in ("vi", "en"))
        assert vi == en or row["code"].endswith("_one") or row["code"] == "day_full", row["code"]


amounts = st.integers(0, 10**17).map(str)
rows_drawn = st.lists(
    st.tuples(
        st.one_of(st.none(), amounts),
        st.sampled_from(("VND", "USD", "LAK")),
        st.one_of(st.none(), st.integers(2005, 2028)),
        st.sampled_from(("", "", "hedged", "pledged", "covered_total")),
        st.sampled_from(("education", "health", None)),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(rows_drawn)
def test_sums_are_exact_apart_by_currency_and_explained(
    drawn: list[tuple[str | None, str, int | None, str, str | None]],
) -> None:
    rows = []
    for n, (value, currency, year, left_out, field) in enumerate(drawn, 1):
        more = {"currency": currency, "left_out": left_out or ""} if value is not None else {}
        rows.append(contribution(n, value, year=year, field=field, **more))
    made = snapshot(*rows)
    inside = [r for r in rows if r.fact is not None and (r.fact.year is None or 2011 <= r.fact.year <= 2024)]
    whole = pile(made, made.contributions())
    assert {r.uid for r in whole.rows} == {r.uid for r in inside}
    for currency in ("VND", "USD", "LAK"):
        expected = [
            int(r.fact.value) for r in inside
            if r.fact and r.fact.currency == currency and not r.fact.left_out and r.fact.year is not None and r.fact.value is not None
        ]  # fmt: skip
        assert whole.total(currency) == (Decimal(sum(expected)) if expected else None)
    assert all(reason for _row, reason in whole.left_out)
    parts = [
        pile(made, [r for r in inside if r.fact and r.fact.field == f]) for f in ("education", "health", None)
    ]
    assert sum(len(p.counted) for p in parts) == len(whole.counted)
    for currency, total in whole.totals:
        assert sum((p.total(currency) or Decimal(0) for p in parts), Decimal(0)) == total


def test_every_sum_and_count_opens_its_rows_and_bears_their_numbers() -> None:
    made = many(200)
    document = compose(made)
    tell = Teller(made, "vi", "34")
    picked = 0
    for one in runs_of(document):
        if one.to is not None and one.to.query and one.numbers:
            query = dict(one.to.query)
            rows = Pick.of(query).apply(tell, tell.contributions)
            numbers = set(tell.numbers(rows))
            assert set(one.numbers) <= numbers, one
            if "counted" in query or not any(c.isdigit() for c in one.words):
                assert len(set(one.numbers)) <= len(numbers)
            picked += 1
    assert picked > 50


def test_a_count_and_its_list_have_the_same_rows() -> None:
    made = many(200)
    document = compose(made)
    tell = Teller(made, "vi", "34")
    for code in ("by-field", "by-province"):
        for row in (*table_of(document, code).rows, *table_of(document, code).foot):
            (count,) = row.cells[1]
            assert count.to is not None
            assert len(Pick.of(dict(count.to.query)).apply(tell, tell.contributions)) == int(
                count.words.replace(".", "")
            )


def test_years_that_reach_outside_are_not_counted_and_say_so() -> None:
    made = snapshot(
        contribution(1, "5", year=2009, year_to=2013),
        contribution(2, "7", year=2012),
        contribution(3, "9", year=2005),
        contribution(4, "11", year=None),
    )
    whole = pile(made, made.contributions())
    assert [r.uid[-1] for r in whole.counted] == ["2"]
    assert sorted((r.uid[-1], reason) for r, reason in whole.left_out) == [("1", "undated"), ("4", "undated")]


def test_the_body_shows_the_largest_and_sends_the_rest_to_the_annex() -> None:
    rows = [contribution(n, str(n * 1_000_000)) for n in range(1, FIELD_ROWS + 5)]
    document = compose(snapshot(*rows))
    table = table_of(document, "field-education")
    assert len(table.rows) == FIELD_ROWS
    shown = {plain(r.cells[0]) for r in table.rows}
    assert "Công trình số 1" not in shown and f"Công trình số {FIELD_ROWS + 4}" in shown
    assert len([r for r in table_of(document, "by-year").rows if not r.head]) == len(rows)


# promises, lateness, asks


def promise(
    row: Row,
    *rows: Row,
    outcomes: tuple[Outcome, ...] = (),
    joined: tuple[Joined, ...] = (),
    last: int = 2024,
) -> tuple[str, str]:
    tell = Teller(snapshot(row, *rows, joined=joined, last=last), "vi", "34", outcomes)
    found = {p.row.uid: (p.became, p.late) for p in find_promises(tell)}
    return found[row.uid]


PLEDGED = (("pledged", "2019-05-01"),)


@pytest.mark.parametrize(
    ("row", "became", "late"),
    [
        (contribution(1, statuses=PLEDGED, status="done", year=2020), "done", ""),
        (contribution(1, statuses=PLEDGED, status="ongoing", year=2022), "ongoing", "2 năm"),
        (contribution(1, statuses=PLEDGED, status="pledged", left_out="pledged", year=2021), "unknown", "3 năm"),
        (contribution(1, statuses=PLEDGED, status="pledged", left_out="pledged", year=2024), "unknown", ""),
        (contribution(1, statuses=PLEDGED, status="pledged", left_out="pledged", year=None), "unknown", ""),
        (ask(1, "pledge", due="2023-06-30"), "unknown", "550 ngày"),
        (ask(1, "pledge", due="2022"), "unknown", "2 năm"),
        (ask(1, "pledge", due="quý III năm sau"), "unknown", ""),
        (ask(1, "pledge"), "unknown", ""),
    ],
)  # fmt: skip
def test_what_became_of_a_promise_and_how_late_it_is(row: Row, became: str, late: str) -> None:
    assert promise(row) == (became, late)


def test_a_promise_told_after_the_period_is_none_of_this_review() -> None:
    tell = Teller(snapshot(ask(1, "pledge", on="2025-02-01")), "vi", "34")
    assert find_promises(tell) == []


def test_the_sides_words_and_links_say_what_became_of_an_ask() -> None:
    one = ask(1, "pledge")
    done = Outcome("Hà Nội", one.uid, "done", "Đã trao tháng 6.")
    slow = Outcome("Điện Biên", one.uid, "ongoing", "Còn thiếu 5 máy.")
    gift = contribution(9, status="done")
    link = Joined(gift.uid, "carries_out", one.uid)
    assert promise(one, outcomes=(done,))[0] == "done"
    assert promise(one, outcomes=(done, slow))[0] == "ongoing", (
        "where the sides differ, the one that is least far"
    )
    assert promise(one, gift, joined=(link,))[0] == "done"
    document = compose(snapshot(one, gift, joined=(link,)), outcomes=(done, slow))
    words = plain(table_of(document, "promises").rows[-1].cells[3])
    assert (
        "Hà Nội: Đã xong. Đã trao tháng 6." in words
        and "Điện Biên: Đang làm" in words
        and "công trình số 9" in words.lower()
    )


def test_the_last_meeting_is_the_latest_of_the_period() -> None:
    tell = Teller(
        snapshot(meeting(1, "2020-01-01"), meeting(2, "2024-04-25", 0), meeting(3, "2025-03-03")), "vi", "34"
    )
    found = last_meeting(tell)
    assert found is not None and found.slug == "hop-2"


def test_promises_of_the_last_meetings_page_come_first() -> None:
    rows = (
        meeting(1, "2024-04-25", 0),
        ask(1, "pledge", on="2023-05-04"),
        contribution(2, statuses=PLEDGED, said=()),
    )
    document = compose(snapshot(*rows))
    heads = [plain(r.cells[0]) for r in table_of(document, "promises").rows if r.head]
    assert heads == ["Nêu tại buổi làm việc gần nhất, buổi làm việc 25/04/2024", "Nêu trước đó"]


def test_each_sides_words_stand_under_its_name() -> None:
    sides = (
        SideWords("Hà Nội", strengths="- Phối hợp tốt\n- Kịp thời"),
        SideWords("Điện Biên", limits="Còn chậm"),
    )
    document = compose(snapshot(contribution(1)), sides=sides)
    strengths = next(s for s in document.sections if s.key == "strengths")
    told = [(plain(b.runs), b.style) for b in strengths.blocks if isinstance(b, Para)]
    assert told == [
        ("Hà Nội:", "body"), ("Phối hợp tốt", "bullet"), ("Kịp thời", "bullet"), ("Điện Biên:", "body"), ("Chưa có ý kiến.", "empty"),
    ]  # fmt: skip


# numbers and notes


def test_numbers_are_written_as_spans() -> None:
    assert spans([5, 1, 2, 2, 3, 9]) == "1–3, 5, 9"


def test_a_long_note_is_one_sign_and_the_same_for_the_same_rows() -> None:
    notes = Notes()
    odd = tuple(range(1, 30, 2))
    assert notes.of((3, 4, 5)) == "3–5"
    assert notes.of(odd) == "T1" and notes.of(odd) == "T1" and notes.of(tuple(range(2, 30, 2))) == "T2"
    assert notes.lines()[0] == ("T1", spans(odd))


def test_each_number_is_a_line_of_the_annex_of_sources() -> None:
    document = compose(many(120))
    lines = {int(plain(r.cells[0])) for r in table_of(document, "sources").rows}
    used = {n for one in runs_of(document) for n in one.numbers}
    assert used <= lines and lines == set(range(1, len(lines) + 1))
