"""``hoptac review`` and what ``hoptac check`` says of reviews."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from review_cast import Cast

from hoptac.cli import main
from hoptac.review.models import Review


@pytest.fixture(autouse=True)
def _ledger_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test database is not the file that the settings name."""
    monkeypatch.setattr("hoptac.ledger.commands.require_ready", lambda: None)


def call(*words: str) -> Any:
    return CliRunner().invoke(main, ["review", *words])


def test_a_review_is_opened_listed_written_and_checked(cast: Cast, tmp_path: Path) -> None:
    opened = call(
        "open",
        cast.cooperation.slug,
        "--from",
        "2011",
        "--to",
        "2024",
        "--side",
        "Hà Nội",
        "--by",
        "canbo.hanoi",
    )
    assert opened.exit_code == 0, opened.output
    slug = Review.objects.get().slug
    assert f"hoptac review open: {slug}" in opened.output
    again = call(
        "open",
        cast.cooperation.slug,
        "--from",
        "2011",
        "--to",
        "2024",
        "--side",
        "Hà Nội",
        "--by",
        "canbo.hanoi",
    )
    assert "was open already" in again.output and Review.objects.count() == 1
    assert json.loads(call("list", "--json").stdout)[0]["state"] == "draft"
    assert f"{slug}\tDự thảo" in call("list").output
    written = call(
        "write", slug, "--format", "xlsx", "--format", "brief", "--out", str(tmp_path), "--side", "Điện Biên"
    )
    assert written.exit_code == 0, written.output
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"{slug}-annexes-vi.xlsx", f"{slug}-brief-vi.pdf"]
    checked = call("check")
    assert (checked.exit_code, checked.output.strip()) == (0, "hoptac review check: clean")


def test_what_cannot_be_done_says_why(cast: Cast) -> None:
    years = ("--from", "2011", "--to", "2024")
    for words, code in (
        (("open", "khong-co", *years, "--side", "Hà Nội", "--by", "canbo.hanoi"), "V11"),
        (("open", cast.cooperation.slug, *years, "--side", "Cà Mau", "--by", "canbo.hanoi"), "V12"),
        (("open", cast.cooperation.slug, *years, "--side", "Hà Nội", "--by", "ai-do"), "V13"),
        (("write", "khong-co"), "V10"),
    ):
        answer = call(*words)
        assert answer.exit_code == 2 and code in answer.output, words
    assert call("open", "x", "--from", "2024", "--to", "2011", "--side", "a", "--by", "b").exit_code == 2


def test_findings_end_the_check_with_one(cast: Cast) -> None:
    review = cast.review()
    Review.objects.filter(pk=review.pk).update(state="both_sides")
    answer = call("check", "--json", "--lang", "en")
    assert answer.exit_code == 1
    [finding] = json.loads(answer.stdout)
    assert finding["code"] == "V06" and "both_sides" in finding["message"]
