"""Parties and people on the desk: what the pages say, who may put names together, and that it can be undone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from web_cast import Cast

from hoptac.ledger.models import Party, PartyDecision, Person
from hoptac.ledger.parties import ensure_party, ensure_person

ROLES = ("ha_noi", "dien_bien", "reviewer", "reader", "stranger")


def bodies() -> tuple[Party, Party]:
    """Two names of one body of Điện Biên."""
    return ensure_party("UBND tỉnh Điện Biên"), ensure_party("Ủy ban nhân dân tỉnh Điện Biên")


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, who))
    return client


def test_pages_open_in_both_languages_and_filter(cast: Cast, officer: Client) -> None:
    person = Person.objects.get(name="Lê Thành Đô")
    pages = [reverse(n) for n in ("desk:parties", "desk:parties-csv", "desk:people", "desk:people-csv")]
    pages += [reverse("desk:party", args=["dien-bien"]), reverse("desk:person", args=[person.pk])]
    pages += [
        reverse("desk:parties") + q
        for q in ("?q=dien", "?kind=body", "?side=dien-bien", "?sort=-records&q=%00")
    ]
    for language in ("vi", "en"):
        officer.cookies["django_language"] = language
        for page in pages:
            assert officer.get(page).status_code == 200, page
    assert "Chủ tịch UBND tỉnh" in officer.get(reverse("desk:person", args=[person.pk])).content.decode()


def test_lists_ask_a_fixed_number_of_questions(
    cast: Cast, officer: Client, django_assert_max_num_queries: object
) -> None:
    for name in ("desk:parties", "desk:people"):
        officer.get(reverse(name))
        with django_assert_max_num_queries(10):  # type: ignore[operator]
            officer.get(reverse(name))


def test_merge_and_undo_by_form(cast: Cast) -> None:
    one, other = bodies()
    client = signed_in(cast, "dien_bien")
    for p in (one, other):
        p.roles.create(record=cast.record("Sam Mứn"), role="party")
    form = {"do": "merge", "into": other.slug, "reason": "một cơ quan"}
    answer = client.post(reverse("desk:party-decide", args=[one.slug]), form)
    assert answer["Location"] == reverse("desk:party", args=[other.slug])
    one.refresh_from_db()
    assert one.merged_into == other
    made = PartyDecision.objects.get()
    client.post(reverse("desk:decision-undo", args=[made.pk]), {})
    assert PartyDecision.objects.count() == 1
    client.post(reverse("desk:decision-undo", args=[made.pk]), {"reason": "nhầm"})
    one.refresh_from_db()
    assert one.merged_into is None


@pytest.mark.parametrize("who", ROLES)
def test_only_an_officer_of_its_side_decides_of_a_body(cast: Cast, who: str) -> None:
    one, _other = bodies()
    one.roles.create(record=cast.record("Sam Mứn"), role="party")
    form = {"do": "identifier", "scheme": "VN-GDT", "value": "5600", "reason": "danh mục"}
    client = signed_in(cast, who)
    expected = {"dien_bien": 302, "stranger": 404}.get(who, 403)
    assert client.post(reverse("desk:party-decide", args=[one.slug]), form).status_code == expected
    assert PartyDecision.objects.exists() == (expected == 302)
    assert client.get(reverse("desk:party-decide", args=[one.slug])).status_code == 405
    assert client.get(reverse("desk:party", args=[one.slug])).status_code == (
        404 if who == "stranger" else 200
    )
    if expected == 302:
        assert "VN-GDT-5600" in client.get(reverse("desk:party", args=[one.slug])).content.decode()
        assert (
            client.post(reverse("desk:party-decide", args=[one.slug]), form | {"scheme": "?"}).status_code
            == 302
        )
        assert PartyDecision.objects.count() == 1


def test_the_other_side_cannot_undo(cast: Cast) -> None:
    one, _other = bodies()
    one.roles.create(record=cast.record("Sam Mứn"), role="party")
    form = {"do": "name", "name": "Ủy ban tỉnh Điện Biên", "from": "2004", "reason": "cách gọi cũ"}
    signed_in(cast, "dien_bien").post(reverse("desk:party-decide", args=[one.slug]), form)
    made = PartyDecision.objects.get()
    assert (
        signed_in(cast, "ha_noi")
        .post(reverse("desk:decision-undo", args=[made.pk]), {"reason": "x"})
        .status_code
        == 403
    )


def test_people_are_put_together(cast: Cast) -> None:
    one, other = Person.objects.get(name="Lê Thành Đô"), ensure_person("Lê Th. Đô", "Điện Biên")
    client = signed_in(cast, "dien_bien")
    client.post(reverse("desk:person-merge", args=[other.pk]), {"into": str(one.pk), "reason": "viết tắt"})
    other.refresh_from_db()
    assert other.merged_into == one
    assert signed_in(cast, "stranger").get(reverse("desk:person", args=[one.pk])).status_code == 404
