"""Figures: tables of phrases, and the invariants R1, R3, R4, R5 and R6 on generated text."""

from __future__ import annotations

import gzip
import json
import time
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoptac.lexicon.tables import Lexicon, default_lexicon
from hoptac.reading.doc import Doc
from hoptac.reading.figures import find_figures, find_figures_slowly, settle
from hoptac.reading.figures.grammar import build_grammar, key
from hoptac.reading.mentions import Blank, Count, Figure, Figures, Money, Span, When
from hoptac.reading.values import BOUNDS

CASES = Path(__file__).parents[1] / "cases"
CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "articles.jsonl.gz"
LEXICON = default_lexicon()

Row = tuple[str, str, str]


def rows(name: str) -> list[Row]:
    lines = (CASES / f"{name}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    found = []
    for line in lines:
        text, expected, why = line.split("\t")
        found.append((text, expected, why))
    return found


def read(text: str, today: date | None = None) -> tuple[Figures, ...]:
    doc = Doc.of(text)
    return settle(doc, find_figures(doc, lexicon=LEXICON), today).figures


def money(one: Money) -> str:
    low = "" if one.low is None else f" low {one.low}"
    return f"{one.value} {one.currency or '-'} {one.bound}{low}{' each' if one.each else ''}"


def count(one: Count) -> str:
    low = "" if one.low is None else f" low {one.low}"
    return f"{one.value} [{one.unit}] {one.bound}{low}"


def when(one: When | None) -> str:
    if one is None:
        return ""
    if one.year is None:
        if one.month is None:
            return "?"
        return f"--{one.month:02d}" + ("" if one.day is None else f"-{one.day:02d}")
    iso = one.iso or ""
    return iso if one.year >= 1000 else iso.lstrip("0")


def figure(one: Figures) -> str:
    if isinstance(one, When):
        return f"D {when(one)}{' ann' if one.anniversary else ''}"
    if isinstance(one, Span):
        return f"S {when(one.first)}..{when(one.last)}{' ann' if one.anniversary else ''}"
    if isinstance(one, Figure):
        return f"F {one.kind}"
    if isinstance(one, Blank):
        return f"B {one.code}"
    return type(one).__name__


def moneys(text: str) -> str:
    return " ; ".join(money(one) for one in read(text) if isinstance(one, Money)) or "-"


def counts(text: str) -> str:
    return " ; ".join(count(one) for one in read(text) if isinstance(one, Count)) or "-"


def figures(text: str) -> str:
    return " ; ".join(figure(one) for one in read(text)) or "-"


def spellings(text: str) -> list[str]:
    """The same text with letters decomposed, with y for i, and with the tone on the other vowel."""
    other = text.replace("tỷ", "tỉ").replace("kỷ", "kỉ").replace("hóa", "hoá").replace("khóa", "khoá")
    return [text, unicodedata.normalize("NFD", text), other]


@pytest.mark.parametrize(("text", "expected", "why"), rows("money"))
def test_money(text: str, expected: str, why: str) -> None:
    for spelled in spellings(text):
        assert moneys(spelled) == expected, why


@pytest.mark.parametrize(("text", "expected", "why"), rows("counts"))
def test_counts(text: str, expected: str, why: str) -> None:
    for spelled in spellings(text):
        assert counts(spelled) == expected, why


@pytest.mark.parametrize(("text", "expected", "why"), rows("figures"))
def test_figures(text: str, expected: str, why: str) -> None:
    for spelled in spellings(text):
        assert figures(spelled) == expected, why


@pytest.mark.parametrize("name", ["money", "counts"])
def test_tables_have_a_negative_row_for_every_four(name: str) -> None:
    found = rows(name)
    assert sum(expected == "-" for _, expected, _ in found) * 5 >= len(found)


def all_texts() -> list[str]:
    return [text for name in ("money", "counts", "figures") for text, _, _ in rows(name)]


def check_invariants(text: str) -> None:
    doc = Doc.of(text)
    found = find_figures(doc, lexicon=LEXICON)
    at = 0
    for one in found:
        assert at <= one.start < one.end <= len(doc.text), one
        quote = doc.evidence(one.start, one.end)
        assert text[quote.start : quote.end] == quote.quote
        at = one.end
        if isinstance(one, Money | Count):
            assert one.bound in BOUNDS
            assert one.value.is_finite() and (one.low is None or one.low < one.value)
        if isinstance(one, Count):
            assert one.start <= one.unit_start < one.end
            assert doc.text.startswith(one.unit, one.unit_start)
    covered = {at for one in found for at in range(one.start, one.end)}
    left = [at for at, char in enumerate(doc.text) if char.isdecimal() and at not in covered]
    assert not left, [doc.text[max(0, at - 10) : at + 10] for at in left]
    assert found == find_figures_slowly(doc, lexicon=LEXICON)


PIECES = [
    *"0123456789.,:/-–()%$€\n ",
    *[
        "tỷ",
        "tỉ",
        "triệu",
        "nghìn",
        "đồng",
        "USD",
        "đ",
        "k",
        "rưỡi",
        "từ",
        "đến",
        "mỗi",
        "hai",
        "năm",
        "trăm",
        "mười",
    ],
    *[
        "ngày",
        "tháng",
        "năm",
        "quý",
        "giai đoạn",
        "nay",
        "hơn",
        "gần",
        "không quá",
        "trở lên",
        "xã",
        "suất quà",
        "tấn",
    ],
    *[
        "hàng",
        "chục",
        "Yên Bái",
        "đồng chí",
        "kỷ niệm",
        "Tết",
        "hôm qua",
        "2024",
        "25/4",
        "2011-2019",
        "số",
        "lần thứ",
    ],
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join))
@settings(max_examples=250, deadline=None)
def test_invariants_on_words(text: str) -> None:
    check_invariants(text)


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@settings(max_examples=250, deadline=None)
def test_invariants_on_words_grown_together(text: str) -> None:
    check_invariants(text)


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_invariants_on_any_text(text: str) -> None:
    check_invariants(text)


def test_invariants_on_the_tables() -> None:
    for text in all_texts():
        check_invariants(text)
    check_invariants("\n".join(all_texts()))
    check_invariants("1 tỷ tỷ tỷ tỷ, " + "9" * 60 + " tỷ đồng")
    check_invariants("tặng ٣ xã, ２０２４ suất quà, 65 tỷ5, hôm qua0, k k")


def test_fast_agrees_with_slow_on_the_corpus() -> None:
    if not CORPUS.is_file():
        pytest.skip("the corpus of articles is not beside the project")
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        for _, line in zip(range(40), lines, strict=False):
            check_invariants(json.loads(line)["text"])


@pytest.mark.parametrize(
    ("kept", "found"),
    [
        ((0,), ["hơn 65 tỷ đồng"]),
        ((1,), ["14 điểm trường", "２０ xã"]),
        ((0, 2), ["hơn 65 tỷ đồng", "từ giữa năm 2019"]),
    ],
)
def test_only_the_lines_asked_for_are_read(kept: tuple[int, ...], found: list[str]) -> None:
    doc = Doc.of("Hà Nội hỗ trợ hơn 65 tỷ đồng\n14 điểm trường ở ２０ xã\ntừ giữa năm 2019")
    figures = find_figures(doc, lexicon=LEXICON, lines=[doc.lines[n] for n in kept])
    assert [doc.text[m.start : m.end] for m in figures] == found


def test_spellings_of_one_page_read_the_same() -> None:
    """R6, with the hedge in the span (R5)."""
    page = "Tỉnh Hòa Bình hỗ trợ gần 2,4 tỷ đồng, kỷ niệm khóa 12, ngày 25/4/2024."
    first, *others = [read(one) for one in spellings(page)]
    assert [figure(one) for one in first] == ["Money", "F ordinal", "D 2024-04-25"]
    for other in others:
        assert other == first
    assert page[first[0].start :].startswith("gần 2,4 tỷ đồng")


@pytest.mark.parametrize(
    "text",
    [
        "1" * 20_000,
        "1." * 10_000,
        "1 " * 10_000,
        "1/" * 10_000,
        "1-" * 10_000,
        "100 000 " * 3_000,
        "a-" * 10_000 + "1",
        "một " * 8_000,
        "trăm " * 8_000,
        "hàng chục trăm nghìn " * 2_000,
        "từ 1 đến " * 3_000,
        "mỗi " * 8_000 + "5 triệu đồng",
        "kỷ niệm (" * 3_000 + "1/1/1990",
        "quý i" * 8_000,
        "0912 " * 5_000,
        "(" * 20_000 + "5",
        "1 tỷ 1 triệu " * 2_000,
        "năm 2011 - " * 3_000,
    ],
    ids=lambda text: str(text)[:12],
)
def test_reading_time_grows_with_length_alone(text: str) -> None:
    """No phrase makes a pattern run away: 20,000 characters of anything stay within seconds."""
    began = time.process_time()
    read(text)
    assert time.process_time() - began < 4


TODAY = date(2024, 4, 26)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ngày 25/4", "D 2024-04-25"),
        ("ngày 30/12", "D 2023-12-30"),
        ("ngày 29/2", "D 2024-02-29"),
        ("tháng 3", "D 2024-03"),
        ("tháng 11", "D 2023-11"),
        ("tháng 10 năm ngoái", "D 2023-10"),
        ("ngày 25/4 năm ngoái", "D 2023-04-25"),
        ("ngày 25", "D 2024-04-25"),
        ("hôm qua", "D 2024-04-25"),
        ("sáng nay", "D 2024-04-26"),
        ("ngày mai", "D 2024-04-27"),
        ("hôm kia", "D 2024-04-24"),
        ("năm nay", "D 2024"),
        ("hiện nay", "D 2024"),
        ("năm ngoái", "D 2023"),
        ("năm tới", "D 2025"),
        ("tháng trước", "D 2024-03"),
        ("tháng này", "D 2024-04"),
        ("tháng tới", "D 2024-05"),
        ("từ ngày 20 - 25/4", "S 2024-04-20..2024-04-25"),
        ("từ ngày 25/12 đến 5/1/2024", "S 2023-12-25..2024-01-05"),
        ("từ 25/10 đến 1/11", "S 2023-10-25..2023-11-01"),
        ("từ 25-2 đến nay", "S 2024-02-25.."),
        ("năm 2011", "D 2011"),
    ],
)
def test_the_page_date_settles(text: str, expected: str) -> None:
    assert [figure(one) for one in read(text, TODAY)] == [expected]


def test_month_before_january_is_december() -> None:
    assert [figure(one) for one in read("tháng trước", date(2024, 1, 5))] == ["D 2023-12"]


def settled(text: str, today: date | None = None) -> tuple[str | None, int | None, str | None, list[str]]:
    doc = Doc.of(text)
    done = settle(doc, find_figures(doc, lexicon=LEXICON), today)
    return done.page_date, done.page_year, done.why, [figure(one) for one in done.figures]


def test_a_jubilee_settles_the_page_year() -> None:
    text = "Ngày 25/4, nhân kỷ niệm 70 năm Chiến thắng (7/5/1954 - 7/5/2024), Đoàn đến thăm.\nNgày 24/4, năm nay, ngày 3/12."
    page, year, why, found = settled(text)
    assert (page, year, why) == ("2024", 2024, "jubilee")
    assert found[0] == "D 2024-04-25"
    assert found[3:] == ["D 2024-04-24", "D 2024", "D --12-03"]


def test_two_jubilees_settle_their_own_paragraphs_only() -> None:
    text = (
        "Ngày 25/4, dịp kỷ niệm (7/5/1954 - 7/5/2024).\n"
        "Ngày 18/4, dịp kỷ niệm (30/4/1975 - 30/4/2025).\n"
        "Ngày 17/4, họp. Năm nay."
    )
    page, year, why, found = settled(text)
    assert (page, year, why) == (None, None, None)
    assert found == [
        "D 2024-04-25",
        "S 1954-05-07..2024-05-07 ann",
        "D 2025-04-18",
        "S 1975-04-30..2025-04-30 ann",
        "D --04-17",
        "D ?",
    ]


def test_repeated_full_dates_settle_the_page_year() -> None:
    _, year, why, found = settled("Ngày 25/4/2024 họp. Ngày 26/4/2024 thăm. Ngày 27/4 về.")
    assert (year, why, found[-1]) == (2024, "dates", "D 2024-04-27")


def test_the_latest_year_that_is_not_planned_is_the_page_year() -> None:
    _, year, why, found = settled("Ngày 25/4/2024 họp. Ngày 27/4 về.")
    assert (year, why, found[-1]) == (2024, "years", "D 2024-04-27")
    _, year, why, _ = settled(
        "Ngày 14/6 họp.\nMiễn tiền thuê trong tháng 5/2016.\nDự kiến hoàn thành vào năm 2019."
    )
    assert (year, why) == (2016, "years")
    _, year, why, found = settled("Ngày 14/6 kể chuyện năm 1984. Đến năm 2030 sẽ xong.")
    assert (year, why, found[0]) == (None, None, "D --06-14")


def test_the_published_date_is_the_page_date() -> None:
    assert settled("Ngày 25/4", TODAY)[:3] == ("2024-04-26", 2024, "published")


def test_lexicon_tables_of_figures_hold() -> None:
    """Every kind, code and bound that the tables name is known; no phrase stands twice in one table."""
    kinds = {row["kind"] for row in LEXICON.table("figure_kinds")}
    found = [one for text in all_texts() for one in read(text)]
    assert {one.kind for one in found if isinstance(one, Figure)} <= kinds
    codes = {row["code"] for row in LEXICON.table("messages_reading")}
    assert {one.code for one in found if isinstance(one, Blank)} <= codes
    for row in LEXICON.table("hedges"):
        assert row["side"] in ("before", "after", "from", "each", "per", "vague"), row
        assert (row["bound"] in BOUNDS) == (row["side"] in ("before", "after")), row
    for name, column in (("scale_words", "word"), ("currencies", "word"), ("count_units", "phrase")):
        words = [key(row[column]) for row in LEXICON.table(name)]
        assert len(words) == len(set(words)), (name, sorted({w for w in words if words.count(w) > 1}))


def test_every_message_is_in_two_languages() -> None:
    for row in LEXICON.table("messages_reading"):
        assert row["code"].startswith("M") and row["en"] and row["vi"], row


def test_every_currency_word_is_read() -> None:
    grammar = Lexicon().built(build_grammar)
    for word, currency in grammar.currencies.items():
        got = [one for one in read(f"tài trợ 25 triệu {word}") if isinstance(one, Money)]
        assert [one.currency for one in got] == [currency.code], word


def test_every_hedge_is_inside_and_in_the_bound() -> None:
    for row in LEXICON.table("hedges"):
        if row["side"] == "before":
            (one,) = [m for m in read(f"chi {row['phrase']} 25 triệu đồng") if isinstance(m, Money)]
            assert (one.start, one.bound) == (4, row["bound"]), row
        if row["side"] == "after":
            (one,) = [m for m in read(f"chi 25 triệu đồng {row['phrase']} cho xã") if isinstance(m, Money)]
            assert one.bound == row["bound"], row
