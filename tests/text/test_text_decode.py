import gzip
import json
import random
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from old_encodings import ENCODERS, parts, tcvn3, viqr, vni, windows_1258
from sentences import ALL_LETTERS, SENTENCES
from text_cases import rows

from hoptac.text.charsets import TCVN3, decode_tcvn3, decode_viqr, decode_vni
from hoptac.text.decode import canonical_name, decode
from hoptac.text.problems import MAX_NAMED, Problem
from hoptac.text.syllables import is_syllable

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "articles.jsonl.gz"
BOMS = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("encoding", ENCODERS)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_comes_back_from_each_encoding(encoding: str, sentence: str) -> None:
    done = decode(ENCODERS[encoding](sentence))
    assert done.encoding == encoding
    assert nfc(done.text) == sentence if encoding != "tcvn3" else done.text.lower() == sentence.lower()
    assert done.problems == ()
    assert done.confidence >= 0.8


@pytest.mark.parametrize("encoding", BOMS)
def test_a_byte_order_mark_settles_it(encoding: str) -> None:
    done = decode(SENTENCES[0].encode(encoding), declared="windows-1258")
    assert (done.text, done.encoding, done.why) == (SENTENCES[0], BOMS[encoding], ("bom",))
    big = decode("\ufeff".encode("utf-16-be") + SENTENCES[0].encode("utf-16-be"))
    assert (big.text, big.encoding) == (SENTENCES[0], "utf-16-be")
    big = decode("\ufeff".encode("utf-32-be") + SENTENCES[0].encode("utf-32-be"))
    assert (big.text, big.encoding) == (SENTENCES[0], "utf-32-be")


def test_every_letter_has_its_bytes() -> None:
    assert decode_vni(vni(ALL_LETTERS)) == ALL_LETTERS
    assert nfc(windows_1258(ALL_LETTERS).decode("cp1258")) == ALL_LETTERS
    assert decode_tcvn3(tcvn3(ALL_LETTERS)).lower() == ALL_LETTERS.lower()
    assert decode_tcvn3(tcvn3(ALL_LETTERS), capitals=True) == ALL_LETTERS.upper()
    for letter in ALL_LETTERS:
        word = letter + (
            "a"
            if letter in "đĐ"
            else "nh"
            if parts(letter)[0] in "iI"
            else ""
            if parts(letter)[0] in "yY"
            else "n"
        )
        if is_syllable(word.lower()):
            assert decode_viqr(viqr(word).decode()) == word
    assert decode_viqr("HDDND, GD-DDT, o^to^, be^to^ng, \\(Ha`)") == "HĐND, GD-ĐT, ôtô, bêtông, (Hà)"
    assert len(TCVN3) == 256


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("TØNH §IÖN BI£N, UBND x·", "TỈNH ĐIỆN BIÊN, UBND xã"),
        ("UBND TP Hµ Néi", "UBND TP Hà Nội"),
        ("THµNH PHè Hµ NéI", "THÀNH PHỐ HÀ NỘI"),
        ("tØnh Hµ Giang", "tỉnh Hà Giang"),
    ],
)
def test_tcvn3_capitals_come_from_the_word_or_line(typed: str, expected: str) -> None:
    assert decode_tcvn3(typed.encode("cp1252")) == expected


@pytest.mark.parametrize(("text", "expected", "why"), rows("text_viqr"))
def test_viqr(text: str, expected: str, why: str) -> None:
    done = decode(text.encode())
    assert done.text == expected
    assert done.encoding == ("utf-8" if text == expected else "viqr")
    if text != expected:
        assert decode_viqr(text) == expected


LATIN = (
    "L'été dernier, la délégation française a été reçue à l'hôtel de ville ; le maire a évoqué les échanges à venir.",
    "El niño pequeño comió una piña mañana; el señor Ibáñez pagó la cuenta según el órgano de gestión.",
    "Müller fährt über die Straße nach Köln, während Jürgen schöne Grüße aus Österreich schickt.",
    "The “quick” brown fox – it’s £5 or €6 – jumps over 20 °C, ½ cup, 5 µm, café, naïve, résumé © 2024.",
    "Temperature 5 µm ± 2 µm, 3 µm",
    "½ cup of water, ¾ cup of rice",
    "né à Paris",
    "café",
    "São Paulo não é a capital; a população está em crescimento, à mão.",
    "Håkan går på ön",
)


@pytest.mark.parametrize("text", LATIN)
def test_other_languages_stay_what_they_are(text: str) -> None:
    for encoding in ("cp1252", "utf-8"):
        assert nfc(decode(text.encode(encoding)).text) == text
    assert decode(text.encode("cp1252"), declared="iso-8859-1").text == text


def test_ascii_is_utf8() -> None:
    assert decode(b"").encoding == "utf-8"
    done = decode(b"Ha Noi, 25/4/2024. Da xong?")
    assert (done.encoding, done.why, done.confidence) == ("utf-8", ("ascii",), 1.0)
    assert decode(b"Ha Noi", declared="utf-8").why == ("declared", "utf-8")
    assert decode(b"Ha Noi", declared="windows-1258").why == ("declared", "windows-1258", "ascii")
    assert decode(b"Ha Noi", declared="utf-16").why == ("overruled", "utf-16", "ascii")
    assert decode(b"Ha` xong", declared="viqr").text == "Hà xong"


def test_what_is_declared_counts_where_the_bytes_allow_it() -> None:
    utf8, vn = SENTENCES[0].encode(), tcvn3(SENTENCES[0])
    assert decode(utf8, declared="UTF-8").why == ("declared", "UTF-8")
    assert decode(utf8, declared="windows-1258").why == ("overruled", "windows-1258", "valid-utf8")
    wrong = decode(vn, declared="iso-8859-1")
    assert wrong.encoding == "tcvn3"
    assert wrong.why[:3] == ("overruled", "iso-8859-1", "scored")
    assert decode(vn, declared="utf-8").encoding == "tcvn3"
    assert decode(vn, declared="x-user-defined").why[:2] == ("overruled", "x-user-defined")
    assert decode(vn, declared="TCVN-5712").why == ("declared", "TCVN-5712")
    assert decode(SENTENCES[0].encode("utf-16-le"), declared="utf-16").why == ("declared", "utf-16")
    chinese = "河内市与奠边省签署合作协议，并提供六百五十亿越盾的支援。"
    assert decode(chinese.encode("gb18030"), declared="gb2312").text == chinese
    russian = "Ханой помогает Дьенбьену"
    assert decode(russian.encode("cp1251"), declared="windows-1251").text == russian
    assert decode(b"\xff\xfe\x80", declared="shift_jis").text


@pytest.mark.parametrize(
    ("declared", "name"),
    [
        ("utf8", "utf-8"),
        ("UTF_16LE", "utf-16-le"),
        (" 'Latin1' ", "windows-1252"),
        ("cp1258", "windows-1258"),
        ("Shift-JIS", "shift_jis"),
        ("x-viet-vni", "vni"),
        ("utf-7", None),
        ("punycode", None),
        ("", None),
        (None, None),
    ],
)
def test_names_of_encodings(declared: str | None, name: str | None) -> None:
    assert canonical_name(declared) == name


def test_bad_bytes_are_named_where_they_stand() -> None:
    data = "Hà".encode() + b"\xff\xfe" + " Nội".encode() + b"\x00\x00\x01" + "ệ".encode()[:2]
    done = decode(data)
    assert done.encoding == "utf-8"
    assert done.text == "Hà\ufffd Nội\ufffd\x01\ufffd"
    assert done.problems == (
        Problem("undecodable", 3, 2, "FF FE"),
        Problem("nul", 11, 2, "00 00"),
        Problem("control-character", 13, 1, "01"),
        Problem("undecodable", 14, 2, "E1 BB"),
    )
    assert decode(tcvn3(SENTENCES[0]) + b" \x81").problems == (
        Problem("undecodable", len(tcvn3(SENTENCES[0])) + 1, 1, "81"),
    )


def test_wide_encodings_name_their_bad_units() -> None:
    text = "Hà Nội 🏫 "
    data = b"\xff\xfe" + text.encode("utf-16-le")
    assert decode(data + b"\x00\xd8a\x00").problems == (Problem("undecodable", len(data), 2, "00 D8"),)
    assert decode(data + b"a").problems == (Problem("undecodable", len(data), 1, "61"),)
    assert decode(data + b"\x00\xd8a").problems == (Problem("undecodable", len(data), 3, "00 D8 61"),)
    wide = b"\xff\xfe\x00\x00" + text.encode("utf-32-le")
    done = decode(wide + b"\xff\xff\xff\xff" + "ệ".encode("utf-32-le") + b"ab")
    assert done.text == text + "\ufffdệ\ufffd"
    assert [(p.byte_offset, p.length) for p in done.problems] == [(len(wide), 4), (len(wide) + 8, 2)]


def test_mixed_line_ends_are_named_and_kept() -> None:
    done = decode(b"a\r\nb\r\nc\nd\re")
    assert done.text == "a\r\nb\r\nc\nd\re"
    assert done.problems == (Problem("mixed-line-ends", 7, 1, "crlf 2, lf 1, cr 1"),)
    assert decode(b"a\r\nb\r\n").problems == ()


def test_many_problems_of_a_kind_are_summed_up() -> None:
    done = decode(b"a\x01" * 1000 + b"\x00")
    assert len(done.problems) == MAX_NAMED + 2
    more = next(p for p in done.problems if p.code == "more")
    assert (more.length, more.found, more.byte_offset) == (
        1000 - MAX_NAMED,
        "control-character",
        2 * MAX_NAMED + 1,
    )
    assert decode(b"\x00" * 100_000).problems == (Problem("nul", 0, 100_000, "00 00 00 00 00 00 00 00 …"),)


def test_a_byte_order_mark_before_other_bytes_is_overruled() -> None:
    done = decode(b"\xef\xbb\xbf" + tcvn3(SENTENCES[0]))
    assert done.encoding == "tcvn3"
    assert SENTENCES[0] in done.text


NASTY = st.binary(max_size=60) | st.lists(
    st.sampled_from(
        [
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            b"\x00",
            b"\xd8\x00",
            b"a",
            b"\r",
            b"\n",
            b"\xe1\xbb",
            b"\x80",
            b"\\",
            b"dd",
            b"a^",
            b"`.",
        ]
    ),
    max_size=20,
).map(b"".join)
NAMES = st.sampled_from(
    [None, "utf-8", "utf-16", "utf-32", "tcvn3", "vni", "viqr", "cp1258", "gbk", "big5", "euc-kr", "?"]
)


@given(NASTY, NAMES)
@settings(max_examples=500)
def test_no_bytes_crash_it_and_none_are_lost_in_silence(data: bytes, declared: str | None) -> None:
    done = decode(data, declared=declared)
    assert done == decode(data, declared=declared)
    assert 0.0 <= done.confidence <= 1.0
    done.text.encode("utf-8")  # no lone surrogate is left
    assert "\x00" not in done.text
    offsets = [p.byte_offset for p in done.problems]
    assert offsets == sorted(offsets)
    for problem in done.problems:
        assert 0 <= problem.byte_offset < problem.byte_offset + problem.length <= len(data)
        if problem.code in ("undecodable", "nul", "control-character"):
            shown = data[problem.byte_offset : problem.byte_offset + problem.length]
            assert problem.found.removesuffix(" …") == shown[:8].hex(" ").upper()
    replaced = sum(p.code in ("undecodable", "nul") for p in done.problems)
    assert done.text.count("\ufffd") >= replaced


@cache
def articles() -> tuple[str, ...]:
    if not CORPUS.exists():
        pytest.skip(f"no corpus at {CORPUS}")
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    return tuple(random.Random(5).sample(texts, 300))  # noqa: S311


@pytest.mark.parametrize("encoding", ENCODERS)
@pytest.mark.parametrize(("cut", "floor"), [(None, 1.0), (200, 0.97)])
def test_encodings_of_real_articles_are_told(encoding: str, cut: int | None, floor: float) -> None:
    right = sum(decode(ENCODERS[encoding](text)[:cut]).encoding == encoding for text in articles())
    assert right >= floor * len(articles())


@pytest.mark.parametrize("encoding", ["vni", "windows-1258", "viqr", "tcvn3"])
def test_real_articles_come_back_letter_by_letter(encoding: str) -> None:
    for text in articles()[:60]:
        plain = nfc("".join(c for c in nfc(text) if c.isascii() or c in ALL_LETTERS)).replace("\\", "")
        done = nfc(decode(ENCODERS[encoding](plain)).text)
        if encoding == "viqr":  # names in other spellings stay as typed
            same = sum(a == b for a, b in zip(done.split(), plain.split(), strict=True)) / len(plain.split())
            assert same > 0.97
        elif encoding == "tcvn3":
            assert done.lower() == plain.lower()
        else:
            assert done == plain
