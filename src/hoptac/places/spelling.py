"""The ways in which a name is spelt (các cách viết một tên): both places of the tone, hyphens, apostrophes, capitals."""

from __future__ import annotations

import re

_TONED = {"a": "àáảãạ", "e": "èéẻẽẹ", "y": "ỳýỷỹỵ", "o": "òóỏõọ", "u": "ùúủũụ"}
_OLDER: dict[str, str] = {
    first_toned + second: first + second_toned
    for first, second in (("o", "a"), ("o", "e"), ("u", "y"))
    for first_toned, second_toned in zip(_TONED[first], _TONED[second], strict=True)
}
_OLDER.update({pair.capitalize(): older.capitalize() for pair, older in list(_OLDER.items())})
_NEW_TONE = re.compile("(?:" + "|".join(_OLDER) + r")(?!\w)")
HYPHENS = ("-", " - ", "–", " – ")
APOSTROPHES = ("'", "’", " ’ ", " ' ")


def older_tone(name: str) -> str:
    """A name with its tones where the older habit puts them.

    >>> older_tone("Hòa Bình, Thủy Nguyên, Quý, Tòa án")
    'Hoà Bình, Thuỷ Nguyên, Quý, Toà án'
    """
    return _NEW_TONE.sub(lambda m: _OLDER[m.group()], name)


def spellings(name: str) -> set[str]:
    """Every usual way to spell a name, in its own letters' case.

    >>> sorted(spellings("Phan Rang - Tháp Chàm"))
    ['Phan Rang - Tháp Chàm', 'Phan Rang – Tháp Chàm', 'Phan Rang-Tháp Chàm', 'Phan Rang–Tháp Chàm']
    """
    found = {name, older_tone(name)}
    if "-" in name:
        for hyphen in HYPHENS:
            found.add(re.sub(" ?- ?", hyphen, name))
    if "'" in name:
        found |= {form.replace("'", mark) for form in list(found) for mark in APOSTROPHES}
    return found
