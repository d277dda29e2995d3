"""People in running text (tên người): by the word of address before, or by the family name."""

from __future__ import annotations

from hoptac.reading.mentions import PersonName
from hoptac.reading.names.reader import HitOf, Reader

MIDDLE_NAMES = frozenset(("Văn", "Thị"))
"""Words that stand second in a person's name and in hardly any other."""


def read_titled(reader: Reader, hit: HitOf) -> PersonName | None:
    """The person after a word of address: "ông Nguyễn Văn An", "đồng chí Tuấn", "chị H'Hen Niê"."""
    start, end, word = hit
    text = reader.text
    if end + 1 >= len(text) or text[end] not in " .:":
        return None
    at = end + 1
    if text[end] in ".:":
        at += text[at] == " "
    if at >= len(text) or not text[at].isupper():
        return None
    if text[start].isupper() and " " not in text[start:end] and not reader.opens(start):
        found = reader.person(at, reader.run(at))
        if found is None or found[0] != at:
            return None
    inner = reader.at.get(at)
    if (
        inner is not None
        and (inner[2].office or inner[2].body)
        and text[at : inner[1]] not in reader.words.strong
    ):
        return None
    if at + 1 < len(text) and text[at + 1] == ".":
        return None
    if word.title != "title" and inner is not None and inner[2].unit is not None:
        return None
    return _cut(reader, at, reader.run(at))


def read_free(reader: Reader, start: int, end: int) -> PersonName | None:
    """The person in a run of capital words that no other name claims: a family name and two words or more."""
    found = reader.person(start, end, least=3)
    if found is None or (found[0] != start and not reader.opens(start)):
        return None
    family = reader.at.get(found[0])
    rest = reader.at.get(reader.text.find(" ", found[0]) + 1)
    if (
        family is not None
        and family[2].body
        and rest is not None
        and rest[2].unit is not None
        and rest[1] == found[1]
    ):
        return None  # "Đoàn Hà Nội": a family name that is also the word of a body, before a place
    return PersonName(*found, reader.text[found[0] : found[1]])


def read_after_office(reader: Reader, start: int, end: int, *, village: bool = False) -> PersonName | None:
    """The person in a run right after the words of an office.

    Without a family name that we know it must look foreign: one word without Vietnamese letters, or three and more.
    After ``village`` heads ("trưởng thôn Mai Hạ") two words are the village's name.
    """
    text = reader.text
    found = reader.person(start, end, least=3 if village else 2)
    if found is not None:
        return PersonName(*found, text[found[0] : found[1]])
    inner = reader.at.get(start)
    tokens = text[start:end].split(" ")
    known = inner is not None and (
        inner[2].body or inner[2].subject or inner[2].unit or inner[2].trap or inner[2].inner
    )
    if village or known or (tokens[0].isupper() and len(tokens[0]) > 2) or len(tokens) > 4:
        return None
    if reader.after_country and 1 < len(tokens) < 5:
        return _cut(reader, start, end)
    if reader.office_of_last:
        return None
    if len(tokens) == 1 and tokens[0].isupper():
        return None
    if text[start:end].isascii() and (len(tokens) > 1 or reader.follows_foreign(tokens[0])):
        return _cut(reader, start, end)
    if len(tokens) > 1 and (tokens[0] in reader.words.surnames or tokens[1] in MIDDLE_NAMES):
        return _cut(reader, start, end)
    return None


def _cut(reader: Reader, start: int, end: int) -> PersonName | None:
    for hit in reader.hits_in(start + 1, end):
        if hit[2].breaks:
            end = hit[0] - 1
            break
    end = reader.without_initials(start, end)
    tokens = reader.text[start:end].split(" ")
    if len(tokens) > 5:
        end = start + len(" ".join(tokens[:4]))
    return PersonName(start, end, reader.text[start:end]) if end > start else None
