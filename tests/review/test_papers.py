"""The papers: PDF, Word, Excel and the brief, held to the decree's layout and to the tree."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from decimal import Decimal
from importlib import import_module
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from made import SIDES, contribution, many, snapshot
from python_calamine import CalamineWorkbook

from hoptac.review.brief import brief_pdf
from hoptac.review.compose import compose
from hoptac.review.document import Document
from hoptac.review.excel import annexes_xlsx, fits
from hoptac.review.letterhead import Letterhead, Paper, day_in_full, filled, letterhead, usual_paper
from hoptac.review.paper import pictures_png, report_pdf, svg_files
from hoptac.review.rows import Snapshot, pile
from hoptac.review.telling import Teller
from hoptac.review.word import report_docx
from hoptac.review.words import Language

pypdfium2: Any = import_module("pypdfium2")  # it brings no types
MM = 72 / 25.4  # points
PAPER = Paper(
    superior="Ủy ban nhân dân", number="5", day="2025-02-05", authority="TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH", office="Phó Chủ tịch", signer="Lê Văn Mẫu",
    recipients="Thường trực Tỉnh ủy\n- Ủy ban nhân dân thành phố Hà Nội;",
)  # fmt: skip


def made(rows: Snapshot, language: Language = "vi") -> tuple[Document, Teller, Letterhead]:
    tell = Teller(rows, language, "63")
    head = letterhead(filled(PAPER, usual_paper(tell, SIDES[1])), tell.w, draft=True, year=2024)
    return compose(rows, language=language, units="63", mark="ab" * 32), tell, head


def pages_of(pdf: bytes) -> list[str]:
    file = pypdfium2.PdfDocument(pdf)
    out = [page.get_textpage().get_text_bounded() for page in file]
    file.close()
    return out


def test_days_are_written_as_the_decree_asks() -> None:
    tell = Teller(snapshot(), "vi", "34")
    assert day_in_full("2025-02-05", tell.w, 2025) == "ngày 05 tháng 02 năm 2025"
    assert day_in_full("2025-11-15", tell.w, 2025) == "ngày 15 tháng 11 năm 2025"
    assert day_in_full("2025-03-09", tell.w, 2025) == "ngày 09 tháng 3 năm 2025"
    assert day_in_full("", tell.w, 2025).endswith("năm 2025")
    assert day_in_full("2025-02-05", Teller(snapshot(), "en", "34").w, 2025) == "5 February 2025"


def test_the_head_of_a_paper() -> None:
    _document, _tell, head = made(snapshot(contribution(1)))
    assert (head.number, head.place_day) == ("Số: 05/BC-UBND", "Điện Biên, ngày 05 tháng 02 năm 2025")
    assert head.body_lines == ("ỦY BAN NHÂN DÂN", "TỈNH ĐIỆN BIÊN")
    assert head.recipients == ("- Thường trực Tỉnh ủy;", "- Ủy ban nhân dân thành phố Hà Nội;", "- Lưu: VT.")
    assert head.authority == ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH") and head.office == "PHÓ CHỦ TỊCH"


@pytest.fixture(scope="module")
def report() -> tuple[bytes, list[str]]:
    document, tell, head = made(many(60))
    pdf = report_pdf(document, head, tell.w)
    return pdf, pages_of(pdf)


def test_the_pdf_is_an_administrative_document(report: tuple[bytes, list[str]]) -> None:
    pdf, pages = report
    first = " ".join(pages[0].split())
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "ỦY BAN NHÂN DÂN", "TỈNH ĐIỆN BIÊN", "Số: 05/BC-UBND",
        "Điện Biên, ngày 05 tháng 02 năm 2025", "BÁO CÁO", "Kiểm điểm tình hình, kết quả hợp tác", "DỰ THẢO", "I. TỔNG QUAN",
    ):  # fmt: skip
        assert words in first, words
    whole = " ".join(" ".join(pages).split())
    for words in (
        "- Thường trực Tỉnh ủy;",
        "- Lưu: VT.",
        "TM. ỦY BAN NHÂN DÂN",
        "KT. CHỦ TỊCH",
        "PHÓ CHỦ TỊCH",
        "Lê Văn Mẫu",
        "Phụ lục 1",
        "Phụ lục 5",
    ):
        assert words in whole, words
    assert pdf.startswith(b"%PDF-") and b"pdfuaid" in pdf and b"pdfaid" in pdf


def test_the_page_and_its_numbers(report: tuple[bytes, list[str]]) -> None:
    """A4; the first page bears no number, the second a 2 at the middle of the top; each annex begins anew."""
    pdf, pages = report
    file = pypdfium2.PdfDocument(pdf)
    width, height = file[0].get_size()
    assert (round(width / MM), round(height / MM)) == (210, 297)
    second = file[1].get_textpage()
    left, _bottom, right, top = second.get_charbox(0)
    assert second.get_text_range(0, 1) == "2"
    assert abs((left + right) / 2 - (30 + (210 - 30 - 18) / 2) * MM) < 3 and top > height - 22 * MM
    starts = [n for n, text in enumerate(pages) if re.match(r"Phụ lục \d", text.strip())]
    assert len(starts) == 5
    assert pages[starts[0] + 1].strip().startswith("2")
    edges = [file[0].get_textpage().get_charbox(n) for n in range(200)]
    assert min(e[0] for e in edges if e[2] > e[0]) >= 29.5 * MM
    file.close()


def test_every_letter_of_the_pdf_has_a_face(report: tuple[bytes, list[str]]) -> None:
    assert not any("\ufffd" in text or "\x00" in text for text in report[1])


def test_the_english_paper_is_english() -> None:
    document, tell, head = made(many(30), "en")
    whole = " ".join(" ".join(pages_of(report_pdf(document, head, tell.w))).split())
    for words in (
        "SOCIALIST REPUBLIC OF VIET NAM",
        "Independence - Freedom - Happiness",
        "REPORT",
        "I. OVERVIEW",
        "Recipients:",
        "5 February 2025",
        "Annex 5",
    ):
        assert words in whole, words


@pytest.mark.parametrize("count", [0, 3, 400])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_brief_has_two_pages_whatever_the_ledger_holds(count: int, language: Language) -> None:
    document, tell, head = made(many(count), language)
    assert len(pages_of(brief_pdf(document, head, tell.w))) == 2


def test_words_that_look_like_markup_are_only_words() -> None:
    odd = "#panic(1) $x$ *đậm* _nghiêng_ <a> &amp; \\u{41} [b] `c` @d \x07"
    document, tell, head = made(snapshot(contribution(1, title=odd)))
    whole = "".join(" ".join(pages_of(report_pdf(document, head, tell.w))).split())
    assert "#panic(1)$x$*đậm*" in whole.replace("\u00ad", "")
    text = "".join(
        p.text
        for t in docx.Document(io.BytesIO(report_docx(document, head, tell.w))).tables
        for c in t._cells
        for p in c.paragraphs
    )
    assert "#panic(1) $x$ *đậm* _nghiêng_ <a> &amp;" in text


def test_letters_that_no_face_has_do_not_keep_a_paper_from_being_made() -> None:
    odd = "Tặng 🎁 bản ຫົວພັນ \u0007 và 中文"
    document, tell, head = made(snapshot(contribution(1, title=odd)))
    for pdf in (report_pdf(document, head, tell.w), brief_pdf(document, head, tell.w)):
        assert pdf.startswith(b"%PDF-")


def test_the_same_review_gives_the_same_bytes() -> None:
    document, tell, head = made(many(20))
    assert report_pdf(document, head, tell.w) == report_pdf(document, head, tell.w)


# Word


@pytest.fixture(scope="module")
def word() -> Any:
    document, tell, head = made(many(60))
    return docx.Document(io.BytesIO(report_docx(document, head, tell.w)))


def test_the_word_file_has_the_decrees_page(word: Any) -> None:
    for section in word.sections:
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
        assert 20 <= section.top_margin.mm <= 25.1 and 19.9 <= section.bottom_margin.mm <= 25
        assert 29.9 <= section.left_margin.mm <= 35 and 15 <= section.right_margin.mm <= 20
        assert section.different_first_page_header_footer
    assert len(word.sections) == 6, "the report and five annexes, each with its own page numbers"
    field = word.sections[0].header.paragraphs[0]
    assert "PAGE" in field._p.xml and field.alignment == 1
    assert all(s._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1" for s in word.sections)


def test_the_word_file_is_set_in_times_14(word: Any) -> None:
    normal = word.styles["Normal"]
    assert normal.font.name == "Times New Roman" and normal.font.size.pt == 14
    headings = [p for p in word.paragraphs if p.style.name == "Heading 1"]
    assert [p.text for p in headings][:2] == ["I. TỔNG QUAN", "II. KẾT QUẢ THEO LĨNH VỰC"]


def test_the_word_file_says_what_the_pdf_says(word: Any) -> None:
    cells = [p.text for t in word.tables for c in t._cells for p in c.paragraphs]
    told = [*cells, *(p.text for p in word.paragraphs)]
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 05/BC-UBND",
        "BÁO CÁO",
        "Lê Văn Mẫu",
        "- Lưu: VT.",
    ):
        assert words in told, words


def test_pictures_of_the_word_file_have_words_of_their_own(word: Any) -> None:
    alts = [e.get("descr") for e in word.element.iter(qn("wp:docPr"))]
    assert len(alts) >= 4 and all(alts)


def test_tables_of_the_word_file_repeat_their_heads(word: Any) -> None:
    lined = [t for t in word.tables if len(t.rows) > 12]
    assert lined and all(t.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for t in lined)


# pictures


def test_pictures_are_drawn_for_paper_and_hold_no_script() -> None:
    document, _tell, _head = made(many(60))
    files = svg_files(document.figures)
    assert {"matrix.svg", "standing.svg", "places.svg", "promises.svg", "map.svg"} == set(files)
    for name, svg in files.items():
        root = ET.fromstring(svg)  # noqa: S314 - our own
        tags = {e.tag.rpartition("}")[2] for e in root.iter()}
        assert not tags & {"script", "style", "a", "foreignObject"}, name
        assert not any("style" in e.attrib or any(k.startswith("on") for k in e.attrib) for e in root.iter())
    pngs = pictures_png(document.figures)
    assert all(png.startswith(b"\x89PNG") for png in pngs.values()) and set(pngs) == {
        f.code for f in document.figures
    }


def test_on_the_web_every_mark_that_opens_something_is_a_link_that_says_its_figure() -> None:
    document, _tell, _head = made(many(60))
    for figure in document.figures:
        if figure.code in ("promises", "map"):
            continue
        svg = figure.picture.draw("k", lambda to: f"/list?{to.tail}")
        root = ET.fromstring(svg)  # noqa: S314 - our own
        links = [e for e in root.iter() if e.tag.endswith("}a")]
        marks = [e for e in root.iter() if e.tag.endswith("}title")]
        assert links and len(links) == len(marks) - 1, figure.code
        assert all(e.get("aria-label") and str(e.get("href")).startswith("/list?") for e in links)


def test_a_chart_and_its_table_have_the_same_figures() -> None:
    document, _tell, _head = made(many(120))
    for figure in document.figures:
        svg = figure.picture.draw("k")
        titles = re.findall(r"<title>([^<]*): ([^<]*)</title>", svg)
        told = {"".join(r.words for r in cell) for row in figure.table.rows for cell in row.cells[1:]}
        if figure.code != "map":
            assert {words for _label, words in titles} <= told, figure.code


# Excel


def evaluated(formula: str, sheets: dict[str, list[list[Any]]], here: list[list[Any]]) -> float:
    """COUNTIFS, SUMIFS over the sheet of contributions, and SUM over the sheet itself, reckoned here by hand."""

    def reach(text: str) -> list[Any]:
        found = re.fullmatch(r"(?:'([^']+)'!)?\$?([A-Z])\$?(\d+):\$?([A-Z])\$?(\d+)", text)
        assert found is not None, text
        rows = sheets[found[1]] if found[1] else here
        column = ord(found[2]) - ord("A")
        return [
            rows[n][column] if n < len(rows) and column < len(rows[n]) else ""
            for n in range(int(found[3]) - 1, int(found[5]))
        ]

    def wanted(text: str) -> Any:
        if text.startswith('"'):
            return text[1:-1]
        found = re.fullmatch(r"\$A(\d+)", text)
        assert found is not None, text
        return here[int(found[1]) - 1][0]

    name, inner = re.fullmatch(r"=(\w+)\((.*)\)", formula).groups()  # type: ignore[union-attr]
    parts = re.findall(r"'[^']*'![^,]+|\"[^\"]*\"|[^,]+", inner)
    if name == "SUM":
        return float(sum(v for v in reach(parts[0]) if isinstance(v, int | float)))
    added = reach(parts[0]) if name == "SUMIFS" else None
    tests = parts[1:] if name == "SUMIFS" else parts
    columns = [(reach(a), wanted(b)) for a, b in zip(tests[::2], tests[1::2], strict=True)]
    hits = [n for n in range(len(columns[0][0])) if all(str(c[n]) == str(v) for c, v in columns)]
    if added is None:
        return float(len(hits))
    return float(sum(added[n] for n in hits if isinstance(added[n], int | float)))


def formulas_of(xlsx: bytes) -> dict[tuple[int, int], str]:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(xlsx)) as file:
        root = ET.fromstring(file.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - our own
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    out = {}
    for cell in root.iter(f"{space}c"):
        formula = cell.find(f"{space}f")
        if formula is not None and formula.text:
            letter, number = re.fullmatch(r"([A-Z])(\d+)", str(cell.get("r"))).groups()  # type: ignore[union-attr]
            out[int(number) - 1, ord(letter) - ord("A")] = "=" + formula.text
    return out


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_formulas_of_the_annexes_add_up(language: Language) -> None:
    rows = many(150)
    document, tell, _head = made(rows, language)
    xlsx = annexes_xlsx(document, tell)
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx))
    sheets = {
        name: [list(r) for r in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
        for name in book.sheet_names
    }
    here = sheets[book.sheet_names[0]]
    formulas = formulas_of(xlsx)
    assert len(formulas) > 60
    for (r, c), formula in formulas.items():
        assert evaluated(formula, sheets, here) == here[r][c], (formula, here[r])
    whole = pile(rows, rows.contributions())
    totals = [row for row in here if row[0] == tell.w("all")]
    assert len(totals) == 3, "one for each table: by field, by year, by place"
    for row in totals:
        assert row[1] == len(whole.rows) and row[-1] == len(whole.left_out)
        assert [Decimal(str(v)) for v in row[2:-1]] == [total for _currency, total in whole.totals]


def test_a_sum_too_long_for_a_spreadsheet_stands_as_text_and_is_named() -> None:
    long = "123456789012345678"
    rows = snapshot(contribution(1, long), contribution(2, "5"))
    document, tell, _head = made(rows)
    book = CalamineWorkbook.from_filelike(io.BytesIO(annexes_xlsx(document, tell)))
    assert long in [row[7] for row in book.get_sheet_by_index(1).to_python()]
    told = " ".join(str(c) for row in book.get_sheet_by_index(0).to_python() for c in row)
    assert "1 số tiền dài hơn" in told
    assert fits(Decimal("999999999999999")) and not fits(Decimal("1234567890123456"))


def test_a_cell_that_looks_like_a_formula_is_text() -> None:
    document, tell, _head = made(snapshot(contribution(1, title='=HYPERLINK("http://x","y")')))
    xlsx = annexes_xlsx(document, tell)
    assert not any("HYPERLINK" in f for f in formulas_of(xlsx).values())
