"""Many files on several processes: the order kept, and nothing lost but what itself fails."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from hoptac.lexicon import default_lexicon
from hoptac.pages import Finding
from hoptac.pages.values import Page
from hoptac.reading import many
from hoptac.reading.many import Outcome, read_many, read_pages
from hoptac.reading.pipeline import read_page
from hoptac.reading.values import Reading


def read(page: Page) -> Reading:
    """A reader that fails on one word and ends its process on another."""
    if "hỏng" in page.text:
        raise ZeroDivisionError("hỏng")
    if "chết" in page.text:
        os._exit(9)
    return read_page(page)


def said(outcomes: list[Outcome]) -> list[str]:
    return [one.code if isinstance(one, Finding) else one[0].text.strip() for one in outcomes]


def of_files(folder: Path, texts: list[str], jobs: int) -> list[str]:
    names = []
    for n, text in enumerate(texts):
        path = folder / f"{n:03}.txt"
        path.write_text(text, encoding="utf-8")
        names.append(str(path))
    parts = list(read_many(names, read, jobs=jobs))
    assert sum(ended for ended, _ in parts) == len(texts)
    return said([one for _, part in parts for one in part])


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], []),
        (["một", "hai", "ba"], ["một", "hai", "ba"]),
        (["một", "hỏng", "ba"], ["một", "M05", "ba"]),
        (["chết", "hai", "ba", "bốn"], ["M06", "hai", "ba", "bốn"]),
        (["một", "chết", "hỏng", "chết", "năm"], ["một", "M06", "M05", "M06", "năm"]),
        (["một", "hai", "chết"], ["một", "hai", "M06"]),
    ],
)
def test_order_is_kept_and_only_what_fails_is_lost(
    tmp_path: Path, texts: list[str], expected: list[str], jobs: int
) -> None:
    assert of_files(tmp_path, texts, jobs) == expected


def test_a_long_queue_outlives_a_death(tmp_path: Path) -> None:
    texts = [f"trang {n}" for n in range(30)]
    texts[11] = texts[12] = "chết"
    expected = [*texts[:11], "M06", "M06", *texts[13:]]
    assert of_files(tmp_path, texts, 2) == expected


def test_a_large_file_is_shared_out_page_by_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "LARGE", 1)
    texts = [f"trang {n}" for n in range(40)]
    texts[20], texts[35] = "chết", "hỏng"
    archive = tmp_path / "pages.jsonl.gz"
    with gzip.open(archive, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"text": text}) + "\n" for text in texts)
    parts = list(read_many([str(archive), str(tmp_path / "nowhere.txt")], read, jobs=2))
    found = said([one for _, part in parts for one in part])
    assert found[:40] == [*texts[:20], "M06", *texts[21:35], "M05", *texts[36:]]
    assert len(found) == 41 and found[40].startswith("P")
    assert [ended for ended, _ in parts].count(1) == 2


def test_a_page_that_fails_names_itself() -> None:
    page = Page(name="a.txt", text="hỏng", data=b"", sha256="0" * 64, media_type="text/plain")
    (finding,) = read_pages([page], read)
    assert isinstance(finding, Finding)
    assert (finding.code, finding.where, dict(finding.values)["found"]) == (
        "M05",
        "a.txt",
        "ZeroDivisionError: hỏng",
    )
    row = next(row for row in default_lexicon().table("messages_reading") if row["code"] == finding.code)
    assert "{found}" in row["vi"] and "{found}" in row["en"]
