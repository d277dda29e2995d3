"""People in running text (tên người): by the word of address before, or by the family name."""

from __future__ import annotations

from hoptac.reading.mentions import PersonName
from hoptac.reading.names.places import breaks_name
from hoptac.reading.names.reader import HitOf, Reader


def read_titled(reader: Reader, hit: HitOf) -> PersonName | None:
    """The person after a word of address: "ông Nguyễn Văn An", "đồng chí Tuấn", "chị H'Hen Niê"."""
    start, end, _ = hit
    text = reader.text
    if end + 1 >= len(text) or text[end] not in " .:":
        return None
    at = end + 1
    if text[end] in ".:":
        at += text[at] == " "
    if at >= len(text) or not text[at].isupper():
        return None
    if text[start].isupper() and start >= 2 and text[start - 1] == " " and text[start - 2].isalnum():
        before = text.rfind(" ", 0, start - 1) + 1
        if text[before].isupper() and not reader.opens(before):
            return None
    inner = reader.at.get(at)
    if inner is not None and (inner[2].office or inner[2].body):
        return None
    return _cut(reader, at, reader.run(at))


def read_free(reader: Reader, start: int, end: int) -> PersonName | None:
    """The person in a run of capital words that no other name claims: a family name and two words or more."""
    found = reader.person(start, end, least=3)
    if found is None or (found[0] != start and not reader.opens(start)):
        return None
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
    known = inner is not None and (inner[2].body or inner[2].subject or inner[2].unit or inner[2].trap or inner[2].inner)
    if village or known or (tokens[0].isupper() and len(tokens[0]) > 2) or len(tokens) > 4:
        return None
    if text[start:end].isascii() and (len(tokens) > 1 or len(tokens[0]) > 3):
        return _cut(reader, start, end)
    if tokens[0] in reader.words.surnames and len(tokens) > 1:
        return _cut(reader, start, end)
    return None


def _cut(reader: Reader, start: int, end: int) -> PersonName | None:
    for hit in reader.hits_in(start + 1, end):
        if breaks_name(hit):
            end = hit[0] - 1
            break
    tokens = reader.text[start:end].split(" ")
    if len(tokens) > 5:
        end = start + len(" ".join(tokens[:4]))
    return PersonName(start, end, reader.text[start:end]) if end > start else None
