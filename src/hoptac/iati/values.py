"""Values that the checks of IATI files give (kết quả kiểm tra)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hoptac.lexicon import Lexicon

CRITICAL, ERROR, WARNING = "critical", "error", "warning"
RULE_CODES = frozenset(f"I{n}" for n in range(20, 37))
"""Codes of broken rules: ``iati_rule_words`` says what each rule asks; the code's own words serve rules that it lacks."""


def line_of(element: Any, shift: int = 0) -> int | None:
    """The line of the file in which an element starts; None where it is not known. ``shift`` is added."""
    line = element.sourceline
    return line + shift if line else None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a file breaks (điều phát hiện).

    ``id`` is the standard's number of the rule broken, ``code`` the row of ``messages_iati`` that says it in words,
    ``values`` fill that row. ``identifier`` is of the activity or organisation, "" outside one. ``path`` leads to the element
    or attribute from the item, ``value`` is what stands there, ``line`` its line in the file, None where it is not known.
    """

    id: str
    severity: str
    code: str
    identifier: str = ""
    path: str = ""
    value: str = ""
    line: int | None = None
    values: tuple[tuple[str, str], ...] = ()

    def message(self, lexicon: Lexicon, lang: str) -> str:
        """The finding in words, "en" or "vi"."""
        asked = lexicon.built(_rules).get(self.id) if self.code in RULE_CODES else None
        if asked is not None:
            return asked[lang]
        template = lexicon.built(_messages)[self.code][lang]
        return template.format_map(
            {"path": self.path, "value": self.value, "id": self.id, **dict(self.values)}
        )

    def as_json(self, lexicon: Lexicon, lang: str) -> dict[str, object]:
        """The finding as one object of ``hoptac iati check --json``."""
        return {
            "id": self.id,
            "severity": self.severity,
            "message": self.message(lexicon, lang),
            "identifier": self.identifier,
            "path": self.path,
            "value": self.value,
            "line": self.line,
        }


def _messages(lexicon: Lexicon) -> dict[str, dict[str, str]]:
    return {row["code"]: {"en": row["en"], "vi": row["vi"]} for row in lexicon.table("messages_iati")}


def _rules(lexicon: Lexicon) -> dict[str, dict[str, str]]:
    return {row["id"]: {"en": row["en"], "vi": row["vi"]} for row in lexicon.table("iati_rule_words")}
