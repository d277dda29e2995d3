"""Word, rich text, OpenDocument and Excel files."""

from __future__ import annotations

import datetime
import io

import pytest
from pages_make import (
    doc_of,
    docx_of,
    docx_with_body,
    docx_with_part,
    odf_of,
    ole_of,
    xls_of,
    xlsx_of,
    zip_of,
)
from pages_read import codes, lines, page, pages

from hoptac.pages.sheets import _shown

WRITTEN = datetime.datetime.fromisoformat("2024-04-25T08:30")


def test_word_paragraphs_tables_and_margins_in_order() -> None:
    data = docx_of(
        ["Hà Nội hỗ trợ 65 tỷ đồng.", "  "],
        heading="Báo cáo",
        table=[["TT", "Công trình"], ["1", "Trường\nhọc"], ["", "Cầu"]],
        header="UBND tỉnh",
        footer="Trang cuối",
        title="Báo cáo năm",
    )
    one = page(data, "a.docx")
    assert lines(one) == [
        ("header", "UBND tỉnh"),
        ("title", "Báo cáo"),
        ("p", "Hà Nội hỗ trợ 65 tỷ đồng."),
        ("tr", "TT\tCông trình"),
        ("tr", "1\tTrường học"),
        ("tr", "\tCầu"),
        ("footer", "Trang cuối"),
    ]
    assert [b.role for b in one.blocks][:3] == ["furniture", "headline", None]
    assert one.title == "Báo cáo năm" and one.published is None


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("<w:p><w:r><w:t>Hà N</w:t></w:r><w:r><w:t>ội</w:t></w:r></w:p>", ["Hà Nội"]),
        ("<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t></w:r></w:p>", ["a\tb", "c-d"]),
        ("<w:p><w:del><w:r><w:delText>cũ</w:delText></w:r></w:del><w:ins><w:r><w:t>mới</w:t></w:r></w:ins></w:p>", ["mới"]),
        ("<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:hyperlink><w:r><w:t>liên kết</w:t></w:r></w:hyperlink></w:p>", ["liên kết"]),
        ("<w:sdt><w:sdtContent><w:p><w:r><w:t>khung</w:t></w:r></w:p></w:sdtContent></w:sdt>", ["khung"]),
        ("<w:p><w:r><w:t>ngoài</w:t><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>hộp</w:t></w:r></w:p></w:txbxContent></mc:Choice>"
         "<mc:Fallback><w:txbxContent><w:p><w:r><w:t>hộp</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>", ["ngoài", "hộp"]),
        ("<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr><w:p><w:r><w:t>rộng</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr>"
         "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p><w:r><w:t>tiếp</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
         ["rộng", "\tx"]),
        ("<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>mục</w:t></w:r></w:p>", ["mục"]),
        ("<w:p><w:pPr><w:pStyle w:val='Heading2'/></w:pPr><w:r><w:t>II</w:t></w:r></w:p><w:p><w:pPr><w:pStyle w:val='Caption'/></w:pPr><w:r><w:t>Ảnh</w:t></w:r></w:p>", ["II", "Ảnh"]),
    ],
)  # fmt: skip
def test_word_markup(xml: str, expected: list[str]) -> None:
    assert [text for _, text in lines(page(docx_with_body(xml), "a.docx"))] == expected


def test_word_footnotes_follow_the_text() -> None:
    from docx import Document
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    document = Document()
    document.add_paragraph("Thân bài")
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    xml = (
        f"<w:footnotes {w}><w:footnote w:type='separator'><w:p/></w:footnote>"
        "<w:footnote><w:p><w:r><w:t>Theo báo cáo số 5</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    package = document.part.package
    assert package is not None
    part = Part(PackURI("/word/footnotes.xml"), kind, xml.encode(), package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    out = io.BytesIO()
    document.save(out)
    assert lines(page(out.getvalue(), "a.docx")) == [("p", "Thân bài"), ("footnote", "Theo báo cáo số 5")]


def test_word_in_an_old_font_is_mended() -> None:
    one = page(docx_of(["Hµ Néi hç trî", "tØnh §iÖn Biªn"]), "a.docx")
    assert [text for _, text in lines(one)] == ["Hà Nội hỗ trợ", "tỉnh Điện Biên"]
    assert [f.code for f in one.findings] == ["P19"]


def test_word_files_that_are_none() -> None:
    assert codes(docx_with_part("word/document.xml", "<x"), "a.docx") == ["P12"]
    assert codes(zip_of({"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"}), "a.docx") == ["P12"]
    assert codes(docx_of(["x"])[:-30], "a.docx") == ["P08"]
    assert codes(docx_with_part("word/styles.xml", "<w:x xmlns:w='urn:x'/>"), "a.docx") == ["P17"]


@pytest.mark.parametrize("wide", [True, False])
def test_word_97_text_tables_and_fields(wide: bool) -> None:
    story = "Bao cao\rTT\x07Ten\x07Von\x07\x071\x07\x0765\x07\x072\x07dai\rhai\x07\x07\x07Het\r\x13 HYPERLINK x \x14lien ket\x15\x0bmoi\r"
    one = page(doc_of(story, notes="Chu thich\r", headers="UBND tinh\rUBND tinh\r", wide=wide), "a.doc")
    assert lines(one) == [
        ("p", "Bao cao"),
        ("tr", "TT\tTen\tVon"),
        ("tr", "1\t\t65"),
        ("tr", "2\tdai hai"),
        ("p", "Het"),
        ("p", "lien ket"),
        ("p", "moi"),
        ("footnote", "Chu thich"),
        ("header", "UBND tinh"),
    ]  # fmt: skip


def test_word_97_in_unicode_and_in_an_old_font() -> None:
    assert page(doc_of("Hà Nội – Điện Biên\r"), "a.doc").text == "Hà Nội – Điện Biên"
    old = page(doc_of("Hµ Néi hç trî tØnh §iÖn Biªn\r", wide=False), "a.doc")
    assert old.text == "Hà Nội hỗ trợ tỉnh Điện Biên" and [f.code for f in old.findings] == ["P19"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (doc_of("x", flags=0x300), "P10"),
        (doc_of("x", version=0x65), "P13"),
        (doc_of("x", clx=5000), "P12"),
        (doc_of("x", clx=1), "P06"),
        (doc_of("x", size=0x7FFFFFFF), "P06"),
        (doc_of("x", flags=0), "P12"),
        (doc_of("x")[:3000], "P12"),
        (ole_of({"EncryptedPackage": b"x"}), "P10"),
        (ole_of({"PowerPoint Document": b"x"}), "P13"),
        (ole_of({"Khac": b"x"}), "P13"),
        (xls_of([(0, 0, 1.0)], encrypted=True), "P10"),
    ],
)
def test_office_97_files_that_cannot_be_read(data: bytes, code: str) -> None:
    assert codes(data, "a.doc") == [code]


RTF = rb"""{\rtf1\ansi\ansicpg1258{\fonttbl{\f0 Arial;}}{\*\generator x}{\header Trang bi\'eca\par}{\info{\title x}}
\pard H\'e0 N\u7897?i \{h\u7895? tr\u7907?\}\par D\'f4ng\tab hai\line ba\~b\_c\emdash d\par
\trowd 1\cell 2\cell\row {\pict\bin5 abc} \uc0\u-10179\u-8704 }"""


def test_rich_text() -> None:
    assert lines(page(RTF, "a.rtf")) == [
        ("p", "Hà Nội {hỗ trợ}"),
        ("p", "Dông\thai"),
        ("p", "ba\xa0b-c—d"),
        ("tr", "1\t2"),
        ("p", "😀"),
        ("header", "Trang bi\u0301a"),
    ]


def test_rich_text_in_utf8_and_broken() -> None:
    assert page(rb"{\rtf1\ansicpg65001 H\'c3\'a0 N\'e1\'bb\'99i}}}", "a.rtf").text == "Hà Nội"
    assert page(rb"{\rtf1\ansicpg999999 a\'e9 \u99999999? b", "a.rtf").text.startswith("aé")
    assert codes(b"{\\rtf1" + b"{" * 200_000, "a.rtf") == ["P12"]


def test_open_document_text() -> None:
    note = "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Theo báo cáo</text:p></text:note-body></text:note>"
    data = odf_of(
        "text",
        "<text:tracked-changes><text:p>cũ</text:p></text:tracked-changes>"
        f"<text:h text:outline-level='2'>Báo cáo</text:h><text:p>Hà<text:s text:c='2'/><text:span>Nội</text:span><text:tab/>x<text:line-break/>y{note} z</text:p>"
        "<text:list><text:list-item><text:p>mục</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>1</text:p></table:table-cell><table:table-cell><text:p>a</text:p><text:p>b</text:p></table:table-cell></table:table-row></table:table>",
        styles="<style:master-page><style:header><text:p>UBND tỉnh</text:p></style:header></style:master-page>",
    )
    assert lines(page(data, "a.odt")) == [
        ("h2", "Báo cáo"),
        ("p", "Hà  Nội\tx"),
        ("p", "y z"),
        ("li", "mục"),
        ("tr", "1\ta b"),
        ("footnote", "Theo báo cáo"),
        ("header", "UBND tỉnh"),
    ]


def test_open_document_sheets() -> None:
    row = "<table:table-row><table:table-cell table:number-columns-repeated='2'><text:p>x</text:p></table:table-cell><table:table-cell table:number-columns-repeated='16000'/></table:table-row>"
    data = odf_of(
        "spreadsheet",
        f"<table:table table:name='Vốn'>{row}</table:table><table:table><table:table-row/></table:table>",
    )
    first, second = pages(data, "a.ods")
    assert (first.name, first.text, first.title) == ("a.ods#Vốn", "x\tx", "Vốn")
    assert second.name == "a.ods#2" and [f.code for f in second.findings] == ["P17"]


def test_open_documents_that_cannot_be_read() -> None:
    mime = {"mimetype": "application/vnd.oasis.opendocument.text"}
    assert codes(zip_of({**mime, "x": "y"}), "a.odt") == ["P12"]
    assert codes(zip_of({**mime, "content.xml": "<x"}), "a.odt") == ["P12"]
    assert codes(zip_of({"mimetype": "application/epub+zip"}), "a.epub") == ["P13"]
    assert codes(zip_of({"mimetype": "application/vnd.oasis.opendocument.presentation"}), "a.odp") == ["P13"]
    assert codes(zip_of({"[Content_Types].xml": "", "ppt/x": ""}), "a.pptx") == ["P13"]
    assert codes(zip_of({"[Content_Types].xml": "", "xl/workbook.bin": ""}), "a.xlsb") == ["P13"]


def test_excel_sheets_are_pages() -> None:
    data = xlsx_of(
        {
            "Công trình": [["TT", "Tên", "Vốn"], [1, "Trường\nhọc", 65e9], [None, None, 0.5]],
            "Khác": [[True, datetime.date(2024, 4, 25), WRITTEN]],
        }
    )
    first, second = pages(data, "a.xlsx")
    assert first.text == "TT\tTên\tVốn\n1\tTrường học\t65000000000\n\t\t0,5"
    assert second.text == "TRUE\t25/04/2024\t25/04/2024 08:30"
    assert (first.name, first.media_type) == ("a.xlsx#Công trình", "text/tab-separated-values")
    assert first.sha256 != second.sha256


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.1 + 0.2, "0,3"),
        (1e20, "100000000000000000000"),
        (float("nan"), "nan"),
        (7, "7"),
        (datetime.time(8, 30), "08:30"),
        (datetime.timedelta(hours=30), "1 day, 6:00:00"),
    ],
)
def test_cells_as_vietnamese_text_writes_them(value: object, shown: str) -> None:
    assert _shown(value) == shown


def test_excel_97() -> None:
    (one,) = pages(xls_of([(0, 0, 1.0), (1, 2, 65.5)]), "a.xls")
    assert (one.name, one.text) == ("a.xls#Bang", "1\n\t\t65,5")
