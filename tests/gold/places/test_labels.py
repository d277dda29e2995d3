"""The labels of places hold to the corpus: each string stands at its offsets, in order, none over another.

The articles are not part of the project; a label names the corpus id and its offsets (code points). Where the
corpus is not at hand only the shape of the labels is checked.
"""

import gzip
import hashlib
import json
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parents[3] / "shared" / "corpus" / "articles.jsonl.gz"

CLASSES = frozenset(
    {"province", "district", "commune", "city_ward", "village", "country", "foreign", "region"}
)
TRAPS = frozenset({"street", "school", "hospital", "newspaper", "battle", "person", "firm", "club", "other"})
AMBIGUOUS = frozenset(
    {
        "abbreviation",
        "bare name below province",
        "kind word abbreviated",
        "letters in NFD",
        "odd spelling",
        "old or other name",
        "one of a list",
        "person's name",
        "place for its government or team",
        "place inside a body's name",
        "place inside a name",
        "reference (tỉnh, thành phố)",
        "same commune name in several places",
        "same district name in several places",
        "same name at another level",
        "same name province/district",
        "unit of an older map",
        "unresolved",
    }
)
MOST_WORDS = 6  # names only: of a longer name the last six words
LEAST = {"articles": 60, "mentions": 450, "traps": 120}
UNIT_KEYS = frozenset(
    {
        "candidates",
        "code",
        "commune",
        "country",
        "district",
        "kind",
        "name",
        "older_map",
        "province",
        "unresolved",
        "within",
    }
)

Label = dict[str, Any]


def part_of(article: str) -> str:
    """Which part an article is in: ``tune`` (two of three) or ``hold``, by the digest of its id."""
    return "hold" if int(hashlib.sha256(article.encode()).hexdigest(), 16) % 3 == 0 else "tune"


def labels() -> list[Label]:
    """Every labelled article, by file name."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("*-*.json"))]


def items(article: Label) -> list[Label]:
    """Mentions and traps of one article in text order."""
    return sorted([*article["mentions"], *article["traps"]], key=lambda item: int(item["start"]))


def test_labels_have_the_shape_that_the_readme_gives() -> None:
    for path in sorted(HERE.glob("*-*.json")):
        article = json.loads(path.read_text(encoding="utf-8"))
        assert article["id"] == path.stem
        assert set(article) == {"id", "mentions", "traps"}
        for mention in article["mentions"]:
            assert mention["class"] in CLASSES, (path.stem, mention)
            assert set(mention["ambiguous"]) <= AMBIGUOUS, (path.stem, mention)
            assert mention["inside"] in (None, "body"), (path.stem, mention)
            assert set(mention["unit"]) <= UNIT_KEYS, (path.stem, mention)
            assert mention["unit"]["name"], (path.stem, mention)
            assert bool(mention["unit"].get("unresolved")) == ("candidates" in mention["unit"])
        for trap in article["traps"]:
            assert trap["is"] in TRAPS, (path.stem, trap)
        for item in items(article):
            assert item["end"] - item["start"] == len(item["text"]), (path.stem, item)
            assert len(item["text"].split()) <= MOST_WORDS, (path.stem, item)


def test_labels_stand_in_order_and_none_over_another() -> None:
    for article in labels():
        for key in ("mentions", "traps"):
            starts = [item["start"] for item in article[key]]
            assert starts == sorted(starts), (article["id"], key)
        spans = items(article)
        for one, next_one in pairwise(spans):
            assert one["end"] <= next_one["start"], (article["id"], one, next_one)


def test_labels_are_enough_and_both_parts_have_their_share() -> None:
    found = labels()
    counts = {
        "articles": len(found),
        "mentions": sum(len(article["mentions"]) for article in found),
        "traps": sum(len(article["traps"]) for article in found),
    }
    assert all(counts[name] >= least for name, least in LEAST.items()), counts
    parts = Counter(part_of(article["id"]) for article in found)
    assert parts["hold"] * 5 >= len(found), parts


def test_labels_are_what_the_corpus_says(capsys: pytest.CaptureFixture[str]) -> None:
    if not CORPUS.exists():
        pytest.skip("the corpus of articles is not at hand (../shared/corpus/articles.jsonl.gz)")
    wanted = {article["id"]: article for article in labels()}
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        texts = {row["id"]: row["text"] for row in map(json.loads, lines) if row["id"] in wanted}
    assert set(texts) == set(wanted)
    classes: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    ambiguous: Counter[str] = Counter()
    for name, article in wanted.items():
        for item in items(article):
            assert texts[name][item["start"] : item["end"]] == item["text"], (name, item)
        classes.update(mention["class"] for mention in article["mentions"])
        kinds.update(trap["is"] for trap in article["traps"])
        ambiguous.update(flag for mention in article["mentions"] for flag in mention["ambiguous"])
    parts = Counter(part_of(name) for name in wanted)
    with capsys.disabled():
        print(f"\nplaces labelled: {dict(parts)} articles, {classes.total()} mentions, {kinds.total()} traps")
        for title, counts in (("class", classes), ("trap", kinds), ("ambiguous", ambiguous)):
            print(f"  {title}: " + ", ".join(f"{name} {count}" for name, count in counts.most_common()))
