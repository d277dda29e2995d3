"""Find every name of a page (tìm tên): one pass over its words and capitals, rules of each type around them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from operator import attrgetter

from hoptac.lexicon.tables import Lexicon
from hoptac.places.store import LAST_OF_63
from hoptac.places.units import COUNTRY, PROVINCE, gazetteer
from hoptac.reading.doc import Doc
from hoptac.reading.mentions import BodyName, Names, PersonName, PlaceName, Reference
from hoptac.reading.names.bare import read_bare
from hoptac.reading.names.bodies import LEVELS, read_body
from hoptac.reading.names.foreign import MOST_TOKENS, SHORT_FORM, is_foreign, office_before, read_foreign
from hoptac.reading.names.people import closes_apposition, read_after_office, read_free, read_titled
from hoptac.reading.names.places import read_kind, read_listed, read_unit
from hoptac.reading.names.reader import NOWHERE, HitOf, Reader
from hoptac.reading.names.references import Context, settle
from hoptac.reading.names.tokens import DASHED
from hoptac.reading.names.units import PageUnits
from hoptac.reading.names.words import BEGINS, LEADS, NEVER

LONGEST_BRACKET = 44
"""Characters from an office's end over words in brackets to the holder's name."""


def _cities(lexicon: Lexicon) -> frozenset[str]:
    """The cities of province level that "Thành phố" may stand for: those of the map of 63, which most pages speak of."""
    return frozenset(
        u.name
        for u in gazetteer(lexicon).units
        if u.level == PROVINCE
        and u.kind == "thành phố"
        and (u.code or "").isdigit()
        and u.stands_on(LAST_OF_63)
    )


def find_names(
    doc: Doc,
    *,
    lexicon: Lexicon,
    lines: Sequence[tuple[int, int]] | None = None,
    on: date | None = None,
    home: str | None = None,
) -> tuple[Names, ...]:
    """Find every place, body, reference and person that a page names.

    Gives   names in text order, none overlapping; a name inside a longer one ("Trường Tiểu học Hà Nội - Điện Biên
            Phủ", "Chiến thắng Điện Biên Phủ", "anh Hà Nam") is part of that one.
    Places  provinces by their plain name, districts and communes with their kind word; each with its unit on the
            page's day and GSO's code, where the page settles which.
    Lines   ``lines`` holds the (start, end) of ``doc.text`` to read, all of it if None.
    On      the page's day; None: the map of 63 provinces.
    Home    the plain name of the province of the page or its outlet, where it is known.
    """
    reader = Reader.of(doc, lexicon, lines)
    reader.on = on
    finder = _found(reader)
    cities = lexicon.built(_cities)
    first = next((b for a, b in reader.lines if doc.text[a:b].strip()), 0)
    names, inside = finder.names, finder.inside
    context = Context(names, inside, cities, reader.words.capital, first if lines is not None else 0)
    places = [name for name in names if isinstance(name, PlaceName)]
    units = PageUnits(lexicon, [*places, *inside.values()], context.counts, context.parents, on, home)
    if finder.unread:
        names = read_bare(doc.text, finder.unread, names, units)
    reader.units = units
    return settle(names, context, finder.refers, inside, units)


def places_inside(reader: Reader) -> dict[int, PlaceName]:
    """The place inside each body's name of a page, by the body's start."""
    if reader.inside is None:
        _found(reader)
    return reader.inside or {}


def _found(reader: Reader) -> _Finder:
    finder = _Finder(reader)
    finder.run()
    reader.inside = finder.inside
    return finder


def _fuller(run: str, short: set[str]) -> bool:
    """Whether a run of capitals is a foreign name that the page also writes short ("Donald Trump", "Tổng thống Trump")."""
    if not short:
        return False
    words = run.split(" ")
    return (
        1 < len(words) <= MOST_TOKENS
        and words[-1] in short
        and is_foreign(words[0])
        and words[0] not in short
    )


class _Finder:
    """One walk from left to right; ``at`` is where the last accepted name ends."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.names: list[Names] = []
        self.refers: dict[int, tuple[str, str]] = {}
        self.inside: dict[int, PlaceName] = {}
        self.unread: list[tuple[int, int]] = []
        self.refused: set[int] = set()
        """Starts of the runs that close an apposition, and so are its firm's or place's name."""
        self.at = 0
        self.village = False

    def run(self) -> None:
        """Hits and runs of capitals from left to right; a hit goes before the run that begins with it.

        A single capital word can only be a name right after an office; the other runs are of two words or more.
        """
        reader = self.reader
        marks, beyond = reader.marks, len(reader.text) + 1
        runs = [*reader.long_runs(), (beyond, beyond)]
        i, single, told, next_run = 0, beyond, NOWHERE, runs[0][0]
        for hit in reader.hits:
            start, end, word = hit
            acts = word.acts
            if acts != BEGINS and (
                acts == NEVER or marks.find(b"A", *((end, end + 3) if acts == LEADS else (start, end))) < 0
            ):
                continue
            if single < start:
                self._single(single, runs[max(0, i - 1) : i + 1])
                single = beyond
            while next_run < start:
                self._run(*runs[i])
                i += 1
                next_run = runs[i][0]
            if start >= self.at:
                self._hit(hit)
                if reader.office_end != told:
                    told = reader.office_end
                    single = marks.find(b"A", told, told + 2)
                    if single < 0:
                        single = beyond
        if single < beyond:
            self._single(single, runs[max(0, i - 1) : i + 1])
        for start, end in runs[i:-1]:
            self._run(start, end)
        self._again()

    def _single(self, start: int, beside: list[tuple[int, int]]) -> None:
        """A capital word that stands alone after the end of an office: "Tổng thống | Putin"."""
        reader = self.reader
        if start >= self.at and not any(a <= start < b for a, b in beside) and reader.holds(start):
            self._run(start, reader.run(start))

    def _take(self, name: Names) -> None:
        self.names.append(name)
        self.at = name.end

    def _hit(self, hit: HitOf) -> None:
        start, end, word = hit
        reader = self.reader
        if word.trap is not None and self._trap(hit):
            return
        if word.office not in (None, "modifier", "for"):
            reader.office_end = end
            reader.after_country = False
            last = self.names[-1] if self.names else None
            reader.office_of_last = isinstance(last, PersonName) and start - 4 <= last.end != reader.led_end
            reader.state, reader.given, reader.plain_end = word.state, word.given, end
            self.village = word.village
            return
        if word.family and self._surname(hit):
            return
        if word.body is not None and (found := read_body(reader, hit)) is not None:
            self._body(hit, *found)
            return
        if word.kind is not None and (place := read_kind(reader, hit)) is not None:
            self._take(place)
            if reader.office_end == start - 1:
                reader.office_end = place.end
            for listed in read_listed(reader, place, word.kind):
                self._take(listed)
            return
        if word.title is not None and (person := read_titled(reader, hit)) is not None:
            self._take(person)
            return
        if word.unit is not None and (unit := read_unit(reader, hit)) is not None:
            self._take(unit)
            if reader.office_end == start - 1:
                reader.office_end = end
                reader.after_country = unit.level == COUNTRY
            return
        if word.refers is not None and word.refers != "none":
            self.refers[start] = (word.refers, word.literal)
            self._take(Reference(start, end, ()))

    def _body(self, hit: HitOf, body: BodyName, place: PlaceName | None) -> None:
        start, end, _ = hit
        if place is not None:
            self.inside[start] = place
        else:
            level = hit[2].body.level if hit[2].body else ""
            if level:
                self.refers[start] = (level, "huyện" if level == "district" else "")
            for inner in self.reader.hits_in(end, body.end):
                if inner[2].refers in LEVELS:
                    self.refers[start] = (inner[2].refers or "", inner[2].literal)
        self._take(body)
        if start - 1 <= self.reader.office_end <= start:
            self.reader.office_end = body.end
            self.reader.after_country = place is not None and place.level == COUNTRY

    def _surname(self, hit: HitOf) -> bool:
        """Whether a body's word is a family name here: "Đoàn Văn An"."""
        start, end, _ = hit
        reader = self.reader
        if reader.text[start:end] not in reader.words.strong:
            return False
        found = reader.person(start, reader.run(start))
        return found is not None and found[0] == start

    def _trap(self, hit: HitOf) -> bool:
        start, end, word = hit
        if start - self.reader.office_end in (0, 1) and self._surname(hit):
            return False
        if word.trap == "word":
            self.at = end
            return True
        if self._holds_office(hit):
            return False
        text = self.reader.text
        if end + 1 < len(text) and text[end] == " ":
            stop = self.reader.run(end + 1)
            if stop > end + 1:
                while (dash := DASHED.match(text, stop)) and (
                    further := self.reader.run(dash.end())
                ) > dash.end():
                    stop = further
                self.at = stop
                return True
        return False

    def _holds_office(self, hit: HitOf) -> bool:
        """Whether the capitals of a trap are the name of one who holds the office before it.

        "Chánh thanh tra tỉnh | Hồ Sỹ Tường": a lake's word and a family name; "Giám đốc cảng | Nguyễn Anh Kha": a place of work.
        """
        start, end, word = hit
        reader = self.reader
        own = reader.text[start:end] in reader.words.surnames
        if not own and not word.staffed:
            return False
        at = start if own else end + 1
        stop = reader.run(at)
        if stop == at or reader.marks[stop : stop + 2] == b" A" or reader.person(at, stop) != (at, stop):
            return False
        strong = own and reader.text[start:end] in reader.words.strong
        if not strong and start - 1 != reader.office_end and reader.marks[stop : stop + 2] != b" a":
            return False
        return office_before(reader, start) is not None

    def _run(self, start: int, end: int) -> None:
        reader = self.reader
        if end <= self.at:
            return
        if start < self.at:
            start = self.at
            while start < end and reader.text[start] == " ":
                start += 1
        for hit in reader.hits_in(start + 1, end):
            if hit[2].title and reader.text[hit[0] - 1] == " " and read_titled(reader, hit) is not None:
                end = hit[0] - 1  # "Theo Bà Trương Lý Hoàng Phi": the words of address have the name
                break
            if hit[2].office not in (None, "modifier", "for") and hit[1] + 1 < end:
                reader.office_end, start = hit[1], hit[1] + 1  # "Theo GS Châu Văn Minh"
        while (inner := reader.at.get(start)) is not None and inner[2].office:
            if reader.text[start : inner[1]] in reader.words.strong:
                break
            if inner[2].office == "modifier" and inner[1] + 1 not in reader.at:
                break  # "Sở Tài chính | Phó Thành Danh": a family name
            start = inner[1] + 1
        if start < reader.office_end < end:
            start = reader.office_end + 1  # "bác sĩ chuyên khoa II | Từ Quang Mẫn"
        if start >= end:
            return
        if reader.office_end >= 0 and self._leads(start):
            person = read_after_office(reader, start, end, village=self.village)
            led = led_by = True
        else:
            person = read_free(reader, start, end)
            led = led_by = False
        if person is not None:
            self._take(person)
            if led:
                reader.led_end = person.end
        else:
            self.unread.append((start, end))
            if led_by and closes_apposition(reader, end):
                self.refused.add(start)

    def _leads(self, start: int) -> bool:
        """Whether the words of an office end right before ``start``, words in brackets aside: "UBND quận Cẩm Lệ (Đà Nẵng) | Hồ Văn Khoa"."""
        reader = self.reader
        gap = start - reader.office_end
        if gap in (0, 1):
            return True
        if not 4 < gap <= LONGEST_BRACKET or reader.text[start - 2] != ")":
            return False
        return SHORT_FORM.fullmatch(reader.text, reader.office_end + 1, start - 1) is not None

    def _again(self) -> None:
        """Runs of capitals that no rule took and that are a person's name elsewhere on the page."""
        if not self.unread:
            return
        if self.refused:
            firms = {self.reader.text[a:b] for a, b in self.unread if a in self.refused}
            self.names = [n for n in self.names if not (isinstance(n, PersonName) and n.name in firms)]
        text = self.reader.text
        starts: list[int] = []
        found: list[Names] = []
        abroad = {
            run: person
            for run in self.unread
            if run[0] not in self.refused and (person := read_foreign(self.reader, *run)) is not None
        }
        named = {name.name for name in self.names if isinstance(name, PersonName)}
        known = {name for name in named if " " in name}
        known |= {person.name for person in abroad.values()}
        short = {name for name in named if name not in known and is_foreign(name)}
        for run in self.unread:
            person = abroad.get(run)
            if (
                person is None
                and run[0] not in self.refused
                and (text[run[0] : run[1]] in known or _fuller(text[slice(*run)], short))
            ):
                person = PersonName(*run, text[run[0] : run[1]])
            if person is not None:
                starts = starts or [name.start for name in self.names]
                n = bisect_left(starts, person.start)
                if n == len(starts) or starts[n] >= person.end:
                    found.append(person)
        if found:
            self.names = sorted([*self.names, *found], key=attrgetter("start"))
