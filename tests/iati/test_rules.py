"""The rule engine gives the verdicts of the standard's own engines."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import iati_cases
import pytest
from lxml import etree

from hoptac.iati import Checker
from hoptac.iati.kinds import Register
from hoptac.iati.paths import day_of
from hoptac.iati.rules import RuleSet, rules_from_json, snake
from hoptac.iati.values import Finding
from hoptac.lexicon import default_lexicon

ON = date(2026, 11, 23)
PUBLISHERS = frozenset({"44000", "US-EIN-941655673"})
OLD_NUMBERS = {
    "108": "9.97.1 is now 9.96.1",
    "11.1.5": "the day it calls future has passed",
    "116": "6.2.1 is now the schema's",
    "117": "7.5.2 is now the schema's",
    "118": "1.7.2 is now the schema's",
    "134": "1.1.1 is now 1.1.21",
    "152": "6.3.1 is now the schema's",
    "160": "9.95.1 is no test of the standard's lists now",
    "29": "9.14.1 holds for a vocabulary that the lists have no longer",
    "3.4.1": "the rule set tests regions that name a vocabulary",
    "6.1.5": "is now the schema's",
    "7.9.1": "the rule set takes one percentage as enough; 7.9.2 is told",
    "9.120.1": "is now 9.34.1",
}
"""Whole-file cases written for numbers that the rule set has no longer, and what stands for each."""


def judged(case: dict[str, Any]) -> object:
    """What the engine says of a case in the words of its suite."""
    rules = rules_from_json(json.loads((iati_cases.SHARED / case["rule"]).read_text(encoding="utf-8")))
    lists = {row["list"]: row["codes"] for row in default_lexicon().table("iati_codes")}
    register = Register(tuple(lists["OrganisationRegistrationAgency"].split("|")), PUBLISHERS)
    engine = RuleSet(rules, register)
    root = etree.parse(iati_cases.SHARED / case["file"]).getroot()
    found = [(engine.run(item, ON), item) for item in root if isinstance(item.tag, str)]
    if isinstance(case["expected_result"], list):
        names = ("iati-identifier", "organisation-identifier")
        return [
            next((t for t in map(item.findtext, names) if t), "noIdentifier")
            for outcome, item in found
            if outcome.broken
        ]
    if case["suite"] == "js-validator-ruleset-unit":
        if not any(outcome.met for outcome, _ in found):
            return "No Rule Match"
        if not any(outcome.judged for outcome, _ in found):
            return "No Condition Match"
    return not any(outcome.broken for outcome, _ in found)


@iati_cases.needs_cases
@pytest.mark.parametrize(("suite", "count"), [("rulesets-meta", 83), ("js-validator-ruleset-unit", 172)])
def test_one_rule_cases(suite: str, count: int) -> None:
    mine = iati_cases.cases(suite)
    wrong = [(c["file"], c["rule"]) for c in mine if judged(c) != c["expected_result"]]
    assert wrong == [] and len(mine) == count


@iati_cases.needs_cases
def test_whole_files_have_the_official_verdict() -> None:
    checker = Checker()
    for case in iati_cases.cases("js-validator-integration"):
        with (iati_cases.SHARED / case["file"]).open("rb") as stream:
            report = checker.check(stream, on=ON)
        ids = {f.id for f in report.findings}
        assert case["expected_valid"] in (None, report.valid), case["file"]
        assert set(case["expected_rule_ids"]) <= ids, case["file"]
        for expected in case["expected"]:
            for told in expected.get("lines", ()):
                lines = {
                    f.line
                    for f in report.findings
                    if f.id == told["rule"] and f.identifier == told["activity"]
                }
                assert lines, (case["file"], told)


@iati_cases.needs_cases
def test_one_seeded_defect_fires_its_rule() -> None:
    checker = Checker()
    missing = []
    for case in iati_cases.cases("rulesets-xslt-testfiles"):
        with (iati_cases.SHARED / case["file"]).open("rb") as stream:
            report = checker.check(stream, on=ON)
        ids = {f.id for f in report.findings}
        number = case["file"].rpartition("/")[2].removesuffix(".xml")
        if case["expected_valid"]:
            assert ids <= {"1.14.8", "1.18.8"}, case["file"]
        elif not set(case["expected_rule_ids"]) <= ids:
            missing.append(number)
            assert ids, number
    assert sorted(missing) == sorted(OLD_NUMBERS)


ORACLE_DIFFERS = {"1.1.2", "3.7.1", "8.8.2", "8.9.2", "8.10.2"}
"""Numbers told otherwise than by the official engine, as docs/reference/iati.md says why."""


@iati_cases.needs_cases
@pytest.mark.parametrize(
    "name",
    [
        "asian-dev-bank-org",
        "acfspain-ph",
        "canada-activity",
        "beis-with-negative-budget",
        "belgium-dgd-2021-202",
        "usaid-activity",
        "oipa-media-f0685f31-201",
        "wri-521257057-strategic-plan-2023-2027",
        "devinit-dipr-june-2019-202",
        "spain-maec-indonesia-201",
    ],
)
def test_real_files_draw_what_the_official_engine_draws(name: str) -> None:
    said = json.loads((iati_cases.SHARED / "real" / "oracle" / f"{name}.json").read_text(encoding="utf-8"))[
        "counts"
    ]
    with (iati_cases.SHARED / "real" / "originals" / f"{name}.xml").open("rb") as stream:
        report = Checker().check(stream, on=ON)
    found: dict[str, int] = {}
    for finding in report.findings:
        if finding.severity != "critical" and finding.id not in ORACLE_DIFFERS:
            key = f"{finding.id}|{finding.severity}"
            found[key] = found.get(key, 0) + 1
    assert found == {key: n for key, n in said.items() if key.split("|")[0] not in ORACLE_DIFFERS}


@pytest.mark.parametrize(
    ("rule", "body", "good"),
    [
        ({"sum": {"cases": [{"paths": ["a/@n"], "sum": 100}]}}, "<a n='60'/><a n='40'/>", True),
        ({"sum": {"cases": [{"paths": ["a/@n"], "sum": 100}]}}, "<a n='60'/><a n='39.99'/>", False),
        ({"sum": {"cases": [{"paths": ["a/@n"], "sum": 100}]}}, "<a n='33.3333333333333'/>" * 3, True),
        ({"sum": {"cases": [{"paths": ["a/@n"], "sum": 100}]}}, "<a n='many'/>", False),
        (
            {"time_limit": {"cases": [{"start": "s/@d", "end": "e/@d"}]}},
            "<s d='2020-02-29'/><e d='2021-02-28'/>",
            True,
        ),
        (
            {"time_limit": {"cases": [{"start": "s/@d", "end": "e/@d"}]}},
            "<s d='2020-01-01'/><e d='2021-01-02'/>",
            False,
        ),
        (
            {
                "loop": {
                    "cases": [
                        {
                            "foreach": "a/@v",
                            "subs": ["paths"],
                            "do": {"no_more_than_one": {"cases": [{"paths": ["a[@v='$1']"]}]}},
                        }
                    ]
                }
            },
            "<a v=\"o'k\"/><a v='b'/>",
            True,
        ),
        (
            {
                "loop": {
                    "cases": [
                        {
                            "foreach": "a/@v",
                            "subs": ["paths"],
                            "do": {"no_more_than_one": {"cases": [{"paths": ["a[@v='$1']"]}]}},
                        }
                    ]
                }
            },
            '<a v="o\'k"/><a v="o\'k"/>',
            False,
        ),
        ({"if_then": {"cases": [{"if": "a", "then": "b"}]}}, "<a/>", False),
        ({"if_then": {"cases": [{"if": "a", "then": "b"}]}}, "", True),
        ({"range": {"cases": [{"paths": ["a/@n"], "min": 0}]}}, "<a n='-1'/>", False),
        ({"noSpaces": {"cases": [{"paths": ["a"]}]}}, "<a> x</a>", False),
    ],
)
def test_kinds_of_rules(rule: dict[str, Any], body: str, good: bool) -> None:
    engine = RuleSet(rules_from_json({"//x": rule}))
    assert (not engine.run(etree.fromstring(f"<x>{body}</x>"), ON).broken) is good


def test_days_and_names() -> None:
    assert day_of("2024-02-29T10:00:00Z") == date(2024, 2, 29)
    assert day_of("2023-02-29") is None and day_of("soon") is None
    assert snake("noMoreThanOne") == "no_more_than_one" and snake("atLeastOne") == "atleast_one"


def test_the_day_is_a_parameter() -> None:
    text = b"""<iati-activities version="2.03"><iati-activity><iati-identifier>A-1</iati-identifier>
<activity-date type="2" iso-date="2024-05-07"/></iati-activity></iati-activities>"""
    ids = [
        {f.id for f in Checker().check(io.BytesIO(text), on=day).findings}
        for day in (date(2024, 5, 6), date(2024, 5, 7))
    ]
    assert "11.1.4" in ids[0] and "11.1.4" not in ids[1]


def test_every_rule_is_said_in_plain_words() -> None:
    lexicon = default_lexicon()
    ids = {"1.1.2"}
    for row in lexicon.table("iati_rules"):
        inner = json.loads(row["case"]).get("do", {}).values() if row["kind"] == "loop" else ()
        ids |= {row["id"], *(case["id"] for cases in inner for case in cases)} - {""}
    words = {row["id"]: (row["en"], row["vi"]) for row in lexicon.table("iati_rule_words")}
    assert set(words) == ids
    assert all(en.endswith(".") and vi.endswith(".") and en != vi for en, vi in words.values())
    finding = Finding("11.2.1", "error", "I26")
    assert finding.message(lexicon, "vi") == "Ngày giao dịch không được ở tương lai."
