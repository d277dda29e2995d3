"""Names cost in proportion to the page's length, also on text that repeats what a rule looks far for."""

from __future__ import annotations

import time

import pytest

from hoptac.lexicon.tables import default_lexicon
from hoptac.reading.doc import Doc
from hoptac.reading.names import find_names, find_officers

LEXICON = default_lexicon()
SHORT, TIMES = 20_000, 4
MOST = 3 * TIMES
"""A page of four times the length may take twelve times as long: four and the noise; where cost is quadratic, sixteen."""

REPEATED = [
    "HÀ NỘI ",
    "UBND HÀ NỘI ",
    "(Lào)",
    "Lào\n",
    "A-a",
    "A'",
    "Tổng thống Putin, ",
    "Theo Bà Trương Lý Hoàng Phi ",
    "Giám đốc điều hành Apple Tim Cook, ",
    "các phó chủ tịch: Nguyễn Văn An, Trần Văn Bình, ",
    "huyện Mường Nhé, Nậm Pồ, ",
    "xã Tân Thành, ",
    "đường Điện Biên Phủ - ",
    "Công ty TNHH Minh Anh và ",
    "“Quỹ ",
]


def seconds(text: str) -> float:
    def once() -> float:
        doc = Doc.of(text)
        begun = time.process_time()
        find_officers(doc, find_names(doc, lexicon=LEXICON), lexicon=LEXICON)
        return time.process_time() - begun

    return min(once() for _ in range(3))


@pytest.mark.parametrize("words", REPEATED)
def test_cost_is_in_proportion_to_length(words: str) -> None:
    short = words * (SHORT // len(words))
    assert seconds(short * TIMES) < max(MOST * seconds(short), 0.02)
