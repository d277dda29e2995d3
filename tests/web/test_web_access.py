"""Who gets what: a matrix of pages and people, and how many questions a page asks of the database."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertRedirects
from pytest_django.fixtures import DjangoAssertNumQueries
from web_cast import PASSWORD, Cast

OBJECTS = ("desk:cooperation", "desk:cooperation-sum", "desk:record", "desk:source")
LISTS = ("desk:cooperations", "desk:cooperations-csv", "desk:records", "desk:records-csv", "desk:sources")


def address(cast: Cast, name: str) -> str:
    key = {
        "desk:record": cast.record("Lê Quý Đôn").slug,
        "desk:record-answer": cast.record("Lê Quý Đôn").slug,
    }
    if name in LISTS:
        return reverse(name)
    return reverse(
        name, args=[key.get(name, cast.source.sha256 if name == "desk:source" else cast.cooperation.slug)]
    )


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_anonymous_is_sent_to_sign_in(cast: Cast) -> None:
    for name in OBJECTS + LISTS:
        where = address(cast, name)
        assertRedirects(
            Client().get(where), f"{reverse('account_login')}?next={where}", fetch_redirect_response=False
        )
    answer = Client().post(address(cast, "desk:record-answer"))
    assert answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))


def test_both_sides_see_everything_of_theirs(cast: Cast) -> None:
    for who in (cast.ha_noi, cast.dien_bien, cast.reviewer, cast.reader):
        client = signed_in(who)
        for name in OBJECTS + LISTS:
            assert client.get(address(cast, name)).status_code == 200, (who, name)


def test_stranger_finds_nothing(cast: Cast) -> None:
    client = signed_in(cast.stranger)
    for name in OBJECTS:
        assert client.get(address(cast, name)).status_code == 404, name
    assert client.post(address(cast, "desk:record-answer")).status_code == 404
    for name in LISTS:
        answer = client.get(address(cast, name))
        assert answer.status_code == 200 and "Điện Biên" not in answer.content.decode(), name


def test_what_is_not_there_is_404(cast: Cast, officer: Client) -> None:
    for name, key in (
        ("desk:cooperation", "khong-co"),
        ("desk:record", "khong-co"),
        ("desk:source", "0" * 64),
    ):
        assert officer.get(reverse(name, args=[key])).status_code == 404
    assert officer.get(address(cast, "desk:cooperation-sum") + "?by=colour").status_code == 404
    assert officer.get(address(cast, "desk:cooperation-sum") + "?by=field&group=tourism").status_code == 404


def test_reader_may_not_write(cast: Cast) -> None:
    for who in (cast.reader, cast.reviewer):
        client = signed_in(who)
        answer = client.post(address(cast, "desk:record-answer"), {"say": "confirm"})
        assert answer.status_code == 403 and "Bạn không được làm việc này" in answer.content.decode()
        assert 'id="answer-h"' not in client.get(address(cast, "desk:record")).content.decode()


def test_wrong_method_is_405(cast: Cast, officer: Client) -> None:
    for name in OBJECTS + LISTS:
        assert officer.post(address(cast, name)).status_code == 405, name
    assert officer.get(address(cast, "desk:record-answer")).status_code == 405
    assert Client().post(reverse("portal:home")).status_code == 405


def test_administrator_of_the_machine_sees_all(cast: Cast) -> None:
    root = User.objects.create_superuser("goc", password=PASSWORD)
    client = signed_in(root)
    for name in OBJECTS + LISTS:
        assert client.get(address(cast, name)).status_code == 200, name


MOST_QUERIES = {
    "desk:cooperations": 8,
    "desk:cooperations-csv": 7,
    "desk:cooperation": 15,
    "desk:cooperation-sum": 7,
    "desk:records": 8,
    "desk:records-csv": 6,
    "desk:record": 20,
    "desk:sources": 6,
    "desk:source": 9,
}


def test_pages_ask_no_more_than_they_did(
    cast: Cast, officer: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for name, most in MOST_QUERIES.items():
        where = address(cast, name)
        with django_assert_max_num_queries(most, info=name):
            officer.get(where)


def test_sign_in_is_throttled(cast: Cast) -> None:
    client = Client()
    wrong = {"login": "canbo.hanoi", "password": "not-the-password"}
    statuses = {client.post(reverse("account_login"), wrong).status_code for _ in range(12)}
    answer = client.post(reverse("account_login"), {"login": "canbo.hanoi", "password": PASSWORD})
    assert answer.status_code in (200, 429) and "_auth_user_id" not in client.session
    assert 429 in statuses or "quá nhiều lần" in answer.content.decode()


def test_nobody_signs_up(cast: Cast) -> None:
    for path in ("/accounts/signup/", "/accounts/email/", "/accounts/password/reset/"):
        assert Client().get(path).status_code == 404


def test_sign_in_and_second_factor_pages(cast: Cast) -> None:
    client = Client()
    answer = client.post(reverse("account_login"), {"login": "canbo.hanoi", "password": PASSWORD})
    assertRedirects(answer, reverse("desk:cooperations"))
    assert "Xác nhận quyền truy cập" in client.get(reverse("mfa_activate_totp"), follow=True).content.decode()
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    for name, words in (
        ("mfa_index", "Xác thực hai bước"),
        ("mfa_activate_totp", "Bật ứng dụng xác thực"),
        ("account_change_password", "Đổi mật khẩu"),
        ("account_logout", "Bạn muốn đăng xuất?"),
        ("account_reauthenticate", "Xác nhận quyền truy cập"),
    ):
        page = client.get(reverse(name), follow=True).content.decode()
        assert words in page and "css/account.css" in page, name
