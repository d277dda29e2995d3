"""The command line: output that can be piped, findings on standard error, and the three exit codes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hoptac.cli import main
from hoptac.cli.files import expand
from hoptac.reading.contract import from_contract

PAGE = (
    "Hà Nội giúp Điện Biên xây trường\n\n"
    "Năm 2024, thành phố Hà Nội hỗ trợ tỉnh Điện Biên 65 tỷ đồng xây dựng Trường Tiểu học Mường Phăng.\n"
)
HOPTAC = [sys.executable, "-m", "hoptac.cli"]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


def run(*args: str, data: bytes | None = None) -> Any:
    return CliRunner().invoke(main, list(args), input=io.BytesIO(data) if data is not None else None)


def test_the_table_shows_the_figure_and_its_sentence(page: Path) -> None:
    result = run("read", str(page))
    assert result.exit_code == 0
    assert "65.000.000.000 VND" in result.stdout and "Hà Nội → Điện Biên" in result.stdout
    assert "“Năm 2024, thành phố Hà Nội hỗ trợ" in result.stdout


def test_the_table_in_english(page: Path) -> None:
    result = run("read", "--lang", "en", str(page))
    assert "CONTRIBUTIONS (1)" in result.stdout and "65,000,000,000 VND" in result.stdout


def test_json_is_the_contract(page: Path) -> None:
    reading = from_contract(json.loads(run("read", "--json", str(page)).stdout))
    (contribution,) = reading.contributions
    assert contribution.evidence[0].quote in PAGE


def test_jsonl_gives_a_line_for_each_page_in_order(page: Path, tmp_path: Path) -> None:
    other = tmp_path / "a.txt"
    other.write_text(PAGE.replace("65", "60"), encoding="utf-8")
    result = run("read", "--format", "jsonl", str(page), str(other))
    assert [json.loads(line)["source"]["name"] for line in result.stdout.splitlines()] == [
        "page.txt",
        "a.txt",
    ]


def test_many_workers_give_what_one_gives(page: Path, tmp_path: Path) -> None:
    for n in range(5):
        (tmp_path / f"p{n}.txt").write_text(PAGE.replace("65", f"6{n}"), encoding="utf-8")
    command = [*HOPTAC, "read", "--format", "jsonl", str(tmp_path)]
    one = subprocess.run(command, capture_output=True, check=True)
    two = subprocess.run([*command, "--jobs", "2"], capture_output=True, check=True)
    assert one.stdout == two.stdout and one.stdout.count(b"\n") == 6


def test_standard_input_is_read(page: Path) -> None:
    result = subprocess.run(
        [*HOPTAC, "read", "--json", "-"], input=PAGE.encode(), capture_output=True, check=True
    )
    assert json.loads(result.stdout)["contributions"][0]["amount"]["value"] == "65000000000"


def test_text_is_what_offsets_count_in(page: Path) -> None:
    assert run("read", "--format", "text", str(page)).stdout == PAGE + "\n"


def test_what_cannot_be_read_is_told_and_the_rest_go_on(page: Path, tmp_path: Path) -> None:
    empty, missing = tmp_path / "broken.docx", tmp_path / "nowhere.txt"
    empty.write_bytes(b"PK\x03\x04 no archive")
    result = run("read", "--format", "jsonl", str(empty), str(missing), str(page))
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 1
    assert "broken.docx" in result.stderr and "nowhere.txt" in result.stderr


@pytest.mark.parametrize(
    "args", [[], ["--format", "pdf", "x.txt"], ["--jobs", "0", "x.txt"], ["--on", "26/4/2024", "x.txt"]]
)
def test_misuse_ends_with_two(args: list[str]) -> None:
    assert run("read", *args).exit_code == 2


def test_names_are_expanded_in_a_stable_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".hidden"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert [Path(p).name for p in expand([str(tmp_path)])] == ["a.txt", "b.txt"]
    assert [Path(p).name for p in expand([str(tmp_path / "*.txt")])] == ["a.txt", "b.txt"]
    assert expand(["-", "no-such-*.txt"]) == ["-", "no-such-*.txt"]


def ledger_run(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HOPTAC_")} | {
        "HOPTAC_DATA": str(folder)
    }
    return subprocess.run([*HOPTAC, *args], capture_output=True, text=True, env=environment, check=False)


@pytest.mark.slow
def test_a_ledger_from_nothing_to_a_clean_check(page: Path, tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    assert ledger_run(folder, "check").returncode == 2  # no ledger yet
    assert ledger_run(folder, "init").returncode == 0
    first = json.loads(ledger_run(folder, "take", "--json", str(page)).stdout)
    again = json.loads(ledger_run(folder, "take", "--json", str(page)).stdout)
    assert first["pages_new"] == 1 and first["statements_new"] > 0
    assert again["pages_new"] == again["statements_new"] == again["records_new"] == 0
    checked = ledger_run(folder, "check", "--json")
    assert checked.returncode == 0 and json.loads(checked.stdout) == []
    assert ledger_run(folder, "rebuild").returncode == 0
    assert ledger_run(folder, "take", "--speaker", "Không Có", str(page)).returncode == 2


@pytest.mark.slow
def test_odd_settings_are_refused(tmp_path: Path) -> None:
    environment = {**os.environ, "HOPTAC_DATA": str(tmp_path), "HOPTAC_DATABASE_URL": "oracle://x"}
    result = subprocess.run([*HOPTAC, "check"], capture_output=True, text=True, env=environment, check=False)
    assert result.returncode == 2 and "HOPTAC_DATABASE_URL" in result.stderr


def test_places_answers_by_name_and_day() -> None:
    (unit,) = json.loads(run("places", "sam mun", "--on", "2012-06-01", "--json").stdout)
    assert unit["full_name"] == "xã Sam Mứn, huyện Điện Biên, tỉnh Điện Biên" and len(unit["now"]) > 1
    shown = run("places", "Hà Tây", "--lang", "en", "--on", "2005-01-01")
    assert shown.exit_code == 0 and "Hà Tây Province" in shown.stdout and "> thành phố Hà Nội" in shown.stdout
    assert run("places", "không có nơi này").exit_code == 1
