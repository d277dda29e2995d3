"""Who may do what with a story and with a reader's notice: every role of either side, and a stranger."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from newsroom_cast import NOW, linked, make_story, png
from web_cast import Cast

from hoptac.ledger.models import Membership, Party
from hoptac.newsroom.models import Notice, Reply, Story
from hoptac.newsroom.notices import take_notice

HA_NOI = ("viewer", "reviewer", "officer", "administrator")
WHO = (
    *(f"Hà Nội {role}" for role in HA_NOI),
    "Điện Biên officer",
    "Điện Biên administrator",
    "Cà Mau officer",
    "nobody",
)
WRITES = ("Hà Nội officer", "Hà Nội administrator")
READS = tuple(f"Hà Nội {role}" for role in HA_NOI)


@pytest.fixture
def client_of(cast: Cast) -> dict[str, Client]:
    found = {}
    for who in WHO:
        client = Client()
        if who != "nobody":
            place, role = who.rsplit(" ", 1)
            user = User.objects.create_user(who.replace(" ", "."), password="x")
            Membership.objects.create(
                user=user, party=Party.objects.get(name=place, kind="locality"), role=role
            )
            client.force_login(user)
        found[who] = client
    return found


def side() -> Party:
    return Party.objects.get(name="Hà Nội", kind="locality")


def test_the_matrix_of_a_draft(cast: Cast, client_of: dict[str, Client]) -> None:
    story = make_story(cast.ha_noi, side(), body=linked(cast.record("Tiểu học")), out=False)
    page = reverse("newsroom:story", args=[story.pk])
    text = {"headline": "Đổi", "lead": "", "body": "", "byline": "", "language": "vi", "version": "0"}
    for who, client in client_of.items():
        reads, writes = who in READS, who in WRITES
        inside = 302 if who == "nobody" else 200 if reads else 404
        write = 302 if who == "nobody" else None if writes else 403 if reads else 404
        assert client.get(page).status_code == inside, who
        assert client.post(page, text).status_code == (write or 409), who
        for name, args, data in (
            ("publish", [story.pk], {"version": "0"}),
            ("photo-add", [story.pk], {}),
            ("photo-drop", [story.pk, 9999], {}),
        ):
            status = client.post(reverse(f"newsroom:{name}", args=args), data).status_code
            assert status == (write or (404 if name == "photo-drop" else 302)), (who, name)
            assert client.get(reverse(f"newsroom:{name}", args=args)).status_code == 405, (who, name)
        listed = client.get(reverse("newsroom:stories"))
        assert (story.headline in listed.content.decode()) is reads, who
        assert client.get(reverse("portal:story", args=[story.pk, story.slug])).status_code == 404, who
        assert story.headline not in client.get(reverse("portal:news")).content.decode(), who
        may_begin = who.split()[-1] in ("officer", "administrator")
        expected = 302 if who == "nobody" else 200 if may_begin else 403
        assert client.get(reverse("newsroom:new")).status_code == expected, who
        assert client.get(reverse("newsroom:pick")).status_code == expected, who
    assert Story.objects.get(pk=story.pk).version == story.version


def test_nobody_publishes_in_another_side_s_name(cast: Cast, client_of: dict[str, Client]) -> None:
    text = {"headline": "Tin", "language": "vi", "party": str(side().pk)}
    assert client_of["Điện Biên officer"].post(reverse("newsroom:new"), text).status_code == 422
    assert client_of["Hà Nội officer"].post(reverse("newsroom:new"), text).status_code == 302
    assert Story.objects.get().party == side()


def test_drafts_embargo_publication_withdrawal(cast: Cast, client_of: dict[str, Client]) -> None:
    officer, reader = client_of["Hà Nội officer"], Client()
    later = timezone.now() + timedelta(hours=2)
    story = make_story(cast.ha_noi, side(), embargo=later)
    public = reverse("portal:story", args=[story.pk, story.slug])
    assert (
        reader.get(public).status_code == 404
        and story.headline not in reader.get("/news/feed.atom").content.decode()
    )
    Story.objects.filter(pk=story.pk).update(embargo=timezone.now() - timedelta(seconds=1))
    assert (
        reader.get(public).status_code == 200
        and story.headline in reader.get("/news/feed.atom").content.decode()
    )

    page = reverse("newsroom:story", args=[story.pk])
    text = {
        "headline": "Đầu đề khác hẳn",
        "lead": "",
        "body": "",
        "byline": "",
        "language": "vi",
        "note": "Sửa đầu đề.",
    }
    assert officer.post(page, text | {"version": str(story.version)}).status_code == 302
    assert officer.post(page, text | {"version": str(story.version)}).status_code == 409, (
        "the second form is older"
    )
    moved = reader.get(public)
    assert moved.status_code == 301 and moved["Location"].endswith(f"/news/{story.pk}-dau-de-khac-han/")
    assert "Sửa đầu đề." in reader.get(moved["Location"]).content.decode()
    assert [e.note for e in story.editions.all()] == ["", "Sửa đầu đề."]

    put = reverse("newsroom:publish", args=[story.pk])
    assert officer.post(put, {"version": "1", "do": "withdraw"}).status_code == 302
    assert reader.get(moved["Location"]).status_code == 200, "from an older page: nothing is done"
    version = Story.objects.get(pk=story.pk).version
    officer.post(put, {"version": str(version), "do": "withdraw", "note": "Nhầm"})
    assert reader.get(moved["Location"]).status_code == 410


def test_a_photo_is_public_with_its_story_alone(cast: Cast, client_of: dict[str, Client]) -> None:
    story = make_story(cast.ha_noi, side(), out=False)
    officer = client_of["Hà Nội officer"]
    add = reverse("newsroom:photo-add", args=[story.pk])
    for name, data in (("a.png", png(tail=b"<script>")), ("b.svg", b"<svg/>")):
        officer.post(add, {"picture": SimpleUploadedFile(name, data), "caption": "Sân trường"})
    kept = story.photos.get().picture
    inside = reverse("newsroom:photo", args=[kept.sha256])
    outside = reverse("portal:photo", args=[kept.sha256, "png"])
    for who, client in client_of.items():
        assert client.get(inside).status_code == (302 if who == "nobody" else 200 if who in READS else 404), (
            who
        )
        assert client.get(outside).status_code == 404, who
    Story.objects.filter(pk=story.pk).update(state="published", published_at=NOW)
    answer = Client().get(outside)
    assert (
        answer.status_code == 200
        and answer["Content-Type"] == "image/png"
        and answer["X-Content-Type-Options"] == "nosniff"
    )
    assert "sandbox" in answer["Content-Security-Policy"] and answer.content == png()
    assert Client().get(reverse("portal:photo", args=[kept.sha256, "jpg"])).status_code == 404


def test_the_matrix_of_a_notice(cast: Cast, client_of: dict[str, Client]) -> None:
    at = timezone.now()
    told = {"words": "Con số này chưa đúng", "contact": "toi@example.vn", "language": "vi", "at": at}
    of_record = take_notice(path="/records/x/", record=cast.record("Sam Mứn"), address="10.0.0.1", **told)  # type: ignore[arg-type]
    of_page = take_notice(path="/", address="10.0.0.2", **told)  # type: ignore[arg-type]
    reply = {"outcome": "stands", "words": "Đã đối chiếu", "party": str(side().pk)}
    for who, client in client_of.items():
        both = who.startswith(("Hà Nội", "Điện Biên"))
        for notice, seen in ((of_record, both), (of_page, who != "nobody")):
            where = reverse("newsroom:notice", args=[notice.pk])
            assert client.get(where).status_code == (302 if who == "nobody" else 200 if seen else 404), (
                who,
                notice.pk,
            )
        status = client.post(reverse("newsroom:notice", args=[of_record.pk]), reply).status_code
        speaks = who in WRITES
        foreign = 422 if who in ("Điện Biên officer", "Điện Biên administrator") else 404
        assert status == (302 if speaks or who == "nobody" else 403 if who in READS else foreign), who
    assert Reply.objects.count() == len(WRITES) and Notice.objects.count() == 2
    listed = (
        client_of["Hà Nội officer"].get(reverse("newsroom:notices-csv") + "?outcome=all").content.decode()
    )
    assert "chưa đúng" in listed and "toi@example.vn" not in listed
