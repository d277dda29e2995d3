"""Old letters that were stored as Unicode (chữ TCVN3, VNI trong văn bản Unicode), mended with the way back.

Documents of the .Vn and VNI fonts hold right bytes that some program took for Windows-1252: the characters read
"Hµ Néi" or "Haø Noäi". The same happens to UTF-8 read as Windows-1252 ("HÃ Ná»™i"). ``mend_legacy`` recognises such
text by itself, ``mend_run`` where the document names the font.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hoptac.text.charsets import TCVN3, VNI_TYPED, raise_capitals, vni_letter
from hoptac.text.fold import Folded
from hoptac.text.syllables import MAX_WORD, Score, is_syllable, score_words

_SAMPLE = 16384  # characters of the lines in doubt that the choice looks at
_GAIN = 0.3  # how much more Vietnamese a reading must be than the text as it stands
_WORD = re.compile("(?:[A-Za-z]|[^\x00-\x7f])+(?:-(?:[A-Za-z]|[^\x00-\x7f])+)*")

Piece = tuple[str, int]  # what some characters become, and how many characters they were


def _as_1252(byte: int) -> str:
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)


_TCVN3_GLYPHS = {_as_1252(b): TCVN3[b] for b in range(0xA0, 0x100)} | {
    "μ": "à"
}  # Greek mu for the micro sign
_TO_BYTE = {_as_1252(b): b for b in range(0x80, 0x100)} | {chr(b): b for b in range(0x80, 0xA0)}
_TCVN3_GLYPH = re.compile("[" + re.escape("".join(_TCVN3_GLYPHS)) + "]")
_UTF8_GLYPH = re.compile("[" + re.escape("".join(_TO_BYTE)) + "]+")
_LOST_SPACE = re.compile("Ã (?=[a-z \n.,;:]|$)")  # "à" whose second half, a no-break space, became a space
_LOST_U = re.compile(r"[^\W\d_]*(?:-[^\W\d_]+)+")
# Characters that Vietnamese text has no use for, and that each of the three kinds of soup cannot do without.
_TELLING = re.compile("[µμ¶·¸¹»¼½¾¨©ª«¬\u00ad®§¡¢£¥°²³´º¿ÄÅÆÇËÎÏÐÑÖ×ØÛÜÞßäåæçëîïñöøûüþÿ]")


@dataclass(frozen=True, slots=True)
class Mended:
    """A mended text with its way back to the text as it stood.

    ``encoding``  what the letters were: tcvn3, vni, or utf-8 (read as Windows-1252)
    ``why``       ("scored", how Vietnamese the lines in doubt stood, how Vietnamese they are now) or ("font", name);
                  then ("lost-u", count) where TCVN3's ư, a soft hyphen, had become "-" and was given back
    """

    folded: Folded
    encoding: str
    why: tuple[str, ...]
    confidence: float

    @property
    def text(self) -> str:
        return self.folded.text


def mend_legacy(text: str) -> Mended | None:
    """The right text where ``text`` holds TCVN3, VNI or UTF-8 letters seen through Windows-1252; None where not.

    Lines that are right as they stand are left, so that a text of two kinds comes out whole. Linear; never fails.

    >>> mended = mend_legacy("Hµ Néi hç trî tØnh §iÖn Biªn")
    >>> mended.text, mended.encoding
    ('Hà Nội hỗ trợ tỉnh Điện Biên', 'tcvn3')
    >>> mend_legacy("Le château de Chambord, déjà fermé ; l'œuvre d'art naïve") is None
    True
    """
    if text.isascii() or not _TELLING.search(text):
        return None
    lines = text.split("\n")
    doubted = {n: stands for n, line in enumerate(lines) if (stands := _doubt(line)) is not None}
    sample = "\n".join(lines[n] for n in doubted)[:_SAMPLE]
    if not sample:
        return None
    words = _WORD.findall(sample)
    marked = _words_of(sample)
    plain = [part for word in words if word.isascii() for part in word.split("-")]
    scores = {kind: score_words(_join(read(marked))) for kind, read in _READERS.items()}
    kind = max(scores, key=lambda kind: scores[kind].share)
    before, now = score_words(marked), scores[kind]
    if now.share < before.share + _GAIN or not now.convinces(len(words), plain):
        return None
    read = _READERS[kind]
    pieces: list[Piece] = []
    for n, line in enumerate(lines):
        if n:
            pieces.append(("\n", 1))
        line_pieces = list(read(line)) if n in doubted else [(line, len(line))]
        if n in doubted and not _gains(doubted[n], _join(line_pieces)):
            line_pieces = [(line, len(line))]
        pieces += line_pieces
    return _mended(text, pieces, kind, ("scored", f"{before.share:.2f}", f"{now.share:.2f}"), now.share)


def mend_run(text: str, font: str) -> Mended | None:
    """The right text of a run that a document sets in a .Vn or VNI font; None for other fonts or right text.

    A .Vn font whose name ends in H shows every letter as a capital, and so the run is given in capitals.

    >>> mend_run("ñy ban nh©n d©n", ".VnTimeH").text
    'ỦY BAN NHÂN DÂN'
    """
    name = font.strip().lower()
    kind = "tcvn3" if name.startswith(".vn") else "vni" if name.startswith("vni") else None
    if kind is None or any(c not in _TO_BYTE and c != "μ" for c in text if not c.isascii()):
        return None
    mended = _mended(text, list(_READERS[kind](text)), kind, ("font", font), 1.0)
    if kind == "tcvn3" and name.endswith("h"):
        folded = mended.folded
        capitals = "".join(c.upper() if len(c.upper()) == 1 else c for c in folded.text)
        return Mended(Folded(text, capitals, folded.starts, folded.ends), kind, mended.why, 1.0)
    return mended


def _doubt(line: str) -> Score | None:
    """How Vietnamese a line stands, where that leaves doubt; None where the line is right or says nothing."""
    if "Ã\u00a0" in line:  # "HÃ ": "hã" and a no-break space would pass for right
        return Score(0.0, 0, 0)
    if line.isascii() or not _TELLING.search(line):
        return None
    stands = score_words(_words_of(line))
    return stands if stands.share < 1 - _GAIN else None


def _gains(stands: Score, read: str) -> bool:
    """Is a line better as read than as it stands? One without any right word has nothing to lose."""
    return not stands.good or score_words(_words_of(read)).share >= stands.share + _GAIN


def _words_of(line: str) -> str:
    return "\n".join(word for word in _WORD.findall(line) if not word.isascii() and len(word) <= MAX_WORD)


def _join(pieces: Iterator[Piece] | list[Piece]) -> str:
    return "".join(piece for piece, _ in pieces)


def _mended(source: str, pieces: list[Piece], kind: str, why: tuple[str, ...], confidence: float) -> Mended:
    text = _join(pieces)
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None
    if any(len(piece) != width for piece, width in pieces):
        firsts: list[int] = []
        lasts: list[int] = []
        at = 0
        for piece, width in pieces:
            same = len(piece) == width
            firsts += range(at, at + width) if same else [at] * len(piece)
            lasts += range(at + 1, at + width + 1) if same else [at + width] * len(piece)
            at += width
        starts, ends = tuple(firsts), tuple(lasts)
    if kind == "tcvn3":
        given = source.count("-") - text.count("-")
        text = raise_capitals(text)
        why = (*why, "lost-u", str(given)) if given else why
    return Mended(Folded(source, text, starts, ends), kind, why, confidence)


def _give_back_u(m: re.Match[str]) -> str:
    word = m.group()
    whole = word.replace("-", "ư")
    parts = [part for part in word.lower().split("-") if part]
    if is_syllable(whole.lower()) and not all(is_syllable(part) for part in parts):
        return whole
    return word


def _read_tcvn3(line: str) -> Iterator[Piece]:
    letters = _TCVN3_GLYPH.sub(lambda m: _TCVN3_GLYPHS[m.group()], line)
    yield _LOST_U.sub(_give_back_u, letters), len(line)


def _read_vni(line: str) -> Iterator[Piece]:
    done = 0
    for m in VNI_TYPED.finditer(line):
        yield line[done : m.start()], m.start() - done
        yield vni_letter(m.group()), len(m.group())
        done = m.end()
    yield line[done:], len(line) - done


def _read_utf8(line: str) -> Iterator[Piece]:
    line = _LOST_SPACE.sub("Ã\u00a0", line)
    done = 0
    for m in _UTF8_GLYPH.finditer(line):
        yield line[done : m.start()], m.start() - done
        data = bytes(_TO_BYTE[c] for c in m.group())
        try:
            read = data.decode("utf-8")
        except UnicodeDecodeError:
            yield m.group(), len(m.group())
        else:
            for char in read:
                yield char, len(char.encode())
        done = m.end()
    yield line[done:], len(line) - done


_READERS: dict[str, Callable[[str], Iterator[Piece]]] = {
    "tcvn3": _read_tcvn3,
    "vni": _read_vni,
    "utf-8": _read_utf8,
}
