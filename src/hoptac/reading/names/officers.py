"""Who holds which office (người và chức vụ): people and the words of offices brought together."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from hoptac.lexicon.tables import Lexicon
from hoptac.places.units import COUNTRY
from hoptac.reading.doc import Doc
from hoptac.reading.mentions import BodyName, Names, Officer, PersonName, PlaceName, Reference
from hoptac.reading.names.find import places_inside
from hoptac.reading.names.foreign import is_foreign
from hoptac.reading.names.offices import TOGETHER, Group, Segment, read_groups
from hoptac.reading.names.reader import Reader
from hoptac.reading.names.tokens import UPPER
from hoptac.reading.names.words import name_words

FROM_GROUP = 130
LONGEST_GAP = 45
IN_BRACKETS = re.compile(r"^ \([^()\n]{1,40}\)(?= )")
"""What may stand between an office and its holder: "Chủ tịch UBND quận Cẩm Lệ (Đà Nẵng) Lê Văn An"."""
LONGEST_SENTENCE = 5000
"""Characters; those under one heading are named within them."""


@dataclass(frozen=True)
class Gaps:
    """What may stand between a person and an office, in match form."""

    post: re.Pattern[str]
    copula: re.Pattern[str]
    pronoun: re.Pattern[str]
    listed: re.Pattern[str]
    heads: re.Pattern[str]


def gaps(lexicon: Lexicon) -> Gaps:
    """The patterns of a lexicon's ``office_links``, made once."""
    return lexicon.built(_gaps)


def _gaps(lexicon: Lexicon) -> Gaps:
    links = name_words(lexicon).links
    one = {kind: "|".join(map(re.escape, words)) for kind, words in links.items()}
    clause = rf"(?:(?:{one['clause']}|\d+ tuổi)\b[^,.;()\n]{{0,60}}[,)\-–] ?)"
    return Gaps(
        re.compile(rf" ?(?:\([^()\n]{{1,40}}\))? ?[,(\-–:] ?{clause}{{0,3}}(?:(?:{one['is']}) )?$"),
        re.compile(rf" (?:{one['copula']}) (?:vị |một )?$"),
        re.compile(rf"(?:^|[\n.] ?)(?:{one['pronoun']}) (?:hiện )?(?:đang )?(?:là|làm) $"),
        re.compile(rf"[,;]? (?:(?:{one['list']}) )?$"),
        re.compile(rf"(?: (?:{one['heads']}))?:"),
    )


@dataclass(slots=True)
class _Held:
    """What the page has said of one person so far."""

    name: str
    segments: list[Segment] = field(default_factory=list)
    spans: set[tuple[int, int]] = field(default_factory=set)
    first: int = 0


def find_officers(
    doc: Doc, names: Sequence[Names], *, lexicon: Lexicon, lines: Sequence[tuple[int, int]] | None = None
) -> tuple[Officer, ...]:
    """Find every person to whom the page gives an office or title.

    ``names`` is what ``find_names`` gave for the same doc and lines. Gives one officer for each person, in the order
    of their first office; ``office`` joins all that the page says with ", ", the most complete form of each.
    ``side`` is the locality or organisation that the office belongs to, None where the page does not say.
    """
    people = [name for name in names if isinstance(name, PersonName)]
    if not people:
        return ()
    reader = Reader.of(doc, lexicon, lines)
    matcher = _Matcher(reader, people, read_groups(reader, names), gaps(lexicon))
    matcher.match()
    return tuple(
        _officer(reader, held) for held in sorted(matcher.held.values(), key=lambda held: held.first)
    )


class _Matcher:
    """Brings groups of offices to the people beside them."""

    def __init__(self, reader: Reader, people: list[PersonName], groups: list[Group], gaps: Gaps) -> None:
        self.reader, self.people, self.groups, self.gaps = reader, people, groups, gaps
        self.starts = [p.start for p in people]
        self.full = full_names(people)
        self.held: dict[str, _Held] = {}
        self.led: set[int] = set()
        """Starts of the names that have an office right before them."""

    def match(self) -> None:
        heading: Group | None = None
        heading_end = 0
        for i, group in enumerate(self.groups):
            if heading is not None and group.start >= heading_end:
                heading = None
            found = self._after(group) or self._before(group)
            if found is None and self._heads_list(group):
                heading, heading_end = group, self._sentence_end(group.end)
                self._give_list(group, self.reader.text.index(":", group.end) + 1, heading_end)
                continue
            if found is None:
                continue
            self._give(found, group, heading)
            if found.start > group.end and group.segments[-1].role not in TOGETHER:
                self.led.add(found.start)
            if group.plural and found.start > group.end:
                limit = self.groups[i + 1].start if i + 1 < len(self.groups) else len(self.reader.text)
                self._give_list(group, found.end, limit)

    def _give(self, person: PersonName, group: Group, heading: Group | None) -> None:
        name = self.full.get(person.name, person.name)
        held = self.held.setdefault(name, _Held(name, first=min(person.start, group.start)))
        if heading is not None:
            held.segments += heading.segments
            held.spans.add((heading.start, heading.end))
        held.segments += group.segments
        held.spans.add((min(person.start, group.start), max(person.end, group.end)))

    def _after(self, group: Group) -> PersonName | None:
        """The person right after the words of the office."""
        n = bisect_left(self.starts, group.end)
        if n == len(self.people):
            return None
        person = self.people[n]
        gap = self.reader.text[group.end : person.start]
        if self._signed(group, person, gap):
            return person
        if len(gap) > LONGEST_GAP or "\n" in gap:
            return None
        gap = IN_BRACKETS.sub("", gap)
        last = group.segments[-1]
        opens = self.reader.opens(group.start)
        if last.trailing and (
            (gap != " " and not (opens and gap.startswith(", "))) or self._of_another(last)
        ):
            return None
        if last.trailing and self._before(group) is not None:
            return None
        titled = False
        for start, end, word in self.reader.hits_in(group.end, person.start):
            if word.title:
                titled = True
                gap = gap.replace(self.reader.text[start:end], "", 1)
        bare = gap.strip()
        if titled and bare in ("", ","):
            headed = (
                bare == ""
                or self.reader.opens(group.start)
                or self.reader.text.endswith(", ", 0, group.start)
            )
            return person if headed and self._before(group) is None else None
        if bare in ("", ".", "là", "-", "–") or (bare == ":" and not group.plural):
            return person
        if bare == "," and self._before(group) is None:
            follows = self.reader.text[person.end : person.end + 2].strip()
            begins = self.reader.begins(group.start)
            return person if begins or (follows[:1] != "," and opens) else None
        return None

    def _signed(self, group: Group, person: PersonName, gap: str) -> bool:
        """Whether the office stands on a line of its own and the name on the next, as papers are signed."""
        if gap.strip(" ") not in ("\n", "\n\n"):
            return False
        text = self.reader.text
        line = text[text.rfind("\n", 0, group.start) + 1 : group.start].strip()
        if line and not line.endswith("."):
            return False
        return text[person.end : person.end + 2].strip(" ")[:1] in ("", "\n") and " " in person.name

    def _of_another(self, segment: Segment) -> bool:
        """Whether the unknown words that end an office join another to it ("Công chúa Mako và hôn phu | Kei Komuro")."""
        known = max((name.end for name in segment.inside), default=segment.head)
        words = self.reader.doc.low[known : segment.end].split()
        return any(word in words for word in self.reader.words.links["other"])

    def _before(self, group: Group) -> PersonName | None:
        """The person whose name stands before the words of the office, parted from them by a sign or "là"."""
        n = bisect_right(self.starts, group.start) - 1
        if n < 0:
            return None
        person = self.people[n]
        gap = self.reader.doc.low[person.end : group.start]
        if len(gap) > FROM_GROUP or "\n" in gap:
            return person if self._pronoun(group, person) else None
        if self.gaps.copula.match(gap) or self._pronoun(group, person):
            return person
        if (
            self.gaps.post.match(gap)
            and (self._closed(group) or self._may_stay_open(person, gap))
            and self._clear(group, person)
        ):
            return person
        return None

    def _closed(self, group: Group) -> bool:
        """Whether a sign closes the words of the office, as it closes an apposition."""
        after = self.reader.text[group.end : group.end + 2]
        return after[:1] in CLOSING or after in (" -", " –") or after == ""

    def _may_stay_open(self, person: PersonName, gap: str) -> bool:
        """Whether "NAME, office" may go on without a closing sign.

        Not after a comma where the name is written short or has its office before it: "Theo ông An, Thủ tướng đã …".
        """
        if not gap.lstrip().startswith(","):
            return True
        return " " in person.name and person.start not in self.led

    def _clear(self, group: Group, person: PersonName) -> bool:
        """Whether the office ends in words that we know, or the name before it is written out."""
        return " " in person.name or not group.segments[-1].trailing

    def _pronoun(self, group: Group, person: PersonName) -> bool:
        before = self.reader.doc.low[max(0, group.start - 20) : group.start]
        return bool(self.gaps.pronoun.search(before)) and group.start - person.end < 600

    def _heads_list(self, group: Group) -> bool:
        return group.plural and self.gaps.heads.match(self.reader.doc.low, group.end) is not None

    def _sentence_end(self, at: int) -> int:
        text = self.reader.text
        last = min(len(text), at + LONGEST_SENTENCE)
        ends = [e for e in (text.find(mark, at, last) for mark in ("\n", ". ", "...", "…")) if e >= 0]
        return min(ends, default=last)

    def _give_list(self, group: Group, at: int, end: int) -> None:
        """People named one after another after an office told of several."""
        text = self.reader.text
        for n in range(bisect_left(self.starts, at), len(self.people)):
            person = self.people[n]
            if person.start >= end:
                return
            gap = text[at : person.start]
            for start, stop, word in self.reader.hits_in(at, person.start):
                if word.title:
                    gap = gap.replace(text[start:stop] + " ", "", 1)
            if not (self.gaps.listed.match(gap) or gap.strip() in (":", "")):
                return
            self._give(person, group, None)
            at = person.end


def full_names(names: Sequence[Names]) -> dict[str, str]:
    """For each person's name written short on a page, the fuller name that ends like it ("Tuấn": "Đỗ Anh Tuấn").

    Where several end so, the last one of the page.
    """
    people = [name for name in names if isinstance(name, PersonName)]
    full: dict[str, str] = {}
    out: dict[str, str] = {}
    first: dict[str, set[str]] = {}
    for person in people:
        tokens = person.name.split(" ")
        if len(tokens) >= 3 or (len(tokens) == 2 and tokens[-1] not in full):
            full[tokens[-1]] = person.name
    for person in people:
        tokens = person.name.split(" ")
        longer = full.get(tokens[-1])
        if longer is not None and longer != person.name and longer.endswith(" " + person.name):
            out[person.name] = longer
        elif (longer is None and len(tokens) == 1 and is_foreign(person.name)) or (
            len(tokens) == 2 and len(tokens[0]) == 1
        ):
            if not first:
                for other in {p.name for p in people if " " in p.name}:
                    first.setdefault(other.split(" ", 1)[0], set()).add(other)
            begun = {name for name in first.get(tokens[0], ()) if name.startswith(person.name + " ")}
            if len(begun) == 1:
                out[person.name] = begun.pop()
    return out


def _officer(reader: Reader, held: _Held) -> Officer:
    kept: list[str] = []
    for segment in held.segments:
        _add(kept, _written(reader.doc, segment))
    side = next((s for s in (_side(reader, seg) for seg in reversed(held.segments)) if s), None)
    return Officer(held.name, ", ".join(kept), side, tuple(sorted(held.spans)))


def _written(doc: Doc, segment: Segment) -> str:
    """The office as written; a bare level word at its end is given its name ("UBND tỉnh" -> "UBND tỉnh Điện Biên")."""
    text = " ".join(doc.text[segment.start : segment.end].split()).rstrip(" .,-–")
    last = segment.inside[-1] if segment.inside else None
    if last is None or last.end != segment.end or not text.endswith((" tỉnh", " huyện", " xã")):
        return text
    named = None
    if isinstance(last, BodyName):
        named = last.locality
    elif isinstance(last, Reference) and len(last.names) == 1:
        named = last.names[0]
    if not named:
        return text
    word = text.rsplit(" ", 1)[1]
    return f"{text} {named.removeprefix(word + ' ')}" if named[0].isupper() == (word == "tỉnh") else text


def _add(kept: list[str], office: str) -> None:
    """Add an office unless a fuller form is there; a shorter form that is there gives way."""
    low = office.lower()
    words = low.split()
    for i, known in enumerate(kept):
        known_low = known.lower()
        if (
            known_low == low
            or known_low.startswith((low + " ", low + ","))
            or (len(words) <= 2 and _holds(known_low, words))
        ):
            return
        if low.startswith((known_low + " ", known_low + ",")) or (
            len(known_low.split()) <= 2 and _holds(low, known_low.split())
        ):
            kept[i] = office
            return
    kept.append(office)


def _holds(longer: str, words: list[str]) -> bool:
    return f" {' '.join(words)} " in f" {longer} "


def _side(reader: Reader, segment: Segment) -> str | None:
    """Whom the office speaks for: the place of its body, else the body; else the last name written in capitals."""
    for name in segment.inside:
        if isinstance(name, BodyName):
            return _side_of_body(reader, name)
        if isinstance(name, PlaceName):
            return name.name
        if isinstance(name, Reference) and len(name.names) == 1 and name.end == segment.end:
            return name.names[0]
    written = reader.text[segment.start : segment.end]
    after = max((n.end for n in segment.inside if isinstance(n, Reference)), default=segment.head)
    tail = CAPITALS.search(written, max(after, segment.head) - segment.start)
    if tail is None or segment.role not in ("office", "of"):
        return None
    first = reader.at.get(segment.start + tail.start())
    if first is not None and first[2].trap:
        return None
    village = written[: tail.start()].split()[-1:]
    return f"{village[0]} {tail.group()}" if village and village[0] in reader.words.villages else tail.group()


def _side_of_body(reader: Reader, body: BodyName) -> str:
    hit = reader.at.get(body.start)
    local = body.kind in LOCAL_KINDS or (hit is not None and hit[2].body is not None and hit[2].body.level)
    if not local:
        return body.name
    place = places_inside(reader).get(body.start)
    if place is not None and place.level > COUNTRY:
        return place.name
    return body.locality or body.name


CLOSING = frozenset((",", ".", ";", ")", "\n", ":", "…", ""))
LOCAL_KINDS = frozenset(
    ("government", "assembly", "party", "department", "police", "army", "front", "court", "delegation")
)
CAPITALS = re.compile(rf"(?<= )[{UPPER}].*$")
