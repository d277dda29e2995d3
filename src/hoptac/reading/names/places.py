"""Places in running text (địa danh): by the gazetteer, by the kind word before, never inside a longer name."""

from __future__ import annotations

import re

from hoptac.places.units import COMMUNE, COUNTRY, DISTRICT, PROVINCE, Unit
from hoptac.reading.mentions import PlaceName
from hoptac.reading.names.reader import PERSON_TOKENS, HitOf, Reader
from hoptac.reading.names.tokens import AFTER_UNIT, MIDDLE_NAMES, SPACE_AFTER_KIND, UNIT_NUMBER
from hoptac.text.syllables import is_syllable

UNIT_WORDS = 5
LONGEST_SMALL = 24
LONGEST_PLAIN = 5
"""A sentence's first word of more letters, none of them Vietnamese, is a name ("Vietcombank Nghệ An")."""
NEXT_IN_LIST = re.compile(r"(?:, | và )(?=\S)")
PLURAL = re.compile(r"(?:các|những|hai|ba|bốn|năm|sáu|\d{1,2})$", re.IGNORECASE)


def of_unit(reader: Reader, start: int, end: int, unit: Unit) -> PlaceName:
    """The mention of a unit of the gazetteer; a district-level one is named with its kind word, and settled later."""
    if unit.level > PROVINCE:
        return PlaceName(start, end, f"{unit.kind} {unit.name}", unit.level, unit.code, unit.parent)
    form = reader.tops.find(unit.name, reader.on) or unit
    return PlaceName(start, end, unit.name, unit.level, form.code, unit.parent, form.id)


def read_kind(reader: Reader, hit: HitOf, *, office: bool = False) -> PlaceName | None:
    """The place whose kind word is ``hit``: "huyện Mường Nhé", "tỉnh Điện Biên", "TP Vinh", "quận 7".

    ``office`` says that the words before are an office whose holder may follow ("Chủ tịch UBND xã | Lê Văn An").
    """
    start, end, word = hit
    kind, level = word.kind, word.level
    if word.refers == "none" and kind is not None:
        start = end - len(kind)
    gap = SPACE_AFTER_KIND.match(reader.text, end)
    if kind is None or (gap is None and not reader.text[start:end].isupper()):
        return None
    at = gap.end() if gap else end
    pointed = gap is not None and gap.group().startswith(".")
    if pointed and not reader.text[start].isupper():
        return None
    if word.upper and end - start == 1 and (not pointed or reader.text[start - 1 : start] == "."):
        return None
    inner = reader.at.get(at)
    led = office or after_office(reader, start)
    if (
        level == PROVINCE
        and inner is not None
        and inner[2].unit is not None
        and inner[2].unit.level != COUNTRY
    ):
        unit = inner[2].unit
        longer = reader.run(at)
        if (
            longer <= inner[1]
            or reader.person(inner[1] + 1, longer, least=2) is not None
            or (led and " " in reader.text[inner[1] + 1 : longer])
        ):
            if unit.level == PROVINCE and kind == "thành phố" and unit.kind == "tỉnh":
                return PlaceName(start, inner[1], f"thành phố {unit.name}", DISTRICT, None, unit.name)
            return of_unit(reader, start, inner[1], unit)
    number = UNIT_NUMBER.match(reader.text, at)
    if number and kind in ("quận", "phường", "khu phố", "tổ dân phố", "ấp", "thôn", "xóm", "khóm", "bản"):
        return PlaceName(start, number.end(), f"{kind} {number.group()}", level, None, None)
    lower = (DISTRICT if level == PROVINCE else level,) if led else ()
    stop = unit_end(reader, at, lower)
    if stop == at or ((level == PROVINCE or led) and _person_follows(reader, at, stop)):
        return None
    if led and level in (DISTRICT, COMMUNE) and _holder_follows(reader, at, stop, kind, lower):
        return None
    name = reader.text[at:stop]
    if len(name) == 1 and end - start == 1:
        return None
    if level == PROVINCE:
        if kind == "thành phố":
            return PlaceName(start, stop, f"thành phố {name}", DISTRICT, None, None)
        return None if kind == "thủ đô" else PlaceName(start, stop, name, PROVINCE, None, None)
    return PlaceName(start, stop, f"{kind} {name}", level, None, None)


def _person_follows(reader: Reader, at: int, stop: int) -> bool:
    """Whether a person stands where the unit's name would ("Chủ tịch UBND tỉnh | Lê Văn An")."""
    found = reader.person(at, stop)
    inner = reader.at.get(at)
    known = inner is not None and inner[2].unit is not None and inner[1] == stop
    return (
        found is not None
        and found[0] == at
        and not known
        and not reader.person(at, reader.run(at), free=False)
    )


def _holder_follows(reader: Reader, at: int, stop: int, kind: str, levels: tuple[int, ...]) -> bool:
    """Whether a name that no unit bears is the office's holder's ("Phó Chủ tịch UBND xã | Kpuih Thin mong …")."""
    text = reader.text
    name = text[at:stop]
    tokens = name.split(" ")
    if not 2 <= len(tokens) <= PERSON_TOKENS or reader.marks[stop : stop + 2] != b" a":
        return False
    named = tokens[1] in MIDDLE_NAMES or (len(tokens) > 2 and tokens[0] in reader.words.surnames)
    if not named and all(is_syllable(token.lower()) for token in tokens) and not reader.addressed(tokens[-1]):
        return False
    if reader.doc.low.count(f"{kind} {name.lower()}") > 1:
        return False
    return reader.borne(at, stop, levels) != stop


def _rare_family(reader: Reader, tokens: list[str]) -> int:
    """Which word of a run is a family name that no Vietnamese spelling gives ("Đắk Đoa | Kpă Thuyên"); 0 if none."""
    for i in range(1, len(tokens) - 1):
        if tokens[i] in reader.words.surnames and not is_syllable(tokens[i].lower()):
            return i
    return 0


def unit_end(reader: Reader, at: int, levels: tuple[int, ...] = ()) -> int:
    """End of the unit's name at ``at``: capital words, cut before a person's name, with a number that closes it.

    ``levels``: those whose names cut the run where its holder's may follow ("UBND huyện Bắc Hà | Sần Phủ Quang").
    """
    stop = reader.run(at)
    if stop == at:
        return at
    tokens = reader.text[at:stop].split(" ")
    known = reader.borne(at, stop, levels, left=2) if levels and len(tokens) > 2 else at
    if known > at and reader.borne(at, stop, levels) == known:
        stop = known
    elif levels and (rare := _rare_family(reader, tokens)):
        stop = at + len(" ".join(tokens[:rare]))
    elif len(tokens) > 2:
        person = reader.person(at, stop, least=2 if len(tokens) > 3 else 3, free=False)
        if person is not None:
            stop = person[0] - 1
    for inner in reader.hits_in(at + 1, stop):
        if inner[2].breaks:
            stop = inner[0] - 1
            break
    if stop <= at or reader.text[at:stop].count(" ") >= UNIT_WORDS:
        return at
    number = AFTER_UNIT.match(reader.text, stop)
    return number.end() if number else stop


def read_listed(reader: Reader, first: PlaceName, kind: str) -> list[PlaceName]:
    """The further places of a list with one kind word: "các huyện Nậm Pồ, Mường Chà và Tủa Chùa"."""
    before = reader.text[max(0, first.start - 8) : first.start].rstrip()
    out: list[PlaceName] = []
    if first.level not in (DISTRICT, 3) or not PLURAL.search(before):
        return out
    at = first.end
    while gap := NEXT_IN_LIST.match(reader.text, at):
        start = gap.end()
        inner = reader.at.get(start)
        if inner is not None and (inner[2].kind or inner[2].body or inner[2].office or inner[2].title):
            break
        stop = unit_end(reader, start)
        if stop == start:
            break
        out.append(PlaceName(start, stop, f"{kind} {reader.text[start:stop]}", first.level, None, None))
        at = stop
    return out


def read_unit(reader: Reader, hit: HitOf) -> PlaceName | None:
    """The place named by ``hit`` without a kind word, unless it is a piece of a longer name."""
    start, end, word = hit
    unit, text = word.unit, reader.text
    if unit is None or word.bare == "no":
        return None
    if word.bare == "yes" and _plainly_alone(reader.marks, start, end):
        return of_unit(reader, start, end, unit)
    if text[start:end].isupper() and unit.level <= PROVINCE and reader.in_capitals(start):
        return of_unit(reader, start, end, unit)
    if word.bare == "mid" and start >= 2 and text[start - 1] == " " and text[start - 2].isalnum():
        before = text.rfind(" ", 0, start - 1) + 1
        if text[before].isupper() and not after_office(reader, start):
            return None
    if (
        word.bare == "mid"
        and reader.begins(start)
        and (word.title or not (end + 1 in reader.at or reader.stops(end + 1)))
    ):
        return None
    if start >= 2 and text[start - 1] == " ":
        before = start - 2
        while before >= 0 and not text[before].isspace():
            before -= 1
        if (
            text[before + 1].isupper()
            and text[start - 2].isalnum()
            and not _opener(reader, before + 1, start - 1)
        ):
            return None
    run = reader.run(start)
    if run > end and text[end] == " " and text[end + 1].isupper():
        following = reader.at.get(end + 1)
        speaks = following is not None and following[2].breaks
        if not speaks and reader.person(end + 1, run, least=2) is None and not after_office(reader, start):
            return None
    elif end < len(text) and (text[end] in "-–'’" and end + 1 < len(text) and text[end + 1].islower()):
        return None
    return of_unit(reader, start, end, unit)


def _plainly_alone(marks: bytes, start: int, end: int) -> bool:
    """Whether a word in small letters stands before and no capital or joined letter after: the usual case, told fast."""
    ahead = marks[end : end + 2]
    if ahead == b" A" or (ahead[1:] == b"a" and ahead != b" a"):
        return False
    word = marks[max(0, start - LONGEST_SMALL) : start]
    word = word[word.rfind(b" ", 0, -1) + 1 :] if b" " in word[:-1] else b""
    return word[:1] == b"a" and word[-1:] == b" " and b"\n" not in word


def after_office(reader: Reader, start: int) -> bool:
    """Whether the words just before ``start`` are an office ("Tổng thống | Nga Vladimir Putin")."""
    return start - 1 <= reader.office_end < start and not reader.office_of_last


def _opener(reader: Reader, start: int, end: int) -> bool:
    hit = reader.at.get(start)
    if hit is not None and hit[1] == end and not hit[2].inner and not hit[2].subject:
        return True
    token = reader.text[start:end]
    plain = not token.isupper() and (len(token) <= LONGEST_PLAIN or not token.isascii())
    return plain and reader.opens(start) and token not in reader.words.surnames
