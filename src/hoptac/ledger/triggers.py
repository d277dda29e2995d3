"""The database's own guard over rows that are written once (invariant L1, second half).

Both databases refuse UPDATE and DELETE (PostgreSQL also TRUNCATE) on the tables below, whoever asks. ``create`` and
``drop`` are used by the migration; nothing else in the program drops them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FIRST_TABLES = (
    "ledger_source",
    "ledger_passage",
    "ledger_readerrun",
    "ledger_statement",
    "ledger_statementpassage",
    "ledger_filing",
)
TABLES = (*FIRST_TABLES, "ledger_link", "ledger_partydecision", "accounts_event")
"""Every table that is written once; a migration that makes one calls ``guard`` for it."""
EVENTS = ("update", "delete")


def guarded() -> tuple[str, ...]:
    """The tables of every app that are written once: the ledger's own, and those that an app's configuration names."""
    others = (getattr(config, "written_once", ()) for config in apps.get_app_configs())
    return (*TABLES, *(table for tables in others for table in tables))


FUNCTION = "ledger_written_once"


def trigger_name(table: str, event: str) -> str:
    return f"{table}_no_{event}"


def sqlite_sql(table: str, event: str) -> str:
    return (
        f"CREATE TRIGGER {trigger_name(table, event)} BEFORE {event.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'L01 {table}: rows are never changed or deleted'); END"
    )


def postgresql_sql(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {trigger_name(table, 'change')} BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()",
        f"CREATE TRIGGER {trigger_name(table, 'truncate')} BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()",
    ]


POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'L01 %: rows are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""


def expected(vendor: str, tables: Sequence[str] = TABLES) -> dict[str, str]:
    """The triggers that must stand, each with its table."""
    if vendor == "sqlite":
        return {trigger_name(t, e): t for t in tables for e in EVENTS}
    return {trigger_name(t, e): t for t in tables for e in ("change", "truncate")}


def create(connection: BaseDatabaseWrapper, tables: Sequence[str] = TABLES) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for table in tables:
                for event in EVENTS:
                    cursor.execute(sqlite_sql(table, event))
        else:
            cursor.execute(POSTGRESQL_FUNCTION)
            for table in tables:
                for sql in postgresql_sql(table):
                    cursor.execute(sql)


def drop(connection: BaseDatabaseWrapper, tables: Sequence[str] = TABLES) -> None:
    with connection.cursor() as cursor:
        for name, table in expected(connection.vendor, tables).items():
            on = "" if connection.vendor == "sqlite" else f" ON {table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def standing(connection: BaseDatabaseWrapper) -> dict[str, bool]:
    """The triggers that stand now: name -> whether it is the one that was made and is switched on."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            made = {trigger_name(t, e): sqlite_sql(t, e) for t in guarded() for e in EVENTS}
            return {name: made[name] == sql for name, sql in cursor.fetchall() if name in made}
        cursor.execute(
            "SELECT t.tgname, t.tgenabled <> 'D' AND p.proname = %s FROM pg_trigger t "
            "JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND c.relname = ANY(%s) AND pg_table_is_visible(c.oid)",
            [FUNCTION, list(guarded())],
        )
        return dict(cursor.fetchall())


Step = Callable[[object, BaseDatabaseSchemaEditor], None]


def guard(*tables: str) -> tuple[Step, Step]:
    """The two directions of a migration's step that guards tables which that migration, or one before it, made."""

    def forwards(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
        create(schema_editor.connection, tables)

    def backwards(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
        drop(schema_editor.connection, tables)

    return forwards, backwards
