"""The map and its table: well-formed, safe, the same for the same input, and saying the same."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoptac.lexicon.tables import default_lexicon
from hoptac.maps.draw import SHADES, draw_map, map_legend
from hoptac.maps.outlines import Units, outlines
from hoptac.maps.rows import Dot, Figure, Here, Language, Words, map_table
from hoptac.maps.steps import How

SVG = "{http://www.w3.org/2000/svg}"
MOST_BYTES = 100_000
MOST_SECONDS = 0.05
HOSTILE = """</title><script>alert('"&')</script>\x00\ud800 {name}"""
ALLOWED = {
    "svg", "title", "desc", "defs", "pattern", "rect", "g", "path", "a", "circle", "ellipse", "text",
}  # fmt: skip
VALUES: dict[str, Figure] = {
    "11": Decimal(65_000_000_000), "01": 0, "40": None, "48": Decimal("2400000000.5"), "79": 10**18, "56": 7, "04": 41,
}  # fmt: skip
DOTS = (
    Dot(103.02, 21.39, "Điện Biên Phủ", 31, "/noi/11"),
    Dot(102.5, 22.2, "Mường Nhé", 4),
    Dot(104.04, 20.42, "Hủa Phăn", 1),
)


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - our own output


def shapes(svg: str) -> dict[str, ElementTree.Element]:
    return {p.get("data-code", ""): p for p in parsed(svg).iter(f"{SVG}path")}


def title_of(element: ElementTree.Element) -> str:
    return element.findtext(f"{SVG}title") or ""


def full(units: Units, lang: Language = "vi") -> str:
    links = {s.code: f"/noi/{s.code}?on=2024&by=field" for s in outlines(units).shapes}
    return draw_map(
        VALUES, units=units, points=DOTS, title="Hỗ trợ", legend="Số tiền, đồng", lang=lang, links=links
    )


def elements(svg: str) -> Iterator[ElementTree.Element]:
    return parsed(svg).iter()


@pytest.mark.parametrize("units", ["63", "34"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_map_is_well_formed_and_carries_nothing_that_a_strict_page_refuses(
    units: Units, lang: Language
) -> None:
    svg = full(units, lang)
    for element in elements(svg):
        assert element.tag.removeprefix(SVG) in ALLOWED
        assert not [a for a in element.attrib if a == "style" or a.startswith("on")]
    assert len(svg.encode()) < MOST_BYTES
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"') and svg.endswith("</svg>\n")


def test_a_map_has_a_title_and_a_description_by_which_it_is_named() -> None:
    svg = parsed(draw_map({"11": 65, "01": None}, title="Điện Biên đã nhận", legend="Tỷ đồng", key="then"))
    assert svg.get("role") == "img"
    assert (svg.get("aria-labelledby"), svg.get("aria-describedby")) == ("then-title", "then-desc")
    assert title_of(svg) == "Điện Biên đã nhận"
    described = svg.findtext(f"{SVG}desc") or ""
    assert described.startswith("Tỷ đồng: 1 trong 63 đơn vị có số liệu. Cao nhất: Điện Biên, 65.")
    assert "1 đơn vị có ghi nhận nhưng chưa rõ số liệu." in described
    assert "Hoàng Sa" in described and "Trường Sa" in described


def test_a_map_with_links_is_a_group_of_named_links() -> None:
    svg = parsed(full("34"))
    assert svg.get("role") == "group"
    links = list(svg.iter(f"{SVG}a"))
    assert len(links) == 34 + 1
    assert all(a.get("aria-label") and a.get("href", "").startswith("/noi/") for a in links)
    alone = [p for p in svg.iter(f"{SVG}circle") if p.get("class") == "map-dot" and p.get("aria-label")]
    assert [p.get("role") for p in alone] == ["img", "img"]


def test_an_empty_map_says_so_and_has_no_legend_of_shades() -> None:
    svg = draw_map({}, title="Chưa có gì")
    assert "Chưa đơn vị nào có số liệu." in svg
    assert "map-step" not in svg


@pytest.mark.parametrize("units", ["63", "34"])
def test_the_archipelagoes_are_drawn_and_named_always(units: Units) -> None:
    for lang, first in (("vi", "Quần đảo Hoàng Sa"), ("en", "Hoàng Sa archipelago")):
        svg = parsed(draw_map({}, units=units, title="t", lang="vi" if lang == "vi" else "en"))
        written = [t.text or "" for t in svg.iter(f"{SVG}text")]
        assert first in written and any("Trường Sa" in t for t in written)
        marks = [g for g in svg.iter(f"{SVG}g") if (g.get("class") or "").startswith("map-mark")]
        assert [g.get("data-code") for g in marks] == ["48", "56"]
        assert "(Đà Nẵng)" in written and "(Khánh Hòa)" in written


def test_an_archipelago_has_its_units_shade() -> None:
    svg = draw_map({"48": 5}, title="t")
    marks = [g for g in parsed(svg).iter(f"{SVG}g") if (g.get("class") or "").startswith("map-mark")]
    assert [g.get("class") for g in marks] == ["map-mark map-step-1 map-shade-3", "map-mark map-empty"]


@pytest.mark.parametrize("units", ["63", "34"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_table_says_what_the_map_shows(units: Units, lang: Language) -> None:
    svg = full(units, lang)
    drawn = shapes(svg)
    rows = map_table(VALUES, units=units, points=DOTS, lang=lang)
    of_units = [r for r in rows if r.standing != "dot"]
    assert {r.code for r in of_units} == set(drawn) and len(of_units) == int(units)
    for r in of_units:
        kind = f"map-step-{r.step}" if r.step else f"map-{r.standing}"
        assert (drawn[r.code].get("class") or "").split()[:2] == ["map-unit", kind]
        assert title_of(drawn[r.code]) == r.said
        assert r.words in r.said and r.name in r.said
        assert r.value == VALUES.get(r.code)
    dots = [c for c in parsed(svg).iter(f"{SVG}circle") if c.get("class") == "map-dot" and title_of(c)]
    assert [title_of(c) for c in dots] == [r.said for r in rows if r.standing == "dot"]
    legend = next(g for g in parsed(svg).iter(f"{SVG}g") if g.get("class") == "map-legend")
    written = " ".join(t.text or "" for t in legend.iter(f"{SVG}text"))
    assert all(r.range in written for r in of_units if r.range)
    assert all(r.words in written for r in of_units if r.standing in ("unknown", "empty", "zero"))


def test_steps_and_nought_are_told_without_colour() -> None:
    svg = parsed(draw_map({"11": 65, "01": 0, "40": None}, units="34", title="t"))
    written = [t.text for t in svg.iter(f"{SVG}text") if t.get("class") == "map-number"]
    assert sorted(t or "" for t in written) == ["0", "1"]
    assert (shapes(draw_map({"40": None}, title="t"))["40"].get("fill") or "") == "url(#map-hatch)"


def test_the_table_is_ranked_and_names_what_a_unit_holds() -> None:
    rows = map_table(VALUES, units="34", points=DOTS)
    assert [r.code for r in rows[:7]] == ["79", "11", "48", "04", "56", "01", "40"]
    assert [r.standing for r in rows[5:8]] == ["zero", "unknown", "empty"]
    assert {r.code: r.holds for r in rows if r.holds} == {
        "48": "gồm Quần đảo Hoàng Sa",
        "56": "gồm Quần đảo Trường Sa",
    }
    assert [r.name for r in rows[34:]] == ["Điện Biên Phủ", "Mường Nhé", "Hủa Phăn"]
    assert next(r.name for r in rows if r.code == "79") == "TP. Hồ Chí Minh"


def test_figures_are_written_whole_in_both_languages() -> None:
    vi, en = Words(default_lexicon(), "vi"), Words(default_lexicon(), "en")
    assert (vi.number(10**18), en.number(1234567)) == ("1.000.000.000.000.000.000", "1,234,567")
    assert (vi.number(Decimal("2400000000.50")), vi.number(Decimal("1E+9"))) == (
        "2.400.000.000,5",
        "1.000.000.000",
    )
    assert (vi.number(0), en.number(Decimal("0.250"))) == ("0", "0.25")


def test_the_caller_words_the_figures() -> None:
    svg = draw_map({"11": 65, "01": 3}, title="t", say=lambda v: f"{v} tỷ đồng")
    assert "Điện Biên: 65 tỷ đồng (bậc 2)" in svg
    assert "từ 60 tỷ đồng trở lên" in svg and "dưới 60 tỷ đồng" in svg


def test_hostile_words_stay_words() -> None:
    dot = Dot(105.0, 20.0, HOSTILE, 2, '/noi?a="><script>')
    svg = draw_map(
        {"11": 1}, title=HOSTILE, legend=HOSTILE, dots_legend=HOSTILE, points=[dot], say=lambda _: HOSTILE,
        links={"11": "/'\"><script>"},
    )  # fmt: skip
    assert "<script" not in svg
    root = parsed(svg)
    assert title_of(root) == """</title><script>alert('"&')</script>\ufffd\ufffd {name}"""
    assert {e.tag.removeprefix(SVG) for e in root.iter()} <= ALLOWED


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "//elsewhere.example/x", " /x", "data:text/html,x", "x"]
)
def test_an_address_that_runs_or_leads_astray_is_refused(href: str) -> None:
    with pytest.raises(ValueError, match="link: found"):
        draw_map({}, title="t", links={"11": href})
    with pytest.raises(ValueError, match="link: found"):
        draw_map({}, title="t", points=[Dot(105.0, 20.0, "x", 1, href)])


@pytest.mark.parametrize("href", ["/noi/11", "?on=2024", "#row-11", "https://example.org/a"])
def test_an_address_of_the_site_or_of_the_web_is_taken(href: str) -> None:
    assert f'href="{href}"' in draw_map({}, title="t", links={"11": href})


@pytest.mark.parametrize(
    ("values", "units", "points", "said"),
    [
        ({"28": 1}, "63", (), "codes 28: not on the map of 63"),
        ({"10": 1}, "34", (), "codes 10: not on the map of 34"),
        ({"11": -1}, "63", (), "figure of 11: found -1"),
        ({"11": Decimal("NaN")}, "63", (), "figure of 11: found NaN"),
        ({"11": Decimal("Infinity")}, "63", (), "figure of 11: found Infinity"),
        ({}, "63", (Dot(2.3, 48.9, "Paris", 1),), "off the map"),
        ({}, "63", (Dot(105.0, 20.0, "x", 0),), "found 0 works"),
    ],
)
def test_what_no_map_can_show_is_refused(
    values: dict[str, Figure], units: Units, points: tuple[Dot, ...], said: str
) -> None:
    for draw in (map_table, lambda *a, **k: draw_map(*a, title="t", **k)):
        with pytest.raises(ValueError, match=said):
            draw(values, units=units, points=points)


@pytest.mark.parametrize("key", ["", "Map", "a b", 'x"', "1"])
def test_a_key_that_is_no_id_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="key: found"):
        draw_map({}, title="t", key=key)


def test_shades_grow_darker_in_even_steps() -> None:
    """In grey each shade is told from the next: lightness (CIE L*) falls by 12 or more."""
    lightness = []
    for shade in SHADES:
        channels = [int(shade[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        lightness.append(116 * y ** (1 / 3) - 16)
    assert all(a - b >= 12 for a, b in itertools.pairwise(lightness)), lightness
    assert 100 - lightness[0] >= 8


def test_a_dots_area_goes_by_its_count() -> None:
    svg = draw_map({}, title="t", points=[Dot(105.0, 20.0, "a", 100), Dot(106.0, 20.0, "b", 25)])
    radii = [float(c.get("r", "")) for c in parsed(svg).iter(f"{SVG}circle") if title_of(c)]
    assert radii[0] / radii[1] == pytest.approx(2)


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([s.code for s in outlines("63").shapes]),
        st.none() | st.integers(0, 10**18),
        max_size=63,
    ),
    st.sampled_from(["quantile", "log"]),
)
def test_any_figures_make_one_map_and_its_table(values: dict[str, Figure], how: How) -> None:
    svg = draw_map(values, title="t", how=how)
    assert svg == draw_map(dict(reversed(values.items())), title="t", how=how)
    drawn = shapes(svg)
    assert all(title_of(drawn[r.code]) == r.said for r in map_table(values, how=how))


def test_a_map_is_drawn_quickly() -> None:
    full("63")
    best = min(_seconds() for _ in range(5))
    assert best < MOST_SECONDS


def _seconds() -> float:
    start = time.perf_counter()
    full("63")
    return time.perf_counter() - start


def test_a_legend_beside_the_map_says_what_the_one_in_it_says() -> None:
    svg = parsed(full("34"))
    inside = next(g for g in svg.iter(f"{SVG}g") if g.get("class") == "map-legend")
    told = " ".join(t.text or "" for t in inside.iter(f"{SVG}text"))
    lines = map_legend(VALUES, units="34", points=DOTS)
    for line in lines:
        swatch = parsed(line.swatch)
        assert swatch.get("aria-hidden") == "true" and not list(swatch.iter("style"))
    shades = [line.said for line in lines if "công trình" not in line.said]
    assert all(said in told for said in shades) and len(shades) < len(lines)
    without = draw_map(VALUES, units="34", points=DOTS, title="t", inner_legend=False)
    assert "map-legend" not in without and "map-step-1" in without
    assert map_legend({}, units="34") == ()


def test_a_place_is_ringed_and_named() -> None:
    here = Here(102.18, 22.38, "xã <Sín Thầu>")
    ring = next(
        g for g in parsed(draw_map({}, title="t", here=here)).iter(f"{SVG}g") if g.get("class") == "map-here"
    )
    assert title_of(ring) == "xã <Sín Thầu>" and ring.get("role") is None
    assert 'class="map-here" role="img"' in draw_map({"11": 1}, title="t", links={"11": "/x"}, here=here)
    with pytest.raises(ValueError, match="off the map"):
        draw_map({}, title="t", here=Here(0.0, 0.0, "x"))


def box_of(svg: str) -> tuple[float, ...]:
    return tuple(map(float, (parsed(svg).get("viewBox") or "").split()))


@pytest.mark.parametrize(
    ("units", "around", "has_mark"),
    [("63", ["11"], False), ("34", ["01", "11"], False), ("63", ["48"], True), ("34", ["56"], True)],
)
def test_a_map_is_cut_to_units_with_what_belongs_to_them(
    units: Units, around: list[str], has_mark: bool
) -> None:
    x, y, width, height = box_of(draw_map({}, units=units, title="t", around=around))
    whole = box_of(draw_map({}, units=units, title="t"))
    assert width < whole[2] and abs(width / height - whole[2] / whole[3]) < 0.01
    assert x >= 0 and y >= 0 and x + width <= whole[2] + 0.2 and y + height <= whole[3] + 0.2
    for shape in outlines(units).shapes:
        if shape.code in around:
            west, north, east, south = shape.box
            assert x <= west <= east <= x + width and y <= north <= south <= y + height
    marks = [m for m in outlines(units).marks if x <= m.x <= x + width and y <= m.y <= y + height]
    assert bool({m.code for m in marks} & set(around)) == has_mark


def test_letters_grow_and_fewer_names_have_room() -> None:
    small, large = (parsed(draw_map(VALUES, title="t", letters=size)) for size in (1, 2.2))
    names = [
        [t.text for t in next(g for g in svg.iter(f"{SVG}g") if g.get("class") == "map-names")]
        for svg in (small, large)
    ]
    assert len(names[1]) < len(names[0]) and {"Điện Biên", "Đà Nẵng"} <= set(names[1]), (
        "those with figures first"
    )
