"""Lists of pages in every dialect."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hoptac.watch.feeds import Entry, FeedError, read_listing

BASE = "https://bao.example/rss/tin.rss"
DAY = datetime(2024, 4, 26, 3, 15, tzinfo=UTC)

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Tin</title><link>https://bao.example</link>
<item><title><![CDATA[Hai địa phương gặp nhau]]></title><link> /a.html#top </link><pubDate>Fri, 26 Apr 2024 10:15:00 +0700</pubDate></item>
<item><title>Tin hai</title><guid>https://bao.example/b.html</guid></item>
<item><title>Không địa chỉ</title><guid isPermaLink="false">123</guid></item>
<item><title>Lại tin một</title><link>https://bao.example/a.html</link></item>
<item><title>Lạ</title><link>javascript:alert(1)</link></item></channel></rss>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<item rdf:about="x"><title>Tin</title><link>https://bao.example/a.html</link><dc:date>2024-04-26T10:15:00+07:00</dc:date></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><link href="/" rel="self"/><entry><title>Tin</title><link rel="edit" href="/e"/>
<link href="/a.html"/><updated>2024-04-26T03:15:00Z</updated></entry></feed>"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://bao.example/a.html</loc><n:news><n:publication_date>2024-04-26T03:15:00+00:00</n:publication_date><n:title>Tin</n:title></n:news></url>
<url><loc>https://bao.example/b.html</loc><lastmod>2024-04-26</lastmod></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>/1.xml</loc></sitemap>
<sitemap><loc>/2.xml</loc></sitemap></sitemapindex>"""

GOOD = [
    ("rss", RSS, [Entry("https://bao.example/a.html", "Hai địa phương gặp nhau", DAY), Entry("https://bao.example/b.html", "Tin hai")]),
    ("rss", RDF, [Entry("https://bao.example/a.html", "Tin", DAY)]),
    ("atom", ATOM, [Entry("https://bao.example/a.html", "Tin", DAY)]),
    ("sitemap", SITEMAP, [Entry("https://bao.example/a.html", "Tin", DAY), Entry("https://bao.example/b.html", None, datetime(2024, 4, 26, tzinfo=UTC))]),
    ("list", "# tin\nhttps://a.example/1\n\nhttps://a.example/2\nhttps://a.example/1\n", [Entry("https://a.example/1"), Entry("https://a.example/2")]),
    ("rss", RSS.split("<item><title>Tin hai")[0], [Entry("https://bao.example/a.html", "Hai địa phương gặp nhau", DAY)]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text", "entries"), GOOD, ids=["rss", "rdf", "atom", "sitemap", "list", "torn"]
)
def test_a_list_gives_its_pages(kind: str, text: str, entries: list[Entry]) -> None:
    listing = read_listing(text.encode(), BASE)
    assert (listing.kind, list(listing.entries)) == (kind, entries)


def test_an_index_gives_its_lists() -> None:
    listing = read_listing(INDEX.encode(), BASE)
    assert (listing.entries, listing.lists) == (
        (),
        ("https://bao.example/1.xml", "https://bao.example/2.xml"),
    )


BOMB = '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel><item><link>&b;</link></item></channel></rss>'
OUTSIDE = (
    '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><item><link>http://a/&x;</link></item></rss>'
)
BAD = [
    BOMB,
    OUTSIDE,
    "<html><body>Trang</body></html>",
    "Một đoạn văn không có địa chỉ nào",
    "",
    "<",
    "\x00\x01",
]


@pytest.mark.parametrize("text", BAD, ids=["bomb", "outside", "html", "prose", "empty", "torn", "binary"])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(FeedError):
        read_listing(text.encode(), BASE)


def test_an_outside_doctype_is_not_loaded() -> None:
    text = '<!DOCTYPE rss PUBLIC "-//X//DTD RSS 0.91//EN" "http://127.0.0.1:1/rss.dtd">' + RSS.split("?>")[1]
    assert len(read_listing(text.encode(), BASE).entries) == 2
