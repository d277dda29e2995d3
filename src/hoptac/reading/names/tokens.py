"""What a token of a name looks like (chữ viết hoa, số, dấu nối)."""

from __future__ import annotations

import re

from hoptac.reading import letters

UPPER = "".join(sorted(letters.UPPER))

MARKS = letters.class_table(
    {"upper": "A", "lower": "a", "word": "0", " ": " ", "'": "'", "’": "'", "-": "-", "\n": "\n"}, "."
)
"""Turns a text's bytes into the classes that tell where capital words are: capital, small letter, other, signs."""

CAP = re.compile(rb"A(?:[Aa0]++|'(?=[Aa0]| A)|-(?=a))*+")
"""A word with a capital, in classes: "Nguyễn", "UBND", "M'gar", "K'", "Ki-moon"."""

MOST_WORDS = 40
"""Capital words in one run; a longer one is no name, and is taken in pieces so that its length costs nothing."""

RUN = re.compile(rb"%b(?: %b){0,%d}+" % (CAP.pattern, CAP.pattern, MOST_WORDS - 1))
"""Capital words one after another on one line."""

LONG_RUN = re.compile(rb"(?<![Aa0])(?<![Aa0]')%b(?: %b){1,%d}+" % (CAP.pattern, CAP.pattern, MOST_WORDS - 1))
"""Two capital words or more, one after another, from the first letter of a word."""

MIDDLE_NAMES = frozenset(("Văn", "Thị"))
"""Words that stand second in a person's name and in hardly any other."""

WORD = re.compile(r"\w+")

AFTER_FOREIGN = re.compile(r"(?<![^ ])[A-Z][A-Za-z]* (?=(\w+))")
"""A capital word of plain letters, and the word after it."""

NUMBER = re.compile(r"(?:số )?\d{1,3}(?:/\d{1,4}|[A-ZĐ])?(?![\w.,/%]?\d)(?!\w)")
"""A number in a name: "số 2", "1", "175", "7/5", "198B"."""

UNIT_NUMBER = re.compile(r"\d{1,2}(?![\w/%])(?![.,]\d)")
"""The number that is a ward's or district's name ("quận 7")."""

AFTER_UNIT = re.compile(r" \d{1,2}(?=[,.;:)\n]| [-–(]|$)")
"""The number that ends a unit's name ("xã Xuân Thọ 1")."""

QUOTED = re.compile(r"“[^”\n]{2,60}”|\"[^\"\n]{2,60}\"|' [^'\n]{2,60} '|‘[^’\n]{2,60}’|«[^»\n]{2,60}»")

SHORTENED = re.compile(rf"\([{UPPER}][{UPPER}&.\- –]{{1,14}}\)(?= \w)")
"""The short form in brackets inside a name: "Tòa án nhân dân (TAND) tỉnh …"."""

JOINT = re.compile(r"(?: và | (?:[-–&] )?|[-–&]|, |\. ?)(?=\S)")

DASHED = re.compile(r" ?[-–] ?")
"""What joins the ends of a road in its name: "cao tốc Hà Nội - Hải Phòng"."""

SPACE_AFTER_KIND = re.compile(r"\. ?| ")

SENTENCE_ENDS = frozenset('.!?\n“"')
SENTENCE_START = frozenset(".!?:;\n“\"‘'(-–—…•*\t")
