"""Paragraphs into sentences (câu)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hoptac.lexicon import Lexicon
from hoptac.text.fold import match_form

_END = re.compile(r"[.!?…\t](?:(?<=\t)\t*+|(?<!\t)(?<![.!?…].)[.!?…]*+[\"”’»)\]]*+(?=\s))")
"""Signs that may end a sentence, with what closes a quotation, before a space; or tabs. One class of characters comes first,
for which the search is fast; signs are only looked at from the first of their run, so that a page of dots costs its length."""


def _short_forms(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(match_form(row["short"]) for row in lexicon.table("abbreviations"))


def split_sentences(text: str, start: int, end: int, *, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """The sentences of ``text[start:end]``: spans in order that together hold all but the space between them.

    A full stop after a short form ("TP. HCM", "TS. Lê Xuân Kiêu") or a single capital ("Nguyễn V. A") ends nothing,
    nor does one before a lower-case letter. A tab parts the cells of a table's row.

    >>> from hoptac.lexicon import default_lexicon
    >>> t = "Đoàn đến TP. HCM sáng 25/4. Hà Nội tặng 170 suất quà."
    >>> [t[a:b] for a, b in split_sentences(t, 0, len(t), lexicon=default_lexicon())]
    ['Đoàn đến TP. HCM sáng 25/4.', 'Hà Nội tặng 170 suất quà.']
    """
    shorts = lexicon.built(_short_forms)
    at = start
    for m in _END.finditer(text, start, end):
        after = m.end()
        while after < end and text[after].isspace():
            after += 1
        if after >= end:
            break
        if m.group()[0] == "\t":  # the next cell of a table's row
            if text[at : m.start()].strip():
                yield at, m.start()
            at = after
            continue
        if text[after].islower():
            continue
        if m.group() == ".":
            word_start = m.start()
            while word_start > at and text[word_start - 1].isalpha():
                word_start -= 1
            word = text[word_start : m.start()]
            if match_form(word) in shorts or (len(word) == 1 and word.isupper()):
                continue
        yield at, m.end()
        at = after
    while at < end and text[at].isspace():
        at += 1
    while end > at and text[end - 1].isspace():
        end -= 1
    if at < end:
        yield at, end
