"""What is said when data go in and out (thông báo), in the words of the table ``messages_exchange``."""

from __future__ import annotations

from dataclasses import dataclass

from hoptac.lexicon.tables import Lexicon, default_lexicon


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was left out, put aside or refused. ``record`` is the slug of the record to open, "" for none."""

    code: str
    where: str = ""
    record: str = ""
    values: tuple[tuple[str, str], ...] = ()

    def message(self, lang: str, lexicon: Lexicon | None = None) -> str:
        """The note in words, "en" or "vi"."""
        text = (lexicon or default_lexicon()).built(_messages)[self.code][lang]
        for name, value in (("name", self.where), ("identifier", self.where), *self.values):
            text = text.replace("{" + name + "}", value)
        return text

    def as_json(self, lang: str) -> dict[str, object]:
        return {"code": self.code, "where": self.where, "record": self.record, "message": self.message(lang)}


class ExchangeError(Exception):
    """Something that cannot be done; ``note`` says why and what to do."""

    def __init__(self, code: str, where: str = "", **values: str) -> None:
        self.note = Note(code, where, "", tuple(values.items()))
        super().__init__(self.note.message("en"))


def _messages(lexicon: Lexicon) -> dict[str, dict[str, str]]:
    return {row["code"]: {"en": row["en"], "vi": row["vi"]} for row in lexicon.table("messages_exchange")}
