"""IATI's schemas (lược đồ IATI), generated from the lexicon's table of elements.

The table ``iati_elements`` holds the standard's facts: which element has which children in which order and how often,
which attributes of which type, for each version. From it the XSD of a version is written in memory and compiled by lxml.
A user who has the official files hands them over instead (``files``: "2.03/iati-activities-schema.xsd" to bytes).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from lxml import etree

from hoptac.lexicon import Lexicon

XSD = "http://www.w3.org/2001/XMLSchema"
XML = "http://www.w3.org/XML/1998/namespace"
KINDS = ("activities", "organisations", "registry-record")
ITEMS = {
    "activities": "iati-activity",
    "organisations": "iati-organisation",
    "registry-record": "{http://iatiregistry.org/ns/record#}registry-record",
}
"""The element that a file of each kind repeats, or is."""

XML_ATTRIBUTES = f"""<schema xmlns="{XSD}" targetNamespace="{XML}">
<attribute name="lang"><simpleType><union memberTypes="language">
<simpleType><restriction base="string"><enumeration value=""/></restriction></simpleType>
</union></simpleType></attribute>
<attribute name="space"><simpleType><restriction base="NCName">
<enumeration value="default"/><enumeration value="preserve"/></restriction></simpleType></attribute>
<attribute name="base" type="anyURI"/><attribute name="id" type="ID"/>
</schema>""".encode()
"""The attributes that XML itself defines (https://www.w3.org/TR/xml/, xml:base, xml:id)."""


@dataclass(frozen=True, slots=True)
class Part:
    """A child or an attribute of an element, as one version has it. ``most`` is None where there is no bound."""

    name: str
    type: str
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Shape:
    """What one version says an element holds: how its children follow one another, which they are, its attributes."""

    model: str
    base: str
    least: int
    most: int | None
    children: tuple[Part, ...]
    attributes: tuple[Part, ...]

    @property
    def ordered(self) -> bool:
        return self.model.split()[0] != "choice"


@dataclass(frozen=True)
class Standard:
    """All shapes of one kind of file in one version. Owners are elements, paths of local ones, and ``#types``."""

    kind: str
    version: str
    namespace: str
    shapes: Mapping[str, Shape]

    def inside(self, owner: str, child: str) -> str | None:
        """The owner that says what ``child`` of ``owner`` holds; None where it is text alone or unknown."""
        shape = self.shape(owner)
        part = next((c for c in shape.children if c.name == child), None) if shape else None
        if part is None:
            return None
        if part.type == "own":
            at = owner
            while f"{at}/{child}" not in self.shapes and at in self.shapes and self.shapes[at].base:
                at = f"#{self.shapes[at].base}"
            return self._settle(f"{at}/{child}")
        return self._settle(child if part.type == "ref" else f"#{part.type}")

    def shape(self, owner: str) -> Shape | None:
        """The shape of an owner with what its base type brings."""
        shape = self.shapes.get(owner)
        if shape is not None and shape.model == "type":
            return self.shape(f"#{shape.base}")
        if shape is not None and shape.model.startswith("extend"):
            base = self.shape(f"#{shape.base}")
            if base is not None:
                return Shape(
                    base.model,
                    "",
                    base.least,
                    base.most,
                    base.children + shape.children,
                    base.attributes + shape.attributes,
                )
        return shape

    def _settle(self, owner: str) -> str | None:
        shape = self.shapes.get(owner)
        if shape is not None and shape.model == "type":
            return self._settle(f"#{shape.base}")
        return owner if shape is not None else None


def bounds(often: str) -> tuple[int, int | None]:
    """ "0..n" as (0, None); "" as once."""
    least, _, most = (often or "1..1").partition("..")
    return int(least), None if most == "n" else int(most)


def standards(lexicon: Lexicon) -> Mapping[tuple[str, str], Standard]:
    """Every kind and version that the table knows."""
    rows = lexicon.table("iati_elements")
    found: dict[tuple[str, str], Standard] = {}
    for kind in KINDS:
        mine = [(row, frozenset(row["versions"].split("|"))) for row in rows if row["schema"] == kind]
        for version in sorted({v for _, seen in mine for v in seen}):
            here = [row for row, seen in mine if version in seen]
            namespace = next((row["name"] for row in here if row["kind"] == "namespace"), "")
            parts: dict[str, dict[str, list[Part]]] = {}
            for row in here:
                if row["kind"] == "child":
                    part = Part(row["name"], row["type"], *bounds(row["often"]))
                elif row["kind"] == "attribute":
                    part = Part(row["name"], row["type"], int(row["often"] == "required"), 1)
                else:
                    continue
                parts.setdefault(row["owner"], {}).setdefault(row["kind"], []).append(part)
            shapes = {}
            for row in here:
                if row["kind"] == "model":
                    mine_parts = parts.get(row["owner"], {})
                    shapes[row["owner"]] = Shape(
                        row["name"],
                        row["type"],
                        *bounds(row["often"]),
                        tuple(mine_parts.get("child", ())),
                        tuple(mine_parts.get("attribute", ())),
                    )
            found[kind, version] = Standard(kind, version, namespace, shapes)
    return found


class _Writer:
    """Writes a Standard as an XSD tree."""

    def __init__(self, standard: Standard) -> None:
        self.standard = standard
        space = {"targetNamespace": standard.namespace} if standard.namespace else {}
        prefixes: dict[str | None, str] = {"xsd": XSD}
        if standard.namespace:
            prefixes["ir"] = standard.namespace
        self.root = etree.Element(f"{{{XSD}}}schema", space, nsmap=cast(Any, prefixes))
        self.add(self.root, "import", namespace=XML, schemaLocation="xml.xsd")
        for owner in standard.shapes:
            if "/" in owner:
                continue
            if owner.startswith("#"):
                self.content(self.add(self.root, "complexType", name=owner[1:]), owner)
            else:
                self.element(self.add(self.root, "element", name=owner), owner)

    def add(self, parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
        return etree.SubElement(parent, f"{{{XSD}}}{tag}", attributes)

    def typed(self, name: str) -> str:
        return name if f"#{name}" in self.standard.shapes else f"xsd:{name}"

    def element(self, node: etree._Element, owner: str) -> None:
        shape = self.standard.shapes[owner]
        if shape.model == "type":
            node.set("type", self.typed(shape.base))
        elif shape.model != "any":
            self.content(self.add(node, "complexType"), owner)

    def content(self, node: etree._Element, owner: str) -> None:
        shape = self.standard.shapes[owner]
        model, *marks = shape.model.split()
        if "mixed" in marks:
            node.set("mixed", "true")
        body = node
        if model in ("value", "extend"):
            wrap = self.add(node, "simpleContent" if model == "value" else "complexContent")
            body = self.add(wrap, "extension", base=self.typed(shape.base))
        if shape.children:
            group = self.add(
                body, "choice" if model == "choice" else "sequence", **self.often(shape.least, shape.most)
            )
            for part in shape.children:
                often = self.often(part.least, part.most)
                if part.name == "*":
                    self.add(group, "any", namespace="##other", processContents=part.type, **often)
                elif part.type == "ref":
                    prefix = "ir:" if self.standard.namespace and ":" not in part.name else ""
                    self.add(group, "element", ref=prefix + part.name, **often)
                elif part.type == "own":
                    self.element(self.add(group, "element", name=part.name, **often), f"{owner}/{part.name}")
                else:
                    self.add(group, "element", name=part.name, type=self.typed(part.type), **often)
        for part in shape.attributes:
            use = "required" if part.least else "optional"
            if part.name.startswith("xml:"):
                self.add(body, "attribute", ref=part.name, use=use)
            else:
                self.add(body, "attribute", name=part.name, type=self.typed(part.type), use=use)
        if "open" in marks:
            self.add(body, "anyAttribute", namespace="##other", processContents="lax")

    @staticmethod
    def often(least: int, most: int | None) -> dict[str, str]:
        if (least, most) == (1, 1):
            return {}
        return {"minOccurs": str(least), "maxOccurs": "unbounded" if most is None else str(most)}


def schema_text(standard: Standard) -> bytes:
    """The XSD of one kind and version as bytes of XML."""
    return etree.tostring(_Writer(standard).root, pretty_print=True, xml_declaration=True, encoding="UTF-8")


class _Files(etree.Resolver):
    """Gives a schema the files that it includes, and nothing from a disk or a network."""

    def __init__(self, files: Mapping[str, bytes], folder: str) -> None:
        self.files, self.folder = files, folder

    def resolve(self, system_url: str, public_id: str, context: object) -> object:  # type: ignore[override]
        name = system_url.rsplit("/", 1)[-1]
        text = self.files.get(f"{self.folder}/{name}")
        if text is None:
            text = XML_ATTRIBUTES if name == "xml.xsd" else b""
        return cast(Any, self).resolve_string(text, context)


@dataclass(frozen=True)
class Schema:
    """The compiled schema of one kind and version.

    ``item`` judges one activity or organisation on its own; ``shell`` judges the file around them, with the items'
    insides left aside; together they say what the whole schema says of the whole file, in bounded memory.
    """

    kind: str
    version: str
    text: bytes
    files: Mapping[str, bytes]

    @cached_property
    def item(self) -> etree.XMLSchema:
        return etree.XMLSchema(self._tree())

    @cached_property
    def shell(self) -> etree.XMLSchema:
        root = self._tree()
        for element in root.findall(f"{{{XSD}}}element"):
            if element.get("name") == ITEMS[self.kind]:
                element[:] = []
                element.attrib.pop("type", "")
        return etree.XMLSchema(root)

    def _tree(self) -> etree._Element:
        parser = etree.XMLParser(no_network=True, load_dtd=False)
        parser.resolvers.add(_Files(self.files, self.version))
        return etree.fromstring(self.text, parser, base_url=f"{self.version}/{self.kind}.xsd")


class Schemas:
    """The compiled schemas of every version, made when first asked for."""

    def __init__(self, lexicon: Lexicon, files: Mapping[str, bytes] | None = None) -> None:
        self.standards = lexicon.built(standards)
        self.files = dict(files or {})
        self._made: dict[tuple[str, str], Schema] = {}

    def versions(self, kind: str) -> tuple[str, ...]:
        """The versions known of a kind, oldest first."""
        return tuple(v for k, v in self.standards if k == kind)

    def get(self, kind: str, version: str) -> Schema | None:
        """The schema of a kind and version; None where the standard has none."""
        key = (kind, version)
        if key not in self._made:
            own = self.files.get(f"{version}/iati-{kind}-schema.xsd")
            if own is None and key not in self.standards:
                return None
            text = own if own is not None else schema_text(self.standards[key])
            self._made[key] = Schema(kind, version, text, self.files)
        return self._made[key]
