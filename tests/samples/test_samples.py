"""The sample files are what they say they are."""

from __future__ import annotations

import importlib.util
import io
import json
import re
import zipfile
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from docx import Document
from lxml import html
from python_calamine import CalamineWorkbook

from hoptac.samples import FOLDER, samples

ROOT = Path(__file__).resolve().parents[2]


@cache
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_samples", ROOT / "scripts" / "make_samples.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def members(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def words_of(name: str) -> str:
    """The words of a sample, however its file keeps them, one space between two."""
    path = FOLDER / name
    if name.endswith(".docx"):
        paper = Document(str(path))
        cells = [c.text for t in paper.tables for r in t.rows for c in r.cells]
        text = "\n".join([p.text for p in paper.paragraphs] + cells)
    elif name.endswith(".xlsx"):
        with path.open("rb") as opened:
            book = CalamineWorkbook.from_filelike(opened)
            text = "\n".join(
                str(c) for s in book.sheet_names for r in book.get_sheet_by_name(s).to_python() for c in r
            )
    elif name.endswith(".jsonl"):
        text = "\n".join(json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines())
    elif name.endswith(".html"):
        text = "".join(str(t) for t in html.fromstring(path.read_bytes()).itertext())
    elif name == "ban-tin-2004.txt":
        text = (ROOT / "scripts" / "samples" / name).read_text(encoding="utf-8")
    else:
        text = path.read_text(encoding="utf-8")
    return " ".join(text.split())


def test_every_file_is_listed_and_every_listed_file_is_there() -> None:
    listed = [s.path.name for s in samples()]
    there = {p.name for p in FOLDER.iterdir() if p.is_file() and p.name not in ("__init__.py", "samples.tsv")}
    assert set(listed) == there
    assert len(listed) == len(set(listed)) >= 6


def test_each_of_the_two_sides_speaks_and_newspapers_speak_for_nobody() -> None:
    speakers = {s.path.name: s.speaker for s in samples()}
    assert speakers["bao-cao-2024.docx"] == speakers["danh-muc-cong-trinh.xlsx"] == "Điện Biên"
    assert speakers["ha-noi-thong-tin.txt"] == "Hà Nội"
    assert speakers["hop-hai-ben.txt"] is None


@pytest.mark.parametrize("name", [s.path.name for s in samples()])
def test_each_says_that_it_is_a_sample(name: str) -> None:
    assert "mẫu đi kèm phần mềm Hợp Tác" in words_of(name)


@pytest.mark.parametrize("name", ["bao-cao-2024.docx", "danh-muc-cong-trinh.xlsx"])
def test_an_archive_holds_what_its_script_builds(name: str) -> None:
    assert members((FOLDER / name).read_bytes()) == members(builder().build()[name])


def test_building_twice_gives_the_same_bytes() -> None:
    assert builder().build() == builder().build()


def test_the_bulletin_is_in_tcvn3_and_nothing_else() -> None:
    data = (FOLDER / "ban-tin-2004.txt").read_bytes()
    assert data == builder().build()["ban-tin-2004.txt"]
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    assert builder().tcvn3("Hà Nội, Điện Biên").hex() == "48b5204ee969" + "2c20" + "a769d66e204269aa6e"


def test_tcvn3_refuses_a_letter_that_it_lacks() -> None:
    with pytest.raises(KeyError):
        builder().tcvn3("Ủy ban")


def test_text_and_html_tell_the_same_story() -> None:
    text, page = words_of("hop-hai-ben.txt"), words_of("hop-hai-ben.html")
    sentences = re.findall(r"(?:Năm 20\d\d|Nhân chuyến đi|Theo ông|Ông \w+)[^.]*?(?:\d,\d+[^.]*)?\.", text)
    assert len(sentences) >= 6
    assert [s for s in sentences if s not in page] == []


def test_two_pages_differ_on_one_school_in_one_year() -> None:
    said = {
        name: set(
            re.findall(r"Năm 2024, (?:thành phố )?Hà Nội hỗ trợ tỉnh Điện Biên (\d+) tỷ đồng", words_of(name))
        )
        for name in ("hop-hai-ben.txt", "truong-moi.txt", "bao-cao-2024.docx", "danh-muc-cong-trinh.xlsx")
    }
    assert said.pop("truong-moi.txt") == {"60"}
    assert set.union(*said.values()) == {"65"}


def test_a_sum_is_written_with_a_comma() -> None:
    assert [builder().billions(n) for n in (9989, 65000, 2400)] == [
        "9,989 tỷ đồng",
        "65 tỷ đồng",
        "2,4 tỷ đồng",
    ]
    assert builder().dotted(65000) == "65.000"
