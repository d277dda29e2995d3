"""A contribution made ready to be compared with others (khoản hỗ trợ, chuẩn bị để so). Pure: knows no Django."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from rapidfuzz import fuzz

from hoptac.ledger.agree import reach
from hoptac.ledger.kinship import Who, kin_of_parties, kin_of_units, spots, telling_words, who, written_out
from hoptac.ledger.likeness import WorkName, work_name
from hoptac.ledger.whereabouts import Span, span_of
from hoptac.lexicon.tables import Lexicon, default_lexicon
from hoptac.places.units import Unit
from hoptac.text.fold import fold, match_form, search_key

ALIKE, LIKE, SOME = 88, 68, 45  # of 100, for descriptions; set with the points on tests/gold/pairs
SPELLED = 80  # of 100, for the words in which two names differ: one word in two spellings
ODD = 3  # figures that a sum has before its zeros from which on two papers hardly meet by chance
NEAR_PAGES, FAR_PAGES = 15, 400  # days between two papers of one deed; of two years' deeds
FORWARD = ("requested", "pledged")
LASTING = frozenset(
    {"build", "repair", "equip", "invest"}
)  # begun in one year, handed over in the next; gifts come yearly
NEVER_ONE = frozenset({"funder_apart", "recipient_apart", "place_apart"})
KEPT_WITHIN = 3  # years within which a promise is taken to be kept by a deed like it
_NUMBER = re.compile(r"\d[\d.,]*")


class _Units:
    def __init__(self, lexicon: Lexicon) -> None:
        self.same = {search_key(r["unit"]): search_key(r["same_as"]) for r in lexicon.table("match_units")}
        self.kinds = {match_form(fold(r["word"]).text) for r in lexicon.table("place_kinds")}


@dataclass(frozen=True)
class Deed:
    """One contribution's values, with the day of the page that tells them (None: no page, or no day)."""

    values: Mapping[str, Any]
    page: date | None = None

    @cached_property
    def span(self) -> Span | None:
        return span_of(self.values)

    @cached_property
    def years(self) -> tuple[int, int] | None:
        return (self.span[0].year, self.span[1].year) if self.span is not None else None

    @cached_property
    def what(self) -> str:
        """What was given, with short forms written out ("Trường PTDT nội trú")."""
        return written_out(self.values["what"])

    @cached_property
    def name(self) -> WorkName | None:
        return work_name(self.what)

    @cached_property
    def _rest(self) -> str:
        """What follows the head of the work's name, as written; "" for a work without a name."""
        name = self.name
        return name.name[len(name.name) - len(name.own) :] if name is not None and name.own else ""

    @cached_property
    def own(self) -> list[str]:
        """The words of the work's own name that tell it from others: without the kind of place that they name."""
        kinds = default_lexicon().built(_Units).kinds
        return search_key(" ".join(w for w in telling_words(self._rest) if w not in kinds)).split()

    @cached_property
    def about(self) -> list[str]:
        """The words told before the work's name: what of it ("bàn ghế", "chiếu sáng")."""
        name = self.name
        if name is None:
            return []
        before = " ".join(fold(self.what).text.split()).split(name.name)[0]
        return telling_words(before)

    @cached_property
    def words(self) -> str:
        """The key of the words that tell it from others, without its own count and sum."""
        count = (self.values.get("quantity") or {}).get("value")
        told = {count, (count or "").zfill(2)}
        words = [w for w in telling_words(self.what) if w.replace(".", "").replace(",", ".") not in told]
        return search_key(" ".join(words))

    @cached_property
    def numbers(self) -> frozenset[str]:
        return frozenset(_NUMBER.findall(self.words))

    @cached_property
    def proper(self) -> str:
        """The names that its words hold ("Nà Sự"), as one key; of a named work those of its own part."""
        kinds = default_lexicon().built(_Units).kinds
        plain = fold(self._rest or self.what).text.split()
        capital = [
            w.strip(".,;:()\"'“”") for n, w in enumerate(plain) if (n or self._rest) and w[:1].isupper()
        ]
        return search_key(" ".join(w for w in capital if match_form(w) not in kinds))

    @cached_property
    def funders(self) -> tuple[Who, ...]:
        return self._parties("funder")

    @cached_property
    def recipients(self) -> tuple[Who, ...]:
        return self._parties("recipient")

    def _parties(self, role: str) -> tuple[Who, ...]:
        told = self.values.get(role) or ()
        return tuple(who(p["name"], p.get("code"), p.get("unit"), self.span, self.page) for p in told)

    @cached_property
    def place(self) -> tuple[Unit, ...]:
        told = self.values.get("place")
        return spots(told["name"], told.get("code"), told.get("unit"), self.span, self.page) if told else ()


def compare_deeds(a: Deed, b: Deed) -> list[str]:
    """The codes of ``match_points`` that hold of two contributions, in the order weighed; of two whose parties or places
    are others only those, for nothing makes up for them."""
    apart = [code for code in (*_parties(a, b), *_place(a, b)) if code in NEVER_ONE]
    if apart:
        return apart
    codes = ["base", *_what(a, b)]
    named = "name_alike" in codes
    codes += _sums(a, b, named)
    codes += _counts(a, b)
    codes += _years(a, b, codes)
    codes += [*_parties(a, b), *_place(a, b)]
    for field in ("act", "field"):
        if a.values.get(field) and b.values.get(field):
            open_ = {a.values[field], b.values[field]} & ({"fund", "other"} if field == "act" else {"other"})
            if a.values[field] == b.values[field]:
                codes.append(f"{field}_same")
            elif not open_:
                codes.append(f"{field}_apart")
    return codes


def _what(a: Deed, b: Deed) -> list[str]:
    if a.own and b.own:
        return _names(a, b)
    score = (fuzz.token_set_ratio(a.words, b.words) + fuzz.token_sort_ratio(a.words, b.words)) / 2
    if a.words == b.words:
        score = 100
    if a.numbers and b.numbers and a.numbers != b.numbers:
        score = min(score, SOME)
    grade = "alike" if score >= ALIKE else "like" if score >= LIKE else "some" if score >= SOME else "apart"
    codes = [f"words_{grade}"]
    if a.proper and b.proper:
        codes.append("proper_apart" if _differ(a.proper, b.proper) == "apart" else "proper_same")
    return codes


def _differ(a: str, b: str) -> str:
    """How two names differ by the words that only one has: ``same``, ``held`` (one has more), ``apart``.

    Words that only one has and that are spelled nearly alike are one word: "Sốp Cộp", "Sốp Cốp".
    """
    words_a, words_b = a.split(), b.split()
    only_a = [w for w in words_a if w not in words_b]
    only_b = [w for w in words_b if w not in words_a]
    if not only_a and not only_b:
        return "same"
    if not only_a or not only_b:
        return "held"
    if any(w.isdigit() for w in (*only_a, *only_b)):
        return "apart"
    return "same" if fuzz.ratio(" ".join(only_a), " ".join(only_b)) >= SPELLED else "apart"


def _names(a: Deed, b: Deed) -> list[str]:
    """Two named works: by the kind of work and the name's own part, then by what is told of them ("bàn ghế cho …")."""
    if a.name is None or b.name is None:
        raise TypeError("only two named works are compared by name")
    heads = search_key(a.name.head), search_key(b.name.head)
    how = _differ(" ".join(a.own), " ".join(b.own))
    if how == "apart" or not (heads[0].startswith(heads[1]) or heads[1].startswith(heads[0])):
        whole = " ".join((heads[0], *a.own)), " ".join((heads[1], *b.own))
        if how == "apart" or sorted(whole[0].split()) != sorted(whole[1].split()):
            return ["name_apart"]
        how = "same"
    codes = ["name_alike" if how == "same" and heads[0] == heads[1] else "name_like"]
    if a.about and b.about and not set(a.about) & set(b.about):
        codes.append("thing_apart")
    return codes


def _sums(a: Deed, b: Deed, named: bool) -> list[str]:
    one, other = a.values.get("amount"), b.values.get("amount")
    if not one or not other:
        return []
    if one.get("currency") and other.get("currency") and one["currency"] != other["currency"]:
        return ["sum_currency"]
    first, second = Decimal(one["value"]), Decimal(other["value"])
    if first == second:
        return ["sum_same_odd" if figures(one["value"]) >= ODD else "sum_same"]
    if second == _whole(one) or first == _whole(other):
        return ["sum_whole"]
    if is_rounded(first, second) or is_rounded(second, first):
        return ["sum_rounded"]
    (low_a, high_a), (low_b, high_b) = reach(dict(one)), reach(dict(other))
    if low_a <= high_b and low_b <= high_a:
        return ["sum_near"]
    return ["sum_apart_named" if named else "sum_apart"]


def _whole(amount: Mapping[str, Any]) -> Decimal | None:
    return Decimal(amount["of_total"]) if amount.get("of_total") else None


def figures(value: str) -> int:
    """How many figures a sum has before its zeros: 4 of 9,935,000,000."""
    return len(value.replace(".", "").strip("0"))


def is_rounded(rough: Decimal, exact: Decimal) -> bool:
    """Whether one sum is the other rounded, or cut, to the figures that it has (two at least: one figure says too little).

    >>> is_rounded(Decimal("9900000000"), Decimal("9935000000")), is_rounded(Decimal("9500000000"), Decimal("9935000000"))
    (True, False)
    """
    digits = rough.normalize().as_tuple()
    exponent = digits.exponent
    if not isinstance(exponent, int) or len(digits.digits) < 2 or exact.normalize() == rough.normalize():
        return False
    return abs(exact - rough) < Decimal(1).scaleb(exponent) and figures(f"{exact:f}") > len(digits.digits)


def _counts(a: Deed, b: Deed) -> list[str]:
    one, other = a.values.get("quantity"), b.values.get("quantity")
    if not one or not other:
        return []
    same = default_lexicon().built(_Units).same
    units = [same.get(key, key) for key in (search_key(q.get("unit") or "") for q in (one, other))]
    one_unit = units[0] == units[1] or "" in units or units[0] in units[1] or units[1] in units[0]
    if Decimal(one["value"]) != Decimal(other["value"]):
        return ["count_apart"] if one_unit else []
    if not one_unit:
        return ["count_value"]
    return ["count_same_odd" if figures(one["value"]) > 1 else "count_same"]


def _years(a: Deed, b: Deed, codes: list[str]) -> list[str]:
    out = ["status_forward"] if _forward(a, b) or _forward(b, a) else []
    if a.years is None or b.years is None:
        if "name_alike" in codes and (a.years or b.years):
            out.append("year_silent")
        days = abs((a.page - b.page).days) if a.page and b.page else None
        if days is not None:
            out += ["page_near"] if days <= NEAR_PAGES else ["page_far"] if days > FAR_PAGES else []
        return out
    if a.years == b.years:
        return [*out, "year_same"]
    agree = {"sum_same_odd", "sum_same", "sum_rounded", "sum_near"} & set(codes)
    if _holds(a.years, b.years) or _holds(b.years, a.years):
        one_sum = not (a.values.get("amount") and b.values.get("amount"))
        return [*out, "year_within" if agree or one_sum else "period_part"]
    if out:
        return [*out, "year_forward"]
    gap = max(a.years[0], b.years[0]) - min(a.years[1], b.years[1])
    if gap == 1 and a.years[0] == a.years[1] and b.years[0] == b.years[1]:
        named = {"name_alike", "name_like", "proper_same"} & set(codes)
        lasts = {a.values["act"], b.values["act"]} <= LASTING
        odd = "sum_same_odd" in codes or (
            lasts and named and agree and figures((a.values.get("amount") or {})["value"]) > 1
        )
        return ["year_handover" if odd else "year_next"]
    return ["year_apart"]


def _forward(first: Deed, then: Deed) -> bool:
    """Whether one is asked or promised and the other done, not before it and soon enough after it."""
    if first.values.get("status") not in FORWARD or then.values.get("status") not in ("done", "ongoing"):
        return False
    if first.years is None or then.years is None:
        return True
    return 0 <= then.years[0] - first.years[0] <= KEPT_WITHIN


def _holds(outer: tuple[int, int], inner: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _parties(a: Deed, b: Deed) -> list[str]:
    out = []
    giver = kin_of_parties(a.funders, b.funders)
    if giver is not None:
        out.append("funder_" + {"held": "body"}.get(giver, giver))
    taker = kin_of_parties(a.recipients, b.recipients)
    if taker == "apart" and not all(w.is_plain for w in (*a.recipients, *b.recipients)):
        taker = None  # people who receive ("34 hộ dân bản Sa Ná") may live in the place that the other names
    if taker == "apart" and not all(w.units for w in (*a.recipients, *b.recipients) if w.is_plain):
        taker = "unlike"
    if taker is not None:
        out.append("recipient_" + {"held": "same", "body": "same"}.get(taker, taker))
    return out


def _place(a: Deed, b: Deed) -> list[str]:
    one, other = a.values.get("place"), b.values.get("place")
    if not one or not other:
        return []
    kin = kin_of_units(a.place, b.place)
    if kin is None:
        names = [search_key(match_form(p["name"])) for p in (one, other)]
        levels = {n.split(" ")[0] for n in names}
        kin = "same" if names[0] == names[1] else "apart" if len(levels) == 1 else "held"
    return [f"place_{kin}"] if kin in ("same", "line", "held", "apart") else []
