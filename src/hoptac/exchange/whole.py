"""A whole ledger as JSON lines (xuất, nhập toàn bộ sổ): to carry it to another machine, or to bring a copy up to date.

The first line says what the file is, then one line for each row of each table and one for each kept source, the last line has
the counts, the end of the chain of hashes and the digest of all lines before it. Passwords, sessions and keys are not in it. Taking it
into an empty ledger gives the same ledger; into an older copy, what the copy has not; twice, nothing. A ledger that says
otherwise in a row written once is another ledger, and is refused whole.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.core import serializers
from django.core.management.color import no_style
from django.db import IntegrityError, connection, models, transaction

from hoptac.exchange.findings import ExchangeError
from hoptac.ledger import store
from hoptac.ledger.appendonly import AppendOnly
from hoptac.ledger.commands import REBUILD_BATCH, check_ledger
from hoptac.ledger.models import ChainHead, Record, Source
from hoptac.ledger.records import rebuild

SCHEMA = "hoptac/ledger/1"
OWN = "hoptac."
KEPT_HERE = frozenset({"accounts"})
"""Apps whose rows are of one machine's users: reminders, sessions, tokens."""
USERS = "auth.user"
LEFT_OUT = frozenset({"ledger.chainhead"})
UNUSABLE = "!"  # a password that nobody has
BATCH = 500

Told = Callable[[str, int], None]


@dataclass
class Whole:
    """What an export holds, or an import did: rows by table, ``new`` those that the ledger had not, kept sources."""

    rows: dict[str, int] = field(default_factory=dict)
    new: int = 0
    sources: int = 0
    chain: str = ""


def write_whole(out: IO[bytes], *, told: Told = lambda what, count: None) -> Whole:
    """Write the ledger as it stands at one moment."""
    made = Whole()
    digest = hashlib.sha256()

    def line(value: dict[str, Any]) -> None:
        data = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_exact).encode() + b"\n"
        digest.update(data)
        out.write(data)

    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql" and outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        line({"schema": SCHEMA, "tables": _shapes()})
        for model in _models():
            label = model._meta.label_lower
            made.rows[label] = 0
            for row in model._base_manager.order_by("pk").iterator(chunk_size=BATCH):
                line(_plain(row))
                made.rows[label] += 1
            told(label, made.rows[label])
        for sha256 in Source.objects.order_by("pk").values_list("sha256", flat=True).iterator(BATCH):
            line({"kept": sha256, "data": base64.b64encode(store.get(sha256)).decode()})
            made.sources += 1
        made.chain = _chain()
        end = {"end": made.rows, "sources": made.sources, "chain": made.chain, "sha256": digest.hexdigest()}
        out.write(json.dumps(end).encode() + b"\n")
    return made


def _models() -> list[type[models.Model]]:
    """The tables of an export, those that others point to first."""
    configs = [c for c in apps.get_app_configs() if c.name.startswith(OWN) and c.label not in KEPT_HERE]
    users = apps.get_app_config("auth")
    mine = {c.label for c in configs}
    ordered = serializers.sort_dependencies([(c, None) for c in (users, *configs)])
    return [
        m
        for m in ordered
        if (m._meta.app_label in mine or m._meta.label_lower == USERS)
        and m._meta.managed
        and not m._meta.proxy
        and m._meta.label_lower not in LEFT_OUT
    ]


def _shapes() -> dict[str, list[str]]:
    """The columns of each table: two programs with the same have the same tables, whatever their migrations."""
    return {m._meta.label_lower: sorted(f.name for f in m._meta.local_fields) for m in _models()}


def _plain(row: models.Model) -> dict[str, Any]:
    """A row as its line: the model, the key, the fields; of a user the name only."""
    (plain,) = serializers.serialize("python", [row])
    if plain["model"] == USERS:
        name = plain["fields"]["username"]
        return {"model": USERS, "pk": plain["pk"], "fields": {"username": name}}
    return dict(plain)


def _exact(value: object) -> str:
    isoformat = getattr(value, "isoformat", None)
    return str(isoformat()) if isoformat is not None else str(value)


def _chain() -> str:
    head = ChainHead.objects.filter(pk=1).first()
    return f"{head.length}:{head.hash}" if head is not None else "0:"


# --- reading it back ---


def read_whole(path: Path, *, told: Told = lambda what, count: None) -> Whole:
    """Take an export into this ledger: all that it has not yet, or nothing.

    Raises ExchangeError X30 (no export, or torn), X31 (this ledger says otherwise), X32 (other tables), X33 (what came
    does not stand the checks). A ledger that is ahead of the export keeps what it has.
    """
    end = _proved(path)
    made = Whole(chain=end["chain"])
    known = {m._meta.label_lower: m for m in _models()}
    with transaction.atomic():
        head, _ = ChainHead.objects.select_for_update().get_or_create(pk=1)
        batch: list[tuple[int, dict[str, Any]]] = []
        for number, row in _lines(path):
            if "kept" in row:
                store.put(base64.b64decode(row["data"]), row["kept"])
                made.sources += 1
            elif "model" in row:
                if (batch and batch[0][1]["model"] != row["model"]) or len(batch) >= BATCH:
                    _take(path, known, batch, made)
                batch.append((number, row))
        _take(path, known, batch, made)
        length, _, last = end["chain"].partition(":")
        if int(length) > head.length:
            changed = ChainHead.objects.filter(pk=1, hash=head.hash, length=head.length).update(
                hash=last, length=int(length)
            )
            if changed != 1:
                raise ExchangeError("X33", path.name, value="chain")
        if made.new:
            _settle(path, list(known.values()))
    for label, count in made.rows.items():
        told(label, count)
    return made


def _proved(path: Path) -> dict[str, Any]:
    """The last line of a file whose lines are all there, unchanged."""
    digest = hashlib.sha256()
    last = b""
    with path.open("rb") as stream:
        for number, line in enumerate(stream):
            if number == 0:
                first = _json(line)
                if first.get("schema") != SCHEMA:
                    raise ExchangeError("X30", path.name, value=f"schema {str(first.get('schema'))[:60]}")
                if first.get("tables") != json.loads(json.dumps(_shapes())):
                    odd = sorted(
                        label
                        for label in {*first.get("tables", {}), *_shapes()}
                        if first.get("tables", {}).get(label) != _shapes().get(label)
                    )
                    raise ExchangeError("X32", path.name, value=", ".join(odd)[:200])
            if last:
                digest.update(last)
            last = line
    end = _json(last)
    if "end" not in end or end.get("sha256") != digest.hexdigest():
        raise ExchangeError("X30", path.name, value="torn or changed")
    return end


def _json(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            yield number, _json(line)


def _take(
    path: Path,
    known: dict[str, type[models.Model]],
    batch: list[tuple[int, dict[str, Any]]],
    made: Whole,
) -> None:
    """Take some rows of one table: those that are not there; a row written once that differs ends it all."""
    if not batch:
        return
    label = batch[0][1]["model"]
    model = known[label]
    made.rows[label] = made.rows.get(label, 0) + len(batch)
    here = {row.pk: row for row in model._base_manager.filter(pk__in=[row["pk"] for _, row in batch])}
    new: list[models.Model] = []
    pairs: list[Any] = []
    for number, row in batch:
        pk = model._meta.pk.to_python(row["pk"]) if model._meta.pk is not None else row["pk"]
        if pk in here:
            written_once = issubclass(model, AppendOnly) or label == USERS
            if written_once and json.loads(json.dumps(_plain(here[pk]), default=_exact)) != row:
                raise ExchangeError("X31", path.name, line=str(number), value=f"{label} {pk}")
            continue
        if label == USERS:
            row["fields"] |= {"password": UNUSABLE, "is_active": False}
        (read,) = serializers.deserialize("python", [row])
        new.append(read.object)
        pairs += [read] if read.m2m_data and any(read.m2m_data.values()) else []
    if new:
        rows: models.QuerySet[Any] = models.QuerySet(model)
        try:
            rows.bulk_create(new, batch_size=BATCH)
        except IntegrityError as error:
            raise ExchangeError("X31", path.name, line=str(batch[0][0]), value=f"{label}: {error}") from error
        for read in pairs:
            for name, values in read.m2m_data.items():
                getattr(read.object, name).set(values)
        made.new += len(new)
    batch.clear()


def _settle(path: Path, tables: list[type[models.Model]]) -> None:
    """After new rows: the next numbers, the caches, the proof."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
    ids = list(Record.objects.order_by("pk").values_list("pk", flat=True))
    for at in range(0, len(ids), REBUILD_BATCH):
        rebuild(ids[at : at + REBUILD_BATCH])
    if findings := check_ledger():
        raise ExchangeError("X33", path.name, value=f"{findings[0].code} {findings[0].where}")
