"""Draw a review's tree as HTML (bản trên màn hình): figures are links, pictures take the keyboard, tables stack on a phone."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from hoptac.review.document import Block, Figure, Href, Para, Runs, Section, Table, TableRow, Target, plain
from hoptac.review.models import Review

EMPTY = mark_safe("")
WIDE = ("matrix",)  # pictures whose table has too many columns to stand beside them


def links(review: Review, units: str) -> Href:
    """Addresses of what figures open: a record on the desk, or the review's own list."""
    rows = reverse("review:rows", args=[review.slug])

    def href(to: Target) -> str:
        if to.record:
            return reverse("desk:record", args=[to.record])
        query = Target(query=(*(q for q in to.query if q[0] != "map"), ("map", units)))
        return f"{rows}?{query.tail}"

    return href


def draw_section(section: Section, href: Href) -> SafeString:
    """A section with its heading; level 1 is an h2."""
    level = section.level + 1
    return format_html(
        '<section class="part level-{}" aria-labelledby="h-{}"><h{} id="h-{}">{}. {}</h{}>{}</section>',
        section.level, section.key, level, section.key, section.number, section.heading, level,
        draw_blocks(section.blocks, href, section.heading),
    )  # fmt: skip


def draw_blocks(blocks: Iterable[Block], href: Href, heading: str = "") -> SafeString:
    """Blocks under a heading; a table that bears the same name shows it to screen readers alone."""
    return format_html_join("\n", "{}", ((_block(b, href, heading),) for b in blocks))


def _block(block: Block, href: Href, heading: str) -> SafeString:
    if isinstance(block, Para):
        return _para(block, href)
    if isinstance(block, Table):
        return draw_table(block, href, heading=heading)
    return _figure(block, href)


def _para(para: Para, href: Href) -> SafeString:
    name = {"body": "", "bullet": ' class="point"', "note": ' class="small soft"', "empty": ' class="soft"'}[
        para.style
    ]
    return format_html("<p{}>{}</p>", mark_safe(name), _runs(para.runs, href))  # noqa: S308 - our own words


def _runs(runs: Runs, href: Href) -> SafeString:
    out = EMPTY
    for one in runs:
        words = conditional_escape(one.words)
        if one.to is not None:
            words = format_html('<a href="{}">{}</a>', href(one.to), words)
        if one.bold:
            words = format_html("<strong>{}</strong>", words)
        if one.italic:
            words = format_html("<em>{}</em>", words)
        out += words
    return out


def draw_table(
    table: Table, href: Href, rows: Iterable[TableRow] | None = None, heading: str = ""
) -> SafeString:
    """A table, or some of its rows; on a phone each row is a block with its headings before the values."""
    columns = table.columns
    heads = format_html_join(
        "", '<th role="columnheader" scope="col"{}>{}</th>', ((_side(c.align), c.heading) for c in columns)
    )
    kept = table.rows if rows is None else tuple(rows)
    body = format_html_join("\n", "{}", ((_row(table, r, href),) for r in kept))
    foot = EMPTY
    if table.foot:
        lines = format_html_join("\n", "{}", ((_row(table, r, href),) for r in table.foot))
        foot = format_html('<tfoot role="rowgroup">{}</tfoot>', lines)
    return format_html(
        '<table class="stack" role="table"><caption{}>{}</caption><thead role="rowgroup"><tr role="row">{}</tr></thead>'
        '<tbody role="rowgroup">{}</tbody>{}</table>',
        mark_safe(' class="hidden"') if table.caption == heading else EMPTY, table.caption, heads, body, foot,
    )  # fmt: skip


def _side(align: str) -> SafeString:
    return mark_safe(' class="right"') if align == "right" else EMPTY


def _look(align: str, words: str) -> SafeString:
    """The class of a cell: figures to the right; one that says nothing is left out where rows are blocks."""
    names = [name for name, wanted in (("right", align == "right"), ("none", words in ("", "–"))) if wanted]
    return format_html(' class="{}"', " ".join(names)) if names else EMPTY


def _row(table: Table, row: TableRow, href: Href) -> SafeString:
    if row.head:
        return format_html(
            '<tr role="row" class="group"><th role="rowheader" scope="rowgroup" colspan="{}">{}</th></tr>',
            len(table.columns), _runs(row.cells[0], href),
        )  # fmt: skip
    cells = EMPTY
    for n, (column, runs) in enumerate(zip(table.columns, row.cells, strict=True)):
        words = _runs(runs, href)
        if n == 0:
            cells += format_html('<th role="rowheader" scope="row"{}>{}</th>', _side(column.align), words)
        else:
            cells += format_html(
                '<td role="cell"{} data-label="{}">{}</td>',
                _look(column.align, plain(runs)),
                column.heading,
                words,
            )
    return format_html('<tr role="row">{}</tr>', cells)


def _figure(figure: Figure, href: Href) -> SafeString:
    """A picture with the table that says the same; the room for a wide one can be moved by keyboard."""
    svg = mark_safe(figure.picture.draw(f"p-{figure.code}", href))  # noqa: S308 - both kinds escape what is not their own
    table = draw_table(figure.table, href)
    beside = format_html(
        '<details class="figures"{}><summary>{}</summary>{}</details>',
        EMPTY if figure.code in WIDE else mark_safe(" open"), _("The figures of this picture"), table,
    )  # fmt: skip
    name = "wide" if figure.code in WIDE else figure.code
    return format_html(
        '<div class="picture {}"><figure><div class="drawn" tabindex="0" role="region" aria-label="{}">{}</div>'
        "<figcaption>{}</figcaption></figure>{}</div>",
        name, figure.alt, svg, figure.caption, beside,
    )  # fmt: skip
