"""Draw a review's tree as a Word file (bản Word), laid out as an administrative document. With python-docx.

The body is put together as WordprocessingML of our own and parsed once: adding 2,000 table rows through python-docx's objects
takes many times as long, and so does moving them into a document that stands. Styles, pictures, headers and the package are python-docx's. Layout: Decree 30/2020/NĐ-CP, Annex I.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from hoptac.review.document import Block, Document, Figure, Notes, Para, Runs, Table, TableRow
from hoptac.review.letterhead import Letterhead
from hoptac.review.paper import pictures_png, sign_blocks
from hoptac.review.words import Words

FACE = "Times New Roman"
BODY, SMALL, TABLE_SIZE = 14, 11, 11  # points
TOP, BOTTOM, LEFT, RIGHT = 22, 20, 30, 18  # mm
TEXT_WIDTH = 210 - LEFT - RIGHT  # mm
TWIPS, EMU = 56.6929, 36000  # to a millimetre
INDENT = 10  # mm, of a paragraph's first line
NAMESPACES = nsdecls("w", "r", "wp", "a", "pic")
MADE = datetime(2020, 1, 1, tzinfo=UTC)  # the file's inner date; the paper's own stands in its text


def report_docx(document: Document, head: Letterhead, words: Words) -> bytes:
    """The review as a Word file."""
    made = docx.Document()
    _styles(made, document)
    header = _header(made)
    draw = _Drawing(made, Notes(), pictures_png(document.figures))
    parts = [_head(document, head)]
    for section in document.sections:
        name = section.heading.upper() if section.level == 1 else section.heading
        parts.append(_p(_r(f"{section.number}. {name}"), style=f"Heading{section.level}"))
        parts.append(draw.blocks(section.blocks, section.heading))
    parts.append(_p(_r(document.stands, size=SMALL, italic=True)))
    parts.append(_signature(head))
    for annex in document.annexes:
        parts.append(_p("", section=_section(header)))
        parts.append(_p(_r(annex.heading, bold=True), style="Heading1", align="center"))
        parts.append(_p(_r(annex.title.upper(), bold=True), align="center"))
        parts.append(_p(_r(head.annex_of, size=13, italic=True), align="center", below=True))
        parts.append(draw.blocks(annex.blocks, annex.title))
    if draw.notes.lines() and document.annexes:
        parts.append(draw.blocks(sign_blocks(words, draw.notes), ""))
    body = "".join(parts) + _section(header)
    made.part._element = parse_xml(f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _styles(made: Any, document: Document) -> None:
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = FACE, Pt(BODY)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FACE)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN" if document.lang == "vi" else "en-GB")
    normal.element.get_or_add_rPr().append(language)
    normal.paragraph_format.space_after, normal.paragraph_format.space_before = Pt(6), Pt(0)
    for level in (1, 2):
        style = made.styles[f"Heading {level}"]
        style.font.name, style.font.size, style.font.bold = FACE, Pt(BODY), True
        style.font.color.rgb = None
        properties = style.element.get_or_add_rPr()
        for old in properties.findall(qn("w:rFonts")) + properties.findall(qn("w:color")):
            properties.remove(old)
        properties.insert(
            0, parse_xml(f'<w:rFonts {nsdecls("w")} w:ascii="{FACE}" w:hAnsi="{FACE}" w:cs="{FACE}"/>')
        )
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(10), Pt(6)
        style.paragraph_format.keep_with_next = True
    core = made.core_properties
    core.title, core.subject, core.comments = document.subject, document.kind, document.stands
    core.author, core.language = "", "vi-VN" if document.lang == "vi" else "en-GB"
    core.created = core.modified = MADE


def _header(made: Any) -> str:
    """The page number, centred at the top; every section shows it from its second page on."""
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    para = section.header.paragraphs[0]
    para.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = para.add_run()
        run.font.size = Pt(13)
        if kind is not None:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)
    reference = section._sectPr.find(qn("w:headerReference"))
    return str(reference.get(qn("r:id")))


def _section(header: str) -> str:
    """The page of a section: A4, its number hidden on its first page, numbered from 1."""
    return (
        f'<w:sectPr><w:headerReference w:type="default" r:id="{header}"/><w:type w:val="nextPage"/>'
        f'<w:pgSz w:w="{_twips(210)}" w:h="{_twips(297)}"/>'
        f'<w:pgMar w:top="{_twips(TOP)}" w:bottom="{_twips(BOTTOM)}" w:left="{_twips(LEFT)}" w:right="{_twips(RIGHT)}" '
        f'w:header="{_twips(10)}" w:footer="{_twips(10)}" w:gutter="0"/><w:pgNumType w:start="1"/><w:titlePg/></w:sectPr>'
    )


def _twips(mm: float) -> int:
    return round(mm * TWIPS)


_ODD = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _clean(words: str) -> str:
    """Text for XML: letters that it has no place for become U+FFFD."""
    return escape(_ODD.sub("\ufffd", words))


def _r(words: str, *, bold: bool = False, italic: bool = False, size: float = 0, raised: bool = False) -> str:
    inner = ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "")
    inner += f'<w:sz w:val="{round(size * 2)}"/>' if size else ""
    inner += '<w:vertAlign w:val="superscript"/>' if raised else ""
    properties = f"<w:rPr>{inner}</w:rPr>" if inner else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{_clean(words)}</w:t></w:r>'


def _p(
    inner: str, *, style: str = "", align: str = "", indent: bool = False, section: str = "", below: bool = False,
    after: float | None = None, keep: bool = False,
) -> str:  # fmt: skip
    """A paragraph. ``below``: a short line under it; ``after``: points below it, of the style if None."""
    said = f'<w:pStyle w:val="{style}"/>' if style else ""
    said += "<w:keepNext/>" if keep else ""
    said += f'<w:spacing w:before="0" w:after="{round(after * 20)}"/>' if after is not None else ""
    said += f'<w:ind w:firstLine="{_twips(INDENT)}"/>' if indent else ""
    said += f'<w:jc w:val="{align}"/>' if align else ""
    said += section
    out = f"<w:p><w:pPr>{said}</w:pPr>{inner}</w:p>" if said else f"<w:p>{inner}</w:p>"
    return out + _short_rule(0.26, _twips(TEXT_WIDTH)) if below else out


def _cell(width: int, inner: str, *, span: int = 1, fill: str = "") -> str:
    said = f'<w:tcW w:w="{width}" w:type="dxa"/>' + (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "")
    said += f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    return f"<w:tc><w:tcPr>{said}</w:tcPr>{inner}</w:tc>"


def _plain_table(widths: list[int], rows: Iterable[str], *, lined: bool) -> str:
    edges = "".join(
        f'<w:{side} w:val="{"single" if lined else "nil"}" w:sz="4" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _short_rule(share: float, width: int) -> str:
    """A line under words, as broad as a share of their room: an empty paragraph with a border, indented on both sides."""
    side = round(width * (1 - share) / 2)
    return (
        '<w:p><w:pPr><w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>'
        f'<w:spacing w:before="20" w:after="60" w:line="100" w:lineRule="exact"/><w:ind w:left="{side}" w:right="{side}"/></w:pPr></w:p>'
    )


def _head(document: Document, head: Letterhead) -> str:
    """The top of the first page, and what the paper is."""
    left, right = _twips(TEXT_WIDTH * 0.43), _twips(TEXT_WIDTH * 0.57)
    body = _p(_r(head.superior, size=12), align="center", after=0) if head.superior else ""
    body += "".join(_p(_r(words, bold=True, size=12), align="center", after=0) for words in head.body_lines)
    body += _short_rule(0.36, left)
    nation = _p(_r(head.nation, bold=True, size=12), align="center", after=0)
    nation += _p(_r(head.motto, bold=True, size=13), align="center", after=0) + _short_rule(0.66, right)
    number = _p(_r(head.number, size=13), align="center", after=0)
    if head.draft:
        number += _p(_r(head.draft, bold=True, size=12), align="center", after=0)
    day = _p(_r(head.place_day, italic=True, size=13), align="center", after=0)
    rows = (
        f"<w:tr>{_cell(left, body)}{_cell(right, nation)}</w:tr>",
        f"<w:tr>{_cell(left, number)}{_cell(right, day)}</w:tr>",
    )
    title = _p("") + _p(_r(document.kind, bold=True), align="center", after=0)
    return _plain_table([left, right], rows, lined=False) + title + _p(
        _r(document.subject, bold=True), align="center", after=3, below=True
    )  # fmt: skip


def _signature(head: Letterhead) -> str:
    half = _twips(TEXT_WIDTH / 2)
    left = _p(_r(head.recipients_head, bold=True, italic=True, size=12), after=0)
    left += "".join(_p(_r(line, size=11), after=0) for line in head.recipients)
    right = "".join(_p(_r(line, bold=True, size=13), align="center", after=0) for line in head.authority)
    right += _p(_r(head.office, bold=True, size=13), align="center", after=70)
    right += _p(_r(head.signer, bold=True), align="center", after=0)
    row = f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{_cell(half, left)}{_cell(half, right)}</w:tr>"
    return _p("") + _plain_table([half, half], [row], lined=False)


@dataclass
class _Drawing:
    """What the blocks of a file share: its package, its notes, its pictures."""

    made: Any
    notes: Notes
    pngs: dict[str, bytes]
    pictures: int = 0

    def blocks(self, blocks: Iterable[Block], heading: str) -> str:
        return "".join(self._block(b, heading) for b in blocks)

    def _block(self, block: Block, heading: str) -> str:
        if isinstance(block, Para):
            return self._para(block)
        if isinstance(block, Table):
            return self._table(block, heading)
        return self._figure(block)

    def _runs(self, runs: Runs, *, bold: bool = False, size: float = 0, italic: bool = False) -> str:
        out = []
        for one in runs:
            out.append(_r(one.words, bold=bold or one.bold, italic=italic or one.italic, size=size))
            if note := self.notes.of(one.numbers):
                out.append(_r(f"[{note}]", raised=True, size=size))
        return "".join(out)

    def _para(self, para: Para) -> str:
        if para.style == "note":
            return _p(self._runs(para.runs, size=SMALL, italic=True))
        first = _r("- ") if para.style == "bullet" else ""
        return _p(first + self._runs(para.runs), align="both", indent=True)

    def _table(self, table: Table, heading: str) -> str:
        whole = sum(c.share for c in table.columns)
        widths = [_twips(TEXT_WIDTH * c.share / whole) for c in table.columns]
        heads = "".join(
            _cell(w, _p(_r(c.heading, bold=True, size=TABLE_SIZE), align="center", after=0), fill="F2F2F2")
            for c, w in zip(table.columns, widths, strict=True)
        )
        rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{heads}</w:tr>"]
        rows += [self._row(table, r, widths, bold=False) for r in table.rows]
        rows += [self._row(table, r, widths, bold=True) for r in table.foot]
        caption = ""
        if table.caption and table.caption != heading:
            caption = _p(_r(table.caption, bold=True, size=SMALL), keep=True, after=3)
        return caption + _plain_table(widths, rows, lined=True) + _p("", after=4)

    def _row(self, table: Table, row: TableRow, widths: list[int], *, bold: bool) -> str:
        if row.head:
            words = _p(self._runs(row.cells[0], bold=True, size=TABLE_SIZE), after=0, keep=True)
            cells = _cell(sum(widths), words, span=len(widths), fill="F2F2F2")
        else:
            cells = "".join(
                _cell(w, _p(self._runs(runs, bold=bold, size=TABLE_SIZE), align=_align(c.align), after=0))
                for c, w, runs in zip(table.columns, widths, row.cells, strict=True)
            )
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"

    def _figure(self, figure: Figure) -> str:
        png = self.pngs[figure.code]
        rid, image = self.made.part.get_or_add_image(io.BytesIO(png))
        self.pictures += 1
        wide = round(TEXT_WIDTH * figure.share * EMU)
        high = round(wide * image.px_height / image.px_width)
        alt = escape(figure.alt, {'"': "&quot;"})
        inline = (
            f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/>'
            f'<wp:docPr id="{self.pictures}" name="{figure.code}" descr="{alt}"/><a:graphic><a:graphicData '
            'uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
            f'<pic:cNvPr id="{self.pictures}" name="{figure.code}" descr="{alt}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
            f'<a:blip r:embed="{rid}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
            f'<a:ext cx="{wide}" cy="{high}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
            "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )
        return _p(inline, align="center", keep=True, after=2) + _p(
            _r(figure.caption, italic=True, size=SMALL), align="center"
        )  # fmt: skip


def _align(align: str) -> str:
    return {"right": "right", "center": "center"}.get(align, "")
