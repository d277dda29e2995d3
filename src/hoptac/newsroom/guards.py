"""The news room's tables that are written once, guarded as the ledger's are (chỉ ghi thêm)."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from hoptac.ledger import triggers

TABLES = ("newsroom_edition", "newsroom_picture", "newsroom_notice", "newsroom_reply")


def missing(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """The triggers that should stand and do not, each with its table."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'newsroom_%'"
            )
        else:
            cursor.execute(
                "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                "WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND c.relname LIKE 'newsroom\\_%%'"
                " AND pg_table_is_visible(c.oid)",
                [],
            )
        standing = {name for (name,) in cursor.fetchall()}
    wanted = triggers.expected(connection.vendor, TABLES)
    return [(name, table) for name, table in wanted.items() if name not in standing]
