"""A book of the news room that passes its checks, and one that does not; a backup that has it all."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from newsroom_cast import make_story, png
from web_cast import Cast

from hoptac.ledger import triggers
from hoptac.ledger.appendonly import AppendOnlyError
from hoptac.ledger.backup import back_up
from hoptac.ledger.models import Party
from hoptac.newsroom import guards
from hoptac.newsroom.check import check_newsroom
from hoptac.newsroom.models import Edition, Picture, Story


@pytest.fixture
def story(cast: Cast) -> Story:
    made = make_story(cast.ha_noi, Party.objects.get(name="Hà Nội", kind="locality"), body="Chữ.")
    client = Client()
    client.force_login(cast.ha_noi)
    photo = {"picture": SimpleUploadedFile("a.png", png()), "caption": "Sân"}
    client.post(reverse("newsroom:photo-add", args=[made.pk]), photo)
    return made


def test_a_whole_book(story: Story) -> None:
    assert check_newsroom() == [] and Picture.objects.count() == 1


def test_rows_written_once_stay(story: Story) -> None:
    with pytest.raises(AppendOnlyError):
        Edition.objects.all().delete()
    for table in ("newsroom_edition", "newsroom_picture"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own


def test_a_book_that_was_altered(story: Story) -> None:
    triggers.drop(connection, guards.TABLES)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE newsroom_picture SET data = %s", [png(shade=1)])
    Story.objects.update(headline="Đầu đề khác")
    codes = [f.code for f in check_newsroom()]
    assert codes.count("N01") == len(triggers.expected(connection.vendor, guards.TABLES))
    assert codes[-2:] == ["N02", "N03"]


def test_a_backup_has_stories_and_photos_and_no_index(story: Story, tmp_path: Path) -> None:
    made = back_up(tmp_path / "a.tar")
    assert made.rows["newsroom.story"] == 1 and made.rows["newsroom.picture"] == 1
    assert not any(name.startswith("portal.") for name in made.rows)
