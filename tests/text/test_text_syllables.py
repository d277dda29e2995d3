import pytest

from hoptac.text.syllables import bare_share, is_bare_syllable, is_syllable, score_words, strip_marks


@pytest.mark.parametrize(
    "word",
    [
        "nội",
        "hoà",
        "hòa",
        "thuỷ",
        "thủy",
        "quý",
        "quốc",
        "giếng",
        "gì",
        "gìn",
        "nghiêng",
        "khuya",
        "khuỷu",
        "tuyết",
        "đường",
        "ưu",
        "ý",
        "yêu",
        "oanh",
        "xoong",
        "ngoằn",
    ],
)
def test_syllables(word: str) -> None:
    assert is_syllable(word)
    assert is_bare_syllable(strip_marks(word))


@pytest.mark.parametrize(
    "word", ["cafộ", "nèi", "các̀", "tàc", "ngế", "ka", "qá", "wà", "straßé", "ộtộ", "", "đđ"]
)
def test_not_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_scores() -> None:
    score = score_words("hà\nnội\ncafộ\n½\nplain\nà")
    assert (score.good, score.different, round(score.share, 2)) == (2, 2, 0.67)
    assert score_words("").share == 0.0
    assert bare_share([]) == 1.0
    assert bare_share(["Ha", "school"]) == 0.5
