"""The marks of a story's body, what never comes out of it, and which of its figures lead nowhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from hoptac.newsroom.body import ATTRIBUTES, TAGS, loose_figures, record_slugs, to_html, words_of


def known(slug: str) -> str | None:
    return f"/records/{slug}/" if slug.startswith("co-") else None


MARKS = [
    ("Một đoạn.\n\nĐoạn hai.", "<p>Một đoạn.</p>\n<p>Đoạn hai.</p>"),
    ("dòng một\ndòng hai", "<p>dòng một dòng hai</p>"),
    ("## Mục\n- a\n- b", "<h2>Mục</h2>\n<ul><li>a</li><li>b</li></ul>"),
    ("> lời nói\n> tiếp", "<blockquote><p>lời nói tiếp</p></blockquote>"),
    ("[65 tỷ](record:co-1)", '<p><a href="/records/co-1/" class="record">65 tỷ</a></p>'),
    ("[65 tỷ](record:khong-1)", "<p>65 tỷ</p>"),
    ("[trang](https://a.vn/?x=1&y=2)", '<p><a href="https://a.vn/?x=1&amp;y=2">trang</a></p>'),
    ("**đậm** và *nghiêng*", "<p><strong>đậm</strong> và <em>nghiêng</em></p>"),
    ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
    ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
    ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
    ('[a](https://x.vn/"onclick=1)', '<p>[a](https://x.vn/"onclick=1)</p>'),
]


@pytest.mark.parametrize("text,expected", MARKS)
def test_marks(text: str, expected: str) -> None:
    assert to_html(text, known) == expected


SIGNS = [*"ab<>\"'&()[]*#-> \n:/=.", "script", "https://", "record:co-1", "on", "javascript:"]


@given(st.lists(st.sampled_from(SIGNS), max_size=60).map("".join))
def test_nothing_else_comes_out(text: str) -> None:
    said = to_html(text, known)
    if not said.strip():
        return
    for element in html.fragment_fromstring(said, create_parent="div").iter():
        assert element.tag in TAGS | {"div"}
        assert set(element.attrib) <= (ATTRIBUTES["a"] if element.tag == "a" else set())
        assert element.get("href", "/").startswith(("/", "https://", "http://", "mailto:"))


def test_figures_that_lead_nowhere() -> None:
    told = "Hà Nội góp 2,4 tỷ đồng và [14 điểm](record:co-1), thêm 3 trường năm 2024."
    assert [f.quote for f in loose_figures(told)] == ["2,4 tỷ đồng", "3 trường"]
    assert loose_figures("Không có số nào, ngày 25/4/2024.") == []
    assert record_slugs(told + " [x](record:co-1) [y](record:co-2)") == ["co-1", "co-2"]
    assert words_of("## Mục\n**a** [b](https://c.vn)") == "Mục\na b"
