"""What the command line does with the ledger (các lệnh): plain functions, each giving a report; ``cli`` prints them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from hoptac.ledger import check, store
from hoptac.ledger.canonical import storable
from hoptac.ledger.filing import rebuild_line
from hoptac.ledger.identity import identify
from hoptac.ledger.models import ROLES, Membership, Party, Record, Source
from hoptac.ledger.parties import ensure_party, find_party
from hoptac.ledger.records import rebuild
from hoptac.ledger.take import TakeError, TakeResult, take_reading
from hoptac.lexicon.tables import Lexicon
from hoptac.pages.values import Block, Finding, Page
from hoptac.reading.values import Reading

LEFTOVER_AGE = 3600  # seconds after which a half-written file is nobody's
REBUILD_BATCH = 200

Read = Callable[[Path], Iterable["Page | Finding"]]
ReadPage = Callable[[Page], Reading]


class LedgerError(Exception):
    """A command that cannot be done; ``finding`` says why and what to do."""

    def __init__(self, code: str, where: str = "", **values: str) -> None:
        self.finding = Finding(code, where, tuple(values.items()), fatal=True)
        super().__init__(f"{code} {where} {values}")


@dataclass(frozen=True)
class Taken:
    """One page taken, or not: ``result`` None where it could not be."""

    name: str
    sha256: str
    result: TakeResult | None


@dataclass
class TakeReport:
    """What a run of ``take_files`` did. ``findings`` are in the order met; a fatal one names what was not taken."""

    taken: list[Taken] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def statements_new(self) -> int:
        return sum(t.result.statements_new for t in self.taken if t.result is not None)

    @property
    def records_new(self) -> int:
        return sum(t.result.records_new for t in self.taken if t.result is not None)

    @property
    def pages_new(self) -> int:
        return sum(t.result.new_source for t in self.taken if t.result is not None)

    @property
    def unfiled(self) -> int:
        return sum(t.result.unfiled for t in self.taken if t.result is not None)


def init_ledger() -> None:
    """Make the ledger ready: the folder, the signing key, the tables. Doing it again does nothing."""
    data = Path(settings.HOPTAC_DATA)
    data.mkdir(parents=True, exist_ok=True)
    _keep_secret_key(data)
    call_command("migrate", interactive=False, verbosity=0)
    _mend_guards()
    _make_keys()


def _keep_secret_key(data: Path) -> None:
    if os.environ.get("HOPTAC_SECRET_KEY"):
        return
    try:
        handle = os.open(data / "secret-key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(settings.SECRET_KEY + "\n")
        out.flush()
        os.fsync(out.fileno())


def _mend_guards() -> None:
    """Put back triggers that a copy or a tool has lost."""
    from hoptac.ledger import triggers

    standing = triggers.standing(connection)
    tables = triggers.guarded()
    if any(not standing.get(name) for name in triggers.expected(connection.vendor, tables)):
        with transaction.atomic():
            triggers.drop(connection, tables)
            triggers.create(connection, tables)


def _make_keys() -> None:
    """Rebuild records of an older ledger, which has no keys by which a statement finds its record."""
    ids = list(Record.objects.live().filter(keys=None).order_by("pk").values_list("pk", flat=True))
    for at in range(0, len(ids), REBUILD_BATCH):
        with transaction.atomic():
            rebuild(ids[at : at + REBUILD_BATCH])


def require_ready() -> None:
    """Raises LedgerError L30 where the ledger has no tables yet, or older ones."""
    database = settings.DATABASES["default"]
    if connection.vendor == "sqlite" and not _exists(str(database["NAME"])):
        raise LedgerError("L30", str(database["NAME"]), found="no such file")
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError as error:
        raise LedgerError("L30", found=str(error).strip()) from error
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise LedgerError("L30", found=f"{len(missing)} migrations to run")


def _exists(name: str) -> bool:
    return name.startswith("file:") or name == ":memory:" or Path(name).exists()


def take_files(
    paths: Iterable[Path],
    *,
    speaker: str | None = None,
    by: str | None = None,
    on: datetime | None = None,
    lexicon: Lexicon | None = None,
    read: Read | None = None,
    read_page: ReadPage | None = None,
    on_progress: Callable[[Taken], None] | None = None,
) -> TakeReport:
    """Read files and take every page of them into the ledger, one transaction a page.

    ``speaker``  the name of the party whose own papers they are; ``by`` the user who brings them.
    ``on``       the day of reading, and the time that statements bear; now if None.
    ``read`` and ``read_page`` are the readers (``pages.read_file`` and ``reading.pipeline.read_page`` if None).
    A page that cannot be read or taken is a finding; the others go on. ``on_progress`` is called after each page.
    """
    require_ready()
    _clear_leftovers()
    party = _party(speaker) if speaker else None
    user = User.objects.get(username=by) if by else None
    report = TakeReport()
    read = read or _file_reader(lexicon)
    read_page = read_page or _page_reader(lexicon, on)
    for path in paths:
        for item in read(path):
            if isinstance(item, Finding):
                report.findings.append(item)
                continue
            report.findings += item.findings
            taken = _take_page(kept_page(item), read_page, party, user, on, report)
            report.taken.append(taken)
            if on_progress is not None:
                on_progress(taken)
    return report


def _take_page(
    page: Page,
    read_page: ReadPage,
    party: Party | None,
    user: User | None,
    on: datetime | None,
    report: TakeReport,
) -> Taken:
    try:
        result = take_reading(read_page(page), page, speaker=party, by=user, now=on)
    except TakeError as error:
        report.findings.append(error.finding)
        return Taken(page.name, page.sha256, None)
    report.findings += result.refused
    return Taken(page.name, page.sha256, result)


def kept_page(page: Page) -> Page:
    """The page with the text that the ledger keeps of it, if it does: offsets count in the first rendition for ever."""
    source = Source.objects.filter(sha256=page.sha256).first()
    if source is None or source.text == storable(page.text):
        return page
    blocks = tuple(Block(*block) for block in source.layout.get("blocks", ()))
    return replace(page, text=source.text, blocks=blocks, title=source.title)


def _file_reader(lexicon: Lexicon | None) -> Read:
    from hoptac.pages import read_file

    return lambda path: read_file(path, lexicon=lexicon)


def _page_reader(lexicon: Lexicon | None, on: datetime | None) -> ReadPage:
    from hoptac.reading.pipeline import read_page

    day = timezone.localdate(on or timezone.now())
    return lambda page: read_page(page, lexicon=lexicon, on=day)


def _clear_leftovers() -> None:
    """Remove half-written files of a writer that died; one that is still writing is younger."""
    now = timezone.now().timestamp()
    for path in store.leftovers():
        if now - path.stat().st_mtime > LEFTOVER_AGE:
            path.unlink(missing_ok=True)


def check_ledger() -> list[Finding]:
    """Every finding of every check, worst first; an empty list is a clean book."""
    require_ready()
    return check.run_checks()


def rebuild_ledger(on_progress: Callable[[int, int], None] | None = None) -> int:
    """Rebuild every record's cache from its statements; gives how many records there are."""
    require_ready()
    ids = list(Record.objects.order_by("pk").values_list("pk", flat=True))
    for at in range(0, len(ids), REBUILD_BATCH):
        with transaction.atomic():
            rebuild(ids[at : at + REBUILD_BATCH])
        if on_progress is not None:
            on_progress(min(at + REBUILD_BATCH, len(ids)), len(ids))
    with transaction.atomic():
        rebuild_line(timezone.now())
    return len(ids)


def add_user(username: str, password: str, party: str | Sequence[str], role: str) -> User:
    """Add a user who works for a party (or several) in a role: viewer, officer, reviewer or administrator.

    Fails   LedgerError L31 for a name that is taken, L32 for an unknown role, L33 for an unknown party, L18 for a password
            that is too easy (said in Django's words).
    """
    if role not in ROLES:
        raise LedgerError("L32", username, found=role, expected=", ".join(ROLES))
    try:
        validate_password(password, User(username=username))
    except ValidationError as error:
        raise LedgerError("L18", username, found=" ".join(error.messages)) from error
    with transaction.atomic():
        if User.objects.filter(username=username).exists():
            raise LedgerError("L31", username, name=username)
        user = User.objects.create_user(username=username, password=password)
        for name in [party] if isinstance(party, str) else party:
            Membership.objects.create(user=user, party=_party(name), role=role)
    return user


def _party(name: str) -> Party:
    """A party of the ledger, or a locality of the gazetteer, by its name."""
    known = find_party(name)
    if known is not None:
        return known
    who = identify(name)
    if who.kind == "locality" and who.level is not None and who.level <= 1:
        return ensure_party(name)
    if who.locality is not None and who.kind == "body":
        return ensure_party(name)
    raise LedgerError("L33", name, found=name)
