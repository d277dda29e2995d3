"""What the documents say is there: links, tasks, commands, settings, files."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import click
import pytest

from hoptac.cli import main

ROOT = Path(__file__).resolve().parents[2]


def documents() -> list[Path]:
    """Every Markdown file of the project."""
    found = [*ROOT.glob("*.md"), *(ROOT / "bench").glob("*.md")]
    found += [p for p in (ROOT / "docs").rglob("*.md") if "_build" not in p.parts]
    return sorted(found)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def code_of(text: str) -> str:
    """What a Markdown text sets as code: indented blocks, fenced blocks and spans in backticks, one a line."""
    fenced = re.findall(r"^```[^\n]*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    rest = re.sub(r"^```[^\n]*\n.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    indented = re.findall(r"^ {4}\S.*$", rest, re.MULTILINE)
    return "\n".join([*fenced, *indented, *re.findall(r"`([^`\n]+)`", rest)])


PAGES = documents()
TASKS = set(
    re.findall(r"^([a-z][a-z-]*):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
)


def commands(group: click.Command = main, before: str = "") -> dict[str, click.Command]:
    """Every command by its full name, "read" or "user add"."""
    found: dict[str, click.Command] = {}
    for word, command in getattr(group, "commands", {}).items():
        if isinstance(command, click.Group):
            found |= commands(command, f"{before}{word} ")
        else:
            found[before + word] = command
    return found


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```|`[^`\n]*`", "", text_of(path), flags=re.DOTALL | re.MULTILINE)
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    missing = [
        t
        for t in targets
        if "://" not in t and not t.startswith("mailto:") and not (path.parent / t).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_tasks_exist(path: Path) -> None:
    named = set(re.findall(r"\bmake ([a-z][a-z-]*)", code_of(text_of(path))))
    assert named - TASKS == set()


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_commands_exist(path: Path) -> None:
    known = {words.split()[0] for words in commands()}
    named = set(re.findall(r"(?:^|[/\s])hoptac ([a-z][a-z-]*)\b(?!\.)", code_of(text_of(path)), re.MULTILINE))
    assert named - known == set()


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_files_of_the_source_exist(path: Path) -> None:
    named = re.findall(r"\b(?:src|scripts|tests|bench|docs)/[\w./-]*\w", code_of(text_of(path)))
    assert [n for n in named if not (ROOT / n).exists() and "_build" not in n] == []


def test_every_task_is_in_the_help() -> None:
    shown = subprocess.run(
        ["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert {t for t in TASKS if f"make {t}" not in shown} == set()
    assert {
        "setup",
        "demo",
        "test",
        "check",
        "bench",
        "gold",
        "docs",
        "test-browser",
        "test-postgres",
        "clean",
    } <= TASKS


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_command_is_documented(command: str) -> None:
    page = text_of(ROOT / "docs" / "reference" / "commands.md")
    assert f"## hoptac {command}\n" in page, f"docs/reference/commands.md has no section 'hoptac {command}'"
    section = page.split(f"## hoptac {command}\n")[1].split("\n## ")[0]
    options = {
        o
        for p in commands()[command].params
        if isinstance(p, click.Option)
        for o in p.opts
        if o.startswith("--")
    }
    assert {o for o in options if f"`{o}" not in section} == set(), (
        f"options of 'hoptac {command}' without a line"
    )


def test_every_setting_is_documented_and_every_documented_setting_is_read() -> None:
    product = [*(ROOT / "src").rglob("*.py"), ROOT / "Makefile", *(ROOT / "scripts").glob("*")]
    product += [*(ROOT / "tests").rglob("*.py"), ROOT / ".ci" / "run"]
    in_source = {
        m for p in (ROOT / "src").rglob("*.py") for m in re.findall(r"\bHOPTAC_[A-Z_]+[A-Z]\b", text_of(p))
    }
    read = {m for p in product if p.is_file() for m in re.findall(r"\bHOPTAC_[A-Z_]+[A-Z]\b", text_of(p))}
    told = {m for p in PAGES for m in re.findall(r"\bHOPTAC_[A-Z_]+[A-Z]\b", text_of(p))}
    assert in_source - told == set(), "settings without a document"
    assert told - read == set(), "documented settings that nothing reads"


@pytest.mark.parametrize(
    "english, vietnamese", [("README.md", "README.vi.md"), ("docs/start.md", "docs/vi/bat-dau.md")]
)
def test_both_languages_name_the_same_tasks(english: str, vietnamese: str) -> None:
    one, other = (
        {*re.findall(r"\bmake ([a-z-]+)", code_of(text_of(ROOT / p)))} for p in (english, vietnamese)
    )
    assert other <= one
    assert {"demo", "test"} <= other
