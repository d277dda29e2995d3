"""Make the lexicon's tables of IATI codes and of where they are used (bảng mã IATI) from the standard's code lists.

Usage: python scripts/make_iati_codes.py CODELISTS NUMBERS FOLDER

CODELISTS has ``embedded/VERSION`` (with ``mapping.xml``) and ``non-embedded``; NUMBERS has ``VERSION/rule_mapping.xml``, from
which only the number and severity of each test are taken. Writes ``iati_codes.tsv`` and ``iati_code_uses.tsv`` into
FOLDER. Only codes are taken; names that screens show are our own, in ``iati_code_names.tsv``.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from lxml import etree

VERSIONS = ("2.01", "2.02", "2.03")
PREFIXES = "OrganisationRegistrationAgency"


def codes_of(path: Path) -> tuple[str, list[str]] | None:
    root = etree.parse(path).getroot()
    if root.tag != "codelist":
        return None
    return root.get("name", ""), [(c.text or "").strip() for c in root.iter("code")]


def key_of(mapping: etree._Element) -> tuple[str, str, str]:
    """Path, list and condition of one use of a list."""
    condition = mapping.findtext("condition") or ""
    codelist = mapping.find("codelist")
    return (
        mapping.findtext("path", "").strip(),
        (codelist.get("ref") or "") if codelist is not None else "",
        re.sub(r"\s+", " ", condition).strip(),
    )


def main(codelists: Path, numbers: Path, folder: Path) -> None:
    lists: dict[tuple[str, str], list[str]] = {}
    uses: dict[tuple[str, ...], list[str]] = {}
    for version in VERSIONS:
        ids = {}
        for mapping in etree.parse(numbers / version / "rule_mapping.xml").iter("mapping"):
            rule = mapping.find("validation-rules/validation-rule")
            if rule is not None:
                ids[key_of(mapping)] = (rule.findtext("id", ""), rule.findtext("severity", ""))
        needed = {PREFIXES}
        for mapping in etree.parse(codelists / "embedded" / version / "mapping.xml").iter("mapping"):
            key = key_of(mapping)
            if key not in ids:
                continue
            where, name, condition = key
            needed.add(name)
            owner, _, attribute = where.removeprefix("//").rpartition("/")
            kinds = re.findall(r"@vocabulary ?= ?'([^']*)'", condition)
            default = "1" if "not(@vocabulary)" in condition else ""
            if condition and not kinds:
                raise ValueError(condition)
            row = (*ids[key], owner, attribute, name, "|".join(kinds), default)
            uses.setdefault(row, []).append(version)
        for path in sorted(
            [*(codelists / "non-embedded").glob("*.xml"), *(codelists / "embedded" / version).glob("*.xml")]
        ):
            found = codes_of(path)
            if found is not None and found[0] in needed:
                lists.setdefault((found[0], "|".join(found[1])), []).append(version)
    head = "# source: IATI code lists, https://github.com/IATI/IATI-Codelists (codes only), by scripts/make_iati_codes.py\n# checked: 2026-11-23\n"
    (folder / "iati_codes.tsv").write_text(
        "# title: Codes of the IATI standard's lists (mã trong các danh mục của chuẩn IATI)\n"
        + head
        + "list\tcodes\tversions\tnote\n"
        + "".join(f"{name}\t{codes}\t{'|'.join(v)}\t\n" for (name, codes), v in sorted(lists.items())),
        encoding="utf-8",
    )
    (folder / "iati_code_uses.tsv").write_text(
        "# title: Where the IATI standard uses which list of codes (chỗ dùng danh mục mã IATI)\n"
        + head
        + "id\tseverity\towner\tattribute\tlist\tvocabulary\tdefault\tversions\tnote\n"
        + "".join("\t".join((*row, "|".join(v), "")) + "\n" for row, v in uses.items()),
        encoding="utf-8",
    )


main(*map(Path, sys.argv[1:4]))
