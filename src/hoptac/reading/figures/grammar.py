"""The lexicon's words in the form in which figures are read (bảng từ cho con số), made once for each lexicon."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from hoptac.lexicon.tables import Lexicon
from hoptac.text.fold import fold, match_form

LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Lead:
    """A word or phrase before a number and what it makes of the number.

    ``sort`` is hedge, from, each, vague, date, figure or neutral; ``value`` the bound, the date word's kind, or the
    figure kind.
    """

    sort: str
    value: str


@dataclass(frozen=True, slots=True)
class Scale:
    value: Decimal
    not_before: frozenset[str]


@dataclass(frozen=True, slots=True)
class Currency:
    code: str | None
    after: bool
    both: bool
    not_before: frozenset[str]
    not_before_bare: frozenset[str]


@dataclass(frozen=True, slots=True)
class Noun:
    """A counted noun. ``classifier`` takes one more noun behind it; ``in_words`` is the least number that is read
    when it is written in words before this noun, 0 for none."""

    classifier: bool
    in_words: int


class LeadEnd(NamedTuple):
    """The last words of leads, read backwards: the ``phrase`` that ends here with what it makes of a number, if it is a
    lead by itself, and the words that may stand before it in longer ones."""

    phrase: str
    leads: tuple[Lead, ...]
    before: dict[str, LeadEnd]


class Opener(NamedTuple):
    """What the first word behind a number may begin. ``noun`` is the number of words of its longest counted noun."""

    scale: bool = False
    currency: bool = False
    measure: bool = False
    noun: int = 0


class Alternatives:
    """The longest of many words at a place; one pattern for each first character, so that few branches are tried."""

    def __init__(self, words: Iterable[str]) -> None:
        by_first: dict[str, list[str]] = {}
        for word in words:
            by_first.setdefault(word[0], []).append(word)
        self._patterns = {first: _any_of(group) for first, group in by_first.items()}

    def match(self, text: str, pos: int) -> re.Match[str] | None:
        pattern = self._patterns.get(text[pos : pos + 1])
        return None if pattern is None else pattern.match(text, pos)


@dataclass(frozen=True, slots=True)
class Grammar:
    each_words: tuple[str, ...]
    lead_ends: dict[str, LeadEnd]
    openers: dict[str, Opener]
    scales: dict[str, Scale]
    scale_re: Alternatives
    currencies: dict[str, Currency]
    currency_re: Alternatives
    prefix_currencies: frozenset[str]
    prefix_ends: frozenset[str]
    unit_signs: frozenset[str]
    measures: dict[str, str]
    measure_re: Alternatives
    nouns: dict[str, Noun]
    comma_nouns: re.Pattern[str]
    stops: frozenset[str]
    number_words: dict[str, tuple[Decimal, str]]
    after_hedges: dict[str, str]
    after_hedge_starts: frozenset[str]
    per: frozenset[str]
    date_words: dict[str, tuple[str, str]]
    holidays: frozenset[str]
    not_relative: frozenset[str]
    ratios: frozenset[str]
    five_after: frozenset[str]
    now_words: tuple[str, ...]
    anniversaries: tuple[str, ...]
    kinds: frozenset[str]
    spelled: frozenset[str]
    after_counting: dict[str, frozenset[str]]
    literals: tuple[str, ...]


def key(text: str) -> str:
    """A cell as it stands in ``Doc.low``."""
    return match_form(fold(text).text)


def build_grammar(lexicon: Lexicon) -> Grammar:
    """Everything the readers of figures look up; use through ``lexicon.built(build_grammar)``."""
    leads: dict[str, list[Lead]] = {}

    def lead(phrase: str, sort: str, value: str) -> None:
        leads.setdefault(key(phrase), []).append(Lead(sort, value))

    after_hedges: dict[str, str] = {}
    per: set[str] = set()
    for row in lexicon.table("hedges"):
        side = row["side"]
        if side == "after":
            after_hedges[key(row["phrase"])] = row["bound"]
        elif side == "per":
            per.add(key(row["phrase"]))
        else:
            lead(row["phrase"], "hedge" if side == "before" else side, row["bound"])
    date_words: dict[str, tuple[str, str]] = {}
    for row in lexicon.table("date_words"):
        kind, phrase = row["kind"], key(row["phrase"])
        if kind in _DATE_LEADS:
            lead(phrase, "date", kind)
        elif kind == "from":
            lead(row["phrase"], "from", "")
        elif kind in ("neutral", "not_day"):
            lead(phrase, "neutral", kind)
        elif kind.startswith("relative"):
            date_words[phrase] = (kind, row["value"])
    measures: dict[str, str] = {}
    for row in lexicon.table("figure_kinds"):
        for phrase in _cell(row["before"]):
            lead(phrase, "figure", row["kind"])
        for phrase in _cell(row["after"]):
            measures.setdefault(key(phrase), row["kind"])
    currencies = {
        key(row["word"]): Currency(
            row["code"] or None,
            row["place"] in ("after", "both"),
            row["place"] == "both",
            frozenset(key(w) for w in _cell(row["not_before"])),
            frozenset(key(w) for w in _cell(row["not_before_bare"])),
        )
        for row in lexicon.table("currencies")
    }
    scales = {
        key(row["word"]): Scale(Decimal(row["value"]), frozenset(key(w) for w in _cell(row["not_before"])))
        for row in lexicon.table("scale_words")
    }
    number_words = {
        key(row["word"]): (Decimal(row["value"]), row["part"]) for row in lexicon.table("number_words")
    }
    spelled = [key(row["word"]) for row in lexicon.table("scale_words") if row["spelled"] == "y"]
    starts = [w for w, (_, part) in number_words.items() if part in ("unit", "ten", "fraction")]
    nouns = {
        key(row["phrase"]): Noun(row["kind"] in ("class", "both"), int(row["words"] or 0))
        for row in lexicon.table("count_units")
    }
    goods = [phrase for phrase, kind in measures.items() if kind == "goods"]
    always = {phrase.split(" ")[0] for phrase in (*goods, *scales, *currencies, *number_words)}
    return Grammar(
        each_words=tuple(
            phrase
            for phrase, found in leads.items()
            if " " not in phrase and any(one.sort == "each" for one in found)
        ),
        lead_ends=_ends(leads),
        openers=_openers(scales, currencies, measures, nouns),
        scales=scales,
        scale_re=Alternatives(scales),
        currencies=currencies,
        currency_re=Alternatives(currencies),
        prefix_currencies=frozenset(w for w, c in currencies.items() if c.both),
        prefix_ends=frozenset(w[-1] for w, c in currencies.items() if c.both),
        unit_signs=frozenset(w[0] for w in (*measures, *currencies) if not w[0].isalpha()),
        measures=measures,
        measure_re=Alternatives(measures),
        nouns=nouns,
        comma_nouns=_any_of(phrase for phrase in nouns if "," in phrase),
        stops=frozenset(key(row["word"]) for row in lexicon.table("count_stops")),
        number_words=number_words,
        after_hedges=after_hedges,
        after_hedge_starts=frozenset(phrase[0] for phrase in after_hedges),
        per=frozenset(per),
        date_words=date_words,
        holidays=_of_kind(lexicon, "holiday"),
        ratios=_of_kind(lexicon, "ratio"),
        not_relative=_of_kind(lexicon, "not_relative"),
        five_after=_of_kind(lexicon, "five_after"),
        now_words=tuple(key(row["phrase"]) for row in lexicon.table("date_words") if row["kind"] == "now"),
        anniversaries=tuple(
            key(row["phrase"]) for row in lexicon.table("date_words") if row["kind"] == "anniversary"
        ),
        kinds=frozenset(row["kind"] for row in lexicon.table("figure_kinds")),
        spelled=frozenset(spelled),
        after_counting={
            word: frozenset(
                (
                    *always,
                    *(
                        p.split(" ")[0]
                        for p, noun in nouns.items()
                        if 0 < noun.in_words <= number_words[word][0]
                    ),
                )
            )
            for word in starts
        },
        literals=tuple(sorted({*spelled, *starts, *date_words})),
    )


_DATE_LEADS = frozenset({"day", "weekday", "month", "year", "span", "until", "quarter"})


def _ends(leads: Mapping[str, list[Lead]]) -> dict[str, LeadEnd]:
    """The leads by their last words."""
    ends: dict[str, LeadEnd] = {}
    for phrase, found in leads.items():
        level = ends
        words = phrase.split(" ")
        for n in range(len(words) - 1, -1, -1):
            tail = " ".join(words[n:])
            end = level.setdefault(words[n], LeadEnd(tail, (), {}))
            if n == 0:
                level[words[n]] = end._replace(leads=tuple(found))
            level = end.before
    return ends


def _openers(
    scales: Iterable[str], currencies: Iterable[str], measures: Iterable[str], nouns: Iterable[str]
) -> dict[str, Opener]:
    """What each first word begins, by the letters that it begins with ("km/h" by "km"); signs are under ""."""
    found: dict[str, Opener] = {"": Opener(True, True, True)}

    def first(phrase: str) -> tuple[str, Opener]:
        m = LETTERS.match(phrase)
        word = "" if m is None else m.group()
        return word, found.get(word, Opener())

    for phrase in scales:
        word, opener = first(phrase)
        found[word] = opener._replace(scale=True)
    for phrase in currencies:
        word, opener = first(phrase)
        found[word] = opener._replace(currency=True)
    for phrase in measures:
        word, opener = first(phrase)
        found[word] = opener._replace(measure=True)
    for phrase in nouns:
        word, opener = first(phrase)
        found[word] = opener._replace(noun=max(opener.noun, phrase.count(" ") + 1))
    return found


def _of_kind(lexicon: Lexicon, kind: str) -> frozenset[str]:
    return frozenset(key(row["phrase"]) for row in lexicon.table("date_words") if row["kind"] == kind)


def _cell(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """One of the words, the longest that fits, ended by a word boundary where it ends in a letter."""
    ordered = sorted(words, key=len, reverse=True)
    branches = [re.escape(w) + (r"(?![^\W_])" if w[-1].isalnum() else "") for w in ordered]
    return re.compile("|".join(branches))
