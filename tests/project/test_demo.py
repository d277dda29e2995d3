"""The demo's folder, users and port; and the demo as a whole, as ``make demo`` starts it."""

from __future__ import annotations

import os
import re
import socket
import stat
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from hoptac import demo
from hoptac.cli import main

HOPTAC = Path(sys.executable).with_name("hoptac")
LOOPBACK = "127.0.0.1"


def taken_port() -> socket.socket:
    listening = socket.socket()
    listening.bind((LOOPBACK, 0))
    listening.listen()
    return listening


def environment(data: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("HOPTAC_") or k == "HOPTAC_CI_MARK"}
    return {**kept, "HOPTAC_DATA": str(data), **more}


def test_a_port_that_was_asked_for_and_is_taken_is_refused_with_what_to_do() -> None:
    with taken_port() as listening:
        port = listening.getsockname()[1]
        with pytest.raises(demo.DemoError, match=f"port {port} is taken.*HOPTAC_PORT={port + 1}"):
            demo.find_port(port)


def test_without_a_wish_the_next_free_port_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with taken_port() as listening:
        port = listening.getsockname()[1]
        monkeypatch.setattr(demo, "FIRST_PORT", port)
        assert demo.find_port(None) > port
        monkeypatch.setattr(demo, "PORTS_TRIED", 1)
        with pytest.raises(demo.DemoError, match="all taken"):
            demo.find_port(None)


def test_passwords_are_random_kept_and_for_the_owner_alone(tmp_path: Path) -> None:
    made = demo.kept_passwords(tmp_path / "data")
    assert set(made) == {"hanoi", "dienbien", "reviewer"}
    assert len(set(made.values())) == 3 and all(len(p) >= 16 for p in made.values())
    assert stat.S_IMODE((tmp_path / "data" / demo.MARK).stat().st_mode) == 0o600
    assert demo.kept_passwords(tmp_path / "data") == made
    assert demo.kept_passwords(tmp_path / "other") != made


def test_a_mark_without_the_users_is_named(tmp_path: Path) -> None:
    (tmp_path / demo.MARK).write_text("user\tpassword\nhanoi\tx\n", encoding="utf-8")
    with pytest.raises(demo.DemoError, match="make demo RESET=1"):
        demo.kept_passwords(tmp_path)


def test_a_ledger_that_the_demo_did_not_make_is_left_alone(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.sqlite3"
    ledger.write_bytes(b"somebody's work")
    with pytest.raises(demo.DemoError, match="left alone"):
        demo.refuse_foreign(tmp_path)
    with pytest.raises(demo.DemoError, match="left alone"):
        demo.clear(tmp_path)
    assert ledger.read_bytes() == b"somebody's work"


def test_reset_removes_what_the_demo_made_and_nothing_else(tmp_path: Path) -> None:
    demo.kept_passwords(tmp_path)
    (tmp_path / "ledger.sqlite3").write_bytes(b"")
    (tmp_path / "sources" / "ab").mkdir(parents=True)
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    demo.clear(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]
    demo.clear(tmp_path / "nowhere")


def test_another_database_is_refused(tmp_path: Path) -> None:
    ran = CliRunner().invoke(
        main, ["demo"], env={"HOPTAC_DATABASE_URL": "postgres://x/y", "HOPTAC_DATA": str(tmp_path)}
    )
    assert ran.exit_code == 2
    assert "HOPTAC_DATABASE_URL" in ran.output
    assert list(tmp_path.iterdir()) == []


def users_shown(text: str) -> dict[str, str]:
    return dict(re.findall(r"^  (hanoi|dienbien|reviewer) +(\S+)", text, re.MULTILINE))


def statements(data: Path) -> list[str]:
    """The uid of every statement, asked of the ledger in a process of its own."""
    ask = (
        "import django; django.setup(); from hoptac.ledger.models import Statement; "
        "print(*Statement.objects.values_list('uid', flat=True))"
    )
    return subprocess.run(
        [sys.executable, "-c", ask],
        env=environment(data, DJANGO_SETTINGS_MODULE="hoptac.settings"),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()


def test_reset_clears_before_the_ledger_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there: list[bool] = []
    old = demo.kept_passwords(tmp_path)
    (tmp_path / "ledger.sqlite3").write_bytes(b"")
    monkeypatch.setattr(demo, "open_ledger", lambda: there.append((tmp_path / "ledger.sqlite3").exists()))
    monkeypatch.setattr(demo, "make_users", lambda passwords: {"reviewer"})
    monkeypatch.setattr(demo, "take_samples", lambda: None)
    for arguments in (["--no-serve"], ["--no-serve", "--reset"]):
        ran = CliRunner().invoke(main, ["demo", *arguments], env={"HOPTAC_DATA": str(tmp_path)})
        assert ran.exit_code == 0, ran.output
        shown = users_shown(ran.output)
        assert (shown["hanoi"] == old["hanoi"]) is ("--reset" not in arguments)
        assert "reviewer    (changed since)" in ran.output
    assert there == [True, False]


@pytest.mark.slow
def test_a_second_run_keeps_the_ledger_and_serves_it_on_this_machine(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = subprocess.run(
        [str(HOPTAC), "demo", "--no-serve"],
        env=environment(data),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert first.returncode == 0, first.stderr
    taken = statements(data)
    assert len(taken) > 50
    with taken_port() as listening:
        port = listening.getsockname()[1]
    second = subprocess.Popen(
        [str(HOPTAC), "demo", "--port", str(port)],
        env=environment(data),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    shown = ""
    try:
        assert second.stdout is not None
        for line in second.stdout:
            shown += line
            if line.startswith(("demo: open", f"demo: http://{LOOPBACK}")):
                break
        assert f"demo: open http://{LOOPBACK}:{port}/ (stop with Ctrl+C)\n" in shown
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/", timeout=60) as answer:
            assert "Điện Biên" in answer.read().decode("utf-8")
    finally:
        second.terminate()
        second.wait(timeout=60)
    assert len(users_shown(shown)) == 3 and users_shown(shown) == users_shown(first.stdout)
    assert statements(data) == taken
    assert demo.is_free(port)
