"""Back the whole ledger up into one file, and restore it (sao lưu, phục hồi), whichever database it lies in.

A backup is a tar: ``manifest.json`` first told, last written (so a torn backup has none), a JSON-lines file for each table, and the
kept bytes of every source. Each member's SHA-256 is in the manifest, beside the end of the hash chain. What is restored is
a ledger of the same rows on either database, and it is checked before it is yours. The signing key is not in a
backup: a restored ledger has its own.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from django.apps import apps
from django.core import serializers
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from hoptac import __version__
from hoptac.ledger import store
from hoptac.ledger.commands import LedgerError, check_ledger, init_ledger
from hoptac.ledger.models import ChainHead, Source

FORMAT = "hoptac/backup/1"
MANIFEST = "manifest.json"
LEFT_OUT = ("sessions", "usersessions", "contenttypes", "admin", "portal")
"""Apps whose rows are of one running program: sessions, what migrations make, the index of the search."""

LEFT_OUT_TABLES = ("auth.permission",)
ROWS_AT_ONCE = 1_000
IN_MEMORY = 64 << 20
"""A table's rows are put on disk beyond this many bytes before they go into the tar."""

Told = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: rows by table, kept sources, the end of the chain, and when it was made."""

    rows: dict[str, int]
    sources: int
    chain: str
    made_at: datetime
    size: int


def back_up(path: Path, *, told: Told = lambda what, count: None) -> Backup:
    """Write the whole ledger as it stands at one moment to a file that was not there, and read it back to prove it.

    Raises LedgerError L37 where the file is there, L21 or L20 where kept bytes are missing or not what they should be.
    """
    if path.exists():
        raise LedgerError("L37", str(path), found=str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with draft.open("wb") as out:
            with _one_moment(), tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
                _write(tar, told)
            out.flush()
            os.fsync(out.fileno())
        made = verify(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return made


def _one_moment() -> transaction.Atomic:
    """A transaction that sees one state of the ledger from its first query to its last."""
    atomic = transaction.atomic()
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        return _RepeatableRead()
    return atomic


class _RepeatableRead(transaction.Atomic):
    def __init__(self) -> None:
        super().__init__(using=None, savepoint=True, durable=False)

    def __enter__(self) -> None:
        super().__enter__()
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _write(tar: tarfile.TarFile, told: Told) -> None:
    digests: dict[str, str] = {}
    rows: dict[str, int] = {}
    for model in _models():
        label = model._meta.label_lower
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as spool:
            lines = _lines(model)
            rows[label] = 0
            for line in lines:
                spool.write(line)
                rows[label] += 1
            name = f"tables/{label}.jsonl"
            digests[name] = _add(tar, name, cast(BinaryIO, spool))
        told(label, rows[label])
    sources = 0
    for sha256 in Source.objects.order_by("id").values_list("sha256", flat=True).iterator(ROWS_AT_ONCE):
        name = f"sources/{sha256}"
        if name not in digests:
            try:
                digests[name] = _add(tar, name, io.BytesIO(store.get(sha256)))
            except store.StoreError as error:
                raise LedgerError(error.code, sha256, found=error.found) from error
            sources += 1
    told("sources", sources)
    manifest = {
        "format": FORMAT,
        "hoptac": __version__,
        "made_at": timezone.now().isoformat(),
        "chain": _chain(),
        "rows": rows,
        "sources": sources,
        "migrations": _migrations(),
        "digests": digests,
    }
    _add(tar, MANIFEST, io.BytesIO(json.dumps(manifest, indent=1).encode()))


def _models() -> list[type[models.Model]]:
    """Every table's model, those that others point to first."""
    configs = [c for c in apps.get_app_configs() if c.label not in LEFT_OUT]
    ordered = serializers.sort_dependencies([(c, None) for c in configs])
    return [
        m
        for m in ordered
        if m._meta.managed and not m._meta.proxy and m._meta.label_lower not in LEFT_OUT_TABLES
    ]


def _lines(model: type[models.Model]) -> Iterator[bytes]:
    rows = model._base_manager.order_by("pk").iterator(chunk_size=ROWS_AT_ONCE)
    for row in rows:
        (plain,) = serializers.serialize("python", [row])
        yield json.dumps(plain, ensure_ascii=False, default=_exact).encode() + b"\n"


def _exact(value: object) -> str:
    """A value that JSON has no form for, to its last microsecond and digit: the hash chain is over these."""
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _add(tar: tarfile.TarFile, name: str, data: BinaryIO) -> str:
    """Put one member into the tar; gives its digest."""
    digest = hashlib.sha256()
    size = data.seek(0, io.SEEK_END)
    data.seek(0)
    while piece := data.read(1 << 20):
        digest.update(piece)
    data.seek(0)
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, data)
    return digest.hexdigest()


def _chain() -> str:
    head = ChainHead.objects.first()
    return f"{head.length}:{head.hash}" if head is not None else "0:"


def _migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied if app not in LEFT_OUT)


# --- reading it back ---


def verify(path: Path) -> Backup:
    """Read a backup from end to end and prove every member's digest. Raises LedgerError L34 where it is not whole."""
    found: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    with _whole(path):
        for name, data in _members(path):
            if name == MANIFEST:
                manifest = _manifest(data.read(), path)
                continue
            digest = hashlib.sha256()
            while piece := data.read(1 << 20):
                digest.update(piece)
            found[name] = digest.hexdigest()
    if manifest is None:
        raise LedgerError("L34", str(path), name=str(path), found=MANIFEST)
    for name, expected in manifest["digests"].items():
        if found.get(name) != expected:
            raise LedgerError("L34", str(path), name=str(path), found=name)
    return Backup(
        manifest["rows"],
        manifest["sources"],
        manifest["chain"],
        datetime.fromisoformat(manifest["made_at"]),
        path.stat().st_size,
    )


def restore(path: Path, *, told: Told = lambda what, count: None) -> Backup:
    """Make an empty ledger what a backup holds; all of it or nothing.

    Raises LedgerError: L34 the file is not a whole backup, L35 the ledger is not empty, L36 the backup was made by a
    program with other tables, L38 what was restored does not stand the checks (nothing is kept of it then).
    """
    made = verify(path)
    init_ledger()
    _require_empty(path)
    manifest = next(_manifest(data.read(), path) for name, data in _members(path) if name == MANIFEST)
    if manifest["migrations"] != _migrations():
        odd = sorted(set(manifest["migrations"]) ^ set(_migrations()))
        raise LedgerError("L36", str(path), name=str(path), found=", ".join(odd)[:200])
    known = {model._meta.label_lower: model for model in _models()}
    with _whole(path), transaction.atomic():
        for model in reversed(list(known.values())):
            rows: models.QuerySet[Any] = models.QuerySet(model)
            if rows.exists():  # put there by a migration
                rows._raw_delete(using=connection.alias)
        for name, data in _members(path):
            if name.startswith("tables/"):
                label = name.removeprefix("tables/").removesuffix(".jsonl")
                told(label, _fill(known[label], data))
            elif name.startswith("sources/"):
                store.put(data.read(), name.removeprefix("sources/"))
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(known.values())):
                cursor.execute(statement)
        if _chain() != made.chain:
            raise LedgerError("L38", str(path), name=str(path), found=f"chain {_chain()}")
        if findings := check_ledger():
            raise LedgerError("L38", str(path), name=str(path), found=findings[0].code)
    told("sources", made.sources)
    return made


def _require_empty(path: Path) -> None:
    for label in ("ledger.statement", "ledger.source", "ledger.party", "auth.user"):
        if apps.get_model(label)._base_manager.exists():
            raise LedgerError("L35", str(path), name=str(path), found=label)


def _fill(model: type[models.Model], data: IO[bytes]) -> int:
    rows: list[models.Model] = []
    count = 0
    for line in data:
        (read,) = serializers.deserialize("jsonl", line.decode())
        if read.m2m_data and any(read.m2m_data.values()):
            _flush(model, rows)
            read.save()
        else:
            rows.append(read.object)
        count += 1
        if len(rows) >= ROWS_AT_ONCE:
            _flush(model, rows)
    _flush(model, rows)
    return count


def _flush(model: type[models.Model], rows: list[models.Model]) -> None:
    if rows:
        table: models.QuerySet[Any] = models.QuerySet(model)
        table.bulk_create(rows, batch_size=ROWS_AT_ONCE)
        rows.clear()


def _members(path: Path) -> Iterable[tuple[str, IO[bytes]]]:
    with tarfile.open(path, "r:") as tar:
        for member in tar:
            data = tar.extractfile(member) if member.isreg() else None
            if data is None:
                raise LedgerError("L34", str(path), name=str(path), found=member.name)
            yield member.name, data


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    """Whatever cannot be read of a backup is L34."""
    try:
        yield
    except (tarfile.TarError, EOFError, OSError, serializers.base.DeserializationError) as error:
        found = str(error) or type(error).__name__
        raise LedgerError("L34", str(path), name=str(path), found=found) from error


def _manifest(data: bytes, path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(data)
    except ValueError as error:
        raise LedgerError("L34", str(path), name=str(path), found=MANIFEST) from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise LedgerError("L34", str(path), name=str(path), found=f"{MANIFEST} of another format")
    return manifest
