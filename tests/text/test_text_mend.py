import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from old_encodings import tcvn3, vni
from sentences import SENTENCES
from text_cases import rows

from hoptac.text.mend import mend_legacy, mend_run


@pytest.mark.parametrize(("text", "expected", "why"), rows("text_mend"))
def test_mend(text: str, expected: str, why: str) -> None:
    mended = mend_legacy(text)
    assert (mended.text if mended else "") == expected


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_sentence_is_mended_and_leads_back(sentence: str) -> None:
    for kind, glyphs in (
        ("tcvn3", tcvn3(sentence).decode("cp1252")),
        ("vni", vni(sentence).decode("cp1252")),
        ("utf-8", "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in sentence.encode())),
    ):
        mended = mend_legacy(glyphs)
        assert mended is not None
        assert mended.encoding == kind
        assert mended.why[0] == "scored"
        assert mended.text.lower() == sentence.lower()
        if kind != "tcvn3":
            assert mended.text == sentence
        assert "".join(mended.folded.quote(i, i + 1) for i in range(len(mended.text))) == glyphs
    assert mend_legacy(sentence) is None
    assert mend_legacy(unicodedata.normalize("NFD", sentence)) is None


def test_runs_with_a_font_need_no_guess() -> None:
    run = mend_run("Hµ", ".VnTime")
    assert run is not None
    assert (run.text, run.why, run.encoding) == ("Hà", ("font", ".VnTime"), "tcvn3")
    capitals = mend_run("tØnh", ".VnTimeH")
    assert capitals is not None
    assert capitals.text == "TỈNH"
    vni_run = mend_run("Haø", "VNI-Times")
    assert vni_run is not None
    assert (vni_run.text, vni_run.folded.quote(1, 2)) == ("Hà", "aø")
    assert mend_run("Hµ", "Times New Roman") is None
    assert mend_run("Hà Nội", ".VnTime") is None, "already right letters in an old font"


def test_what_was_given_back_is_stated() -> None:
    mended = mend_legacy("Tr-êng THPT M-êng NhÐ, tØnh §iÖn Biªn")
    assert mended is not None
    assert mended.why[-2:] == ("lost-u", "2")


def test_a_lost_no_break_space_is_taken_for_the_letter() -> None:
    mended = mend_legacy("HÃ  Ná»™i vÃ  tá»‰nh Äiá»‡n BiÃªn há»£p tÃ¡c\nThu HÃ\u00a0")
    assert mended is not None
    assert mended.text.startswith("Hà Nội và tỉnh")
    assert mended.text.endswith("Thu Hà")


@given(st.text(st.characters() | st.sampled_from("µ¸©ªH§ÖaøùâÃá»\u00a0- \n"), max_size=60))
@settings(max_examples=300)
def test_no_text_crashes_it(text: str) -> None:
    mended = mend_legacy(text)
    if mended is not None:
        assert mended.folded.source == text
        assert "".join(mended.folded.quote(i, i + 1) for i in range(len(mended.text))).startswith(text[:1])
