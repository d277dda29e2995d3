"""A process that is killed in the middle of taking loses nothing and doubles nothing; neither do two at once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

HERE = Path(__file__).parent
PAGES = 30
ROUNDS = 10
LONGEST = 120  # seconds for one process, on a busy machine

Env = dict[str, str]
pytestmark = pytest.mark.slow


@pytest.fixture
def new_ledger(tmp_path: Path) -> Iterator[Callable[[], Env]]:
    """Makes environments of empty ledgers, each with its own folder and database."""
    url = os.environ.get("HOPTAC_TEST_DATABASE_URL", "")
    made: list[str] = []

    def new() -> Env:
        name = f"ledger_{uuid.uuid4().hex[:12]}"
        env = {k: v for k, v in os.environ.items() if not k.startswith("HOPTAC_")}
        env |= {"HOPTAC_DATA": str(tmp_path / name), "PYTHONPATH": str(HERE), "PYTHONUNBUFFERED": "1"}
        if url:
            run_sql(url, f"CREATE DATABASE {name}")
            made.append(name)
            env["HOPTAC_DATABASE_URL"] = url.rsplit("/", 1)[0] + "/" + name
        return env

    yield new
    for name in made:
        run_sql(url, f"DROP DATABASE {name} WITH (FORCE)")


def run_sql(url: str, sql: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.encode())


class Worker:
    """A process that answers commands in processes of its own (``kill_worker.py``)."""

    def __init__(self, env: Env) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "kill_worker.py")],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, command: str) -> int:
        """Send a command; gives the id of the process that does it."""
        assert self._process.stdin is not None
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        return int(self.line().split()[1])

    def line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the worker died"
        return line.rstrip("\n")

    def finish(self) -> list[str]:
        """What the process says to its end, which must be a good one."""
        lines = [self.line()]
        while not lines[-1].startswith("end "):
            lines.append(self.line())
        assert lines.pop() == "end 0"
        return lines

    def take(self, pages: int) -> None:
        self.ask(f"take {pages}")
        self.finish()

    def dump(self) -> dict[str, Any]:
        self.ask("dump")
        ledger: dict[str, Any] = json.loads(self.finish()[0])
        return ledger

    def take_and_die(self, pages: int, lines: int, then: float) -> int:
        """Take, and be killed ``then`` seconds after so many lines; gives the exit code."""
        pid = self.ask(f"take {pages}")
        said = ""
        while lines and not said.startswith("end "):
            said, lines = self.line(), lines - 1
        if not said.startswith("end "):
            assert self._process.stdout is not None
            Event().wait(then)
            os.kill(pid, signal.SIGKILL)
        while not said.startswith("end "):
            said = self.line()
        return int(said.split()[1])

    def close(self) -> None:
        self._process.communicate(timeout=LONGEST)


@pytest.fixture
def worker(new_ledger: Callable[[], Env]) -> Iterator[Callable[[Env | None], Worker]]:
    """Starts workers, each on a new ledger or on the one given."""
    started: list[Worker] = []

    def start(env: Env | None = None) -> Worker:
        started.append(Worker(env or new_ledger()))
        return started[-1]

    yield start
    for one in started:
        one.close()


def test_a_killed_taker_loses_and_doubles_nothing(worker: Callable[[Env | None], Worker]) -> None:
    undisturbed, killed = worker(None), worker(None)
    undisturbed.take(PAGES)
    expected = undisturbed.dump()
    assert expected["found"] == [] and len(expected["sources"]) == PAGES

    chance, deaths, at = random.Random(20261123), 0, 0  # noqa: S311
    for _ in range(ROUNDS):
        at += chance.randint(0, 3)
        code = killed.take_and_die(PAGES, min(at, PAGES - 1), chance.uniform(0.0, 0.12))
        assert code in (0, -signal.SIGKILL)
        deaths += code != 0
    assert deaths >= ROUNDS // 2
    killed.take(PAGES)
    assert killed.dump() == expected


def test_two_takers_at_once_double_nothing(
    worker: Callable[[Env | None], Worker], new_ledger: Callable[[], Env]
) -> None:
    alone, shared = worker(None), new_ledger()
    first, second = worker(shared), worker(shared)
    first.take(0)
    first.ask("take 12")
    second.ask("take 12")
    first.finish()
    second.finish()
    alone.take(12)
    assert second.dump() == alone.dump()
