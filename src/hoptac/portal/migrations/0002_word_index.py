# ruff: noqa: RUF012
"""The word index over the entries: FTS5 in SQLite, GIN in PostgreSQL. Accents are folded before, alike for both."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = (
    "CREATE VIRTUAL TABLE portal_entry_words USING fts5("
    "words, content='portal_entry', content_rowid='id', tokenize='unicode61 remove_diacritics 0', prefix='2 3')",
    "CREATE TRIGGER portal_entry_words_in AFTER INSERT ON portal_entry BEGIN"
    " INSERT INTO portal_entry_words(rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER portal_entry_words_out AFTER DELETE ON portal_entry BEGIN"
    " INSERT INTO portal_entry_words(portal_entry_words, rowid, words) VALUES ('delete', old.id, old.words); END",
    "CREATE TRIGGER portal_entry_words_new AFTER UPDATE ON portal_entry BEGIN"
    " INSERT INTO portal_entry_words(portal_entry_words, rowid, words) VALUES ('delete', old.id, old.words);"
    " INSERT INTO portal_entry_words(rowid, words) VALUES (new.id, new.words); END",
)
POSTGRESQL = ("CREATE INDEX portal_entry_words ON portal_entry USING gin (to_tsvector('simple', words))",)
UNDO_SQLITE = (
    "DROP TRIGGER portal_entry_words_in",
    "DROP TRIGGER portal_entry_words_out",
    "DROP TRIGGER portal_entry_words_new",
    "DROP TABLE portal_entry_words",
)
UNDO_POSTGRESQL = ("DROP INDEX portal_entry_words",)


def make(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    vendor = schema_editor.connection.vendor
    with schema_editor.connection.cursor() as cursor:
        for sql in SQLITE if vendor == "sqlite" else POSTGRESQL:
            cursor.execute(sql)


def undo(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    vendor = schema_editor.connection.vendor
    with schema_editor.connection.cursor() as cursor:
        for sql in UNDO_SQLITE if vendor == "sqlite" else UNDO_POSTGRESQL:
            cursor.execute(sql)


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_search_index")]
    operations = [migrations.RunPython(make, undo)]
