"""Names in sentences, row by row, in every spelling of Unicode."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from hoptac.lexicon.tables import default_lexicon
from hoptac.reading.doc import Doc
from hoptac.reading.mentions import BodyName, PlaceName, Reference
from hoptac.reading.names import find_names, find_officers, full_names

CASES = Path(__file__).parents[1] / "cases"
LEXICON = default_lexicon()


def rows(name: str) -> list[tuple[str, str]]:
    lines = [line for line in (CASES / name).read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    return [(cells[0].replace("\\n", "\n"), cells[1]) for cells in (line.split("\t") for line in lines[1:])]


def doc(text: str, form: str) -> Doc:
    return Doc.of(unicodedata.normalize("NFD" if form == "NFD" else "NFC", text))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(("text", "expected"), rows("places.tsv"))
def test_places(text: str, expected: str, form: str) -> None:
    names = find_names(doc(text, form), lexicon=LEXICON)
    assert "; ".join(f"{n.name}={n.level}" for n in names if isinstance(n, PlaceName)) == expected


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(("text", "expected"), rows("bodies.tsv"))
def test_bodies(text: str, expected: str, form: str) -> None:
    names = find_names(doc(text, form), lexicon=LEXICON)
    got = (
        f"{n.name}|{n.kind}{'+' * n.speaks_for_locality}|{n.locality or ''}"
        for n in names
        if isinstance(n, BodyName)
    )
    assert "; ".join(got) == expected


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(("text", "expected"), rows("people.tsv"))
def test_officers(text: str, expected: str, form: str) -> None:
    page = doc(text, form)
    officers = find_officers(page, find_names(page, lexicon=LEXICON), lexicon=LEXICON)
    assert "; ".join(f"{o.name}: {o.office} [{o.side or ''}]" for o in officers) == expected


REFERENCES = [
    ("Hà Nội và Điện Biên đã ký. Hai địa phương sẽ họp.", "Hai địa phương", ("Hà Nội", "Điện Biên")),
    ("Hà Nội giúp Điện Biên. Thành phố đã trao quà.", "Thành phố", ("Hà Nội",)),
    ("Hà Nội giúp Điện Biên. Lãnh đạo tỉnh cảm ơn.", "tỉnh", ("Điện Biên",)),
    ("Nhân dân Thủ đô mong muốn.", "Thủ đô", ("Hà Nội",)),
    (
        "Đoàn thăm Trường Tiểu học Sín Thầu. Sau lễ, nhà trường nhận quà.",
        "nhà trường",
        ("Trường Tiểu học Sín Thầu",),
    ),
    ("Xe đến huyện Mường Nhé. Lãnh đạo huyện đón đoàn.", "huyện", ("huyện Mường Nhé",)),
    ("Xe đến xã Sín Thầu. Lãnh đạo xã đón đoàn.", "xã", ("xã Sín Thầu",)),
    ("Công ty Bình Minh giúp xã. Hôm qua công ty trao quà.", "công ty", ("Công ty Bình Minh",)),
    ("Trời mưa. Thành phố vắng người.", "Thành phố", ()),
    ("Hai bên sẽ họp.", "Hai bên", ()),
]


@pytest.mark.parametrize(("text", "word", "stands_for"), REFERENCES)
def test_references(text: str, word: str, stands_for: tuple[str, ...]) -> None:
    page = Doc.of(text)
    found = {
        page.text[n.start : n.end]: n.names
        for n in find_names(page, lexicon=LEXICON)
        if isinstance(n, Reference)
    }
    assert found[word] == stands_for


@pytest.mark.parametrize(
    "text", ["Các tỉnh miền núi.", "Lãnh đạo cấp tỉnh.", "Công ty nhận quà.", "Trời mưa trên cả nước."]
)
def test_words_that_stand_for_no_one(text: str) -> None:
    assert find_names(Doc.of(text), lexicon=LEXICON) == ()


def test_only_the_given_lines_are_read() -> None:
    page = Doc.of("Hà Nội hôm nay\nĐiện Biên nhận quà\nÔng Lê Văn Đô, Chủ tịch UBND tỉnh Điện Biên, dự\n")
    names = find_names(page, lexicon=LEXICON, lines=[page.lines[1]])
    assert [n.name for n in names if isinstance(n, PlaceName)] == ["Điện Biên"]
    assert find_officers(page, names, lexicon=LEXICON, lines=[page.lines[1]]) == ()


def test_a_chain_gives_each_place_its_parent() -> None:
    names = find_names(Doc.of("Tại xã Nà Tấu, huyện Tân Lập, tỉnh Điện Biên."), lexicon=LEXICON)
    assert [(n.name, n.parent) for n in names if isinstance(n, PlaceName)] == [
        ("xã Nà Tấu", "huyện Tân Lập"),
        ("huyện Tân Lập", "Điện Biên"),
        ("Điện Biên", "Việt Nam"),
    ]


def test_officers_need_only_the_names() -> None:
    text = "Ông Lê Văn Đô, Chủ tịch UBND huyện Tủa Chùa, và bà Lò Thị Mai, giám đốc Điện Tử Việt, cùng dự."
    names = find_names(Doc.of(text), lexicon=LEXICON)
    officers = find_officers(Doc.of(text), names, lexicon=LEXICON)
    assert [(o.name, o.side) for o in officers] == [
        ("Lê Văn Đô", "huyện Tủa Chùa"),
        ("Lò Thị Mai", "Điện Tử Việt"),
    ]


def test_a_short_name_has_its_full_name() -> None:
    names = find_names(Doc.of("Ông Đỗ Anh Tuấn đến. Ông Tuấn nói, anh Tám nghe."), lexicon=LEXICON)
    assert full_names(names) == {"Tuấn": "Đỗ Anh Tuấn"}


def test_an_empty_page_names_no_one() -> None:
    assert find_names(Doc.of(""), lexicon=LEXICON) == ()
    assert find_officers(Doc.of(""), (), lexicon=LEXICON) == ()
