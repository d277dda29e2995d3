"""No text takes more time than its length: every pattern of the package, every stage, pages of five megabytes."""

from __future__ import annotations

import importlib
import pkgutil
import random
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType, ModuleType

import pytest

import hoptac
from hoptac.lexicon import default_lexicon
from hoptac.pages.values import Page
from hoptac.reading.doc import Doc
from hoptac.reading.figures import find_figures, settle
from hoptac.reading.layout import lay_out
from hoptac.reading.pipeline import read_page
from hoptac.text.fold import fold

LENGTH = 1500
LIMIT = 1.5
"""Seconds of this process's own time for one pattern over ``LENGTH`` characters: a pattern that tries each pair of places
takes a hundredth of it, one that tries each three takes more."""
PROBES = 24
"""Texts made of each pattern's own characters."""
UNITS = [
    "1",
    "1.",
    "1,",
    "1-",
    "1/",
    "1:",
    "1.1,",
    "11",
    "00",
    "a",
    "ab",
    "aB",
    "A",
    "Aa",
    "AB",
    "à",
    "đ",
    "Đ",
    "a.",
    "a,",
    "a-",
    "a/",
    "a:",
    "a'",
    "A.",
    "a1",
    "1a",
    "1A",
    "a1-",
    "a@",
    "a.a@",
    "a_",
    "_",
    ".",
    ",",
    ";",
    ":",
    "!",
    "?",
    "-",
    "--",
    "–",
    "/",
    "(",
    ")",
    "((",
    "()",
    ")(",
    "[",
    "]",
    "{}",
    "<",
    "<a",
    ">",
    "</",
    "&",
    "&#",
    "&#1;",
    "&a;",
    "%",
    "=",
    "+",
    "*",
    "#",
    "@",
    "'",
    '"',
    "“",
    "”",
    "‘",
    "’",
    "«",
    "»",
    "…",
    "•",
    "|",
    "\\",
    "~",
    "^",
    "$",
    "http://",
    "www.",
    ".vn",
    "+84",
    "0",
    "19",
    "0.1",
    "1(1",
    "(1)",
    "1%,",
    "năm",
    "tháng1",
    "́",
    "á",
    "\u200b",
    "\xa0",
    "\ufeff",
    "힣",
]
SPACED = (
    "1 ",
    " 1",
    "a ",
    " a",
    "A ",
    "Aa ",
    "1 a ",
    "- ",
    " - ",
    "1 - ",
    ". ",
    ", ",
    "; ",
    "( ",
    " )",
    "a, ",
    "A. ",
    " /",
)
BLANKS = (" ", "  ", "\n", "\r", "\r\n", "\t", " \n", "\n\n", "a\n", "1\n", "\t1", "a\t", "\v")
TAILS = ("!", "x1")


@contextmanager
def limited(seconds: float, what: str) -> Iterator[None]:
    """Fail where the block takes more of this process's own time; a pattern that would never end is broken off."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError(what)

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(hoptac.__path__, "hoptac."):
        if ".migrations" not in found.name and not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def patterns() -> dict[str, re.Pattern[str]]:
    """Every compiled pattern of text that the package's modules hold, and those built from the lexicon."""
    read_page(page("Ngày 25/4, thành phố hỗ trợ 2,4 tỷ đồng.\n\nXem thêm"))
    found: dict[str, re.Pattern[str]] = {}
    seen: set[int] = set()
    waiting: list[tuple[str, object]] = [(module.__name__, vars(module)) for module in modules()]
    waiting.append(("lexicon", default_lexicon()))
    while waiting:
        name, value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, re.Pattern):
            if isinstance(value.pattern, str):
                found[f"{name} {value.pattern[:60]}"] = value
        elif isinstance(value, dict):
            waiting += [(name, inner) for inner in value.values()]
        elif isinstance(value, list | tuple | set | frozenset):
            waiting += [(name, inner) for inner in value]
        elif type(value).__module__.startswith("hoptac") or (
            isinstance(value, type) and value.__module__.startswith("hoptac")
        ):
            waiting += [(name, inner) for inner in list(getattr(value, "__dict__", {}).values())]
            waiting += [(name, getattr(value, slot, None)) for slot in getattr(value, "__slots__", ())]
    return found


def page(text: str) -> Page:
    return Page(name="x", text=text, data=b"", sha256="0" * 64, media_type="text/plain")


def probes(pattern: re.Pattern[str]) -> Iterator[str]:
    """Texts that a pattern may stumble over: the same few characters again and again, among them its own."""
    for unit in (*UNITS, *SPACED, *BLANKS):
        many = unit * (LENGTH // len(unit))
        for tail in TAILS:
            yield many + tail
    chance = random.Random(ascii(pattern.pattern))  # noqa: S311 (texts to try, no secret)
    own = sorted({c for c in re.sub(r"\\.", "", pattern.pattern) if c not in "|?+*^$"}) + list("1aA -.\n")
    for _ in range(PROBES):
        unit = "".join(chance.choices(own, k=chance.randint(1, 4)))
        many = unit * (LENGTH // len(unit))
        yield many + chance.choice(own)
        yield "".join(chance.choices(own, k=LENGTH))


def test_the_test_itself_would_find_a_pattern_that_blows_up() -> None:
    for bad in (re.compile(r"(?:a|a)+b"), re.compile(r"(?:\w{0,2}\w+)*!$"), re.compile(r"\s*\s*\s*\s*x")):
        with pytest.raises(TimeoutError), limited(LIMIT, bad.pattern):
            for text in probes(bad):
                bad.search(text)


@pytest.mark.slow
def test_no_pattern_blows_up() -> None:
    found = patterns()
    assert len(found) > 150
    slow = []
    for name, pattern in found.items():
        for text in probes(pattern):
            try:
                for call in (pattern.search, pattern.match, pattern.fullmatch, pattern.findall):
                    with limited(LIMIT, name):
                        if call(text) is None and call == pattern.search:
                            break  # nor does any other call find it
            except TimeoutError:
                slow.append((name, text[:12]))
                break
    assert not slow


def seconds_for(work: Callable[[], object]) -> float:
    """The least of this process's own time that the work takes, of three."""
    taken = []
    for _ in range(3):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


STAGES: dict[str, Callable[[str], object]] = {
    "fold": fold,
    "figures": lambda text: settle(Doc.of(text), find_figures(Doc.of(text), lexicon=default_lexicon())),
    "layout": lambda text: lay_out(Doc.of(text), lexicon=default_lexicon()),
    "page": lambda text: read_page(page(text)),
}
ODD_PAGES = (
    *(
        "1",
        "1.",
        "1,",
        "1 ",
        "1-",
        "1/",
        "1-1/",
        "a",
        "a ",
        "a1",
        "1a ",
        "A ",
        "Aa ",
        "Aa",
        "(",
        "“",
        '"',
        "-",
        " - ",
        ". ",
        " ",
        "\n",
    ),
    *(
        "1\n",
        "a\n",
        "ngày 1 ",
        "năm 2019 ",
        "ông A ",
        "tỉnh A ",
        "hỗ trợ 1 tỷ ",
        "1 tỷ, ",
        "hôm nay ",
        "a\u0301",
        "\r",
        "_",
        "@a",
        "\t",
    ),
)


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_time_grows_with_length_alone_on_odd_pages(stage: str) -> None:
    work = STAGES[stage]
    grown = []
    for unit in ODD_PAGES:
        small, large = (unit * (size // len(unit)) for size in (4_000, 32_000))
        work(small)
        few = max(seconds_for(partial(work, small)), 0.002)
        many = seconds_for(partial(work, large))
        if many > 8 * few * 3:
            grown.append((unit, round(few, 4), round(many, 4)))
    assert not grown


PARAGRAPH = (
    "Ngày 12/3/2021, đoàn công tác của huyện Bình An đến thăm xã Hòa Sơn và trao 120 suất quà, mỗi suất 500.000 đồng, "
    "cho các hộ khó khăn; tổng giá trị hơn 60 triệu đồng, ông Nguyễn Văn Tám, Phó Chủ tịch huyện, cho biết.\n"
)


@pytest.mark.slow
def test_a_page_of_five_megabytes_takes_no_longer_than_its_length() -> None:
    small, large = (PARAGRAPH * (size // len(PARAGRAPH)) for size in (50_000, 5_000_000))
    for stage in ("fold", "layout", "figures"):
        work = STAGES[stage]
        work(small)
        few = seconds_for(partial(work, small))
        began = time.process_time()
        work(large)
        assert time.process_time() - began < 100 * few * 2.5, stage
