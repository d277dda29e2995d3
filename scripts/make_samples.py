"""Build the packaged samples that are not plain text: the report (.docx), the list of works (.xlsx) and the bulletin in
TCVN3. Same input, same content: every date inside the files is fixed.

    python scripts/make_samples.py [FOLDER]     default: src/hoptac/samples
"""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import xlsxwriter
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

ROOT = Path(__file__).resolve().parent.parent
MADE = datetime(2024, 12, 15, 8, 0)  # noqa: DTZ001 - office files carry local time without a zone
ZIP_DATE = (2024, 12, 15, 8, 0, 0)

# TCVN 5712:1993, the single-byte form that ".VnTime" fonts show (TCVN3, "ABC"): letter by letter, from 0xA1 on. Capital
# letters with a tone have no byte of their own; typists of the time set them in capital fonts.
TCVN3: dict[str, int] = dict(
    zip(
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        bytes.fromhex(
            "a1a2a3a4a5a6a7a8a9aaabacadae"
            "b5b6b7b8b9bbbcbdbec6c7c8c9cacb"
            "cccecfd0d1d2d3d4d5d6"
            "d7d8dcddde"
            "dfe1e2e3e4e5e6e7e8e9eaebecedee"
            "eff1f2f3f4f5f6f7f8f9"
            "fafbfcfdfe"
        ),
        strict=True,
    )
)

WORKS = (
    # work, place, year, Hà Nội's part and the whole in million đồng, state
    ("Trường THPT chuyên Lê Quý Đôn", "thành phố Điện Biên Phủ", 2011, 2400, None, "Đã bàn giao"),
    (
        "Nhà Ban Giám hiệu Trung tâm Giáo dục thường xuyên tỉnh",
        "thành phố Điện Biên Phủ",
        2011,
        3000,
        None,
        "Đã bàn giao",
    ),
    ("Trường Mầm non số 2 Sam Mứn", "huyện Điện Biên", 2012, 9989, None, "Đã bàn giao"),
    ("Trường Tiểu học Sín Thầu", "huyện Mường Nhé", 2014, 9935, None, "Đã bàn giao"),
    ("Trường Tiểu học Hà Nội - Điện Biên Phủ", "thành phố Điện Biên Phủ", 2024, 65000, 70000, "Đã bàn giao"),
)


def tcvn3(text: str) -> bytes:
    """The bytes of a text in TCVN3; a letter that it cannot write raises KeyError."""
    return bytes(ord(c) if ord(c) < 0x80 else TCVN3[c] for c in text)


def billions(millions: int) -> str:
    """A sum as reports write it: 9989 (million đồng) is "9,989 tỷ đồng"."""
    return f"{millions / 1000:g}".replace(".", ",") + " tỷ đồng"


def report() -> bytes:
    """The province's yearly report, laid out as Decree 30/2020/NĐ-CP wants an administrative paper."""
    paper = Document()
    paper.styles["Normal"].font.name = "Times New Roman"
    paper.styles["Normal"].font.size = Pt(13)
    properties = paper.core_properties
    properties.author, properties.title = (
        "Văn bản mẫu",
        "Báo cáo kết quả hợp tác với thành phố Hà Nội năm 2024",
    )
    properties.created = properties.modified = MADE
    properties.last_modified_by, properties.revision = "Văn bản mẫu", 1

    head = paper.add_table(rows=1, cols=2)
    head.cell(0, 0).text = "ỦY BAN NHÂN DÂN\nTỈNH ĐIỆN BIÊN\nSố: 00/BC-UBND"
    head.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
    paper.add_paragraph("Điện Biên, ngày 15 tháng 12 năm 2024").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    title = paper.add_heading("BÁO CÁO", level=0)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paper.add_paragraph("Kết quả hợp tác giữa tỉnh Điện Biên và thành phố Hà Nội năm 2024")

    paper.add_heading("I. Tình hình chung", level=1)
    paper.add_paragraph(
        "Năm 2024, hai địa phương duy trì trao đổi đoàn và thực hiện các nội dung đã thống nhất từ năm 2019. "
        "Ngày 25/4/2024, lãnh đạo tỉnh Điện Biên làm việc với đoàn thành phố Hà Nội tại thành phố Điện Biên Phủ."
    )
    paper.add_heading("II. Kết quả theo lĩnh vực", level=1)
    paper.add_heading("1. Giáo dục", level=2)
    paper.add_paragraph(
        "Năm 2024, thành phố Hà Nội hỗ trợ tỉnh Điện Biên 65 tỷ đồng, trong tổng số vốn 70 tỷ đồng, để nâng cấp "
        "Trường Tiểu học Hà Nội - Điện Biên Phủ. Nhà trường đã đưa các phòng học mới vào sử dụng."
    )
    paper.add_heading("2. An sinh xã hội", level=2)
    paper.add_paragraph(
        "Năm 2024, thành phố Hà Nội tặng 170 suất quà cho gia đình chính sách và trẻ em nghèo của tỉnh Điện Biên."
    )
    paper.add_heading("3. Các công trình từ năm 2011", level=2)
    table = paper.add_table(rows=1, cols=6)
    table.style = "Table Grid"
    headings = ("STT", "Công trình", "Địa điểm", "Năm", "Hà Nội hỗ trợ (triệu đồng)", "Tổng mức (triệu đồng)")
    for cell, text in zip(table.rows[0].cells, headings, strict=True):
        cell.text = text
    for n, (work, place, year, part, whole, _state) in enumerate(WORKS, 1):
        row = (str(n), work, place, str(year), dotted(part), dotted(whole) if whole else "")
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text

    paper.add_heading("III. Khó khăn", level=1)
    paper.add_paragraph(
        "Một số hạng mục phụ trợ của các trường ở huyện vùng cao chưa có vốn duy tu. Việc theo dõi quà tặng, hiện vật "
        "còn phân tán ở nhiều đơn vị nên số liệu chưa thống nhất."
    )
    paper.add_heading("IV. Đề nghị", level=1)
    paper.add_paragraph(
        "UBND tỉnh Điện Biên đề nghị thành phố Hà Nội hỗ trợ 12 tỷ đồng xây nhà bán trú cho học sinh huyện Nậm Pồ trong "
        "năm 2025."
    )
    paper.add_paragraph(
        "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n(Đã ký)"
    ).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paper.add_paragraph("(Văn bản mẫu đi kèm phần mềm Hợp Tác, không có giá trị hành chính)")
    out = io.BytesIO()
    paper.save(out)
    return steady(out.getvalue())


def dotted(number: int) -> str:
    """A whole number with Vietnam's thousands separator: 65000 is "65.000"."""
    return f"{number:,}".replace(",", ".")


def works() -> bytes:
    """The list of works: one sheet of works with sums, one of other help."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties(
        {"title": "Danh mục công trình Hà Nội hỗ trợ Điện Biên", "author": "Văn bản mẫu", "created": MADE}
    )
    bold, number = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})

    sheet = book.add_worksheet("Công trình")
    sheet.set_column(1, 2, 40)
    sheet.set_column(6, 6, 90)
    sheet.write(
        0, 0, "Danh mục công trình thành phố Hà Nội hỗ trợ tỉnh Điện Biên (mẫu đi kèm phần mềm Hợp Tác)", bold
    )
    headings = ("STT", "Tên công trình", "Địa điểm", "Năm", "Kinh phí (triệu đồng)", "Tình trạng", "Nội dung")
    sheet.write_row(2, 0, headings, bold)
    for n, (work, place, year, part, whole, state) in enumerate(WORKS, 1):
        verb = "để nâng cấp" if whole else "xây"
        sheet.write_row(2 + n, 0, (n, work, place, year))
        sheet.write_number(2 + n, 4, part, number)
        sheet.write(2 + n, 5, state)
        sheet.write(
            2 + n,
            6,
            f"Năm {year}, thành phố Hà Nội hỗ trợ tỉnh Điện Biên {billions(part)} {verb} {work}, {place}.",
        )

    other = book.add_worksheet("Hỗ trợ khác")
    other.set_column(1, 3, 60)
    other.write_row(0, 0, ("STT", "Đơn vị hỗ trợ", "Đơn vị nhận", "Nội dung", "Năm"), bold)
    rows = (
        (
            1,
            "Thành phố Hà Nội",
            "Tỉnh Điện Biên",
            "Năm 2004, thành phố Hà Nội hỗ trợ tỉnh Điện Biên xây Thư viện tỉnh.",
            2004,
        ),
        (
            2,
            "Thành phố Hà Nội",
            "Tỉnh Điện Biên",
            "Năm 2024, thành phố Hà Nội tặng tỉnh Điện Biên 170 suất quà.",
            2024,
        ),
        (
            3,
            "Bệnh viện Tim Hà Nội",
            "Bệnh viện Đa khoa tỉnh",
            "Bệnh viện Tim Hà Nội đào tạo 8 bác sĩ cho tỉnh Điện Biên.",
            2023,
        ),
    )
    for n, row in enumerate(rows, 1):
        other.write_row(n, 0, row)
    book.close()
    return steady(out.getvalue())


def steady(archive: bytes) -> bytes:
    """The same zip archive with one fixed date on every member."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, ZIP_DATE), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def build() -> dict[str, bytes]:
    """Every built sample by its file name."""
    bulletin = (ROOT / "scripts" / "samples" / "ban-tin-2004.txt").read_text(encoding="utf-8")
    return {
        "bao-cao-2024.docx": report(),
        "danh-muc-cong-trinh.xlsx": works(),
        "ban-tin-2004.txt": tcvn3(bulletin),
    }


def main(folder: Path) -> None:
    for name, content in build().items():
        (folder / name).write_bytes(content)
        print(f"{name}: {len(content)} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "src" / "hoptac" / "samples")
