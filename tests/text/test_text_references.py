import html

import pytest
from hypothesis import given
from hypothesis import strategies as st
from text_cases import rows

from hoptac.text.fold import fold
from hoptac.text.references import expand_references


@pytest.mark.parametrize(("text", "expected", "why"), rows("text_references"))
def test_references(text: str, expected: str, why: str) -> None:
    assert expand_references(text).text == expected


@given(
    st.lists(
        st.sampled_from(["&agrave;", "&#7879;", "&#xe0;", "&", ";", "Hà", " ", "&amp;", "&NotEqualTilde;"])
    ).map("".join)
)
def test_every_character_leads_back(text: str) -> None:
    done = expand_references(text)
    at = 0
    for i, char in enumerate(done.text):
        start, end = done.span(i, i + 1)
        quote = done.quote(i, i + 1)
        assert char in html.unescape(quote)
        assert start == at or done.span(i - 1, i) == (start, end)
        at = end
    assert at == len(text)


def test_reading_form_over_references() -> None:
    source = "tho&#x1EA3; thu&#7853;n ho&agrave;"
    first = expand_references(source)
    both = fold(first.text).after(first)
    assert both.text == "thỏa thuận hòa"
    assert both.quote(11, 14) == "ho&agrave;"
