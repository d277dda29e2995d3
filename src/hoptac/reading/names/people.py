"""People in running text (tên người): by the word of address before, or by the family name."""

from __future__ import annotations

from hoptac.reading.mentions import PersonName
from hoptac.reading.names.reader import PERSON_TOKENS, HitOf, Reader
from hoptac.reading.names.tokens import MIDDLE_NAMES
from hoptac.text.syllables import is_syllable

CLOSED = frozenset((",", ")", "\n", ""))
"""What closes an apposition."""


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

    Without a family name that we know it must look foreign, stand right after an office that a person bears, or be
    spoken to by name elsewhere on the page. After ``village`` heads ("trưởng thôn Mai Hạ") two words are the village's name.
    """
    text = reader.text
    if closes_apposition(reader, end):
        return None
    if text[start:end] in reader.words.abroad:
        return None
    start = without_abroad(reader, start, end)
    found = reader.person(start, end, least=3 if village else 2)
    if found is not None:
        return PersonName(*found, text[found[0] : found[1]])
    inner = reader.at.get(start)
    tokens = text[start:end].split(" ")
    known = inner is not None and (
        inner[2].body or inner[2].subject or inner[2].unit or inner[2].trap or inner[2].inner
    )
    named = len(tokens) > 1 and (tokens[0] in reader.words.surnames or tokens[1] in MIDDLE_NAMES)
    if known and not (named and len(tokens) > 2):
        return None
    if village and tokens[0] in reader.words.surnames:
        if not all(is_syllable(token.lower()) for token in tokens):
            return _cut(reader, start, end)  # "Già làng | Ksor Nhứ"
        return None
    if village or (tokens[0].isupper() and len(tokens[0]) > 2) or len(tokens) > PERSON_TOKENS - 1:
        return None
    if reader.after_country and len(tokens) > 1:
        return _cut(reader, start, end)
    if reader.office_of_last:
        return None
    if len(tokens) == 1:
        return _alone(reader, start, end)
    if text[start:end].isascii() or named:
        return _cut(reader, start, end)
    if (
        not all(is_syllable(token.lower()) for token in tokens)
        or reader.addressed(tokens[-1])
        or reader.given
    ):
        return _cut(reader, start, end)
    return None


def closes_apposition(reader: Reader, end: int) -> bool:
    """Whether a run after an office ends an apposition: "Ông Tào Minh Quý, Giám đốc | Hoàng Gia Phát, quả quyết"."""
    return (
        reader.office_of_last
        and reader.office_end == reader.plain_end
        and (reader.text[end : end + 1] in CLOSED or reader.text[end : end + 3] in (" - ", " – "))
    )


def _alone(reader: Reader, start: int, end: int) -> PersonName | None:
    """A foreign name of one word: an office of state is right before it, or the page writes it after another of its words."""
    text = reader.text
    word = text[start:end]
    if word.isupper() or (reader.after_country and not reader.state):
        return None
    if word.isascii() and reader.follows_foreign(word):
        return _cut(reader, start, end)
    foreign = not is_syllable(word.lower()) and without_abroad(reader, start, end, least=0) == start
    return _cut(reader, start, end) if reader.state and foreign else None


def without_abroad(reader: Reader, start: int, end: int, *, least: int = 2) -> int:
    """Where a run begins without the name of a town, house or union abroad: "Thống đốc Jakarta | Anies Baswedan".

    ``least`` words are left. Short forms in capitals before a name are no part of it either ("Đại sứ EU | Franz Jessen").
    """
    text = reader.text
    ends = [i for i in range(start + 1, end + 1) if i == end or text[i] == " "]
    for stop in reversed(ends[: len(ends) - least]):
        if text[start:stop] in reader.words.abroad:
            return min(stop + 1, end)
    first = text[start : ends[0]] if ends else ""
    if len(ends) > least and first.isupper() and len(first) > 1 and not text[start:end].isupper():
        return ends[0] + 1
    return start


def _cut(reader: Reader, start: int, end: int) -> PersonName | None:
    for hit in reader.hits_in(start + 1, end):
        if hit[2].breaks:
            end = hit[0] - 1
            break
    end = reader.without_initials(start, end)
    tokens = reader.text[start:end].split(" ")
    if len(tokens) > 5:
        end = start + len(" ".join(tokens[:4]))
    end = with_particles(reader, start, end)
    return PersonName(start, end, reader.text[start:end]) if end > start else None


def with_particles(reader: Reader, start: int, end: int) -> int:
    """Where a foreign name ends with the small parts that go on with it: "Maarten de Vries", "Moon Jae - in"."""
    text, marks = reader.text, reader.marks
    if marks[end : end + 4] == b" ' A" and not text[max(start, end - 2) : end - 1].strip():
        return reader.run(end + 3)  # "H ’ Phi La Niê", "Ann O ’ Leary" as texts split into tokens have them
    if marks[end : end + 2] != b" a" and marks[end : end + 1] != b"-" and marks[end : end + 2] != b" -":
        return end
    if not text[start:end].isascii():
        return end
    for _ in range(2):
        more = reader.words.particles.match(text, end)
        if more is None:
            return end
        stop = reader.run(more.end())
        if text[more.end() - 1] == " " and (stop == more.end() or not text[more.end()].isupper()):
            return end
        end = max(stop, more.end())
    return end
