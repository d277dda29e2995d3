"""The kinds of tests of the rule language (các kiểu kiểm tra), each a function of one case on one element."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from lxml import etree

from hoptac.iati.paths import XML, Hit, day_of, path_finder, text_of, true_of, xpath

Case = Mapping[str, Any]
MONEY = ".//value | .//forecast | .//loan-status"
"""The elements that state a sum and may name its currency."""
ALL_OF = {"lang": (".//narrative", f"{{{XML}}}lang"), "currency": (MONEY, "currency")}
SUM_SLACK = Decimal("0.0001")
"""Three thirds of 33.3333333333333 are whole; the official engine takes 100.000000002 and refuses 99.99."""
PASS, FAIL, SKIP = True, False, None


@dataclass(frozen=True)
class Register:
    """Identifiers that rules look up: prefixes of registers, and publishers that need none."""

    prefixes: tuple[str, ...] = ()
    publishers: frozenset[str] = frozenset()


@dataclass
class Look:
    """One case of a rule on one element: what it needs and what it found.

    ``at`` are the places to show when it fails."""

    case: Case
    element: etree._Element
    on: date
    register: Register
    at: list[Hit] = field(default_factory=list)

    def hits(self, key: str = "paths") -> list[Hit]:
        paths = self.case.get(key, ())
        return [
            hit
            for path in ([paths] if isinstance(paths, str) else paths)
            for hit in path_finder(path)(self.element)
        ]

    def days(self, key: str) -> list[tuple[Hit | None, date]]:
        path = self.case[key]
        if path == "NOW":
            return [(None, self.on)]
        found = ((hit, day_of(text_of(hit))) for hit in path_finder(path)(self.element))
        return [(hit, day) for hit, day in found if day is not None]

    def known(self, text: str) -> bool:
        """Whether the case leaves registered publishers aside and ``text`` is of one."""
        condition = self.case.get("idCondition")
        if condition == "NOT_EXISTING_ORG_ID":
            return text.strip() in self.register.publishers
        if condition == "NOT_EXISTING_ORG_ID_PREFIX":
            parts = text.strip().split("-")
            return any("-".join(parts[:n]) in self.register.publishers for n in range(1, len(parts) + 1))
        return False


Verdict = bool | None


def _each(look: Look, good: Callable[[str], bool], key: str = "paths") -> Verdict:
    look.at = [hit for hit in look.hits(key) if not good(text_of(hit))]
    return not look.at


def no_more_than_one(look: Look) -> Verdict:
    hits = look.hits()
    look.at = hits[1:]
    return len(hits) <= 1


def atleast_one(look: Look) -> Verdict:
    return bool(look.hits())


def only_one_of(look: Look) -> Verdict:
    hits = look.hits()
    if look.hits("excluded"):
        look.at = hits
        return not hits
    return len(hits) == 1


def one_or_all(look: Look) -> Verdict:
    one, all_ = look.case["one"], look.case["all"]
    if true_of(one, look.element):
        return PASS
    if all_ in ALL_OF:
        where, attribute = ALL_OF[all_]
        look.at = [
            e for e in cast("list[etree._Element]", xpath(where)(look.element)) if attribute not in e.attrib
        ]
    else:
        look.at = [e for e in look.element.findall("transaction") if not true_of(all_, e)]
    return not look.at


def dependent(look: Look) -> Verdict:
    found = [bool(path_finder(path)(look.element)) for path in look.case["paths"]]
    return all(found) or not any(found)


def sum_is(look: Look) -> Verdict:
    look.at = look.hits()
    if not look.at:
        return SKIP
    try:
        added = sum((Decimal(text_of(hit).strip()) for hit in look.at), Decimal())
        return abs(added - Decimal(str(look.case["sum"]))) < SUM_SLACK
    except InvalidOperation:
        return FAIL


def date_order(look: Look) -> Verdict:
    less, more = look.days("less"), look.days("more")
    if not less or not more:
        return SKIP
    last = max(day for _, day in more)
    look.at = [hit for hit, day in less if hit is not None and day > last]
    return not look.at


def date_now(look: Look) -> Verdict:
    days = look.days("date")
    look.at = [hit for hit, day in days if hit is not None and day > look.on]
    return not look.at if days else SKIP


def time_limit(look: Look) -> Verdict:
    starts, ends = look.days("start"), look.days("end")
    if not starts or not ends:
        return SKIP
    start, (hit, end) = starts[0][1], ends[0]
    look.at = [hit] if hit is not None else []
    return (end.year - start.year, end.month, end.day) <= (1, start.month, start.day)


def between_dates(look: Look) -> Verdict:
    days, starts, ends = look.days("date"), look.days("start"), look.days("end")
    if not days or not starts or not ends:
        return SKIP
    look.at = [hit for hit, day in days if hit is not None and not starts[0][1] <= day <= ends[0][1]]
    return not look.at


def regex_matches(look: Look) -> Verdict:
    pattern = re.compile(look.case["regex"])
    return _each(look, lambda text: not text.strip() or look.known(text) or bool(pattern.search(text)))


def regex_no_matches(look: Look) -> Verdict:
    pattern = re.compile(look.case["regex"])
    return _each(look, lambda text: not pattern.search(text))


def startswith(look: Look) -> Verdict:
    wanted = look.case.get("prefix") or [look.case["start"]]
    separator = look.case.get("separator", "")
    if wanted == ["ORG-ID-PREFIX"]:
        prefixes = look.register.prefixes
    else:
        prefixes = tuple(
            text_of(hit) + separator for path in wanted for hit in path_finder(path)(look.element)
        )
    return _each(look, lambda text: look.known(text) or text.startswith(prefixes))


def unique(look: Look) -> Verdict:
    seen: set[str] = set()
    for hit in look.hits():
        text = text_of(hit)
        if text in seen:
            look.at.append(hit)
        seen.add(text)
    return not look.at


def if_then(look: Look) -> Verdict:
    if not true_of(look.case["if"], look.element):
        return PASS
    look.at = look.hits()
    return true_of(look.case["then"], look.element)


def in_range(look: Look) -> Verdict:
    least, most = float(look.case.get("min", "-inf")), float(look.case.get("max", "inf"))

    def good(text: str) -> bool:
        try:
            return least <= float(text) <= most
        except ValueError:
            return False

    return _each(look, good)


def no_spaces(look: Look) -> Verdict:
    return _each(look, lambda text: text == text.strip())


KINDS: dict[str, tuple[str, Callable[[Look], Verdict]]] = {
    "no_more_than_one": ("I20", no_more_than_one),
    "atleast_one": ("I21", atleast_one),
    "only_one_of": ("I22", only_one_of),
    "one_or_all": ("I23", one_or_all),
    "dependent": ("I24", dependent),
    "sum": ("I25", sum_is),
    "strict_sum": ("I25", sum_is),
    "date_order": ("I26", date_order),
    "date_now": ("I27", date_now),
    "time_limit": ("I28", time_limit),
    "between_dates": ("I29", between_dates),
    "regex_matches": ("I30", regex_matches),
    "regex_no_matches": ("I30", regex_no_matches),
    "startswith": ("I31", startswith),
    "unique": ("I32", unique),
    "if_then": ("I33", if_then),
    "range": ("I34", in_range),
    "no_spaces": ("I35", no_spaces),
}
"""Each kind of rule: the message that says it is broken, and its test."""
