"""The sample ledger behind ``make demo`` (bản xem thử).

One folder holds all of it: an SQLite ledger, the kept sources, the key and the users. The folder is marked by
``demo-users.tsv``; a ledger without that mark was not made here and is left alone.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import click

HOST = "127.0.0.1"
FIRST_PORT = 8000
PORTS_TRIED = 20
READY_WITHIN = 60  # seconds until the server has to answer
ENDS_WITHIN = 10  # seconds that the server is given to end
MARK = "demo-users.tsv"
SERVER = (
    "django.core.wsgi:get_wsgi_application",
    "--factory",
    "--interface=wsgi",
    "--workers=1",
    "--blocking-threads=4",
    "--workers-kill-timeout=5",
    "--log-level=warning",
)
MADE_HERE = (
    "ledger.sqlite3",
    "ledger.sqlite3-wal",
    "ledger.sqlite3-shm",
    "secret-key",
    "sources",
    "static",
    MARK,
)
PASSWORD_BYTES = 12


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A user of the demo; ``sides`` are the plain names of the localities that the user works for."""

    name: str
    role: str
    sides: tuple[str, ...]


USERS = (
    DemoUser("hanoi", "officer", ("Hà Nội",)),
    DemoUser("dienbien", "officer", ("Điện Biên",)),
    DemoUser("reviewer", "reviewer", ("Hà Nội", "Điện Biên")),
)


class DemoError(click.ClickException):
    """Something that keeps the demo from starting: what was found, and what to do. Exit code 2."""

    exit_code = 2


@click.command("demo")
@click.option("--reset", is_flag=True, help="Remove the demo's ledger first and begin with an empty one.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    envvar="HOPTAC_PORT",
    show_envvar=True,
    help=f"Port to listen on.  [default: {FIRST_PORT}, or the next free one]",
)
@click.option("--no-serve", is_flag=True, help="Make the ledger and stop; start no server.")
def demo(reset: bool, port: int | None, no_serve: bool) -> None:
    """Make a ledger of the sample pages, with a user for each side, and show it in the browser.

    A second run keeps the data. The server listens on this machine only. A ledger that the demo did not make is left alone.

    \b
    Examples
      hoptac demo
      hoptac demo --reset --port 8080
    """
    began = time.monotonic()
    click.echo("demo: about 15 seconds before the address is shown the first time, 5 after that")
    if os.environ.get("HOPTAC_DATABASE_URL"):
        raise DemoError(
            "HOPTAC_DATABASE_URL is set; the demo keeps its ledger in SQLite. Unset it and run again."
        )
    data = data_folder()
    listen = None if no_serve else find_port(port)
    if reset:
        clear(data)
    refuse_foreign(data)
    passwords = kept_passwords(data)
    step(1, f"ledger in {data}")
    open_ledger()
    step(2, "users")
    changed = make_users(passwords)
    step(3, "sample pages")
    take_samples()
    click.echo(f"demo: ledger ready after {time.monotonic() - began:.0f} s\n")
    show_users(passwords, changed)
    if listen is not None:
        serve(listen)


def step(n: int, what: str) -> None:
    click.echo(f"demo: [{n}/3] {what}")


def data_folder() -> Path:
    """The folder of the demo: ``HOPTAC_DATA``, else ``hoptac-data`` in the working folder."""
    return Path(os.environ.get("HOPTAC_DATA") or "hoptac-data").expanduser().absolute()


def find_port(asked: int | None) -> int:
    """A free port on this machine: the one asked for, else the first free one from 8000 on."""
    if asked is not None:
        if not is_free(asked):
            raise DemoError(
                f"port {asked} is taken by another program (maybe by a demo that still runs). "
                f"Stop it, or choose another: HOPTAC_PORT={asked + 1} make demo"
            )
        return asked
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        if is_free(port):
            if port != FIRST_PORT:
                click.echo(f"demo: port {FIRST_PORT} is taken; using {port}")
            return port
    raise DemoError(
        f"ports {FIRST_PORT}-{FIRST_PORT + PORTS_TRIED - 1} are all taken. Name a free one: HOPTAC_PORT=9000 make demo"
    )


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def clear(data: Path) -> None:
    """Remove what the demo made in the folder, and nothing else in it."""
    if not data.exists():
        return
    refuse_foreign(data)
    for name in MADE_HERE:
        path = data / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    click.echo(f"demo: removed the demo's ledger from {data}")


def refuse_foreign(data: Path) -> None:
    """Stop where the folder holds a ledger that the demo did not make."""
    if (data / "ledger.sqlite3").exists() and not (data / MARK).exists():
        raise DemoError(
            f"{data} holds a ledger that the demo did not make; it is left alone. "
            "Name another folder: HOPTAC_DATA=demo-data make demo"
        )


def kept_passwords(data: Path) -> dict[str, str]:
    """The password of each demo user, from the folder's mark; made at random, and kept for the owner alone, the first time."""
    path = data / MARK
    if path.exists():
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
        kept = {row[0]: row[1] for row in rows if len(row) >= 2}
        if set(kept) == {user.name for user in USERS}:
            return kept
        raise DemoError(f"{path} does not hold the demo's three users. Begin anew: make demo RESET=1")
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = {user.name: secrets.token_urlsafe(PASSWORD_BYTES) for user in USERS}
    lines = ["user\tpassword\tworks for", *(f"{u.name}\t{made[u.name]}\t{', '.join(u.sides)}" for u in USERS)]
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    return made


def open_ledger() -> None:
    """Load Django with the demo's settings and make the ledger's tables."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hoptac.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise DemoError(str(error)) from error
    from hoptac.ledger.commands import init_ledger

    init_ledger()


def make_users(passwords: dict[str, str]) -> set[str]:
    """Add the users that the ledger lacks; gives the names of those whose password was changed since."""
    from django.contrib.auth.models import User

    from hoptac.ledger.commands import add_user

    known = {user.username: user for user in User.objects.filter(username__in=passwords)}
    for user in USERS:
        if user.name not in known:
            add_user(user.name, passwords[user.name], user.sides, user.role)
    return {name for name, user in known.items() if not user.check_password(passwords[name])}


def take_samples() -> None:
    """Take every sample page into the ledger, each as its speaker's own paper; those that are there change nothing."""
    from hoptac.ledger.commands import Taken, take_files
    from hoptac.samples import samples

    def tell(page: Taken) -> None:
        if page.result is None:
            click.echo(f"      {page.name}: not taken")
        elif page.result.new_source:
            click.echo(
                f"      {page.name}: {page.result.statements_new} statements, {page.result.records_new} new records"
            )
        else:
            click.echo(f"      {page.name}: known")

    for sample in samples():
        report = take_files([sample.path], speaker=sample.speaker, on_progress=tell)
        for finding in report.findings:
            if finding.fatal:
                raise DemoError(f"{finding.where}: {finding.code} {dict(finding.values)}")


def show_users(passwords: dict[str, str], changed: set[str]) -> None:
    click.echo("  user        password            works for")
    for user in USERS:
        password = "(changed since)" if user.name in changed else passwords[user.name]
        click.echo(f"  {user.name:<11} {password:<19} {', '.join(user.sides)} ({user.role})")
    click.echo()


def serve(port: int) -> None:
    """Serve on this machine until stopped (Ctrl+C or SIGTERM); the server's process ends with this one.

    The server runs in a process of its own, because this one has a database open, which must not be forked.
    """
    # Empty: the demo serves styles straight from the packages, and whitenoise warns of a folder that is not there.
    (data_folder() / "static").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "granian", *SERVER, "--host", HOST, "--port", str(port)]
    # A group of its own, so that Ctrl+C reaches this process alone, which then ends the server once and in order.
    server = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - this program's own server
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    try:
        announce(f"http://{HOST}:{port}/", server)
        server.wait()
    except KeyboardInterrupt:
        click.echo("demo: stopped; the ledger stays")
    finally:
        end(server)


def announce(address: str, server: subprocess.Popen[bytes]) -> None:
    """Say where to look, once the first page has been answered."""
    import urllib.error
    import urllib.request

    ends = time.monotonic() + READY_WITHIN
    while time.monotonic() < ends:
        if server.poll() is not None:
            raise DemoError(f"the server stopped with status {server.returncode}; see the messages above")
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - this machine's own address
                answer.read(1)
            click.echo(f"demo: open {address} (stop with Ctrl+C)")
            return
        except urllib.error.HTTPError as answer:
            raise DemoError(
                f"{address} answers with status {answer.code}; see the messages above"
            ) from answer
        except OSError:
            time.sleep(0.2)
    raise DemoError(f"{address} did not answer within {READY_WITHIN} s; see the messages above")


def end(server: subprocess.Popen[bytes]) -> None:
    """Let the server end, and make it and its worker end where they do not."""
    if server.poll() is None:
        server.terminate()
    try:
        server.wait(timeout=ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        if os.name == "posix":
            os.killpg(server.pid, signal.SIGKILL)
        else:
            server.kill()
        server.wait()
