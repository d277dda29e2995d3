"""What a Vietnamese syllable can look like (hình âm tiết): onset, rhyme, tone.

A model of spelling, not a list of words: it tells "Nội" from "Né" and "cafộ". Both places of the tone ("hoà", "hòa")
count. Source of onsets and rhymes: the spelling rules of Decision 240/QĐ (1984), Ministry of Education; closed
syllables (-c, -ch, -p, -t) take only the sharp and the heavy tone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

_ONSETS = "b c d đ g h k l m n p q r s t v x ch gh gi kh ng ngh nh ph qu th tr"
_RHYMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăp oăt oc oe oem oen oeo oet oi om on ong ooc oong
op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uên uênh uêt uêu ui um un ung uôc uôi uôm uôn uông uôp uôt uơ up ut
uy uya uych uyên uyêt uyn uynh uyp uyt uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
y yêm yên yêng yêt yêu yt ych yn ynh
"""
ONSETS = ("", *_ONSETS.split())
RHYMES = tuple(_RHYMES.split())
_TONES = ["\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
_STOPPED_TONES = ["\u0301", "\u0323"]


def _tone_places(rhyme: str) -> tuple[int, ...]:
    """Where the tone may stand in a rhyme: the second place is the older habit."""
    for i in range(len(rhyme) - 1, -1, -1):
        if rhyme[i] in "ăâêôơ":
            return (i,)
    if "ư" in rhyme:
        return (rhyme.index("ư"),)
    vowels = sum(c in "aeiouy" for c in rhyme)
    if rhyme in ("oa", "oe", "uy"):
        return 0, 1
    if vowels == 3 or (vowels == 2 and (vowels < len(rhyme))):
        return (1,)
    return (0,)


@cache
def _syllables() -> frozenset[str]:
    toned: list[str] = []
    for rhyme in RHYMES:
        toned.append(rhyme)
        tones = _STOPPED_TONES if rhyme.endswith(("c", "ch", "p", "t")) else _TONES
        for place in _tone_places(rhyme):
            head, tail = rhyme[: place + 1], rhyme[place + 1 :]
            toned += [unicodedata.normalize("NFC", head + tone) + tail for tone in tones]
    return frozenset(onset + rhyme for onset in ONSETS for rhyme in toned if _fits(onset, rhyme))


@cache
def _bare_syllables() -> frozenset[str]:
    return frozenset(strip_marks(o) + strip_marks(r) for o in ONSETS for r in RHYMES if _fits(o, r))


def _fits(onset: str, rhyme: str) -> bool:
    first = unicodedata.normalize("NFD", rhyme)[0]
    if onset in ("k", "gh", "ngh"):
        return first in "eiy"
    if onset in ("c", "ng"):  # before e, ê, i, y these are written k and ngh
        return first not in "eiy"
    if onset == "g":  # "gì", "giếng" count as g and i
        return first not in "ey"
    if onset == "q":  # q alone never stands before a vowel; "qu" is the onset
        return False
    if onset == "qu":
        return first in "aeiyo" and not rhyme.startswith("oa")
    if onset == "gi":
        return first != "i"
    return True


def strip_marks(text: str) -> str:
    """Without tones, hats, horns; đ as d."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return bare.replace("đ", "d").replace("Đ", "D")


def is_syllable(word: str) -> bool:
    """Can this lower-case NFC word be one Vietnamese syllable?

    >>> [is_syllable(w) for w in ("nội", "hoà", "hòa", "quý", "giếng", "né", "cafộ", "nèi")]
    [True, True, True, True, True, True, False, False]
    """
    return word in _syllables()


def is_bare_syllable(word: str) -> bool:
    """Can this lower-case ASCII word be a syllable written without its marks?

    >>> [is_bare_syllable(w) for w in ("dien", "bien", "the", "school")]
    [True, True, True, False]
    """
    return word in _bare_syllables()


MAX_WORD = 40  # a longer run of letters is no word
_SYLLABLES_ENOUGH = 8  # different ones that settle it, however much other text stands around them
_SHARE_ENOUGH = 0.15  # of all words: running Vietnamese has marks on two words of three
_FEW = 3  # plain words that are too few to tell a language
_APART = re.compile("[\u00a0\u2000-\u206f-]+")  # typographic punctuation inside a run of bytes
_HAS_LETTER = re.compile("[a-z]")


@dataclass(frozen=True, slots=True)
class Score:
    """How Vietnamese the words with marks of a sample are."""

    share: float  # of them that are syllables, 0 to 1
    good: int
    different: int

    def convinces(self, words: int, plain: Sequence[str]) -> bool:
        """Is this reading to be believed, beside ``words`` words in all, ``plain`` those without marks?

        More is asked of it where the plain words are few or do not look Vietnamese. One word, however often it
        stands ("µm"), settles nothing.
        """
        if self.share < (0.6 if len(plain) >= _FEW and bare_share(plain) >= 0.5 else 0.75):
            return False
        return self.different >= _SYLLABLES_ENOUGH or (
            self.different >= 2 and self.good >= _SHARE_ENOUGH * words
        )


def score_words(read: str) -> Score:
    """Score the words, parted by line ends, of one reading of a sample.

    Only words with an ASCII letter beside the mark count: "½", "µ" and "©" alone say nothing.
    """
    good: list[str] = []
    bad = 0
    for word in _APART.sub("\n", unicodedata.normalize("NFC", read.lower())).split("\n"):
        if word.isascii():
            continue
        if is_syllable(word):
            if len(word) > 1:
                good.append(word)
        elif _HAS_LETTER.search(word) or len(word) > 1:
            bad += 1
    return Score(len(good) / (len(good) + bad) if good else 0.0, len(good), len(set(good)))


def bare_share(plain: Sequence[str]) -> float:
    """The share of unmarked words that could be Vietnamese syllables; 1 where there are none."""
    return sum(is_bare_syllable(word.lower()) for word in plain) / len(plain) if plain else 1.0
