"""What stands before a name (từ đứng trước): whether it is a place, or a piece of the name of a street, a school, a body, a person.

The words come from ``place_marks``, then ``name_traps``, ``body_kinds`` and ``titles``. A mark holds for the name that follows it at
once ("đường Hà Nội") or, for schools, firms and their like, over the words of their name ("Đại học Khoa học và Công nghệ Hà Nội").
"""

from __future__ import annotations

from hoptac.lexicon.tables import Lexicon
from hoptac.places.spelling import older_tone

FREE, OPEN, BODY, NEAR, FAR, PERSON, NAME, OPENER, LISTED, NEXT_FAR, FURTHER, SIDE = range(12)
"""FREE a word that ends the look back; OPEN a common noun; BODY a body of the unit; NEAR, FAR a piece of another name;
PERSON a word of address; NAME a capital word of a longer name; OPENER a capital word that begins a sentence; LISTED after a comma; NEXT_FAR FAR with nothing between: "công ty | Mỹ"; FURTHER not told by
so few words; SIDE a part of a country, by the points of the compass: "miền Nam | Syria"."""

TRAPS = frozenset({NEAR, FAR, NEXT_FAR, PERSON, NAME})
FAR_BODIES = frozenset({"school", "hospital", "firm", "newspaper", "museum", "library", "bank", "fund"})
NEAR_TRAPS = frozenset({"street", "battle", "thing"})
LOOK_FIRST, LOOK_BACK = 36, 84
"""Characters looked back over, at first and at most: some fifteen words; the longest names of schools and firms in the corpus have fourteen."""
ENDS = frozenset(",;:.!?)…”\"'’]»")
OPENS = "(“\"‘'[«"
DASHES = frozenset({"-", "–", "—"})
PLURALS = frozenset({"các", "những", "nhiều", "mọi", "Các", "Những", "Nhiều", "Mọi"})
PLAIN, PART, STOP, JOIN, BREAK, BRACKET, HEAD = range(7)
"""What a token is to the look back: a small word, a piece of a name, a word that ends a name, "và", the end of a clause,
the beginning of a quote, the first of marking words."""
AND = frozenset({"và"})
MOST_PLAIN = 3
"""Small words in a row of which no name of a school or firm has more, those of ``name_inner`` apart."""
KEPT_TOKENS = 1 << 16
LONGEST_NOUN = 2
"""Words of a common noun such as "công ty"; more of them ("công ty cổ phần") begin a name."""
UNJUDGED = -1
LOOK_MORE = 4
"""Words before a marking word that may say more of it: "lãnh sự quán" is no "quán", "các bệnh viện" are none by name."""


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
            says[r["word"]] = {
                "stop": FREE,
                "open": OPEN,
                "body": BODY,
                "near": NEAR,
                "far": FAR,
                "side": SIDE,
            }[r["says"]]
        self.says: dict[str, int] = {}
        self._starts: dict[str, int] = {}
        self._heads: dict[str, int] = {}
        self._classes: dict[str, int] = {}
        self._judged: dict[tuple[int, str], int | None] = {}
        for word, mark in says.items():
            for form in {word, older_tone(word)}:
                self._add(form, mark)
        inner = {r["word"] for r in lexicon.table("name_inner")}
        self.inner = {token for word in inner for form in (word, older_tone(word)) for token in form.split()}
        self.surnames = {r["word"] for r in lexicon.table("surnames") if r["strength"] == "strong"}
        self.office_ends = {r["word"].split()[-1] for r in lexicon.table("office_words")}

    def _add(self, word: str, mark: int) -> None:
        """Take a mark, under the forms of its words: as it stands, in lower case, with capitals.

        A single common noun says nothing that no mark would not say; of several words it may hold a word that is a mark.
        """
        if mark in (FREE, OPEN) and " " not in word:
            return
        self.says.setdefault(word.lower(), mark)
        first, length = word.partition(" ")[0], word.count(" ") + 1
        for form in (first, first.lower(), first[0].upper() + first[1:], first.upper()):
            if form == first or not word.isupper():
                self._starts[form] = max(self._starts.get(form, 0), length)
                if mark not in (FREE, OPEN):
                    self._heads[form] = max(self._heads.get(form, 0), length)

    def _class_of(self, token: str) -> int:
        """What a token is to the look back; remembered."""
        classes = self._classes
        if len(classes) >= KEPT_TOKENS:
            classes.clear()
        if not token or token[-1] in ENDS or token in DASHES:
            found = BREAK
        elif token[0] in OPENS:
            found = BRACKET
        elif token in self._heads:
            found = HEAD
        elif token in self.stops:
            found = JOIN if token in AND else STOP
        elif not token[0].islower() or token in self.inner:
            found = PART
        else:
            found = PLAIN
        classes[token] = found
        return found

    def before(self, text: str, start: int) -> tuple[int, str]:
        """The mark of what stands before ``start``, and the word just before it (empty where there is none).

        ``start`` begins a word. Looks back to the last break of the sentence, over ``LOOK_BACK`` characters at most.
        """
        if not start or text[start - 1] == "\n":
            return FREE, ""
        if text[start - 1] != " ":
            last = text[start - 1]
            if last.isalnum():
                return NAME, last
            return (LISTED if last == "," else FREE), ""
        word = text[text.rfind(" ", 0, start - 1) + 1 : start - 1]
        if word in self.stops:
            return FREE, word
        if not word or word[-1] in ENDS:
            return LISTED if word[-1:] == "," else FREE, ""
        return self.look(text, start, word)

    def look(self, text: str, start: int, word: str) -> tuple[int, str]:
        """``before`` for a name with a space before it, and before that a ``word`` that is no stop and ends no clause."""
        low = start - LOOK_FIRST if start > LOOK_FIRST else 0
        seg = text[low : start - 1]
        if "\n" not in seg and word not in DASHES:
            tokens = seg.split(" ")
            if low:
                del tokens[0]
            mark = self._look(tokens, not low)
            if mark != FURTHER:
                return mark, word
        elif word in DASHES:
            mark = self.before(text, start - 2)[0] if start > 2 else FREE
            return (mark if mark in (NEAR, FAR) else FREE), ""
        else:
            tokens = seg[seg.rfind("\n") + 1 :].split(" ")
            word = tokens[-1]
            if word in self.stops or not word:
                return FREE, word
            return self._look(tokens, True), word
        low = start - LOOK_BACK if start > LOOK_BACK else 0
        seg = text[low : start - 1]
        line = seg.rfind("\n")
        mark = self._look(seg[line + 1 :].split(" "), low == 0 or line >= 0)
        if mark == FURTHER:
            mark = NAME if word[0].isupper() else OPEN
        return mark, word

    def _look(self, tokens: list[str], begins: bool) -> int:
        """The mark that the nearest marking words of ``tokens`` give to the name after them."""
        classes, judgements = self._classes, self._judged
        at = last = len(tokens) - 1
        plain = 0  # small words that are no part of a name
        opens = False  # a sentence or a quote begins here
        while at >= 0:
            token = tokens[at]
            what = classes.get(token)
            if what is None:
                what = self._class_of(token)
            if what == PLAIN:
                plain += 1
                if plain == MOST_PLAIN:
                    break
            elif what in (HEAD, BRACKET):
                if what == BRACKET:
                    opens = True
                    token = tokens[at] = token.lstrip(OPENS)
                if not opens or token in self._heads:
                    low = at - LOOK_MORE if at > LOOK_MORE else 0
                    key = (at - low, " ".join(tokens[low:] if low else tokens))
                    judged = judgements.get(key, UNJUDGED)
                    if judged == UNJUDGED:
                        judged = self._judge_anew(key, tokens, at)
                    if judged is not None:
                        return judged
                    if token[0].islower() and token not in self.inner:
                        plain += 1
                if opens:
                    at -= 1
                    break
            elif what == BREAK:
                opens = True
                break
            elif what == STOP and at < last:
                break
            at -= 1
        if at < 0 and not begins and not opens:
            return FURTHER
        word = tokens[-1]
        if not word[:1].isupper():
            return OPEN if plain else FREE
        first = at == last - 1 and (opens or (begins and at < 0))
        if first and not word.isupper() and word not in self.surnames:
            return FREE if word.lower() in self.stops else OPENER
        return NAME

    def _judge_anew(self, key: tuple[int, str], tokens: list[str], at: int) -> int | None:
        """What the marking words at ``at`` say of the name after ``tokens``; None for nothing. Remembered."""
        if len(self._judged) >= KEPT_TOKENS:
            self._judged.clear()
        judged = self._judged[key] = self._judge_at(tokens, at)
        return judged

    def _judge_at(self, tokens: list[str], at: int) -> int | None:
        token = tokens[at]
        most = self._starts[token]
        if self._heads[token] == 1 and at and token.istitle() and tokens[at - 1].istitle():
            return None
        found = self._longest(tokens, at, min(most, len(tokens) - at))
        if found is None:
            return None
        mark, low, end = found
        if low and mark in (NEAR, FAR) and tokens[low - 1] in PLURALS:
            mark = OPEN
        if mark == FAR and end == len(tokens) and end - low <= LONGEST_NOUN:
            return NEXT_FAR
        return self._judge(mark, tokens, end)

    def _longest(self, tokens: list[str], at: int, most: int) -> tuple[int, int, int] | None:
        """Mark, start and end of the longest marking words that begin at ``at``, or before it and reach over it."""
        says, first = self.says, self._starts
        for length in range(most, 0, -1):
            phrase = " ".join(tokens[at : at + length]) if length > 1 else tokens[at]
            mark = says.get(phrase.lower())
            if mark is None:
                continue
            for low in range(max(0, at - LOOK_MORE + 1), at):
                if first.get(tokens[low], 0) >= at + length - low:
                    longer = says.get(" ".join(tokens[low : at + length]).lower())
                    if longer is not None:
                        return longer, low, at + length
            return mark, at, at + length
        return None

    def _judge(self, mark: int, tokens: list[str], end: int) -> int | None:
        """What a mark that ends at ``end`` says of the name after ``tokens``; None where it does not reach that far."""
        gap = tokens[end:]
        if mark == SIDE:
            return None if gap else OPEN
        if not gap:
            return mark
        named = gap[-1][:1].isupper()
        plain = any(token[:1].islower() and token not in self.inner for token in gap)
        if mark == FREE:
            return None
        if mark in (OPEN, PERSON):
            return NAME if named else OPEN
        if mark == NEAR:
            return None if plain else NEAR
        if named and not self.surnames.isdisjoint(gap):
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
