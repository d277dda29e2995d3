"""The standard's rule set, run over one activity or organisation (bộ quy tắc IATI).

A rule is data: where it holds (``context``), which kind of test, and the test's paths, as the standard's rule language
has them (https://github.com/IATI/IATI-Rulesets, SPEC). The kinds are functions here; which rules there are is the table
``iati_rules``. The day is a parameter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, cast

from lxml import etree

from hoptac.iati.values import ERROR, Finding, line_of
from hoptac.lexicon import Lexicon

Hit = etree._Element | str
"""What a path leads to: an element, or the text of an attribute or text node (which knows its parent)."""
Case = Mapping[str, Any]

XML = "http://www.w3.org/XML/1998/namespace"
SIMPLE = re.compile(r"(?:[A-Za-z][\w.-]*/)*(?:@?[A-Za-z][\w.-]*)\Z")
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
MONEY = ".//value | .//forecast | .//loan-status"
"""The elements that state a sum and may name its currency."""
ALL_OF = {"lang": (".//narrative", f"{{{XML}}}lang"), "currency": (MONEY, "currency")}
SUM_SLACK = Decimal("0.0001")
"""Three thirds of 33.3333333333333 are whole; the official engine takes 100.000000002 and refuses 99.99."""
PASS, FAIL, SKIP = True, False, None


@cache
def _xpath(path: str) -> etree.XPath:
    return etree.XPath(path, namespaces={"xml": XML}, smart_strings=True)


@cache
def path_finder(path: str) -> Callable[[etree._Element], Sequence[Hit]]:
    """A function that follows ``path`` from an element. Plain paths of names are followed without XPath: it costs ten times."""
    if SIMPLE.match(path):
        if path.startswith("@"):
            name = path[1:]
            return lambda e: [_Attribute(str(e.attrib[name]), e, name)] if name in e.attrib else ()
        if "/" not in path:
            return lambda e: list(e.iterchildren(path))
        owner, _, last = path.rpartition("/@")
        if owner:
            owners = _xpath(f"{owner}[@{last}]")
            return lambda e: [
                _Attribute(str(o.attrib[last]), o, last) for o in cast("list[etree._Element]", owners(e))
            ]
    compiled = _xpath(path)
    return lambda e: cast("Sequence[Hit]", compiled(e))


class _Attribute(str):
    """An attribute's text that knows where it stands, as lxml's own results do."""

    attrname: str
    parent: etree._Element

    def __new__(cls, text: str, parent: etree._Element, name: str) -> _Attribute:
        made = super().__new__(cls, text)
        made.parent, made.attrname = parent, name
        return made

    def getparent(self) -> etree._Element:
        return self.parent


def text_of(hit: Hit) -> str:
    """An attribute's text, or all text inside an element."""
    if isinstance(hit, str):
        return hit
    return (hit.text or "") if not len(hit) else "".join(cast("Iterable[str]", hit.itertext()))


def day_of(text: str) -> date | None:
    """The day at the start of a date or date-time; None where there is none."""
    found = DAY.match(text.strip())
    if not found:
        return None
    try:
        return date(*(int(g) for g in found.groups()))
    except ValueError:
        return None


def true_of(path: str, element: etree._Element) -> bool:
    """An XPath as a condition."""
    return bool(_xpath(f"boolean({path})")(element))


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
            e for e in cast("list[etree._Element]", _xpath(where)(look.element)) if attribute not in e.attrib
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


def snake(name: str) -> str:
    """ "noMoreThanOne" as "no_more_than_one": the language has both spellings."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return {"at_least_one": "atleast_one", "starts_with": "startswith"}.get(plain, plain)


@dataclass(frozen=True)
class Rule:
    """One case of a rule: where it holds, its kind and what it tests."""

    id: str
    severity: str
    context: str
    kind: str
    case: Case


@dataclass(frozen=True)
class Broken:
    """A rule that does not hold: on which element, and the places that show it."""

    rule: Rule
    element: etree._Element
    at: tuple[Hit, ...]


@dataclass(frozen=True)
class Outcome:
    """What a set of rules gave: what is broken, how many elements it met, how many tests were run to an end."""

    broken: tuple[Broken, ...]
    met: int
    judged: int


def context_of(context: str) -> str:
    """A context as a path from the activity or organisation itself."""
    if context.startswith("//"):
        return f"descendant-or-self::{context[2:]}"
    parts = context.strip("/").split("/", 1)
    return f"self::{parts[1]}" if len(parts) > 1 else "self::*"


def _filled(case: Case, subs: Iterable[str], value: str) -> Case:
    """A loop's case for one value of what it goes over."""
    quoted = f'"{value}"' if "'" in value else f"'{value}'"

    def put(item: Any) -> Any:
        if isinstance(item, str):
            return item.replace("'$1'", quoted).replace("$1", value)
        return [put(one) for one in item]

    return {key: put(item) if key in subs else item for key, item in case.items()}


FIRST = re.compile(r"(@?[A-Za-z][\w:.-]*)(?=[/\[]|\Z)[^|]*\Z")
COUNTED = re.compile(r"count\(([^()]*(?:\[[^|]*\][^()|]*)?)\) > [0-9]+\Z")
STARTS = {
    "date_order": "less",
    "date_now": "date",
    "time_limit": "start",
    "between_dates": "date",
    "loop": "foreach",
}
"""Kinds that have nothing to judge where the path under this key leads nowhere."""
EASY = frozenset(
    {"no_spaces", "regex_matches", "regex_no_matches", "startswith", "range", "unique", "no_more_than_one"}
)
"""Kinds that hold where none of their paths leads anywhere."""
MOST_SHAPES = 10_000
"""Kinds of elements remembered; a file that has more is not an honest one."""

Needs = tuple[frozenset[str], bool]
"""The children and attributes without which a rule has nothing to find, and whether it then counts as judged."""


def _first(path: str) -> str | None:
    """The child or attribute through which a path must go; None where it is not plain."""
    counted = COUNTED.match(path)
    found = FIRST.match(counted.group(1) if counted else path)
    return found.group(1).replace("@xml:", f"@{{{XML}}}") if found else None


def needs_of(rule: Rule) -> Needs | None:
    """What a rule needs to find anything; None where it must always be judged."""
    case = rule.case
    judged = False
    if case.get("condition"):
        paths = [case["condition"]]
    elif rule.kind in STARTS:
        paths = [case[STARTS[rule.kind]]]
    elif rule.kind in EASY:
        paths, judged = case["paths"], True
    elif rule.kind == "if_then":
        paths, judged = [case["if"]], True
    else:
        return None
    steps = [_first(path) for path in paths]
    return None if None in steps else (frozenset(cast(list[str], steps)), judged)


def _live(inside: list[tuple[Rule, Needs | None]], names: frozenset[str]) -> tuple[list[Rule], int]:
    """The rules that an element with these names can break, and how many others count as judged."""
    rules, judged = [], 0
    for rule, needs in inside:
        if needs is None or not needs[0].isdisjoint(names):
            rules.append(rule)
        else:
            judged += needs[1]
    return rules, judged


class RuleSet:
    """Rules grouped by where they hold. Which of them an element can break is remembered by the names in it."""

    def __init__(self, rules: Iterable[Rule], register: Register | None = None) -> None:
        self.register = register or Register()
        grouped: dict[str, list[tuple[Rule, Needs | None]]] = {}
        for rule in rules:
            grouped.setdefault(rule.context, []).append((rule, needs_of(rule)))
        self.by_context = {
            context: (_xpath(context_of(context)), all(needs is None for _, needs in inside), inside)
            for context, inside in grouped.items()
        }
        self._known: dict[tuple[str, frozenset[str]], tuple[list[Rule], int]] = {}

    def run(self, item: etree._Element, on: date) -> Outcome:
        """Judge one activity or organisation (an element of the tree, with or without its file around it)."""
        broken: list[Broken] = []
        met = judged = 0
        for context, (find, whole, inside) in self.by_context.items():
            elements = cast("list[etree._Element]", find(item))
            met += len(elements)
            for element in elements:
                names: frozenset[str] = frozenset()
                if not whole:
                    present = {child.tag for child in element}
                    present.update([f"@{name!s}" for name in element.keys()])  # noqa: SIM118 - no dict
                    names = frozenset(present)
                known = self._known.get((context, names))
                if known is None:
                    if len(self._known) > MOST_SHAPES:
                        self._known.clear()
                    known = self._known[context, names] = _live(inside, names)
                judged += known[1]
                for rule in known[0]:
                    for verdict, one, at in self._judge(rule, element, on):
                        judged += verdict is not SKIP
                        if verdict is FAIL:
                            broken.append(Broken(one, element, tuple(at)))
        return Outcome(tuple(broken), met, judged)

    def _judge(
        self, rule: Rule, element: etree._Element, on: date
    ) -> Iterator[tuple[Verdict, Rule, list[Hit]]]:
        if rule.kind == "loop":
            values = dict.fromkeys(text_of(hit) for hit in path_finder(rule.case["foreach"])(element))
            for value in values:
                if "'" in value and '"' in value:
                    continue
                for kind, cases in rule.case["do"].items():
                    for case in cases:
                        filled = _filled(case, rule.case.get("subs", ()), value)
                        inner = Rule(
                            case.get("id", ""), case.get("severity", ERROR), rule.context, snake(kind), filled
                        )
                        yield from self._judge(inner, element, on)
            return
        condition = rule.case.get("condition")
        if condition and not true_of(condition, element):
            yield SKIP, rule, []
            return
        look = Look(rule.case, element, on, self.register)
        yield KINDS[rule.kind][1](look), rule, look.at


def rules_from_json(data: Mapping[str, Any]) -> list[Rule]:
    """Rules of a rule set file in the standard's own form."""
    rules = []
    for context, kinds in data.items():
        for kind, body in kinds.items():
            for case in body["cases"]:
                info = case.get("ruleInfo", {})
                inside = dict(case)
                if "do" in case:
                    inside["do"] = {
                        name: [{**one, **one.get("ruleInfo", {})} for one in inner["cases"]]
                        for name, inner in case["do"].items()
                    }
                rules.append(
                    Rule(info.get("id", ""), info.get("severity", ERROR), context, snake(kind), inside)
                )
    return rules


def rule_sets(lexicon: Lexicon) -> dict[str, tuple[Rule, ...]]:
    """The standard's rules of each version, from the table ``iati_rules``."""
    found: dict[str, list[Rule]] = {}
    for row in lexicon.table("iati_rules"):
        rule = Rule(row["id"], row["severity"], row["context"], row["kind"], json.loads(row["case"]))
        for version in row["versions"].split("|"):
            found.setdefault(version, []).append(rule)
    return {version: tuple(rules) for version, rules in found.items()}


def place_of(element: etree._Element, item: etree._Element) -> str:
    """The path of an element from the item, numbered where it has brothers of its name."""
    steps: list[str] = []
    while element is not item:
        parent = element.getparent()
        if parent is None:
            break
        same = parent.findall(str(element.tag))
        name = str(element.tag)
        steps.append(name if len(same) == 1 else f"{name}[{same.index(element) + 1}]")
        element = parent
    steps.append(str(item.tag))
    return "/".join(reversed(steps))


def findings_of(outcome: Outcome, item: etree._Element, identifier: str, shift: int) -> Iterator[Finding]:
    """One finding for each rule broken on an element, at the first place that shows it. ``shift`` is added to lines."""
    for broken in outcome.broken:
        hit = broken.at[0] if broken.at else broken.element
        if isinstance(hit, str):
            parent = cast(Any, hit).getparent()
            name = getattr(hit, "attrname", None)
            path = place_of(parent, item) + (f"/@{name}" if name else "")
            value, line = str(hit), line_of(parent, shift)
        else:
            path, value, line = place_of(hit, item), text_of(hit).strip()[:80], line_of(hit, shift)
        case = broken.rule.case
        paths = case.get("paths") or [case[k] for k in ("one", "date", "less", "start") if k in case]
        told = {
            "paths": ", ".join(paths),
            "less": str(case.get("less", "")),
            "more": str(case.get("more", "")),
            "sum": str(case.get("sum", "")),
            "all": str(case.get("all", "")),
            "least": str(case.get("min", "")),
            "most": str(case.get("max", "")),
            "then": str(case.get("then", "")),
            "if": str(case.get("if", "")),
            "count": str(max(len(broken.at), 1)),
        }
        yield Finding(
            broken.rule.id,
            broken.rule.severity,
            KINDS[broken.rule.kind][0],
            identifier,
            path,
            value,
            line,
            tuple((k, v) for k, v in told.items() if v),
        )
