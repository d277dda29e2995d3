"""The phrases of a sentence that may give or receive (cụm từ chỉ bên cho, bên nhận): names, and nouns for people and bodies.

An ``Arg`` is a name that a finder found, a phrase around a noun of the ``beneficiaries`` table ("20 hộ nông dân xã Cò Nòi",
"các mạnh thường quân"), or a row of capitals that no table knows. Which of them gives and which receives is not asked here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hoptac.lexicon import Lexicon
from hoptac.reading.claims.phrases import STOPS, clean_phrase
from hoptac.reading.claims.tokens import Marks, Token
from hoptac.reading.mentions import BodyName, Count, PersonName, PlaceName, Reference
from hoptac.reading.scan import Hit
from hoptac.reading.scene import PROVINCE, Scene
from hoptac.reading.values import PartyName

FOLK_WORDS = 12
"""A phrase around a noun for people is at most so many words long after its noun."""

TITLE_WORDS = 2
"""At most so many words ("anh", "vợ chồng ông") stand between a noun for people and the name of whom it means."""

_JOINT = re.compile(
    r"(?:\s*,)?\s*(?:và|cùng|cùng với|với|phối hợp với|phối hợp cùng|&|,)\s*(?:các\s+)?", re.IGNORECASE
)
_WORD = re.compile(r"[^\s,;:()\"“”.…]+")
_PART = re.compile(r"[^\W_][\w&.-]*|&")

FOLK_LINKS = ("of", "in")
"""Kinds of words over which a phrase for people goes on to the name of where they are."""


@dataclass(frozen=True, slots=True)
class Arg:
    """``kind``: place1 (a province) … place3, place0 (a country), body_KIND, person, officer, stand_in (a reference), people,
    giver, body (a body without its name), name (capitals). ``before`` is the kind of the word that governs it ("to", "of"),
    empty where none stands right before; ``group`` is shared by those joined by "và" or a comma; ``person`` is the full name of
    whom the phrase names, whose side ``parties`` may hold instead."""

    start: int
    end: int
    parties: tuple[PartyName, ...]
    kind: str
    before: str = ""
    group: int = 0
    counted: Count | None = None
    person: str = ""


def _titles(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(row["word"].lower() for row in lexicon.table("titles") if row["kind"] == "title")


def _units(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(row["literal"] for row in lexicon.table("beneficiaries") if row["note"] == "unit")


def _cut_words(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(row["word"] for row in lexicon.table("phrase_cuts"))


def args_of(scene: Scene, marks: Marks, tokens: Sequence[Token], start: int, end: int) -> list[Arg]:
    """Every phrase of a sentence that may give or receive, in order, none inside another."""
    found = _folk(scene, marks, tokens, start, end)
    for token in tokens:
        if token.kind == "party" and not any(a.start < token.end and token.start < a.end for a in found):
            parties = scene.parties_of(token.mention)
            if parties:
                person = _full(scene, token)
                found.append(Arg(token.start, token.end, parties, _kind(scene, token), person=person))
    found += _capitals(scene, tokens, found, start, end)
    found.sort(key=lambda a: a.start)
    return _governed(scene, tokens, _of_countries(scene, found))


def _of_countries(scene: Scene, found: Sequence[Arg]) -> list[Arg]:
    """The phrases with a body and the country right after it as one: "Chính phủ Nhật Bản", "Đại sứ quán Hàn Quốc"."""
    out: list[Arg] = []
    for arg in found:
        last = out[-1] if out else None
        if (
            last is not None
            and arg.kind == "place0"
            and last.kind.startswith("body_")
            and scene.doc.text[last.end : arg.start].strip() == ""
            and len(last.parties) == 1
        ):
            name = PartyName(f"{last.parties[0].name} {arg.parties[0].name}")
            out[-1] = replace(last, end=arg.end, parties=(name,))
        else:
            out.append(arg)
    return out


def _kind(scene: Scene, token: Token) -> str:
    m = token.mention
    if isinstance(m, PlaceName):
        return f"place{m.level}"
    if isinstance(m, BodyName):
        return "place1" if m.speaks_for_locality and m.locality else f"body_{m.kind}"
    if isinstance(m, Reference):
        return "stand_in"
    if isinstance(m, PersonName) and scene.full_names.get(m.name, m.name) in scene.in_office:
        return "officer"
    return "person"


def _folk(scene: Scene, marks: Marks, tokens: Sequence[Token], start: int, end: int) -> list[Arg]:
    found: list[Arg] = []
    for hit in marks.folk.within(start, end):
        if found and hit.start < found[-1].end:
            continue
        if any(t.kind == "party" and t.start <= hit.start < t.end for t in tokens):
            continue
        if hit.value == "skip":
            continue
        arg = _folk_phrase(scene, tokens, hit, start, end)
        if arg is not None:
            found.append(arg)
    return found


def _folk_phrase(scene: Scene, tokens: Sequence[Token], hit: Hit[str], start: int, end: int) -> Arg | None:
    text = scene.doc.text
    counted = next(
        (t for t in tokens if t.kind == "count" and t.start <= hit.start and hit.start < t.end + 1), None
    )
    begin = counted.start if counted is not None else hit.start
    after = [t for t in tokens if t.start >= hit.end]
    person = next((t for t in after if isinstance(t.mention, PersonName)), None)
    if person is not None:
        between = text[hit.end : person.start].split()
        known = scene.lexicon.built(_titles)
        if len(between) <= TITLE_WORDS and all(word.lower() in known for word in between):
            if text[hit.start : hit.end].lower() in known:
                return None  # "em Nguyễn Văn A" is the person
            name = f"{text[hit.start : hit.end]} {_full(scene, person)}"
            return Arg(begin, person.end, (PartyName(name),), hit.value)
    stop = _folk_end(scene, after, hit.end, end)
    head = scene.doc.low[hit.start : hit.end]
    named = text[hit.end + 1 : hit.end + 2].isupper()
    if head in scene.lexicon.built(_units) and not named and counted is None:
        return None  # "xã" without its name is a stand-in that the finder of names left unresolved
    phrase = clean_phrase(scene, hit.start, stop)
    if not phrase:
        return None
    count = counted.mention if counted is not None and isinstance(counted.mention, Count) else None
    return Arg(begin, max(stop, hit.end), (PartyName(phrase),), hit.value, counted=count)


def _full(scene: Scene, token: Token) -> str:
    name = token.mention.name if isinstance(token.mention, PersonName) else ""
    return scene.full_names.get(name, name)


def _folk_end(scene: Scene, after: Sequence[Token], start: int, end: int) -> int:
    """Where a phrase for people ends: before a verb, a mark or a word of the ``phrase_cuts`` table; it goes on over "của" or "tại" to a name."""
    text = scene.doc.text
    limit, linked = end, start
    for n, token in enumerate(after):
        nxt = after[n + 1] if n + 1 < len(after) else None
        if token.kind == "party":
            linked = token.end
            continue
        if token.kind in FOLK_LINKS and nxt is not None and nxt.kind == "party" and n <= 2:
            if not text[token.end : nxt.start].strip():
                continue
            limit = token.start
            break
        if token.kind == "figure":
            continue
        if token.kind in STOPS or token.kind in ("punct", "count", "and", *FOLK_LINKS, "not", "loss"):
            limit = token.start
            break
    cuts = scene.lexicon.built(_cut_words)
    last = start
    for k, m in enumerate(_WORD.finditer(text, start, limit)):
        if m.start() < linked:
            last = m.end()
            continue
        gap = text[last : m.start()]
        if k >= FOLK_WORDS or m.group().lower() in cuts or (last != start and gap.strip()):
            break
        if last == start and gap.strip():
            break
        last = m.end()
    return last


def _capitals(scene: Scene, tokens: Sequence[Token], found: Sequence[Arg], start: int, end: int) -> list[Arg]:
    """Rows of capitals that no table knows ("NutiFood", "Chris Evans"). A lone word must be no word of the language's: with a capital
    inside, or without any of its marks and met in the midst of another sentence."""
    text = scene.doc.text
    taken = [(a.start, a.end) for a in found] + [(t.start, t.end) for t in tokens if t.kind != "punct"]
    out: list[Arg] = []
    row: list[tuple[int, int]] = []
    parts = [m.span() for m in _PART.finditer(text, start, end)]
    for a, b in [*parts, (end, end)]:
        named = a < b and (text[a].isupper() or text[a] == "&")
        free = named and not any(x < b and a < y for x, y in taken)
        if free and (not row or not text[row[-1][1] : a].strip()):
            row.append((a, b))
            continue
        if row and _stands(scene, row, start):
            x, y = row[0][0], row[-1][1]
            out.append(Arg(x, y, (PartyName(text[x:y].strip(" .-&")),), "name"))
        row = [(a, b)] if free else []
    return out


def _stands(scene: Scene, row: Sequence[tuple[int, int]], start: int) -> bool:
    """Whether a row of capitals is a name rather than a sentence's first word or an office."""
    text = scene.doc.text
    words = [text[a:b].rstrip(".") for a, b in row]
    if len(words) == 1:
        word = words[0]
        if len(word) > 2 and any(c.isupper() for c in word[1:]):
            return True
        return len(word) >= LONE_WORD and word.isascii() and f" {word}" in text.replace(f". {word}", "")
    opens = row[0][0] == start
    return sum(w[:1].isupper() for w in words) >= (3 if opens else 2)


LONE_WORD = 4
"""A single capitalised word is taken for a name from this length on."""


def _governed(scene: Scene, tokens: Sequence[Token], found: Sequence[Arg]) -> list[Arg]:
    """The phrases with the word that governs each and the group of those joined; what governs the first of a group governs all.

    "huyện Mai Sơn, tỉnh Sơn La" is an address and no group: the wider unit only says where the narrower lies.
    """
    text = scene.doc.text
    out: list[Arg] = []
    group = 0
    for arg in found:
        before = ""
        for token in reversed(tokens):
            if token.end <= arg.start:
                if len(text[token.end : arg.start].split()) <= 1:
                    before = token.word if token.kind == "punct" else token.kind
                break
        if out:
            between = text[out[-1].end : arg.start]
            joined = bool(_JOINT.fullmatch(between)) and len(between) <= JOINT
            if joined or between.strip() == "(":
                if _wider(out[-1], arg):
                    before, joined = "of", False
                    group += 1
                elif joined and _like(out[-1], arg):
                    before = out[-1].before
                else:
                    group += 1
            else:
                group += 1
        out.append(replace(arg, before=before, group=group))
    return out


JOINT = 22
"""At most so many characters (" và đại diện các ") join two phrases of one group."""


def _wider(a: Arg, b: Arg) -> bool:
    """Whether the second phrase is the place in which the first lies."""
    if not is_place(b):
        return False
    return b.kind < a.kind if is_place(a) else a.kind not in ("person", "officer", "stand_in", "name")


def _like(a: Arg, b: Arg) -> bool:
    """Whether two phrases may be joined: both places, both people, or both bodies."""
    places = is_place(a), is_place(b)
    if any(places):
        return all(places) or (a.kind in ("people",) and is_place(b))
    folk = ("people" in (a.kind, b.kind)) and a.kind != b.kind
    return not folk


def is_place(arg: Arg) -> bool:
    return arg.kind.startswith("place") and arg.kind >= f"place{PROVINCE}"
