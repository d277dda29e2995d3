"""The standard's rule set, run over one activity or organisation (bộ quy tắc IATI).

A rule is data: where it holds (``context``), which kind of test, and the test's paths, as the standard's rule language
has them (https://github.com/IATI/IATI-Rulesets, SPEC). The kinds are functions of ``kinds``; which rules there are is the
table ``iati_rules``. The day is a parameter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from lxml import etree

from hoptac.iati.kinds import FAIL, KINDS, SKIP, Case, Look, Register, Verdict
from hoptac.iati.paths import XML, Hit, path_finder, text_of, true_of, xpath
from hoptac.iati.values import ERROR, Finding, line_of
from hoptac.lexicon import Lexicon


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
            context: (xpath(context_of(context)), all(needs is None for _, needs in inside), inside)
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
                    if rule.kind != "loop":
                        condition = rule.case.get("condition")
                        if condition and not true_of(condition, element):
                            continue
                        look = Look(rule.case, element, on, self.register)
                        found = KINDS[rule.kind][1](look)
                        judged += found is not SKIP
                        if found is FAIL:
                            broken.append(Broken(rule, element, tuple(look.at)))
                        continue
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
