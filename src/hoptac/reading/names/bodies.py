"""Bodies in running text (cơ quan, đơn vị, tổ chức): from the word that begins a name to where the name ends."""

from __future__ import annotations

import re

from hoptac.places.units import COUNTRY, DISTRICT
from hoptac.reading.mentions import BodyName, PlaceName
from hoptac.reading.names.places import after_office, of_unit, read_kind
from hoptac.reading.names.reader import PERSON_TOKENS, HitOf, Reader
from hoptac.reading.names.tokens import JOINT, MIDDLE_NAMES, NUMBER, QUOTED, SHORTENED
from hoptac.reading.names.words import Body, Word
from hoptac.text.syllables import is_syllable

SMALL = re.compile(r"[^\W\d_]+")
SECOND = re.compile(r" [^\W\d_]+")
"""The second half of a two-syllable word of which only the first has a capital ("Vụ Thanh toán")."""

JOINTS = frozenset(" -–&,.")
"""First characters of what may stand between two pieces of a name (``tokens.JOINT``)."""
SMALL_OPENERS = frozenset("vs")
"""First letters of "và" and "số", the small words that no table holds and a name may go on with."""
LINKS = frozenset((" - ", " – ", "-", "–", " & ", "&"))
LISTS = frozenset((", ", " và "))
STANDS_ALONE = frozenset(("government", "assembly", "party", "front"))
NAMED_AFTER_PEOPLE = frozenset(("school", "firm", "hospital", "fund", "museum", "library", "centre"))
IN_TITLE_CASE = frozenset(("delegation", "assembly", "party", "government", "mission"))
"""Kinds of body whose names go on with a place, whose every word has a capital."""
DISTRICT_OF = {"huyện": "huyện", "quận": "quận", "thị": "thị xã"}
"""First word of a district's party committee or youth union ("thị ủy") to the kind of the district."""
NUMBERED = frozenset(("school", "hospital", "army"))
"""Kinds of body that a number alone can name ("Bệnh viện 108")."""
HELD = frozenset(("hospital", "firm", "centre", "bank", "fund", "museum", "library"))
"""Kinds of body whose head's name may follow at once; a school's own name is mostly a person's."""
USUAL_NAME = 3
"""Words of most Vietnamese names."""
FORCES = frozenset(("police", "army"))
LEVELS = frozenset(("city", "province", "district", "commune", "capital"))


def read_body(reader: Reader, hit: HitOf) -> tuple[BodyName, PlaceName | None] | None:
    """The body whose first word is ``hit``, with the place inside its name; None where no name follows."""
    start, end, word = hit
    body = word.body
    if body is None:
        return None
    if body.tail == "none":
        return _made(reader, start, end, body), None
    if _is_over(reader, end):
        return (_made(reader, start, end, body), None) if _stands_alone(reader, hit, body) else None
    tail = _Tail(reader, body, start, end, after_office(reader, start))
    tail.walk()
    abroad = tail.place is not None and tail.place.level == COUNTRY and body.tail != "place"
    named = tail.caps or tail.quoted or (tail.place is not None and not abroad)
    if tail.level is None and not named and not (abroad and word.upper):
        if not _stands_alone(reader, hit, body):
            return None
        tail.end = end
    place = None if tail.joined else tail.place
    if place is None and body.level == "district" and tail.caps:
        kind = DISTRICT_OF[word.literal.split(" ")[-2]]
        place = PlaceName(end + 1, tail.end, f"{kind} {reader.text[end + 1 : tail.end]}", DISTRICT)
    return _made(reader, start, tail.end, body), place


def _is_over(reader: Reader, end: int) -> bool:
    """Whether a first look shows that nothing of a name follows: most such words stand before a plain verb or noun."""
    ahead = reader.marks[end : end + 2]
    if ahead == b" a":
        return end + 1 not in reader.at and reader.text[end + 1] not in SMALL_OPENERS
    return not ahead or reader.text[end] not in JOINTS


def _stands_alone(reader: Reader, hit: HitOf, body: Body) -> bool:
    """Whether the word alone names a body: "Chính phủ", "Quốc hội", "TTXVN"."""
    written = reader.text[hit[0] : hit[1]]
    if written in ("chính quyền", "Chính quyền"):
        return False
    if body.tail == "place" and body.kind in STANDS_ALONE and (body.speaks or written[0].isupper()):
        return True
    return body.kind in ("newspaper", "front", "bank") and written.isupper()


def _made(reader: Reader, start: int, end: int, body: Body) -> BodyName:
    return BodyName(start, end, reader.text[start:end], body.kind, None, body.speaks)


class _Tail:
    """The walk over what follows a body's first word."""

    __slots__ = (
        "body",
        "caps",
        "end",
        "fields",
        "halved",
        "joined",
        "level",
        "office",
        "place",
        "proper",
        "quoted",
        "reader",
        "start",
    )

    def __init__(self, reader: Reader, body: Body, start: int, end: int, office: bool) -> None:
        self.reader, self.body, self.office = reader, body, office
        self.start = start
        self.end = end
        self.place: PlaceName | None = None
        self.level: str | None = None
        self.caps = 0
        self.quoted = False
        self.joined = False
        self.proper = False
        """Whether a capital word that no table knows is in the name."""
        self.fields = 0
        self.halved = -1
        """Where the last two-syllable word ends of which only the first has a capital."""

    def walk(self) -> None:
        text = self.reader.text
        while not self.quoted and self.level is None:
            if text[self.end : self.end + 1] not in JOINTS:
                return
            shortened = SHORTENED.match(text, self.end + 1) if text.startswith("(", self.end + 1) else None
            joint = JOINT.match(text, shortened.end() if shortened else self.end)
            if joint is None:
                return
            stop = self._step(joint.group(), joint.end())
            if stop is None or (shortened and self.place is None and self.level is None):
                return
            self.end = stop

    def _step(self, joint: str, at: int) -> int | None:
        """End of the next piece of the name at ``at``, None where the name is over."""
        reader, named = self.reader, self.body.tail == "name"
        text = reader.text
        soft, link = joint == " ", joint in LINKS
        if soft and self.halved == self.end and (last := self._last_word(at)) is not None:
            return last
        if soft and self.body.level == "district" and not self.caps and text[at].isupper():
            known = reader.borne(at, reader.run(at), (DISTRICT,))
            if known > at:
                self.caps += 1
                return known
        if joint.startswith("."):
            return None
        hit = reader.at.get(at)
        if hit is not None:
            if joint in LISTS and not self._goes_on(hit, joint):
                return None
            taken, stop = self._hit(hit, soft, link)
            if taken:
                return stop
        if joint in LISTS:
            return None
        if soft and named and (quoted := QUOTED.match(text, at)) and self._names(quoted.group()):
            self.quoted = True
            return quoted.end()
        if (soft or link) and (self.place is None or named):
            number = NUMBER.match(reader.text, at) if named or self.body.kind == "army" else None
            if soft and number and not self._counts(number.end()):
                self.caps += self.body.kind in NUMBERED
                return number.end()
            return self._capital(at)
        return None

    def _goes_on(self, hit: HitOf, joint: str) -> bool:
        """Whether "và" or a comma before these words is inside the name ("Sở Nội vụ và Lao động")."""
        word = hit[2]
        if word.body is not None and word.body.kind == "school" == self.body.kind:
            return joint == " và " and not (self.caps or self.place)
        if self.reader.text[hit[0]].isupper():
            return word.subject or word.inner
        within = word.inner and self.body.kind == "firm" and not self.caps
        return joint == " và " and (within or (word.subject and self.body.tail == "subject"))

    def _names(self, quoted: str) -> bool:
        """Whether quoted words are a name: they begin with a capital, as a fund's need not."""
        return self.body.kind == "fund" or quoted[1:].lstrip()[:1].isupper()

    def _hit(self, hit: HitOf, soft: bool, link: bool) -> tuple[bool, int | None]:
        start, end, word = hit
        reader, body = self.reader, self.body
        capital = reader.text[start].isupper()
        if self._is_person(start):
            return True, None
        if word.subject or (word.inner and (capital or body.tail == "name")):
            if not capital and not self._may_be_small(word, soft):
                return True, None
            self.caps += capital
            self.fields += word.subject
            return True, end
        if word.kind and (soft or link):
            return True, self._kind(hit, soft)
        if word.unit is not None and (soft or (link and body.tail == "name")):
            if self.place is not None and self.place.level != COUNTRY and not link:
                return True, None
            longer = reader.run(start)
            if longer > end and reader.person(end + 1, longer, least=2) is None and body.tail == "name":
                return False, None
            self.joined = self.joined or (link and self.place is not None)
            self._placed(of_unit(reader, start, end, word.unit))
            return True, end
        if word.refers in LEVELS and soft and self.place is None:
            self.level = word.refers
            return True, end
        if word.body is not None:
            same = word.body.kind == body.kind and body.tail == "name" and not self.place and self.caps <= 1
            self.caps += same and reader.text[start:end].isupper()
            return True, end if same else None
        if not capital or word.title or word.office not in (None, "modifier"):
            return True, None
        return False, None

    def _may_be_small(self, word: Word, soft: bool) -> bool:
        """Whether words in small letters here belong to the name: after the name proper they are verbs.

        "Công ty CP xây dựng Bình Minh | đầu tư …", "Sở Y tế | đào tạo …", "UBND | vận động …".
        """
        if self.place is not None or self.proper:
            return False
        if self.body.tail == "name":
            return True
        return (self.fields == 0 or not soft) and (self.body.tail == "subject" or self.body.kind in FORCES)

    def _kind(self, hit: HitOf, soft: bool) -> int | None:
        word: Word = hit[2]
        if self.place is not None and self.place.level != COUNTRY:
            return None
        place = read_kind(self.reader, hit, office=self.office)
        if place is not None:
            self._placed(place)
            return place.end
        if soft and word.refers in LEVELS:
            self.level = word.refers
            return hit[1]
        return None

    def _placed(self, place: PlaceName) -> None:
        if self.place is None or self.place.level == COUNTRY:
            self.place = place

    def _capital(self, at: int) -> int | None:
        reader = self.reader
        stop = reader.cap(at)
        if stop == at or self._is_person(at):
            return None
        self.caps += 1
        second = None if self.body.kind in IN_TITLE_CASE else self._second_half(at, stop)
        if second is None:
            self.proper = True
            return stop
        self.halved = second
        return second

    def _second_half(self, at: int, stop: int) -> int | None:
        """End of a word of two syllables whose first alone has a capital ("Tòa án Hiến | pháp"); None where it is a name."""
        reader = self.reader
        if reader.marks[stop : stop + 2] != b" a" or reader.cap(at) != stop:
            return None
        before = reader.text.rfind(" ", 0, at - 1) + 1
        if reader.marks[before : before + 1] == b"A" and before > self.start:
            known = (hit[2] for hit in reader.hits_in(before, at) if hit[1] == at - 1)
            if not any(word.body or word.subject or word.inner for word in known):
                return None
        word = reader.text[at:stop]
        if len(word) < 2 or word.isupper() or not is_syllable(word.lower()):
            return None
        hit = reader.at.get(stop + 1)
        if hit is not None and (hit[2].inner or hit[2].subject) and self.body.kind != "firm":
            return hit[1]
        if hit is not None or not self._is_small(stop + 1):
            return None
        second = SECOND.match(reader.text, stop)
        return second.end() if second else None

    def _counts(self, at: int) -> bool:
        """Whether the word after a number makes it a sum or count: "Tập đoàn Thép Bắc Giang Sơn | 20 tỷ đồng"."""
        reader = self.reader
        if self.body.kind in NUMBERED or reader.marks[at : at + 2] != b" a":
            return False
        word = SMALL.match(reader.doc.low, at + 1)
        return word is not None and word.group() in reader.words.counted

    def _is_small(self, at: int) -> bool:
        """Whether a small word that no table knows, and that closes no name, begins here."""
        reader = self.reader
        word = SMALL.match(reader.text, at)
        if word is None or at in reader.at or reader.stops(at):
            return False
        return is_syllable(word.group()) and not any(
            word.group() in reader.words.links[k] for k in ("other", "list")
        )

    def _last_word(self, at: int) -> int | None:
        """End of one more small word of a descriptive name, where the name is over after it ("Quỹ Nhịp tim | hồng, …")."""
        if self.halved != at - 1 or not self._is_small(at):
            return None
        reader = self.reader
        word = SMALL.match(reader.text, at)
        stop = word.end() if word else at
        over = reader.marks[stop : stop + 2] != b" a" or reader.stops(stop + 1)
        return stop if over and reader.marks[stop : stop + 2] != b" A" else None

    def _is_person(self, at: int) -> bool:
        """Whether a person's name begins here, and not the name of a school called after a person."""
        if not self.reader.text[at].isupper():
            return False
        if self.office and self._holder(at):
            return True
        named_after = self.body.kind in NAMED_AFTER_PEOPLE and self.caps < 2 and self.place is None
        if named_after and not (self.body.kind == "school" and self.caps):
            return False
        stop = self.reader.run(at)
        found = self.reader.person(at, stop, least=2)
        if found is None or found[0] != at:
            return False
        return not (named_after and self.caps < 2)

    def _holder(self, at: int) -> bool:
        """Whether the holder of the office before this body is named here, and not the body.

        "Giám đốc bệnh viện | Hứa Trọng Khang nói": a small word and a whole name; "Giám đốc Sở Tài chính | A Bliu nói": a
        name after the field. A verb must follow: "Giám đốc Bệnh viện Nguyễn Trãi, ông …" names the body.
        """
        reader, text = self.reader, self.reader.text
        stop = reader.run(at)
        if not self._is_verb(stop):
            return False
        tokens = text[at:stop].split(" ")
        if self.body.tail == "subject":
            if not self.fields or self.proper or not 2 <= len(tokens) <= PERSON_TOKENS:
                return False
            return at not in reader.at or tokens[0] in reader.words.surnames
        if self.body.level == "district":
            return not self.caps and len(tokens) > 1 and tokens[0] in reader.words.surnames
        if self.body.kind not in HELD or reader.person(at, stop) != (at, stop):
            return False
        if not self.caps and self.place is None:
            return text[self.start].islower() or tokens[1] in MIDDLE_NAMES
        if self.proper and len(tokens) != USUAL_NAME and tokens[0] not in reader.words.strong:
            return False  # "Xí nghiệp Đầu máy Yên | Viên Cấn Xuân Hợp"
        return not text[self.end - 1].isupper()

    def _is_verb(self, at: int) -> bool:
        """Whether a small word follows that does not join another ("và", "của")."""
        reader = self.reader
        word = SMALL.match(reader.text, at + 1) if reader.marks[at : at + 2] == b" a" else None
        return word is not None and not any(word.group() in reader.words.links[k] for k in ("other", "list"))
