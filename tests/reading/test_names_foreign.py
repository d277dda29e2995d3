"""Foreign people by the office beside them, and names of other things that look alike."""

from __future__ import annotations

import pytest

from hoptac.lexicon.tables import default_lexicon
from hoptac.reading.doc import Doc
from hoptac.reading.names import find_names, find_officers

LEXICON = default_lexicon()

CASES = [
    ("Bộ trưởng Quốc phòng Ba Lan Mariusz Błaszczak nói.", [("Mariusz Błaszczak", "Bộ trưởng Quốc phòng Ba Lan")]),
    ("Theo Ben Rhodes, người phát ngôn Nhà Trắng, mọi việc tốt.", [("Ben Rhodes", "người phát ngôn Nhà Trắng")]),
    ("Đại sứ Mỹ tại Campuchia William Heidt đến thăm.", [("William Heidt", "Đại sứ Mỹ tại Campuchia")]),
    ("Ông Nguyễn Toàn Thắng - đại diện Công ty CP Sao Bắc - cho biết.", [("Nguyễn Toàn Thắng", "đại diện Công ty CP Sao Bắc")]),
    ("Đại úy Hồ Trang Đông, tổ trưởng tổ dân phố, nói.", [("Hồ Trang Đông", "Đại úy, tổ trưởng tổ dân phố")]),
    ("Theo GS Châu Văn Minh, hồ này sạch.", [("Châu Văn Minh", "GS")]),
    ("Theo Bà Trương Lý Hoàng Phi, Giám đốc Quỹ Sao Mai, việc tốt.", [("Trương Lý Hoàng Phi", "Giám đốc Quỹ Sao Mai")]),
    ("Phó thủ tướng thường trực Trương Hòa Bình đã chỉ đạo.", [("Trương Hòa Bình", "Phó thủ tướng thường trực")]),
    ("Ông An, đại diện các hộ dân, nói.", []),
    ("Tổng thống Mỹ cảnh báo Huawei Technologies.", []),
    ("Ông đọc tờ Washington Post và thăm Google Maps.", []),
    ("Giám đốc cho biết, Manchester United đã thua.", []),
    ("Hồ Xuân Hương có nhiều cá.", []),
    ("Đại diện lãnh đạo UBND xã An Ninh Đông cho biết.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "officers"), CASES, ids=[text[:40] for text, _ in CASES])
def test_foreign_people(text: str, officers: list[tuple[str, str]]) -> None:
    doc = Doc.of(text)
    names = find_names(doc, lexicon=LEXICON)
    assert [(o.name, o.office) for o in find_officers(doc, names, lexicon=LEXICON)] == officers
