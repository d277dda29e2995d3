"""Text files: as received, in any encoding, with what had to be guessed said."""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path

import pytest
from pages_cases import cases
from pages_read import codes, everything, page

from hoptac.pages import Finding, Page, read_file
from hoptac.pages.sniff import sniff


@pytest.mark.parametrize("row", cases("pages_kinds"), ids=lambda row: row["why"])
def test_kind_is_told_by_content_first(row: dict[str, str]) -> None:
    head = row["text"].encode().decode("unicode_escape").encode("latin-1")
    kind, found = sniff(head, row["name"])
    assert (f"!{found}" if found else kind) == row["expected"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258"])
def test_text_comes_out_of_its_encoding(encoding: str) -> None:
    text = "Hà Nội hỗ trợ Điện Biên 65 tỷ đồng\r\nxây dựng trường học ở huyện"
    data = _cp1258(text) if encoding == "cp1258" else text.encode(encoding)
    assert unicodedata.normalize("NFC", page(data, "a.txt").text) == text


def _cp1258(text: str) -> bytes:
    """As Windows wrote it: the vowel with its own mark, then the tone."""
    out = b""
    for char in text:
        try:
            out += char.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", char)
            tone = next(c for c in parts[1:] if c in "\u0300\u0301\u0303\u0309\u0323")
            out += unicodedata.normalize("NFC", parts.replace(tone, "")).encode("cp1258") + tone.encode(
                "cp1258"
            )
    return out


def test_text_is_as_received_with_its_line_ends_and_spaces() -> None:
    text = "-->\n\n  Đưa hợp tác\r\n\tđi vào thực chất \n"
    one = page(text.encode(), "seed.txt")
    assert one.text == text and one.blocks == () and one.media_type == "text/plain"


def test_old_font_bytes_are_read_and_the_choice_is_stated() -> None:
    data = "Hµ Néi hç trî tØnh §iÖn Biªn x©y dùng tr­êng häc".encode("cp1252")
    one = page(data, "a.txt")
    assert one.text.startswith("Hà Nội hỗ trợ tỉnh Điện Biên") and one.encoding == "tcvn3"
    assert [f.code for f in one.findings] == ["P20"]


def test_old_font_letters_in_a_utf8_file_are_mended() -> None:
    one = page("Hµ Néi hç trî tØnh §iÖn Biªn".encode(), "a.txt")
    assert one.text == "Hà Nội hỗ trợ tỉnh Điện Biên"
    assert [(f.code, dict(f.values)["encoding"]) for f in one.findings] == [("P19", "tcvn3")]


def test_character_references_become_characters() -> None:
    one = page(b"t&#7881;nh &#272;i&#7879;n Bi&ecirc;n, AT&T", "a.txt")
    assert one.text == "tỉnh Điện Biên, AT&T" and [f.code for f in one.findings] == ["P29"]


def test_bytes_that_mean_nothing_are_named_with_their_place() -> None:
    one = page("Hà Nội".encode() + b"\xff\xfe x \0 \x01" + " hỗ trợ Điện Biên".encode(), "a.txt")
    places = {f.code: (f.start, f.end, f.unit) for f in one.findings if f.start is not None}
    assert places["P18"] == (9, 11, "byte")
    assert places["P26"] == (14, 15, "byte") and places["P27"] == (16, 17, "byte")
    assert "\ufffd" in one.text


def test_many_problems_are_counted_not_listed() -> None:
    data = b" ".join(["Hà".encode() * 9 + b"\xff"] * 60)
    found = page(data, "a.txt").findings
    assert [f.code for f in found].count("P18") == 20
    assert any(f.code == "P25" and dict(f.values)["count"] == "40" for f in found)


def test_mixed_line_ends_are_said() -> None:
    assert "P28" in codes(b"a\r\nb\nc\r\n", "a.txt")


def test_path_gives_its_name_and_a_missing_one_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "bao cao.txt"
    path.write_text("Hà Nội", encoding="utf-8")
    (one,) = read_file(path)
    assert isinstance(one, Page) and one.name == "bao cao.txt"
    (missing,) = read_file(tmp_path / "khong-co.txt")
    assert isinstance(missing, Finding) and missing.code == "P01" and missing.fatal
    (folder,) = read_file(tmp_path)
    assert isinstance(folder, Finding) and folder.code == "P01"


def test_stream_without_a_name_is_called_by_a_dash() -> None:
    (one,) = read_file(io.BytesIO(b"Ha Noi"))
    assert isinstance(one, Page) and one.name == "-"


def test_empty_and_blank_files_say_so() -> None:
    assert codes(b"", "a.txt") == ["P02"]
    assert codes(b" \n", "a.txt") == ["P17"]


def test_wrong_extension_is_read_by_content_and_said() -> None:
    found = everything(b"<!DOCTYPE html><p>Ha Noi", "a.txt")
    assert isinstance(found[0], Finding) and found[0].code == "P05" and not found[0].fatal
    assert isinstance(found[1], Page) and found[1].media_type == "text/html"
