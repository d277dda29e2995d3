"""Findings as people and programs read them (nêu điều phát hiện)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hoptac.pages import Finding


def told(finding: Finding, lang: str) -> str:
    """A finding as one line: code, place, what was found and what to do."""
    from hoptac.lexicon import default_lexicon

    lexicon = default_lexicon()
    rows = (
        row
        for name in (
            "messages_pages",
            "messages_reading",
            "messages_assistant",
            "messages_watch",
            "messages_ledger",
            "messages_review",
            "messages_site",
            "messages_newsroom",
        )
        for row in lexicon.table(name)
    )
    text = next((row[lang] for row in rows if row["code"] == finding.code), finding.code)
    for key, value in finding.values:
        text = text.replace("{" + key + "}", value)
    at = f":{finding.start}" if finding.start is not None else ""
    return f"{finding.where}{at}: {finding.code} {text}"


def plain(finding: Finding, lang: str) -> dict[str, Any]:
    """A finding as a JSON object."""
    return {
        "code": finding.code,
        "where": finding.where,
        "values": dict(finding.values),
        "message": told(finding, lang),
    }
