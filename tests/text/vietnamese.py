"""Random Vietnamese in every form that reaches us."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from hypothesis import strategies as st

_ONSETS = "b c d đ g h k l m n p r s t v x ch gi kh ng nh ph qu th tr"
_RHYMES = (
    "a ai an ang ao at ay ăn ăng âm ân âu e em en eo ê ên êu i ia iên iêu inh o oa oai oan oanh oe on ong ô ôi ông ơ ơi ơn "
    "u ua uân uê ui un uôc uôi uy uya uyên uyêt uynh ư ưa ưng ươc ươi ương ưu y"
)
ONSETS, RHYMES = ("", *_ONSETS.split()), _RHYMES.split()
MARKS = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
_NEW = {"oa": 0, "oe": 0, "uy": 0}
SPACES = [" ", "  ", "\u00a0", "\t", "\n", "\r\n", "\u2009 ", "\u200b ", " \ufeff"]


@dataclass(frozen=True)
class Word:
    plain: str  # as the reading form has it
    typed: str


@dataclass(frozen=True)
class Text:
    text: str
    words: tuple[Word, ...]


def _place(onset: str, rhyme: str, old: bool) -> int:
    marked = [i for i, c in enumerate(rhyme) if c in "ăâêôơư"]
    if marked:
        return marked[-1]
    if rhyme in _NEW:
        return 1 if old and onset != "qu" else 0
    return 1 if rhyme in ("oai", "oan", "oanh", "uya", "uynh") else 0


@st.composite
def words(draw: st.DrawFn) -> Word:
    onset, rhyme, tone = (
        draw(st.sampled_from(ONSETS)),
        draw(st.sampled_from(RHYMES)),
        draw(st.sampled_from(MARKS)),
    )
    if onset == "qu" and rhyme[0] in "ou":
        rhyme = "y"
    case = draw(st.sampled_from([str.lower, str.upper, str.capitalize]))

    def spelt(old: bool) -> str:
        at = _place(onset, rhyme, old)
        return case(unicodedata.normalize("NFC", onset + rhyme[: at + 1] + tone + rhyme[at + 1 :]))

    plain, typed = spelt(False), spelt(draw(st.booleans()))
    form = draw(st.sampled_from(["NFC", "NFD", "odd", "half"]))
    if form == "odd":  # the dot before the hat
        typed = "".join(_swapped(c) for c in typed)
    elif form == "half":  # as Windows-1258: the tone apart
        typed = "".join(_half(c) for c in typed)
    else:
        typed = unicodedata.normalize("NFC" if form == "NFC" else "NFD", typed)
    if draw(st.booleans()):
        at = draw(st.integers(0, len(typed)))
        typed = typed[:at] + draw(st.sampled_from(["\u200b", "\u00ad", "\u200d"])) + typed[at:]
    return Word(plain, typed)


def _swapped(char: str) -> str:
    marks = unicodedata.normalize("NFD", char)
    return marks[0] + marks[:0:-1]


def _half(char: str) -> str:
    marks = unicodedata.normalize("NFD", char)
    tone = "".join(c for c in marks[1:] if c in MARKS)
    return unicodedata.normalize("NFC", "".join(c for c in marks if c not in tone)) + tone


@st.composite
def written(draw: st.DrawFn) -> Text:
    chosen = draw(st.lists(words(), min_size=1, max_size=8))
    out = []
    for i, word in enumerate(chosen):
        if i:
            out.append(draw(st.sampled_from(SPACES)))
        out.append(word.typed)
    return Text("".join(out), tuple(chosen))
