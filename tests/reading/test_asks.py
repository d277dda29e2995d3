"""Asks: who asks what of whom, in sentences of our own."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest

from hoptac.lexicon import default_lexicon
from hoptac.pages import Page
from hoptac.reading.claims.authority import rank_of_words
from hoptac.reading.claims.matters import ABOUT_WORDS
from hoptac.reading.pipeline import read_page
from hoptac.reading.values import Ask


def asks_of(text: str) -> tuple[Ask, ...]:
    data = text.encode()
    return read_page(Page("case.txt", text, data, hashlib.sha256(data).hexdigest(), "text/plain")).asks


HEAD = "Hai tỉnh bàn việc giúp nhau\n\nNgày 3/5/2021, UBND tỉnh Lào Cai làm việc với UBND tỉnh Hà Nam.\n"

ROWS = [
    (
        "UBND tỉnh Hà Nam đề nghị Chính phủ hỗ trợ 200 tấn gạo cứu đói cho người dân vùng lũ.",
        "request; Hà Nam; Chính phủ; hỗ trợ 200 tấn gạo cứu đói cho người dân vùng lũ",
        "a province asks the Government",
    ),
    (
        "UBND tỉnh Lào Cai yêu cầu UBND huyện Bát Xát kiểm tra, rà soát hồ sơ các hộ nghèo.",
        "instruction; Lào Cai; huyện Bát Xát; kiểm tra, rà soát hồ sơ các hộ nghèo",
        "who stands above orders",
    ),
    (
        "Công ty Tân Phú cam kết sẽ xây dựng hai phòng học cho học sinh xã Bản Vược.",
        "pledge; Công ty Tân Phú; None; xây dựng hai phòng học cho học sinh xã Bản Vược",
        "a firm pledges",
    ),
    (
        "Ông Lê Văn An, Chủ tịch UBND tỉnh Lào Cai, chỉ đạo Sở Y tế tỉnh khẩn trương kiểm tra nguồn nước của các xã.",
        "instruction; Lê Văn An; Sở Y tế tỉnh; khẩn trương kiểm tra nguồn nước của các xã",
        "an officer orders, told with his office",
    ),
    (
        "UBND tỉnh Hà Nam đề nghị Bộ Y tế chỉ đạo các bệnh viện tiếp nhận người bệnh.",
        "request; Hà Nam; Bộ Y tế; chỉ đạo các bệnh viện tiếp nhận người bệnh",
        "a verb of ordering that is itself asked for",
    ),
    ("Việc thực hiện chỉ đạo này còn chậm.", "", "an order is spoken of, not given"),
    ("Hai bên giao lưu văn nghệ tại nhà văn hóa.", "", '"giao lưu" entrusts nothing'),
    ("Công trình đáp ứng yêu cầu của người dân.", "", "a need met is not a request"),
    ("Đường từ xã về huyện cần thiết cho bà con.", "", '"cần thiết" asks nothing'),
]


def shown(ask: Ask) -> str:
    return f"{ask.kind}; {ask.by}; {ask.to}; {ask.about}"


@pytest.mark.parametrize(("text", "expected", "why"), ROWS, ids=[row[2] for row in ROWS])
def test_asks(text: str, expected: str, why: str) -> None:
    found = [shown(ask) for ask in asks_of(HEAD + text)]
    assert (expected in found) if expected else not found, (why, found)


@pytest.mark.parametrize("text", [row[0] for row in ROWS if row[1]])
def test_spellings_of_a_page_read_the_same(text: str) -> None:
    plain = [shown(ask) for ask in asks_of(HEAD + text)]
    assert [shown(ask) for ask in asks_of(unicodedata.normalize("NFD", HEAD + text))] == plain


def test_about_is_short_and_the_evidence_holds_it() -> None:
    long = (
        "UBND tỉnh Hà Nam đề nghị các bộ, ngành Trung ương tiếp tục quan tâm hỗ trợ kinh phí để tỉnh sửa chữa các "
        "tuyến đê xung yếu, nâng cấp những hồ chứa nước đã xuống cấp và di dời các hộ dân ra khỏi vùng sạt lở."
    )
    (ask,) = asks_of(HEAD + long)
    assert len(ask.about.split()) <= ABOUT_WORDS
    assert ask.evidence[0].quote in HEAD + long
    assert 0 < ask.confidence <= 1


def test_a_matter_told_twice_is_one_ask() -> None:
    text = (
        "UBND tỉnh Hà Nam đề nghị Chính phủ hỗ trợ 200 tấn gạo cứu đói.\n"
        "UBND tỉnh Hà Nam đề nghị Chính phủ hỗ trợ 200 tấn gạo cứu đói cho người dân."
    )
    assert len([a for a in asks_of(HEAD + text) if a.kind == "request"]) == 1


def test_each_part_of_a_list_is_one_ask() -> None:
    text = (
        "UBND tỉnh Hà Nam đề nghị Chính phủ hỗ trợ 200 tấn gạo cứu đói; cấp 40 tỷ đồng sửa đê; "
        "bố trí vốn xây cầu Liêm Sơn."
    )
    assert [a.about for a in asks_of(HEAD + text)] == [
        "hỗ trợ 200 tấn gạo cứu đói",
        "cấp 40 tỷ đồng sửa đê",
        "bố trí vốn xây cầu Liêm Sơn",
    ]


@pytest.mark.parametrize(
    ("words", "rank"),
    [
        ("Phó Thủ tướng Chính phủ", "6"),
        ("Thứ trưởng Bộ Y tế", "5"),
        ("Chủ tịch UBND tỉnh Lào Cai", "4"),
        ("Chủ tịch UBND huyện Bát Xát, tỉnh Lào Cai", "2"),
        ("Công ty Tân Phú tỉnh Lào Cai", "0"),
        ("nhạc sĩ", "none"),
    ],
)
def test_rank_of_words(words: str, rank: str) -> None:
    assert rank_of_words(words, lexicon=default_lexicon()) == rank
