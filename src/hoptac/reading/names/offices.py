"""The words of an office (cụm chức danh): from where it begins to where it ends, and offices that go together."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from hoptac.reading.mentions import BodyName, Names, PersonName, PlaceName
from hoptac.reading.names.people import without_abroad
from hoptac.reading.names.reader import HitOf, Reader
from hoptac.reading.names.tokens import QUOTED, SHORTENED

UNKNOWN_WORDS = 9
"""So many lower-case words that no table knows may stand in one office ("đặc trách kiểm soát vũ khí …")."""

LONGEST = 160
FAR = 2000
"""An office with no person's name so near is nobody's: "Cô là giáo viên" speaks of one told of at most 600 before."""
PIECE = re.compile(r" ?(?:[^\W_][\w'’&/.\-]*\w|[^\W_])")
SIGNS = frozenset((",", "-", "–", "", ".", "/"))
LINKING = frozenset(("và", "của", "cùng"))
TOGETHER = frozenset(("rank", "academic", "profession"))


@dataclass(slots=True)
class Segment:
    """One office: ``[start, end)`` of the text, and the names inside it."""

    start: int
    end: int
    role: str
    head: int
    """Where the word of the office ends and what it heads begins."""
    inside: list[Names] = field(default_factory=list)
    trailing: bool = False
    """Whether it ends in a word that no table knows: a name after it may be another's."""


@dataclass(slots=True)
class Group:
    """Offices told in one breath of one person; ``plural`` where they are told of several."""

    segments: list[Segment]
    plural: bool = False

    @property
    def start(self) -> int:
        return self.segments[0].start

    @property
    def end(self) -> int:
        return self.segments[-1].end


def read_groups(reader: Reader, names: Sequence[Names]) -> list[Group]:
    """Every office of a page, those of one breath together, in text order."""
    starts = {name.start: name for name in names}
    ends = [0, *(name.end for name in names)]
    begins = [name.start for name in names]
    people = [name.start for name in names if isinstance(name, PersonName)]
    people.append(len(reader.text) + FAR)
    hits = reader.hits
    near = 0
    groups: list[Group] = []
    at = 0
    for i, hit in enumerate(hits):
        start, _end, word = hit
        if start < at or word.office is None or word.office == "modifier":
            continue
        while people[near] < start - FAR:
            near += 1
        if people[near] > start + FAR or ends[bisect_right(begins, start)] > start:
            continue
        if word.office == "leader" and people[bisect_right(people, start)] > start + LONGEST:
            continue
        segment = _segment(reader, hit, starts)
        if segment is None:
            continue
        segment.start = _with_modifiers(reader, i)
        at = segment.end
        last = groups[-1] if groups else None
        if last is not None and _joins(reader, last, segment):
            last.segments.append(segment)
        else:
            groups.append(Group([segment], _is_plural(reader, segment.start)))
    return groups


def _segment(reader: Reader, hit: HitOf, starts: dict[int, Names]) -> Segment | None:
    start, end, word = hit
    text = reader.text
    segment = Segment(start, end, word.office or "", end)
    at, unknown, limit = end, 0, start + LONGEST
    while at < limit:
        gap = text[at : at + 1]
        if gap not in (" ", ","):
            break
        q = at + 1
        if gap == ",":
            if text[q : q + 1] != " ":
                break
            name = starts.get(q + 1)
            last = segment.inside[-1] if segment.inside else None
            chained = isinstance(name, PlaceName) and last is not None and last.end == at
            if not chained or not isinstance(name, PlaceName) or not _above(name, last):
                break
            segment.inside.append(name)
            at = segment.end = name.end
            continue
        name = starts.get(q)
        if isinstance(name, PersonName):
            break
        if name is not None:
            inner = reader.at.get(q)
            if inner is not None and inner[2].office and inner[2].office != "modifier":
                break
            segment.inside.append(name)
            segment.trailing = False
            at = segment.end = name.end
            continue
        inner = reader.at.get(q)
        if inner is not None:
            role = inner[2]
            modified = role.office == "modifier" and (q2 := reader.at.get(inner[1] + 1)) and q2[2].office
            if role.title or modified or (role.office and role.office != "modifier"):
                break
            if not (role.subject or role.inner or text[q].isupper()) and reader.stops(q):
                break
            at = segment.end = inner[1]
            segment.trailing = False
            continue
        shortened = SHORTENED.match(text, q)
        if shortened:
            at = shortened.end()
            continue
        quoted = QUOTED.match(text, q)
        if quoted:
            segment.trailing = False
            at = segment.end = quoted.end()
            continue
        piece = PIECE.match(text, q)
        if piece is None:
            break
        if not text[q].isupper():
            if piece.group().strip() in LINKING and _begins_other(reader, starts, piece.end() + 1):
                break
            posted = _posted(reader, starts, piece)
            if posted is not None:
                segment.inside += [name for name in (starts.get(piece.end() + 1),) if name is not None]
                segment.trailing = False
                at = segment.end = posted
                continue
            if nation := reader.nation_after(q):
                nations = (starts.get(i) for i in range(q, nation))
                segment.inside += [name for name in nations if name is not None]
                segment.trailing = False
                at = segment.end = nation
                continue
            if reader.stops(q):
                break
            unknown += 1
            if piece.group().strip() in LINKING:
                at = piece.end()
                continue
            if unknown > UNKNOWN_WORDS or (word.office in TOGETHER and unknown > 3):
                return Segment(start, end, segment.role, end)
        segment.trailing = not text[q].isupper()
        at = segment.end = piece.end()
        if text[at - 1] in ".":
            break
    if word.office == "of" and segment.end == end:
        return None
    if word.office == "leader" and not isinstance(starts.get(segment.end + 1), PersonName):
        return None
    if word.office == "for" and not any(isinstance(name, BodyName) for name in segment.inside):
        return None
    return segment


def _posted(reader: Reader, starts: dict[int, Names], piece: re.Match[str]) -> int | None:
    """Where the place ends that an office is held at, before the holder's name: "Đại sứ Mỹ | tại Campuchia | William Heidt"."""
    if piece.group().strip() not in reader.words.links["posted"]:
        return None
    at = piece.end() + 1
    name, hit = starts.get(at), reader.at.get(at)
    end = name.end if name is not None else hit[1] if hit is not None and hit[2].unit is not None else at
    if end == at:
        end = max(at, without_abroad(reader, at, reader.run(at)) - 1)
    after = reader.at.get(end + 1)
    addressed = after is not None and after[2].title is not None and after[1] + 1 in starts
    return end if addressed or isinstance(starts.get(end + 1), PersonName) else None


def _begins_other(reader: Reader, starts: dict[int, Names], at: int) -> bool:
    """Whether another office or person begins at ``at``: the "và" before it is no part of this office."""
    hit = reader.at.get(at)
    return isinstance(starts.get(at), PersonName) or (hit is not None and bool(hit[2].office or hit[2].title))


def _above(name: PlaceName, last: Names | None) -> bool:
    if isinstance(last, PlaceName):
        return name.level < last.level
    return isinstance(last, BodyName)


def _with_modifiers(reader: Reader, i: int) -> int:
    start = reader.hits[i][0]
    while i > 0:
        before = reader.hits[i - 1]
        if before[2].office != "modifier" or before[1] != start - 1 or reader.text[start - 1] != " ":
            return start
        start, i = before[0], i - 1
    return start


def _joins(reader: Reader, group: Group, segment: Segment) -> bool:
    between = reader.text[group.end : segment.start]
    if len(between) > 20 or "\n" in between:
        return False
    bare = between.strip().lower()
    if bare.removeprefix(",").strip() in reader.words.links["join"]:
        return True
    if bare in ("", ".") or between == "-":
        return group.segments[-1].role in TOGETHER
    return bare in SIGNS


def _is_plural(reader: Reader, start: int) -> bool:
    before = reader.doc.low[max(0, start - 22) : start].rstrip()
    if not before.endswith(reader.words.links["plural"]):
        return False
    return any(
        before.endswith((" " + word, "\n" + word)) or before == word for word in reader.words.links["plural"]
    )
