"""HTML: every line kept, with the role that the markup settles; the head's facts; nothing of scripts."""

from __future__ import annotations

from datetime import date

import pytest
from pages_cases import cases
from pages_make import packed
from pages_read import check, codes, lines, page

from hoptac.pages import Page
from hoptac.pages.html_meta import HeadFacts, read_day

STORY = (
    "<p>Đoàn công tác của thành phố đã bàn giao công trình cho tỉnh trong buổi sáng hôm nay.</p>"
    "<p>Công trình có tổng mức đầu tư 65 tỷ đồng, do thành phố hỗ trợ toàn bộ kinh phí xây dựng.</p>"
)


def html(body: str, head: str = "") -> Page:
    return page(
        f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode(),
        "a.html",
    )


@pytest.mark.parametrize("row", cases("pages_roles"), ids=lambda row: row["why"])
def test_roles(row: dict[str, str]) -> None:
    one = html(row["text"].replace("{story}", STORY))
    roles = [b.role or "-" for b in one.blocks if row["line"] in one.text[b.start : b.end]]
    assert roles == [row["expected"]]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>Hà N<b>ội</b> và <i>Điện</i> Biên</p>", ["Hà Nội và Điện Biên"]),
        ("<p>một<br>hai<br/>ba</p>", ["một", "hai", "ba"]),
        ("<p>  nhiều \n\t khoảng   trắng </p>", ["nhiều khoảng trắng"]),
        ("<p>65&nbsp;tỷ &amp; 5 t&#7927;</p>", ["65\xa0tỷ & 5 tỷ"]),
        ("<div>ngoài<p>trong</p>sau</div>", ["ngoài", "trong", "sau"]),
        ("<ul><li>một<li>hai</ul>", ["một", "hai"]),
        ("<pre>dòng một\ndòng hai</pre>", ["dòng một", "dòng hai"]),
        ("<p>a<script>var x='<p>b</p>'</script><style>p{}</style><!-- c --><template><p>d</p></template>e</p>", ["ae"]),
        ("<p>a<hr>b<wbr>c<img src=x alt=y>d</p>", ["a", "bcd"]),
        ("<table><tr><th>Năm<th>Vốn<tr><td>2024<td><p>65<p>tỷ</table>", ["Năm\tVốn", "2024\t65 tỷ"]),
        ("<table><tr><td></td><td>x</td><td></td></tr></table>", ["\tx"]),
        ("<table><tr><td><h2>Tin</h2></td><td>Cột bên</td></tr></table>", ["Tin", "Cột bên"]),
        ("<table><tr><td>a<table><tr><td>1<td>2</table></td><td>b</td></tr></table>", ["a", "1\t2", "b"]),
        ("<table><tr><td><p>" + "dài " * 100 + "</p><p>hai</p></td><td>b</td></tr></table>", ["dài " * 99 + "dài", "hai", "b"]),
        ("</p></div>lạc<p>x", ["lạc", "x"]),
        ("", []),
    ],
)  # fmt: skip
def test_lines_of_markup(markup: str, expected: list[str]) -> None:
    assert [text for _, text in lines(html(markup))] == expected


def test_empty_page_says_so() -> None:
    assert [f.code for f in html("").findings] == ["P17"]
    assert codes(b"<!-- nothing -->", "a.html") == ["P17"]
    assert codes(b"<?xml version='1.0'?>", "a.html") == ["P04"]


HEAD = """<title>Bàn giao trường học - Báo Mẫu</title><link rel=canonical href="https://bao.example/1">
<meta property=og:title content="Bàn giao trường học"><meta property=og:site_name content="Báo  Mẫu">
<meta property="article:published_time" content="2024-04-26T00:30:00+07:00">"""


def test_head_facts() -> None:
    one = html(STORY, HEAD)
    assert (one.url, one.outlet, one.published, one.title) == (
        "https://bao.example/1",
        "Báo Mẫu",
        date(2024, 4, 26),
        "Bàn giao trường học",
    )
    assert (one.blocks[0].kind, one.blocks[0].role) == ("title", "headline")


def test_headline_is_the_line_that_the_head_calls_so() -> None:
    one = html(
        f"<h1>Thời sự</h1><div class=d><h2>Bàn giao trường học</h2><div class=article-body>{STORY}</div></div>",
        HEAD,
    )
    assert [one.text[b.start : b.end] for b in one.blocks if b.role == "headline"] == ["Bàn giao trường học"]


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ('<meta name=pubdate content="25/4/2024 08:00">', date(2024, 4, 25)),
        ('<meta itemprop=datePublished content="2024-04-25">', date(2024, 4, 25)),
        ('<meta name=DC.date.issued content=20240425>', date(2024, 4, 25)),
        ('<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","datePublished":"2024-04-25"}]}</script>', date(2024, 4, 25)),
        ('<script type="application/ld+json">{bad</script>', None),
        ('<meta property=article:published_time content="hôm nay"><meta name=date content=2024-04-25>', date(2024, 4, 25)),
        ('<meta property=article:modified_time content="2024-04-25">', None),
        ("", None),
    ],
)  # fmt: skip
def test_day_of_publication(head: str, day: date | None) -> None:
    assert html(STORY, head).published == day


def test_day_in_the_body() -> None:
    markup = '<time itemprop=datePublished datetime="2024-04-25T08:00">hôm qua</time>'
    assert html(markup + STORY).published == date(2024, 4, 25)
    assert html("<time pubdate datetime=2024-04-25>x</time>").published == date(2024, 4, 25)
    assert html("<time datetime=2024-04-25>x</time>").published is None


@pytest.mark.parametrize("value", ["2024-13-01", "32/1/2024", "04/25/2024", "năm 2024", "", "99999"])
def test_days_that_are_none(value: str) -> None:
    assert read_day(value) is None


def test_json_facts() -> None:
    head = HeadFacts()
    head.take_json('[{"@type":"Article","headline":"Tin","publisher":{"name":"Báo Mẫu"}}, 3, "x"]')
    assert head.outlet == "Báo Mẫu" and head.headlines == ("Tin",)
    head.take_json(" " * (1 << 20) + "{}")
    assert HeadFacts(canonical="/tin/1").url is None


@pytest.mark.parametrize(
    ("charset", "encoding"), [("utf-8", "utf-8"), ("windows-1258", "utf-8"), ("utf-16", "utf-8")]
)
def test_wrong_charset_is_overruled(charset: str, encoding: str) -> None:
    data = f"<html><head><meta http-equiv=Content-Type content='text/html; charset={charset}'></head><p>Hà Nội".encode()
    one = page(data, "a.html")
    assert one.text == "Hà Nội" and one.encoding == encoding


def test_old_font_page() -> None:
    data = b"<html><meta charset=iso-8859-1><p>" + "Hµ Néi hç trî tØnh §iÖn Biªn".encode("cp1252")
    one = page(data, "a.html")
    assert one.text == "Hà Nội hỗ trợ tỉnh Điện Biên" and "P20" in [f.code for f in one.findings]
    utf8 = page("<html><p>Hµ Néi hç trî</p><p>tØnh §iÖn Biªn</p>".encode(), "a.html")
    assert lines(utf8) == [("p", "Hà Nội hỗ trợ"), ("p", "tỉnh Điện Biên")]
    assert [f.code for f in utf8.findings] == ["P19"]


def test_xhtml_in_utf16_and_gzip() -> None:
    markup = '<?xml version="1.0" encoding="UTF-16"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>Hà Nội</p></body></html>'
    one = page(packed(markup.encode("utf-16")), "a.xhtml.gz")
    assert one.text == "Hà Nội" and one.name == "a.xhtml"
    check(one)
