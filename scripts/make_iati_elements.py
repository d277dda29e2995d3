"""Make the lexicon's table of IATI elements (bảng phần tử IATI) from the standard's schema files.

Usage: python scripts/make_iati_elements.py FOLDER > src/hoptac/lexicon/data/iati_elements.tsv

FOLDER has one folder for each version, each with the version's schema files. Only facts are taken: names, order,
how often, types. No sentence of the documentation is.
"""

from __future__ import annotations

import sys
from difflib import SequenceMatcher
from pathlib import Path

from lxml import etree

XSD = "{http://www.w3.org/2001/XMLSchema}"
KINDS = ("activities", "organisations", "registry-record")
Fact = tuple[str, str, str, str, str]
"""Owner, kind (model, child, attribute), name, type, how often."""


def local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


class Facts:
    """What one schema file and what it includes say, as facts in order."""

    def __init__(self, path: Path) -> None:
        self.root = etree.parse(path).getroot()
        self.roots = [self.root]
        for include in self.root.iter(f"{XSD}include"):
            self.roots.append(etree.parse(path.parent / include.get("schemaLocation", "")).getroot())
        self.groups = {g.get("name"): g for r in self.roots for g in r.findall(f"{XSD}attributeGroup")}
        self.globals = {a.get("name"): a for r in self.roots for a in r.findall(f"{XSD}attribute")}
        self.rows: list[Fact] = []
        if self.root.get("targetNamespace"):
            self.rows.append(("", "namespace", self.root.get("targetNamespace", ""), "", ""))
        for root in self.roots:
            for element in root.findall(f"{XSD}element"):
                self.element(element, element.get("name", ""))
            for kind in root.findall(f"{XSD}complexType"):
                self.content(kind, "#" + kind.get("name", ""))

    def element(self, element: etree._Element, owner: str) -> None:
        if element.get("type"):
            self.rows.append((owner, "model", "type", element.get("type", ""), ""))
            return
        inner = element.find(f"{XSD}complexType")
        if inner is None:
            self.rows.append((owner, "model", "any", "", ""))
        else:
            self.content(inner, owner)

    def content(self, kind: etree._Element, owner: str) -> None:
        mixed = "mixed" if kind.get("mixed") == "true" else ""
        base, body, model = "", kind, "sequence"
        for wrap in ("simpleContent", "complexContent"):
            found = kind.find(f"{XSD}{wrap}/{XSD}extension")
            if found is not None:
                base, body, model = (
                    found.get("base", ""),
                    found,
                    "value" if wrap == "simpleContent" else "extend",
                )
        group = next((g for g in body if g.tag in (f"{XSD}sequence", f"{XSD}choice")), None)
        often = ""
        if group is not None and local(group.tag) == "choice":
            model, often = "choice", self.often(group)
        open_ = "open" if body.find(f"{XSD}anyAttribute") is not None else ""
        self.rows.append((owner, "model", " ".join(filter(None, (model, mixed, open_))), base, often))
        for attribute in body:
            if attribute.tag == f"{XSD}attribute":
                self.attribute(attribute, owner)
            elif attribute.tag == f"{XSD}attributeGroup":
                for inner in self.groups[attribute.get("ref")].findall(f"{XSD}attribute"):
                    self.attribute(inner, owner)
        later = []
        for child in group if group is not None else ():
            if child.tag == f"{XSD}any":
                self.rows.append(
                    (owner, "child", "*", child.get("processContents", "strict"), self.often(child))
                )
            elif child.tag == f"{XSD}element":
                name: str = child.get("name") or child.get("ref") or ""
                type_: str = "ref" if child.get("ref") else child.get("type") or "own"
                self.rows.append((owner, "child", name, type_, self.often(child)))
                if type_ == "own":
                    later.append((child, f"{owner}/{name}"))
        for child, place in later:
            self.element(child, place)

    def attribute(self, attribute: etree._Element, owner: str) -> None:
        name: str = attribute.get("name") or attribute.get("ref") or ""
        type_: str = attribute.get("type") or ""
        if not type_ and name in self.globals:
            type_ = self.globals[name].get("type") or ""
        self.rows.append((owner, "attribute", name, type_, attribute.get("use", "optional")))

    @staticmethod
    def often(element: etree._Element) -> str:
        most = element.get("maxOccurs", "1")
        return f"{element.get('minOccurs', '1')}..{'n' if most == 'unbounded' else most}"


def merge(versions: dict[str, list[Fact]]) -> list[tuple[Fact, list[str]]]:
    """One list for all versions that keeps the order of each."""
    merged: list[tuple[Fact, list[str]]] = []
    for version, facts in versions.items():
        out: list[tuple[Fact, list[str]]] = []
        matcher = SequenceMatcher(None, [f for f, _ in merged], facts, autojunk=False)
        for op, a, b, c, d in matcher.get_opcodes():
            if op == "equal":
                out += [(fact, [*seen, version]) for fact, seen in merged[a:b]]
            else:
                out += merged[a:b] + [(fact, [version]) for fact in facts[c:d]]
        merged = out
    for version, facts in versions.items():
        if [f for f, seen in merged if version in seen] != facts:
            raise ValueError(version)
    return merged


def main(folder: Path) -> None:
    print("# title: Elements and attributes of the IATI standard (phần tử và thuộc tính của chuẩn IATI)")
    print(
        "# source: IATI schemas 1.01 to 2.03, https://iatistandard.org/en/iati-standard/ (facts only), by scripts/make_iati_elements.py"
    )
    print("# checked: 2026-11-23")
    print("schema\towner\tkind\tname\ttype\toften\tversions\tnote")
    for kind in KINDS:
        found = {p.parent.name: p for p in sorted(folder.glob(f"*/iati-{kind}-schema.xsd"))}
        for fact, seen in merge({v: Facts(p).rows for v, p in found.items()}):
            print("\t".join((kind, *(c.replace("xsd:", "") for c in fact), "|".join(seen), "")))


main(Path(sys.argv[1]))
