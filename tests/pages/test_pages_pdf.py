"""PDF: lines joined to paragraphs, pages named, scans said."""

from __future__ import annotations

import pytest
from pages_make import Pdf
from pages_read import codes, lines, page

from hoptac.pages.pdf_lines import PdfLine, join_pages

FULL = "Hà Nội hỗ trợ Điện Biên xây trường học với số tiền 65 tỷ đồng trong năm"


def test_paragraphs_pages_and_numbers() -> None:
    pdf = Pdf()
    pdf.page(
        [
            (300, 820, "Báo cáo"),
            (90, 780, FULL[:68]),
            (60, 764, FULL + " nay"),
            (60, 748, "bàn giao tháng 5."),
            (90, 732, "Đoạn hai " + FULL[:58]),
            (60, 716, "và các huyện " + FULL[:62]),
            (290, 30, "1"),
        ]
    )
    pdf.page(
        [(60, 780, "sang trang sau vẫn còn."), (60, 764, "- Mục một"), (60, 748, "- Mục hai"), (290, 30, "2")]
    )
    one = page(pdf.bytes(), "a.pdf")
    assert [kind for kind, _ in lines(one)] == ["page 1"] * 4 + ["page 2"] * 3
    texts = [text for _, text in lines(one)]
    assert texts[0] == "Báo cáo" and texts[1].endswith("nay bàn giao tháng 5.")
    assert texts[2].startswith("Đoạn hai") and texts[2].endswith("sang trang sau vẫn còn.")
    assert texts[3:] == ["1", "- Mục một", "- Mục hai", "2"]
    assert [b.role for b in one.blocks] == [None, None, None, "furniture", None, None, "furniture"]


def test_running_heads_are_furniture() -> None:
    pdf = Pdf()
    for n in range(4):
        pdf.page(
            [
                (60, 820, "UBND tỉnh Điện Biên"),
                (60, 700, f"Nội dung riêng của trang {'abcd'[n]}."),
                (500, 30, f"Trang {n + 1}/4"),
            ]
        )
    one = page(pdf.bytes(), "a.pdf")
    kept = [one.text[b.start : b.end] for b in one.blocks if b.role is None]
    assert kept == [f"Nội dung riêng của trang {c}." for c in "abcd"]


def test_scans_are_said() -> None:
    scan = Pdf()
    scan.page([], picture=True)
    scan.page([(500, 30, "2")], picture=True)
    assert codes(scan.bytes(), "a.pdf") == ["P11"]
    mixed = Pdf()
    mixed.page([(60, 700, FULL)])
    mixed.page([], picture=True)
    (found,) = page(mixed.bytes(), "a.pdf").findings
    assert found.code == "P11" and dict(found.values)["pages"] == "2" and not found.fatal
    blank = Pdf()
    blank.page([])
    assert codes(blank.bytes(), "a.pdf") == ["P17"]


def test_title_is_kept_unless_it_is_a_file_name() -> None:
    pdf = Pdf()
    pdf.page([(60, 700, FULL)])
    assert page(pdf.bytes(info=b"<</Title(Bao cao nam)>>"), "a.pdf").title == "Bao cao nam"
    pdf = Pdf()
    pdf.page([(60, 700, FULL)])
    assert page(pdf.bytes(info=b"<</Title(Microsoft Word - bc.docx)>>"), "a.pdf").title is None


def test_old_font_pdf_is_mended() -> None:
    pdf = Pdf()
    pdf.page([(60, 700, "Hµ Néi hç trî tØnh §iÖn Biªn")])
    one = page(pdf.bytes(), "a.pdf")
    assert one.text == "Hà Nội hỗ trợ tỉnh Điện Biên" and [f.code for f in one.findings] == ["P19"]


def joined(*texts: str) -> list[str]:
    """Lines whose boxes are not known, so that only their lengths speak."""
    return [text for text, _, _ in join_pages([[PdfLine(text, 1, 0, 0, 0, 0) for text in texts]])]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["một hai ba bốn năm sáu", "bảy tám"], ["một hai ba bốn năm sáu bảy tám"]),
        (["một hai ba bốn năm sáu.", "Bảy tám"], ["một hai ba bốn năm sáu. Bảy tám"]),
        (["ngắn", "một hai ba bốn năm sáu"], ["ngắn", "một hai ba bốn năm sáu"]),
        (["một hai ba bốn năm sáu", "- bảy tám"], ["một hai ba bốn năm sáu", "- bảy tám"]),
        (["một hai ba bốn năm sáu", "1. bảy tám"], ["một hai ba bốn năm sáu", "1. bảy tám"]),
        (["the new coopera-", "tion programme"], ["the new cooperation programme"]),
        (["một hai ba Hà Nội -", "Điện Biên"], ["một hai ba Hà Nội - Điện Biên"]),
        (["đối tác công-", "tư"], ["đối tác công-tư"]),
        (["hợp\ufffe", "tác"], ["hợptác"]),
        ([], []),
    ],
)
def test_lines_are_joined(texts: list[str], expected: list[str]) -> None:
    assert joined(*texts) == expected
