"""The generated schemas give the verdicts of the official ones."""

from __future__ import annotations

from datetime import date

import iati_cases
import pytest

from hoptac.iati import Checker, Schemas
from hoptac.iati.schema import bounds, schema_text, standards
from hoptac.lexicon import default_lexicon

ON = date(2026, 11, 23)
SUITES = ("schema-tests", "pyIATI-ssot")
VERSIONS = ["1.01", "1.02", "1.03", "1.04", "1.05", "2.01", "2.02", "2.03"]
FILE = b"""<iati-activities version="2.03">
<iati-activity default-currency="USD" xml:lang="en">
<iati-identifier>XM-DAC-1-a</iati-identifier>
<reporting-org ref="XM-DAC-1" type="11"><narrative>City</narrative></reporting-org>
<title><narrative>School</narrative></title>
<description><narrative>A school of eight rooms</narrative></description>
<participating-org role="1" type="11"><narrative>City</narrative></participating-org>
<activity-status code="2"/>
<activity-date type="2" iso-date="2024-01-01"/>
%s
</iati-activity>
</iati-activities>"""


@pytest.mark.parametrize("kind", ["activities", "organisations"])
def test_every_version_compiles(kind: str) -> None:
    schemas = Schemas(default_lexicon())
    assert list(schemas.versions(kind)) == VERSIONS
    for version in VERSIONS:
        schema = schemas.get(kind, version)
        assert schema is not None and schema.item is not None and schema.shell is not None
    assert schemas.get(kind, "3.01") is None


def test_bounds() -> None:
    assert (bounds("0..n"), bounds("1..1"), bounds("")) == ((0, None), (1, 1), (1, 1))


def test_the_shape_of_an_element_is_known() -> None:
    standard = standards(default_lexicon())["activities", "2.03"]
    shape = standard.shape("transaction")
    assert shape is not None and [c.name for c in shape.children[:3]] == [
        "transaction-type",
        "transaction-date",
        "value",
    ]
    assert standard.inside("transaction", "no-such") is None
    assert b"transaction-type" in schema_text(standard)


@pytest.mark.parametrize(
    ("body", "code", "value", "line"),
    [
        (b"", None, "", None),
        (b"<no-such/>", "I10", "no-such", 10),
        (
            b"<reporting-org ref='x' type='11'><narrative>late</narrative></reporting-org>",
            "I10",
            "reporting-org",
            10,
        ),
        (b"<sector/>", "I12", "", 10),
        (b"<sector code='1' colour='red'/>", "I13", "sector", 10),
        (b"<sector code='1' percentage='ten'/>", "I14", "ten", 10),
        (b"<transaction>text</transaction>", "I15", "transaction", 10),
        (b"<location>\n</location><budget/>", "I11", "budget", 11),
    ],
)
def test_a_schema_error_is_told_plainly(body: bytes, code: str | None, value: str, line: int | None) -> None:
    import io

    report = Checker().check(io.BytesIO(FILE % body), on=ON)
    found = [f for f in report.findings if f.id == "0.3.1"]
    assert report.schema_valid is (code is None)
    assert [(f.code, f.value, f.line) for f in found[:1]] == ([(code, value, line)] if code else [])
    for finding in found:
        assert finding.identifier == "XM-DAC-1-a"
        for lang in ("en", "vi"):
            assert "{" not in finding.message(default_lexicon(), lang)


@iati_cases.needs_cases
@pytest.mark.parametrize("version", ["1.03", "1.04", "1.05", "2.01", "2.02", "2.03"])
def test_every_schema_case_has_the_official_verdict(version: str) -> None:
    checker = Checker()
    mine = [c for c in iati_cases.cases(*SUITES) if c["iati_version"] == version]
    wrong = []
    for case in mine:
        with (iati_cases.SHARED / case["file"]).open("rb") as stream:
            report = checker.check(stream, on=ON, standard=version)
        if report.schema_valid != case["expected_valid"]:
            wrong.append(case["file"])
    assert wrong == [] and len(mine) >= 58


@iati_cases.needs_cases
def test_official_files_can_be_used_instead() -> None:
    folder = iati_cases.SHARED / "standard" / "schemas"
    files = {f"{p.parent.name}/{p.name}": p.read_bytes() for p in folder.glob("*/*.xsd")}
    checker = Checker(schemas=Schemas(default_lexicon(), files))
    wrong = []
    for case in iati_cases.cases(*SUITES)[::7]:
        with (iati_cases.SHARED / case["file"]).open("rb") as stream:
            report = checker.check(stream, on=ON, standard=case["iati_version"])
        if report.schema_valid != case["expected_valid"]:
            wrong.append(case["file"])
    assert wrong == []
