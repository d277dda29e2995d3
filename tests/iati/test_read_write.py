"""Files in, values, files out: nothing that counts is lost, broken parts are told, the rest goes on."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import iati_cases
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from hoptac.iati import Checker, Reading, Writer, cut, original
from hoptac.iati.activity import Activity, Budget, Code, Dated, Money, Narrative, Org, Transaction
from hoptac.iati.read import number_of
from hoptac.iati.stream import Head, Limits, read_head

ON = date(2026, 11, 23)
Sums = tuple[int, dict[tuple[str | None, str | None], Decimal]]


def sums(activities: Iterable[Activity]) -> Sums:
    """How many transactions, and their sums by currency and type."""
    found: Counter[tuple[str | None, str | None]] = Counter()
    count = 0
    for activity in activities:
        for one in activity.transactions:
            count += 1
            if one.value is not None and one.value.amount is not None:
                key = (one.value.currency or activity.currency, one.type)
                found[key] += one.value.amount  # type: ignore[assignment]
    return count, dict(found)  # type: ignore[arg-type]


def read(text: bytes, limits: Limits | None = None) -> tuple[list[Activity], Reading]:
    reading = Reading(io.BytesIO(text), limits=limits)
    return [activity for activity, _ in reading], reading


def written(activities: Iterable[Activity]) -> bytes:
    return b"".join(Writer().write(activities))


@iati_cases.needs_cases
@pytest.mark.parametrize("path", iati_cases.real_files(), ids=lambda p: p.stem)
def test_a_publishers_file_comes_back_with_every_transaction(path: Path) -> None:
    text = path.read_bytes()
    activities, reading = read(text)
    if reading.head is None or reading.head.kind != "activities":
        assert [f.id for f in reading.findings] == ["0.2.1"]
        return
    out = written(activities)
    again, second = read(out)
    assert second.findings == [] and sums(again) == sums(activities)
    if not reading.findings:
        tree = etree.fromstring(text)
        assert sums(activities)[0] == len(tree.findall(".//iati-activity/transaction"))
        checker = Checker()
        version = reading.head.version
        if version.startswith("2") and checker.check(io.BytesIO(text), on=ON).schema_valid:
            assert checker.check(io.BytesIO(out), on=ON).schema_valid


@iati_cases.needs_cases
@pytest.mark.parametrize("path", iati_cases.real_files(), ids=lambda p: p.stem)
def test_the_quick_way_and_the_slow_way_read_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = path.read_bytes()
    quick, first = read(text)
    monkeypatch.setattr(cut, "plain", lambda text: False)
    slow, second = read(text)
    monkeypatch.setattr(cut.Cutter, "_work", lambda self: self._leave(0, whole=True))
    whole, third = read(text)
    assert quick == slow == whole
    assert dict(first.loss) == dict(second.loss) == dict(third.loss)
    assert first.findings == second.findings == third.findings


FILE = b"""<?xml version="1.0"?>
<iati-activities version="2.03" xmlns:own="http://example.org/own">
<iati-activity xml:lang="en" default-currency="EUR">
<iati-identifier>A-1</iati-identifier>
<reporting-org ref="A" type="11"><narrative>City</narrative><narrative xml:lang="fr">Ville</narrative></reporting-org>
<title><narrative>School &amp; clinic</narrative></title>
<transaction ref="t1"><transaction-type code="3"/><transaction-date iso-date="2024-03-01"/>
<value value-date="2024-03-01">-1250.50</value><own:kind item="desk"/></transaction>
</iati-activity>
<iati-activity><iati-identifier>A-2</iati-identifier></iati-activity>
</iati-activities>
"""


def test_values_hold_what_the_file_states() -> None:
    (first, second), reading = read(FILE)
    assert first.identifier == "A-1" and second.identifier == "A-2" and second.title == ()
    assert first.reporting_org == Org(ref="A", type="11", name=(Narrative("City"), Narrative("Ville", "fr")))
    (one,) = first.transactions
    assert one.value == Money(Decimal("-1250.50"), None, "2024-03-01") and one.type == "3"
    assert reading.loss == {"iati-activity/transaction/{http://example.org/own}kind": 1}
    assert reading.findings == []


@pytest.mark.parametrize(
    ("body", "lost"),
    [
        (b"<title><narrative>a</narrative></title>", {}),
        (b"<title own='1'><narrative>a</narrative></title>", {"iati-activity/title/@own": 1}),
        (
            b"<activity-status code='1' own='2'><more/></activity-status>",
            {"iati-activity/activity-status/@own": 1, "iati-activity/activity-status/more": 1},
        ),
        (b"<sector code='1'><narrative>a</narrative><more/></sector>", {"iati-activity/sector/more": 1}),
        (b"<sector code='1'><more/></sector>", {"iati-activity/sector/more": 1}),
        (b"<sector code='1' own='x'/>", {"iati-activity/sector/@own": 1}),
        (b"<contact-info/><contact-info/>", {"iati-activity/contact-info": 2}),
        (b"<activity-status code='1'/><activity-status code='2'/>", {"iati-activity/activity-status": 1}),
    ],
)
def test_the_loss_report_names_what_is_not_carried(body: bytes, lost: dict[str, int]) -> None:
    text = b"<iati-activities version='2.03'><iati-activity>" + body + b"</iati-activity></iati-activities>"
    assert dict(read(text)[1].loss) == lost


@pytest.mark.parametrize("prefix", [b"ns0", b"own", b"a-b"])
def test_odd_prefixes_of_the_root_are_carried_to_cut_out_activities(prefix: bytes) -> None:
    root = b"<iati-activities version='2.03' xmlns:" + prefix + b"='http://example.org/?a=1&amp;b=2'>"
    good = b"<iati-activity><iati-identifier>G</iati-identifier><" + prefix + b":x/></iati-activity>"
    activities, reading = read(
        root + b"<iati-activity><title></iati-activity>" + good + b"</iati-activities>"
    )
    assert [a.identifier for a in activities] == ["G"] and len(reading.loss) == 1


def test_the_original_and_the_line_are_at_hand() -> None:
    reading = Reading(io.BytesIO(FILE))
    found = [(item.line, original(item)) for _, item in reading]
    assert [line for line, _ in found] == [3, 10]
    assert b"own:kind" in found[0][1] and etree.fromstring(found[0][1]).tag == "iati-activity"


def test_version_one_is_read_as_version_two() -> None:
    text = b"""<iati-activities version="1.03"><iati-activity>
<reporting-org ref="X" type="10">Ministry</reporting-org><title>Water</title><title xml:lang="fr">Eau</title>
<participating-org role="Funding" ref="X">Ministry</participating-org>
<activity-date type="start-planned" iso-date="2012-01-01">early</activity-date>
<transaction><transaction-type code="D">Disbursement</transaction-type><value>1,250,000</value></transaction>
</iati-activity></iati-activities>"""
    (activity,), _ = read(text)
    assert activity.title == (Narrative("Water"), Narrative("Eau", "fr"))
    assert activity.participating[0].role == "1" and activity.participating[0].name == (
        Narrative("Ministry"),
    )
    assert activity.dates[0].type == "1" and activity.dates[0].note == (Narrative("early"),)
    assert activity.transactions[0].type == "3"
    assert activity.transactions[0].value == Money(Decimal(1250000))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("10", "10"),
        (" 10.5 ", "10.5"),
        ("-1e-10", "-1E-10"),
        ("1,250.5", "1250.5"),
        (".5", "0.5"),
        ("1,25", None),
        ("NaN", None),
        ("1e9999", None),
        ("1_000", None),
        ("", None),
        ("\u0663", None),
    ],
)
def test_numbers(text: str, number: str | None) -> None:
    assert number_of(text) == (None if number is None else Decimal(number))


def test_a_broken_activity_is_told_and_the_good_ones_go_on() -> None:
    good = b"<iati-activity><iati-identifier>G-%d</iati-identifier></iati-activity>\n"
    bad = b"<iati-activity>\n<iati-identifier>B-1</iati-identifier>\n<title>a <http: b</title></iati-activity>\n"
    text = (
        b"<iati-activities version='2.03'>\n"
        + good % 1
        + bad
        + good % 2
        + b"<!-- <iati-activity> -->"
        + good % 3
    )
    activities, reading = read(text + b"</iati-activities>")
    assert [a.identifier for a in activities] == ["G-1", "G-2", "G-3"]
    assert [(f.id, f.identifier, f.line) for f in reading.findings][-1] == ("0.1.1", "B-1", 5)


@pytest.mark.parametrize("cut", [60, 200, 300, 550, len(FILE) - 30])
def test_a_truncated_file_gives_what_came_before(cut: int) -> None:
    activities, reading = read(FILE[:cut])
    assert reading.findings
    assert [a.identifier for a in activities] == [
        i for i, end in (("A-1", 0), ("A-2", 0)) if _whole(FILE[:cut], i)
    ]


def _whole(text: bytes, identifier: str) -> bool:
    start = text.find(identifier.encode())
    return start >= 0 and b"</iati-activity>" in text[start:]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "iso-8859-1"])
def test_encodings(encoding: str) -> None:
    name = encoding.removesuffix("-sig")
    text = FILE.decode().replace('"1.0"', f'"1.0" encoding="{name}"').replace("clinic", "cliniqué")
    activities, reading = read(text.encode(encoding))
    assert reading.findings == [] and activities[0].title[0].text == "School & cliniqué"


def test_bytes_of_another_encoding_break_only_their_activity() -> None:
    text = FILE.replace(b"clinic", b"clini\xe9")
    activities, reading = read(text)
    assert [a.identifier for a in activities] == ["A-2"]
    assert [f.identifier for f in reading.findings][-1] == "A-1"


BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, (b"&%c;" % (97 + n)) * 10) for n in range(12))
    + b'<!ENTITY file SYSTEM "file:///etc/passwd">]>'
)


@pytest.mark.parametrize("inside", [b"<title>&m;</title>", b"<title>&file;</title>", b"<title own='&m;'/>"])
def test_entities_are_neither_expanded_nor_fetched(inside: bytes) -> None:
    text = (
        BOMB
        + b"<iati-activities version='2.03'><iati-activity>"
        + inside
        + b"</iati-activity></iati-activities>"
    )
    activities, reading = read(text)
    for activity in activities:
        assert all(len(n.text) < 100 and "root:" not in n.text for n in activity.title)
    report = Checker().check(io.BytesIO(text), on=ON)
    assert report.schema_valid is False
    assert activities or reading.findings


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"<",
        b"no xml",
        b"PK\x03\x04....",
        b"<iati-activities",
        b"<iati-activities>" + b"<a>" * 5000,
        b"<iati-activities><iati-activity " + b"a" * 200_000 + b"='1'/></iati-activities>",
        b"<iati-activities><iati-activity><title>"
        + b"<b>" * 3000
        + b"</title></iati-activity></iati-activities>",
        b"<iati-activities x='" + b"y" * 11_000_000 + b"'/>",
        b"\x00" * 5000,
        b"\xff\xfe<\x00",
        b"<iati-activities/>",
        b"<iati-activity/>",
        b"<html/>",
    ],
    ids=lambda t: repr(t[:24]),
)
def test_hostile_files_are_findings_never_crashes(text: bytes) -> None:
    activities, reading = read(text)
    report = Checker().check(io.BytesIO(text), on=ON)
    assert report.findings
    assert reading.findings or len(activities) <= 1


def test_an_activity_that_is_too_large_is_left_out_and_told() -> None:
    huge = (
        b"<iati-activity><iati-identifier>H</iati-identifier>"
        + b"<tag code='1'/>" * 200_000
        + b"</iati-activity>"
    )
    small = b"<iati-activity><iati-identifier>S</iati-identifier></iati-activity>"
    text = b"<iati-activities version='2.03'>" + small + huge + small + b"</iati-activities>"
    activities, reading = read(text, Limits(item=1 << 20))
    assert [a.identifier for a in activities] == ["S", "S"]
    assert {f.code for f in reading.findings} == {"I06"}


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=400), st.integers(0, len(FILE)), st.integers(0, 60))
def test_no_bytes_crash_it(junk: bytes, at: int, removed: int) -> None:
    text = FILE[:at] + junk + FILE[at + removed :]
    read(text)
    Checker().check(io.BytesIO(text), on=ON)


WORDS = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool)
)


def made(cls: Any, **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Values of a class with some of its fields filled."""
    return st.fixed_dictionaries(parts).map(lambda filled: cls(**filled))


DAYS = st.dates(date(2000, 1, 1), date(2030, 1, 1)).map(date.isoformat)
TEXTS = st.lists(
    made(Narrative, text=WORDS, lang=st.sampled_from([None, "vi", "en"])), min_size=1, max_size=2
).map(tuple)
MONEY = made(
    Money,
    amount=st.decimals(-(10**18), 10**18, places=2, allow_nan=False),
    currency=st.sampled_from([None, "VND", "EUR"]),
    date=DAYS,
)
ORGS = made(Org, ref=st.none() | WORDS, type=st.sampled_from(["11", "10"]), role=st.just("1"), name=TEXTS)
SIDES = st.none() | made(Org, ref=st.none() | WORDS, type=st.sampled_from([None, "11"]), name=TEXTS)
TRANSACTIONS = made(
    Transaction,
    type=st.sampled_from(["1", "3", "12"]),
    ref=st.none() | WORDS,
    date=DAYS,
    value=MONEY,
    description=st.just(()) | TEXTS,
    provider=SIDES,
    receiver=SIDES,
    sectors=st.lists(made(Code, code=st.just("11220"), vocabulary=st.just("1")), max_size=2).map(tuple),
)
ACTIVITIES = made(
    Activity,
    identifier=WORDS,
    lang=st.sampled_from([None, "vi"]),
    currency=st.just("VND"),
    reporting_org=made(Org, ref=WORDS, type=st.just("11"), name=TEXTS),
    title=TEXTS,
    participating=st.lists(ORGS, min_size=1, max_size=2).map(tuple),
    status=st.just("2"),
    dates=st.lists(made(Dated, type=st.just("1"), date=DAYS), min_size=1, max_size=2).map(tuple),
    budgets=st.lists(made(Budget, start=DAYS, end=DAYS, value=MONEY), max_size=2).map(tuple),
    transactions=st.lists(TRANSACTIONS, max_size=4).map(tuple),
)


@settings(deadline=None, max_examples=100)
@given(st.lists(ACTIVITIES, max_size=3))
def test_what_is_written_reads_back_the_same(activities: list[Activity]) -> None:
    again, reading = read(written(activities))
    assert again == activities and reading.findings == [] and not reading.loss


@settings(deadline=None, max_examples=50)
@given(ACTIVITIES)
def test_what_is_written_fits_the_schema(activity: Activity) -> None:
    from hoptac.iati.activity import Description

    whole = activity._replace(descriptions=(Description(text=(Narrative("What it is"),)),))
    report = Checker().check(io.BytesIO(written([whole])), on=ON)
    assert [f for f in report.findings if f.id == "0.3.1"] == []


def test_a_head_is_read_without_the_rest() -> None:
    stream = io.BytesIO(FILE[:200])
    head = read_head(stream)
    assert isinstance(head, Head) and head.version == "2.03" and stream.tell() == 0
