"""Foreign people in running text (tên người nước ngoài): by the office beside a name that no Vietnamese spelling gives.

"Bộ trưởng Quốc phòng Ba Lan | Mariusz Błaszczak", "Ben Rhodes, người phát ngôn Nhà Trắng". A run of capitals alone is no
person: firms, towns and papers abroad are written the same way. So an office must stand before it in the same breath, or after it as an apposition.
"""

from __future__ import annotations

import re

from hoptac.reading.mentions import PersonName
from hoptac.reading.names.people import with_particles, without_abroad
from hoptac.reading.names.reader import HitOf, Reader
from hoptac.text.syllables import is_syllable

MOST_TOKENS = 5
AROUND = 20_000
"""How far around a name other mentions of it are looked for: all of a usual page."""
REACH = 90
"""An office's words and what they head take at most so many characters before the name."""

BREAK = re.compile(r"[\n.;:!?“”\"…]|,(?! ?$)")
"""What ends an office's words; a comma only where more than the name follows it."""

SHORT_FORM = re.compile(r"\([^()\n]{2,20}\)")
APPOSITION = re.compile(r"(?:,| [-–]| \()\s?(?:(?:một|vị|hiện là|cũng là|là) )?")
INITIAL = re.compile(r"[A-Z]\.(?= [A-Z])")
WORD = re.compile(r"(?<![^\W_])[^\W\d_]+")


def read_foreign(reader: Reader, start: int, end: int) -> PersonName | None:
    """The foreign person in a run of capital words that no other rule takes, None where nothing says it is one."""
    found = _name(reader, start, end)
    if found is None:
        return None
    first, last = found
    before = office_before(reader, first)
    if before is None and not _office_after(reader, last):
        return None
    if reader.text[first:last] in reader.words.abroad:
        return None
    if before is not None:
        if before == first - 1 and reader.village_head(before):
            return None
        first = _without_house(reader, without_abroad(reader, first, last), last)
    first = _with_initial(reader, first)
    last = with_particles(reader, first, last)
    return PersonName(first, last, reader.text[first:last])


def _name(reader: Reader, start: int, end: int) -> tuple[int, int] | None:
    """The words of a run that can be a foreign name: two or more, one of them no Vietnamese syllable."""
    text = reader.text
    words = text[start:end].split(" ")
    if all(len(word) <= 2 or is_syllable(word.lower()) for word in words):
        return None
    tokens: list[tuple[int, int]] = []
    at = start
    covered = max(
        (hit[1] for hit in reader.hits_in(max(0, start - 24), start) if hit[1] > start), default=start
    )
    for word in words:
        stop = at + len(word)
        hit = reader.at.get(at)
        if hit is not None and _is_other(hit):
            covered = max(covered, hit[1])
        leads = at == start and reader.opens(at) and reader.stops(at)
        if at < covered or leads or _is_native(word) or (word.isupper() and len(word) > 2):
            if len(tokens) > 1:
                break
            tokens = []
        else:
            tokens.append((at, stop))
        at = stop + 1
    if not 2 <= len(tokens) <= MOST_TOKENS:
        return None
    foreign = [text[a:b] for a, b in tokens if not is_syllable(text[a:b].lower())]
    return (tokens[0][0], tokens[-1][1]) if any(len(word) > 2 for word in foreign) else None


def is_foreign(word: str) -> bool:
    """Whether one word is written as no Vietnamese syllable is."""
    return " " not in word and len(word) > 2 and not is_syllable(word.lower())


def _is_other(hit: HitOf) -> bool:
    word = hit[2]
    return bool(word.unit or word.body or word.kind or word.subject or word.office or word.title or word.trap)


def _is_native(word: str) -> bool:
    """Whether a word has Vietnamese letters and is spelt as a Vietnamese syllable."""
    return not word.isascii() and is_syllable(word.lower())


def office_before(reader: Reader, at: int) -> int | None:
    """Where the office that heads the name at ``at`` ends, None where there is none in the same breath."""
    text = reader.text
    for _start, end, word in reversed(reader.hits_in(max(0, at - REACH), at)):
        if end >= at or word.office in (None, "modifier"):
            continue
        between = SHORT_FORM.sub("", text[end:at])
        if BREAK.search(between):
            return None
        named = [
            (a, b) for a, b, inner in reader.hits_in(end, at) if inner.subject or inner.inner or inner.unit
        ]
        for m in WORD.finditer(text, end, at):
            if not any(a <= m.start() < b for a, b in named) and _ends_office(reader, m.start()):
                return None
        return end
    return None


def _ends_office(reader: Reader, at: int) -> bool:
    """Whether a verb or small word ends the office at ``at``; "tại" and "của" before a capital do not."""
    text = reader.text
    if text[at].isupper() or not reader.stops(at) or reader.nation_after(at):
        return False
    after = text.find(" ", at) + 1
    return not (text[at : after - 1] in reader.words.links["posted"] and text[after : after + 1].isupper())


def _office_after(reader: Reader, at: int) -> bool:
    """Whether an office stands right after the name: "Ben Rhodes, người phát ngôn Nhà Trắng"."""
    gap = APPOSITION.match(reader.text, at)
    if gap is None:
        return False
    hit = reader.at.get(gap.end())
    while hit is not None and hit[2].office == "modifier":
        hit = reader.at.get(hit[1] + 1)
    return hit is not None and hit[2].office is not None


def _without_house(reader: Reader, first: int, last: int) -> int:
    """Where the name begins without the house before it: "Giám đốc điều hành Apple | Tim Cook".

    The first of three words is a house's where it stands alone elsewhere on the page, or the others stand without it.
    """
    text = reader.text
    tokens = text[first:last].split(" ")
    if len(tokens) < 3:
        return first
    house, rest = tokens[0], " ".join(tokens[1:])
    known = reader.houses.get((house, rest))
    if known is None:
        around = text[max(0, first - AROUND) : first + AROUND]
        alone = re.search(rf"(?<!\w){re.escape(house)}(?!\w| [A-Z])", around)
        without = around.count(rest) > around.count(f"{house} {rest}")
        known = reader.houses[house, rest] = bool(alone) or without
    return first + len(house) + 1 if known else first


def _with_initial(reader: Reader, first: int) -> int:
    at = first - 3
    return at if at >= 0 and INITIAL.match(reader.text, at) else first
