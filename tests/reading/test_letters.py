"""A text as bytes: one for each character, the classes right for every character there is."""

from __future__ import annotations

import sys

from hypothesis import given
from hypothesis import strategies as st

from hoptac.reading.letters import ALPHABET, LOWER, OWN, UPPER, class_table, page_bytes

KINDS = class_table({"upper": "A", "lower": "a", "word": "0"}, ".")
OTHERS = class_table({"upper": "", "lower": "", "word": "", "-": " "}, " ")


def kind(char: str) -> str:
    if char in UPPER:
        return "A"
    if char in LOWER:
        return "a"
    return "0" if char.isalnum() or char == "_" else "."


def test_every_character_has_its_class() -> None:
    every = "".join(chr(c) for c in range(sys.maxunicode + 1) if not 0xD800 <= c < 0xE000)
    assert page_bytes(every).translate(KINDS).decode() == "".join(map(kind, every))


@given(st.text())
def test_there_is_one_byte_for_each_character(text: str) -> None:
    assert len(page_bytes(text)) == len(text)


@given(st.text(alphabet=sorted(OWN)))
def test_characters_with_a_byte_of_their_own_come_back(text: str) -> None:
    assert "".join(ALPHABET[byte] for byte in page_bytes(text)) == text


def test_ascii_keeps_its_bytes_and_a_class_may_leave_them() -> None:
    assert page_bytes("Mai-7\n") == b"Mai-7\n"
    assert page_bytes("Mai-7\n").translate(OTHERS) == b"Mai 7 "
