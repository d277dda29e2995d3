"""No sample repeats a sentence of a page that others wrote: runs of eight words, official names apart."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from hoptac.samples import FOLDER, samples

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
SEED = SHARED / "measure" / "pages" / "seed.txt"
CORPUS = SHARED / "corpus" / "articles.jsonl.gz"
RUN = 8  # words

OFFICIAL = (
    "trường tiểu học hà nội điện biên phủ",
    "kỷ niệm 50 năm chiến thắng điện biên phủ",
    "cộng hòa xã hội chủ nghĩa việt nam độc lập tự do hạnh phúc",
    "trung tâm giáo dục thường xuyên tỉnh",
    "trường mầm non số 2 sam mứn huyện điện biên",
    "trường tiểu học sín thầu huyện mường nhé",
    "trường thpt chuyên lê quý đôn",
    "chủ tịch hđnd thành phố hà nội",
    "phó chủ tịch ubnd tỉnh",
    "chủ tịch ubnd tỉnh",
    "thành phố hồ chí minh",
    "thành phố hà nội",
    "tỉnh điện biên",
)


def plain(text: str) -> str:
    words = " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", text).lower()))
    for name in OFFICIAL:
        words = re.sub(rf"\b{name}\b", "|", words)
    return words


def runs(text: str) -> Iterator[str]:
    for stretch in plain(text).split("|"):
        words = stretch.split()
        for i in range(len(words) - RUN + 1):
            yield " ".join(words[i : i + RUN])


@cache
def ours() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in [s.path for s in samples()] + [
        ROOT / "scripts/samples/ban-tin-2004.txt",
        ROOT / "scripts/make_samples.py",
    ]:
        if path.suffix in (".docx", ".xlsx") or path == FOLDER / "ban-tin-2004.txt":
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".jsonl":
            text = "\n".join(json.loads(line)["text"] for line in text.splitlines())
        if path.suffix == ".html":
            text = re.sub(r"<[^>]+>", " ", text)
        for run in runs(text):
            found.setdefault(run, path.name)
    return found


def test_the_comparison_finds_a_copied_sentence_and_lets_names_pass() -> None:
    assert "một hai ba bốn năm sáu bảy tám" in set(runs("Một, hai, ba, bốn: năm sáu bảy tám chín"))
    assert not list(runs("Trường Tiểu học Hà Nội - Điện Biên Phủ của tỉnh Điện Biên"))


@pytest.mark.skipif(
    not SEED.is_file(), reason="../shared is not at hand: nothing to compare the samples with"
)
def test_no_sample_repeats_the_seed_page() -> None:
    assert {r: ours()[r] for r in runs(SEED.read_text(encoding="utf-8")) if r in ours()} == {}


@pytest.mark.slow
@pytest.mark.skipif(
    not CORPUS.is_file(), reason="../shared is not at hand: nothing to compare the samples with"
)
def test_no_sample_repeats_an_article() -> None:
    known = ours()
    firsts = {run.split(" ", 1)[0] for run in known}
    repeated = {}
    with gzip.open(CORPUS, "rt", encoding="utf-8") as articles:
        for line in articles:
            article = json.loads(line)
            for stretch in plain(article["text"]).split("|"):
                words = stretch.split()
                for i in range(len(words) - RUN + 1):
                    if words[i] in firsts and (run := " ".join(words[i : i + RUN])) in known:
                        repeated[run] = (known[run], article["id"])
    assert repeated == {}
