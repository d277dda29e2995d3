"""What stands before a name (từ đứng trước): whether it is a place, or a piece of the name of a street, a school, a body, a person.

The words come from ``place_marks``, then ``name_traps``, ``body_kinds`` and ``titles``. A mark holds for the name that follows it at
once ("đường Hà Nội") or, for schools, firms and their like, over the words of their name ("Đại học Khoa học và Công nghệ Hà Nội").
"""

from __future__ import annotations

from hoptac.lexicon.tables import Lexicon
from hoptac.places.spelling import older_tone

FREE, OPEN, BODY, NEAR, FAR, PERSON, NAME, OPENER, LISTED, NEXT_FAR = range(10)
"""FREE a word that ends the look back; OPEN a common noun; BODY a body of the unit; NEAR, FAR a piece of another name;
PERSON a word of address; NAME a capital word of a longer name; OPENER a capital word that begins a sentence; LISTED after a comma; NEXT_FAR FAR with nothing between: "công ty | Mỹ"."""

TRAPS = frozenset({NEAR, FAR, NEXT_FAR, PERSON, NAME})
FAR_BODIES = frozenset({"school", "hospital", "firm", "newspaper", "museum", "library", "bank", "fund"})
NEAR_TRAPS = frozenset({"street", "battle", "thing"})
LOOK_BACK = 84
"""Characters looked back over: some fifteen words; the longest names of schools and firms in the corpus have fourteen."""
ENDS = frozenset(",;:.!?)…”\"'’]»")
OPENS = "(“\"‘'[«"
DASHES = frozenset({"-", "–", "—"})
PLURALS = frozenset({"các", "những", "nhiều", "mọi", "Các", "Những", "Nhiều", "Mọi"})
LOOK_MORE = 3
"""Words before a marking word that may make another of it: "lãnh sự quán" is no "quán"."""


class Marks:
    """The marks of a lexicon, by the first word of each. Made once (``marks``)."""

    def __init__(self, lexicon: Lexicon) -> None:
        says: dict[str, int] = {}
        self.stops: set[str] = set()
        for r in lexicon.table("titles"):
            if r["kind"] == "title":
                says[r["word"]] = PERSON
        for r in lexicon.table("body_kinds"):
            says[r["word"]] = FAR if r["kind"] in FAR_BODIES else BODY
        for r in lexicon.table("name_traps"):
            says[r["word"]] = NEAR if r["kind"] in NEAR_TRAPS else OPEN
        for r in lexicon.table("place_marks"):
            if r["says"] == "stop":
                self.stops.add(r["word"])
            says[r["word"]] = {"stop": FREE, "open": OPEN, "body": BODY, "near": NEAR, "far": FAR}[r["says"]]
        self.says: dict[str, int] = {}
        self.first: dict[str, int] = {}
        self.last: set[str] = set()
        for word, mark in says.items():
            for form in {word, older_tone(word)}:
                self._add(form, mark)
        inner = {r["word"] for r in lexicon.table("name_inner")}
        self.inner = {token for word in inner for form in (word, older_tone(word)) for token in form.split()}
        self.surnames = {r["word"] for r in lexicon.table("surnames") if r["strength"] == "strong"}
        self.office_ends = {r["word"].split()[-1] for r in lexicon.table("office_words")}

    def _add(self, word: str, mark: int) -> None:
        """Take a mark, under the forms of its words: as it stands, in lower case, with capitals."""
        low = word.lower()
        self.says.setdefault(low, mark)
        first = word.partition(" ")[0]
        for form in (first, first.lower(), first[0].upper() + first[1:], first.upper()):
            if form == first or not word.isupper():
                self.first[form] = max(self.first.get(form, 0), word.count(" ") + 1)

    def before(self, text: str, start: int) -> tuple[int, str]:
        """The mark of what stands before ``start``, and the word just before it (empty where there is none).

        ``start`` begins a word. Looks back to the last break of the sentence, over ``LOOK_BACK`` characters at most.
        """
        low = start - LOOK_BACK if start > LOOK_BACK else 0
        seg = text[low:start]
        line = seg.rfind("\n")
        if line >= 0:
            seg = seg[line + 1 :]
        tokens = seg.split(" ")
        last = tokens.pop()
        if last:
            if last[-1].isalnum():
                return NAME, last
            if last[-1] in "-–/" and len(last) > 1:
                return FREE, last
            return LISTED if last[-1] == "," else FREE, ""
        if not tokens:
            return FREE, ""
        word = tokens[-1]
        if word in self.stops:
            return FREE, word
        if not word or word[-1] in ENDS:
            return LISTED if word[-1:] == "," else FREE, ""
        begins = line >= 0 or low == 0
        if word in DASHES:
            mark = self._look(tokens[:-1], begins) if len(tokens) > 1 else FREE
            return (mark if mark in (NEAR, FAR) else FREE), ""
        return self._look(tokens, begins), word

    def _look(self, tokens: list[str], begins: bool) -> int:
        """The mark that the nearest marking words of ``tokens`` give to the name after them."""
        first, stops, inner = self.first, self.stops, self.inner
        count = len(tokens)
        at = count - 1
        plain = opens = (
            False  # a small word that is no part of a name stands between; a sentence or a quote begins here
        )
        while at >= 0:
            token = tokens[at]
            if not token or token[-1] in ENDS or token in DASHES:
                opens = True
                break
            if token[0] in OPENS:
                token = tokens[at] = token.lstrip(OPENS)
                opens = True
                if not token:
                    break
            most = first.get(token)
            if most is not None and not (at and token.istitle() and tokens[at - 1].istitle() and most == 1):
                found = self._longest(tokens, at, min(most, count - at))
                if found is not None:
                    mark, low, end = found
                    if low and mark in (NEAR, FAR) and tokens[low - 1] in PLURALS:
                        mark = OPEN
                    judged = self._judge(mark, tokens, end)
                    if judged is not None:
                        return judged
            if opens:
                at -= 1
                break
            if token in stops and at < count - 1 and token not in ("và", "Và"):
                break
            if not plain and token[0].islower() and token not in inner:
                plain = True
            at -= 1
        word = tokens[-1]
        if not word[:1].isupper():
            return OPEN if plain else FREE
        if (
            at == count - 2
            and (opens or (begins and at < 0))
            and not word.isupper()
            and word not in self.surnames
        ):
            return FREE if word.lower() in stops else OPENER
        return NAME

    def _longest(self, tokens: list[str], at: int, most: int) -> tuple[int, int, int] | None:
        """Mark, start and end of the longest marking words that begin at ``at``, or before it and reach over it."""
        says, first = self.says, self.first
        for length in range(most, 0, -1):
            phrase = " ".join(tokens[at : at + length]) if length > 1 else tokens[at]
            mark = says.get(phrase.lower())
            if mark is None:
                continue
            for low in range(max(0, at - LOOK_MORE), at):
                if first.get(tokens[low], 0) >= at + length - low:
                    longer = says.get(" ".join(tokens[low : at + length]).lower())
                    if longer is not None:
                        return longer, low, at + length
            return mark, at, at + length
        return None

    def _judge(self, mark: int, tokens: list[str], end: int) -> int | None:
        """What a mark that ends at ``end`` says of the name after ``tokens``; None where it does not reach that far."""
        gap = tokens[end:]
        if not gap:
            return NEXT_FAR if mark == FAR else mark
        named = gap[-1][:1].isupper()
        plain = any(token[:1].islower() and token not in self.inner for token in gap)
        if mark == FREE:
            return None
        if mark in (OPEN, PERSON):
            return NAME if named else OPEN
        if mark == NEAR:
            return None if plain else NEAR
        if gap[-1] in self.surnames:
            return NAME
        if gap[0][:1].isupper() or gap[0] in self.inner or not plain:
            return mark
        return None


def marks(lexicon: Lexicon) -> Marks:
    """The marks of a lexicon, made once.

    >>> from hoptac.lexicon.tables import default_lexicon
    >>> look = marks(default_lexicon())
    >>> [look.before(text, len(text))[0] == NEAR for text in ("đi trên đường ", "người dân ở ")]
    [True, False]
    """
    return lexicon.built(Marks)
