"""Two officers in two processes file the same statement at the same moment: one wins, the other is told."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from test_kill import HERE, LONGEST, Env, new_ledger

__all__ = ["new_ledger"]
pytestmark = pytest.mark.slow
ROUNDS = 3


def worker(env: Env, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(HERE / "decide_worker.py"), *arguments]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)


def test_one_wins_and_the_other_is_told(new_ledger: Callable[[], Env], tmp_path: Path) -> None:
    for n in range(ROUNDS):
        env, signal = new_ledger(), tmp_path / f"go-{n}"
        assert worker(env, "make").wait(LONGEST) == 0
        officers = [worker(env, "decide", str(signal)) for _ in range(2)]
        for officer in officers:
            assert officer.stdout is not None and officer.stdout.readline() == "ready\n"
        signal.touch()
        said = sorted(officer.communicate(timeout=LONGEST)[0].strip() for officer in officers)
        assert [words.split()[0] for words in said] == ["told", "won"]
        assert {words.split()[1] for words in said} == {"2"}
