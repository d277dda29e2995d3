"""Check a whole IATI file (kiểm tra tệp IATI): well-formed, schema, codes, rules, identifiers, in one streamed pass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO, cast

from lxml import etree

from hoptac.iati.codes import check_codes, code_lists, code_uses
from hoptac.iati.kinds import Register
from hoptac.iati.rules import RuleSet, findings_of, rule_sets
from hoptac.iati.schema import Schema, Schemas
from hoptac.iati.stream import Head, Item, Items, Limits, broken_in, read_head
from hoptac.iati.values import CRITICAL, ERROR, Finding
from hoptac.lexicon import Lexicon, default_lexicon

LATEST = "2.03"
PREFIXES = "OrganisationRegistrationAgency"
MOST_SCHEMA_ERRORS = 100
"""Schema errors told of one item; the rest are counted."""

SCHEMA_CODES = {
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "I13",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": "I13",
    "SCHEMAV_CVC_COMPLEX_TYPE_4": "I12",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": "I15",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_2": "I16",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": "I14",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_3": "I14",
    "SCHEMAV_CVC_ENUMERATION_VALID": "I14",
    "SCHEMAV_CVC_ELT_1": "I17",
}
"""libxml2's kinds of schema errors and the message that says each plainly."""

QUOTED = re.compile(r"'([^']*)'")
EXPECTED = re.compile(r"Expected is (?:one of )?\( (.*?) \)")


@dataclass
class Report:
    """What a check found. ``schema_valid`` is None where there was no schema to judge by."""

    name: str
    standard: str
    kind: str | None
    items: int = 0
    schema_valid: bool | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        """Whether nothing critical was found: not XML, not IATI, against the schema, a version no longer taken."""
        return not any(f.severity == CRITICAL for f in self.findings)

    def as_json(self, lexicon: Lexicon, lang: str) -> dict[str, Any]:
        """The object that ``hoptac iati check --json`` prints."""
        counts = {s: sum(f.severity == s for f in self.findings) for s in (CRITICAL, ERROR, "warning")}
        return {
            "schema": "hoptac/iati-check/1",
            "source": self.name,
            "standard": self.standard,
            "kind": self.kind,
            "items": self.items,
            "valid": self.valid,
            "schema_valid": self.schema_valid,
            "summary": counts,
            "findings": [f.as_json(lexicon, lang) for f in self.findings],
        }


class Checker:
    """Everything that checks need, compiled once and used for many files."""

    def __init__(
        self,
        lexicon: Lexicon | None = None,
        schemas: Schemas | None = None,
        publishers: frozenset[str] = frozenset(),
    ) -> None:
        self.lexicon = lexicon or default_lexicon()
        self.schemas = schemas or Schemas(self.lexicon)
        lists = self.lexicon.built(code_lists)
        prefixes = tuple(lists.get((PREFIXES, LATEST), ())) + tuple(
            row["prefix"] for row in self.lexicon.table("iati_prefixes")
        )
        register = Register(prefixes, publishers)
        self.rules = {v: RuleSet(r, register) for v, r in self.lexicon.built(rule_sets).items()}
        self.codes = self.lexicon.built(code_uses)

    def check(
        self,
        stream: BinaryIO,
        *,
        on: date,
        name: str = "",
        standard: str | None = None,
        limits: Limits | None = None,
    ) -> Report:
        """Check one file.

        ``on`` is the day that the standard's rules call now; ``standard`` the version to judge by, the file's own where it is
        None. Fails never on the file: what is wrong with it is in the report.
        """
        head = read_head(stream)
        report = Report(name, standard or "", None)
        if isinstance(head, Finding):
            report.schema_valid = False
            report.findings.append(head)
            return report
        report.kind = head.kind
        if head.kind is None:
            report.schema_valid = False
            no_iati = Finding("0.2.1", CRITICAL, "I02", "", head.root, head.root, head.line)
            report.findings.append(broken_in(stream) or no_iati)
            return report
        version = report.standard = standard or self._version(head)
        if version not in self.schemas.versions(head.kind) and head.bare:
            version = LATEST
        if standard is None and head.version.startswith("1"):
            report.findings.append(
                Finding("0.6.1", CRITICAL, "I03", "", f"{head.root}/@version", head.version, head.line)
            )
        elif standard is None and head.version != version and not head.bare:
            report.findings.append(
                Finding(
                    "9.1.1",
                    ERROR,
                    "I04",
                    "",
                    f"{head.root}/@version",
                    head.version,
                    head.line,
                    (("used", version),),
                )
            )
        schema = self.schemas.get(head.kind, version)
        report.schema_valid = True if schema else None
        seen: set[str] = set()
        items = Items(stream, head, limits)
        for item in items:
            if isinstance(item, Finding):
                report.findings.append(item)
                report.schema_valid = False
                continue
            report.items += 1
            identifier = item.identifier
            for found in self._item(item, identifier, schema, version, on):
                if found.severity == CRITICAL:
                    report.schema_valid = False
                report.findings.append(found)
            if identifier and identifier in seen and head.kind == "activities":
                report.findings.append(
                    Finding(
                        "1.1.2",
                        ERROR,
                        "I36",
                        identifier,
                        "iati-activity/iati-identifier",
                        identifier,
                        item.line,
                    )
                )
            seen.add(identifier)
        if schema is not None and not head.bare and not head.broken:
            for found in self._shell(head, schema):
                report.schema_valid = False
                report.findings.append(found)
        return report

    def _item(
        self, item: Item, identifier: str, schema: Schema | None, version: str, on: date
    ) -> Iterator[Finding]:
        """What is to be said of one item by itself."""
        yield from self._schema(item, schema, identifier)
        yield from check_codes(item.element, self.codes.get(version), identifier, item.shift)
        rules = self.rules.get(version)
        if rules is not None:
            yield from findings_of(rules.run(item.element, on), item.element, identifier, item.shift)

    def activity(self, element: etree._Element, *, on: date, version: str = LATEST) -> list[Finding]:
        """Check one activity by itself: schema, codes, rules."""
        item = Item(element, 0, "activities")
        schema = self.schemas.get("activities", version)
        return list(self._item(item, item.identifier, schema, version, on))

    def _version(self, head: Head) -> str:
        """The version to judge by: the file's own, the nearest of the first ones for "1.0", the latest for no known one."""
        known = self.schemas.versions(head.kind or "activities")
        if head.version in known:
            return head.version
        return known[0] if head.version in ("1", "1.0", "1.00") else LATEST

    def _schema(self, item: Item, schema: Schema | None, identifier: str) -> Iterator[Finding]:
        if schema is None:
            return
        try:
            if schema.item.validate(item.element):
                return
        except etree.XMLSchemaValidateError:
            yield Finding("0.3.1", CRITICAL, "I18", identifier, str(item.element.tag), "", item.line)
            return
        for error in list(cast(Any, schema.item.error_log))[:MOST_SCHEMA_ERRORS]:
            if error.type_name in FOLLOWS:
                continue
            yield schema_finding(error, identifier, item.shift)

    def _shell(self, head: Head, schema: Schema) -> Iterator[Finding]:
        shell = head.element()
        if not schema.shell.validate(shell):
            for error in cast(Any, schema.shell.error_log):
                if error.type_name not in FOLLOWS:
                    found = schema_finding(error, "", 0)
                    yield Finding(
                        found.id,
                        found.severity,
                        found.code,
                        "",
                        found.path,
                        found.value,
                        head.line,
                        found.values,
                    )


FOLLOWS = frozenset({"SCHEMAV_CVC_ATTRIBUTE_3", "SCHEMAV_CVC_TYPE_3_1_3"})
"""Errors that libxml2 tells a second time of the same place."""


def schema_finding(error: Any, identifier: str, shift: int) -> Finding:
    """One of libxml2's schema errors as a finding with its own words."""
    text = str(error.message)
    names = QUOTED.findall(text)
    element = names[0] if names else ""
    attribute = names[1] if len(names) > 1 and ", attribute '" in text else ""
    expected = EXPECTED.search(text)
    code = SCHEMA_CODES.get(error.type_name, "I18")
    value = element
    if error.type_name == "SCHEMAV_ELEMENT_CONTENT":
        code = "I11" if "Missing child" in text else "I10"
    elif code == "I12":
        missing = re.search(r"The attribute '([^']*)' is required", text)
        attribute = missing.group(1) if missing else attribute
        value = ""
    elif code == "I13":
        forbidden = re.search(r"The attribute '([^']*)' is not allowed", text)
        attribute = forbidden.group(1) if forbidden else attribute
    elif code == "I14":
        given = re.search(
            r": '(.*)' is not a valid value|\[facet .*?\] The value '(.*)' is not", text, re.DOTALL
        )
        value = next((g for g in given.groups() if g is not None), "") if given else ""
    kinds = re.search(r"atomic type '(?:xs:)?([^']*)'", text)
    path = re.sub(r"^/(?:iati-(?:activities|organisations)/)?", "", str(error.path or element))
    path = re.sub(r"^(iati-(?:activity|organisation))\[\d+\]", r"\1", path)
    if attribute:
        path = f"{path}/@{attribute}"
    told = {
        "element": element,
        "attribute": attribute,
        "expected": expected.group(1) if expected else "",
        "type": kinds.group(1) if kinds else "",
        "found": text,
    }
    line = error.line + shift if error.line else None
    return Finding("0.3.1", CRITICAL, code, identifier, path, value[:80], line, tuple(told.items()))


def check_file(stream: BinaryIO, *, on: date, name: str = "", standard: str | None = None) -> Report:
    """Check one file with the lexicon that ships with the package."""
    return Checker().check(stream, on=on, name=name, standard=standard)
