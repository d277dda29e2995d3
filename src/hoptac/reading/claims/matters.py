"""What is asked, and of whom: the words after a verb of asking or promising (nội dung đề nghị, nơi nhận)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from hoptac.lexicon import Lexicon
from hoptac.reading.claims.authority import rank_of_name, rank_of_words
from hoptac.reading.claims.deeds import VERBS
from hoptac.reading.claims.speakers import name_kind
from hoptac.reading.mentions import Names
from hoptac.reading.scan import literal_form
from hoptac.reading.scene import Scene

ABOUT_WORDS = 12
"""The most words of an ask's ``about`` (measure: the contract)."""

SHORTEST = 3
"""A stretch of fewer words is no matter that somebody asks for."""

LONGEST = 26
"""A matter is looked for within so many words."""

TO_WORDS = 30
"""A phrase for those who are asked has at most so many words before the verb."""

ENOUGH = 5
"""A matter of so many words stands without the clause that gives its reason."""

LOOSE = ("link", "lead", "cut", "light")
"""Kinds of words that no phrase ends with."""

_BRACKETS = re.compile(r"\([^()]*\)?")
_EDGE = " ,;:.…–—-“”\"'‘’()[]?!"
_SIGNS = ",;:."
_CLOSING = ',;:."”'
_PART = re.compile(r";|(?:,\s|\s)(?=đồng thời\s)")


class Word(NamedTuple):
    """One run of letters and signs; ``low`` is its match form without the signs around it, ``kind`` what ``matter_words``
    says of it or of the longer literal that it opens (then ``length`` counts its words), ``closed`` whether a sign follows."""

    start: int
    end: int
    low: str
    kind: str
    length: int
    closed: bool


class Literals(NamedTuple):
    """The rows of ``matter_words``: kinds of single words, and of longer literals by their first word, the longest first."""

    single: Mapping[str, str]
    longer: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]


def _literals(lexicon: Lexicon) -> Literals:
    single: dict[str, str] = {}
    longer: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for row in lexicon.table("matter_words"):
        first, *rest = literal_form(row["literal"]).split(" ")
        if rest:
            longer.setdefault(first, []).append((tuple(rest), row["kind"]))
        else:
            single[first] = row["kind"]
    return Literals(single, {w: tuple(sorted(ends, key=lambda e: -len(e[0]))) for w, ends in longer.items()})


def words_of(scene: Scene, start: int, end: int) -> list[Word]:
    """The words of a stretch, at most ``LONGEST``, each with its kind of the table."""
    low = scene.doc.low
    spans = []
    at = start
    for word in low[start:end].split(None, LONGEST)[:LONGEST]:
        at = low.find(word, at)
        stop = at + len(word)
        spans.append((at, stop, word if word.isalpha() else word.strip(_EDGE)))
        at = stop
    single, longer = scene.lexicon.built(_literals)
    out = []
    for n, (a, b, bare) in enumerate(spans):
        kind, length = single.get(bare, ""), 1
        if bare in longer:
            for rest, found in longer[bare]:
                size = len(rest)
                if tuple([word for _, _, word in spans[n + 1 : n + 1 + size]]) == rest and not any(
                    low[spans[k][1] - 1] in _SIGNS
                    for k in range(n, n + size)  # a sign parts them
                ):
                    kind, length = found, size + 1
                    break
        out.append(Word(a, b, bare, kind, length, low[b - 1] in _CLOSING))
    return out


class Matter(NamedTuple):
    """One matter: to whom (a name or the page's words, None if unsaid) and what, with what the judge looks at."""

    to: str | None
    to_kind: str
    to_rank: str
    start: int
    end: int
    about: str
    verb: str
    verb_kind: str


def matters(scene: Scene, names: Sequence[Names], start: int, end: int) -> Iterator[Matter]:
    """The matters that the words of ``[start, end)`` list, in order; each part of a list is one, and "hỗ trợ … , hỗ trợ …"
    begins a new one at each verb said again."""
    text = scene.doc.text
    to: tuple[str | None, str, str] = (None, "none", "none")
    at = start
    cuts = [m.start() for m in _PART.finditer(scene.doc.low, start, end)]
    for stop in [*cuts, end]:
        words = words_of(scene, at, stop)
        while words and words[0].low in ("", "và", "đồng thời"):
            words.pop(0)
        if words:
            found, rest = _addressee(scene, names, words)
            if found[1] != "none":
                to = found
            for piece in _said_again(rest):
                about = about_of(text, piece)
                if len(about.split()) >= SHORTEST:
                    first = next((w for w in piece[:3] if w.kind in VERBS), piece[0])
                    verb = " ".join([w.low for w in piece[piece.index(first) :][: first.length]])
                    yield Matter(*to, piece[0].start, piece[-1].end, about, verb, first.kind or "none")
        at = stop + 1 if text[stop : stop + 1] == ";" else stop


def _addressee(
    scene: Scene, names: Sequence[Names], words: list[Word]
) -> tuple[tuple[str | None, str, str], list[Word]]:
    """To whom, and the words from the matter's verb on: parties right after the verb with those joined to them, else a
    phrase that a word for those who are asked opens, up to the first verb."""
    first = 0
    while first < len(words) - 1 and (words[first].kind == "link" or not words[first].low):
        first += 1
    at = words[first].start
    chosen: list[Names] = []
    verbs = [w.start for w in words if w.kind in VERBS]
    for name in names:
        if name.start < at - 1:
            continue
        gap = scene.doc.low[at : name.start].strip(' ,"“”')
        if gap and (len(gap.split()) > 2 or any(at <= v < name.start for v in verbs)):
            break
        chosen.append(name)
        at = name.end
    if chosen:
        to = ", ".join(dict.fromkeys(p.name for n in chosen for p in scene.parties_of(n)))
        rest = [w for w in words if w.start >= at]
        verb = next((n for n, w in enumerate(rest[:TO_WORDS]) if w.kind in VERBS), 0)
        told = (to or None, name_kind(scene, chosen[0]), rank_of_name(scene, chosen[0]))
        return told, rest[verb:] or words[first:]
    head = next((n for n, w in enumerate(words[first : first + 3], first) if w.kind == "who"), None)
    if head is not None:
        n = head
        while n < len(words) and n - head < TO_WORDS and words[n].kind not in VERBS:
            n += words[n].length
        if n < len(words) and words[n].kind in VERBS:
            phrase = scene.doc.text[words[first].start : words[n - 1].end].strip(_EDGE)
            return (phrase, "who", rank_of_words(phrase, lexicon=scene.lexicon)), words[n:]
    return (None, "none", "none"), words[first:]


def _said_again(words: list[Word]) -> Iterator[list[Word]]:
    """The words in pieces: a new one at a verb that opened the matter and is said again after a sign or "và"."""
    if not words:
        return
    verb = words[0].low if words[0].kind in VERBS else None
    begin = 0
    for n in range(2, len(words)):
        before = words[n - 1]
        again = words[n].low == verb and words[n].length == words[0].length
        if again and n - begin >= SHORTEST and (before.closed or before.low in ("và", "cùng")):
            yield words[begin:n]
            begin = n
    yield words[begin:]


def about_of(text: str, words: Sequence[Word]) -> str:
    """A matter as a labeller writes it: at most twelve words; a longer one loses what stands in brackets, a clause of
    reason and the words that say nothing of the matter."""
    kept = list(words)
    while kept and kept[0].kind in ("lead", "link"):
        kept = kept[kept[0].length :]
    if len(kept) > ABOUT_WORDS:
        for n, word in enumerate(kept):
            if n >= ENOUGH and word.kind == "cut":
                kept = kept[:n]
                break
        out: list[Word] = []
        n = 0
        while n < len(kept):
            if (
                kept[n].kind == "light"
                and not (kept[n + kept[n].length - 1 : n + kept[n].length] or kept)[0].closed
            ):
                n += kept[n].length
                continue
            out.append(kept[n])
            n += 1
        kept = out
    phrase = _BRACKETS.sub(" ", " ".join(text[w.start : w.end] for w in kept))
    cut = phrase.split()[:ABOUT_WORDS]
    dangling = {w.low for w in kept if w.kind in LOOSE and w.length == 1}
    while cut and cut[-1].lower().strip(_EDGE) in {*dangling, ""}:
        cut.pop()
    return " ".join(cut).strip(_EDGE)
