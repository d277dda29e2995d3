"""Paragraphs into sentences (câu)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hoptac.lexicon import Lexicon
from hoptac.text.fold import match_form

_END = re.compile(r"[.!?…\t](?:(?<=\t)\t*+|(?<!\t)(?<![.!?…].)[.!?…]*+[\"”’»)\]]*+(?=\s))")
"""Signs that may end a sentence, with what closes a quotation, before a space; or tabs. One class of characters comes first,
for which the search is fast; signs are only looked at from the first of their run, so that a page of dots costs its length."""


def _short_forms(lexicon: Lexicon) -> tuple[frozenset[str], int]:
    """The short forms in match form, and the letters of the longest."""
    shorts = frozenset(match_form(row["short"]) for row in lexicon.table("abbreviations"))
    return shorts, max(map(len, shorts), default=0)


def split_sentences(text: str, start: int, end: int, *, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """The sentences of ``text[start:end]``: spans in order that together hold all but the space between them.

    A full stop after a short form ("TP. HCM", "TS. Lê Xuân Kiêu") or a single capital ("Nguyễn V. A") ends nothing,
    nor does one before a lower-case letter. A tab parts the cells of a table's row.

    >>> from hoptac.lexicon import default_lexicon
    >>> t = "Đoàn đến TP. HCM sáng 25/4. Hà Nội tặng 170 suất quà."
    >>> [t[a:b] for a, b in split_sentences(t, 0, len(t), lexicon=default_lexicon())]
    ['Đoàn đến TP. HCM sáng 25/4.', 'Hà Nội tặng 170 suất quà.']
    """
    shorts, longest = lexicon.built(_short_forms)
    at = start
    for m in _END.finditer(text, start, end):
        sign, after = m.span()
        while after < end and text[after].isspace():
            after += 1
        if after >= end:
            break
        if text[sign] == "\t":  # the next cell of a table's row
            if text[at:sign].strip():
                yield at, sign
            at = after
            continue
        if text[after].islower():
            continue
        stop = m.end()
        if stop == sign + 1 and text[sign] == ".":
            word_start = sign
            while word_start > at and text[word_start - 1].isalpha():
                word_start -= 1
            word = text[word_start:sign]
            if (len(word) == 1 and word.isupper()) or (len(word) <= longest and match_form(word) in shorts):
                continue
        yield at, stop
        at = after
    while at < end and text[at].isspace():
        at += 1
    while end > at and text[end - 1].isspace():
        end -= 1
    if at < end:
        yield at, end
