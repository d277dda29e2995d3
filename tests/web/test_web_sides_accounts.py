"""Accounts: sessions, users of a party, the log, the second factor, throttling, reminders."""

from __future__ import annotations

import csv
import io
from datetime import date
from smtplib import SMTPException
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries
from web_cast import PASSWORD, Cast

from hoptac.accounts.models import Event, Reminder
from hoptac.accounts.reminders import remind
from hoptac.ledger.models import Membership, Party, Record

DAY = date(2026, 11, 23)


@pytest.fixture
def boss(cast: Cast) -> Client:
    """An administrator of Hà Nội."""
    user = User.objects.create_user("quantri", password=PASSWORD)
    Membership.objects.create(user=user, party=Party.objects.get(code="01"), role="administrator")
    return signed_in("quantri")


def signed_in(name: str, password: str = PASSWORD) -> Client:
    client = Client(headers={"user-agent": f"Firefox of {name}"})
    answer = client.post(reverse("account_login"), {"login": name, "password": password})
    assert answer.status_code == 302 and "_auth_user_id" in client.session, answer.content.decode()[-600:]
    return client


def post(client: Client, page: str, *args: Any, **form: Any) -> Any:
    return client.post(reverse(page, args=args), form)


def test_other_sessions_are_seen_and_ended(cast: Cast) -> None:
    here, there = signed_in("canbo.hanoi"), signed_in("canbo.hanoi")
    stranger = signed_in("nguoila")
    shown = here.get(reverse("desk:account")).content.decode()
    assert shown.count("Firefox of canbo.hanoi") == 2 and "nguoila" not in shown
    foreign = UserSession.objects.get(user__username="nguoila")
    assert post(here, "desk:sessions-end", session=str(foreign.pk)).status_code == 404
    assert stranger.get(reverse("desk:account")).status_code == 200
    assert post(here, "desk:sessions-end", session="others").status_code == 302
    assert there.get(reverse("desk:account")).status_code == 302, "signed out there"
    assert here.get(reverse("desk:account")).status_code == 200
    assert Event.objects.filter(action="session_ended", user=cast.ha_noi).count() == 1
    assert here.get(reverse("desk:sessions-end")).status_code == 405


def test_an_administrator_rules_over_the_own_side_only(cast: Cast, boss: Client) -> None:
    ha_noi, dien_bien = Party.objects.get(code="01"), Party.objects.get(code="11")
    made = post(
        boss, "desk:users-add", name="moi", party=str(ha_noi.pk), role="officer", email="moi@example.vn"
    )
    assert made.status_code == 201
    password = made.context["secret"][1]
    newcomer = signed_in("moi", password)
    assert newcomer.get(reverse("desk:users")).status_code == 403
    assert (
        post(boss, "desk:users-add", name="moi2", party=str(dien_bien.pk), role="officer").status_code == 422
    )
    assert (
        post(boss, "desk:users-add", name="canbo.dienbien", party=str(ha_noi.pk), role="officer").status_code
        == 422
    )
    assert post(boss, "desk:users-add", name="<b>", party=str(ha_noi.pk), role="officer").status_code == 422
    theirs = Membership.objects.get(user=cast.dien_bien)
    assert post(boss, "desk:users-change", theirs.pk, role="viewer").status_code == 404
    assert post(boss, "desk:users-password", theirs.pk).status_code == 404
    Membership.objects.create(user=cast.reviewer, party=dien_bien, role="reviewer")
    shared = Membership.objects.get(user=cast.reviewer, party=ha_noi)
    assert post(boss, "desk:users-password", shared.pk).status_code == 403, "it also serves the other side"
    mine = Membership.objects.get(user__username="moi")
    reset = post(boss, "desk:users-password", mine.pk)
    assert reset.status_code == 200 and reset.context["secret"][1] != password
    assert newcomer.get(reverse("desk:account")).status_code == 302, "the old session is over"
    assert "no-store" in reset["Cache-Control"]
    assert post(boss, "desk:users-change", mine.pk, role="viewer").status_code == 302
    mine.refresh_from_db()
    assert mine.role == "viewer"
    assert post(boss, "desk:users-change", mine.pk, role="emperor").status_code == 302
    mine.refresh_from_db()
    assert mine.role == "viewer"
    own = Membership.objects.get(user__username="quantri")
    post(boss, "desk:users-change", own.pk, role="viewer")
    post(boss, "desk:users-change", own.pk, role="")
    own.refresh_from_db()
    assert own.role == "administrator", "a party keeps one"
    assert post(boss, "desk:users-change", mine.pk, role="").status_code == 302
    assert not Membership.objects.filter(pk=mine.pk).exists() and User.objects.filter(username="moi").exists()
    told = set(Event.objects.filter(user__username="quantri").values_list("action", flat=True))
    assert {"user_added", "role_changed", "role_removed", "password_reset"} <= told


def test_a_role_taken_away_is_gone_at_once(cast: Cast, boss: Client) -> None:
    officer = signed_in("canbo.hanoi")
    record = reverse("desk:record", args=[cast.record("Tiểu học").slug])
    assert officer.get(record).status_code == 200
    post(boss, "desk:users-change", Membership.objects.get(user=cast.ha_noi).pk, role="")
    assert officer.get(record).status_code == 404


def test_the_log_is_of_the_own_people(cast: Cast, boss: Client) -> None:
    signed_in("canbo.dienbien")
    Client().post(reverse("account_login"), {"login": "canbo.hanoi", "password": "wrong"})
    Client().post(reverse("account_login"), {"login": "my secret password", "password": "wrong"})
    officer = signed_in("canbo.hanoi")
    officer.get(reverse("desk:records-csv") + "?q=truong")
    shown = boss.get(reverse("desk:audit")).content.decode()
    assert "Đăng nhập không thành công" in shown and "records.csv?q=truong" in shown
    assert "canbo.dienbien" not in shown
    assert not Event.objects.filter(about__contains="secret").exists(), "people type passwords into the name"
    rows = list(
        csv.DictReader(
            io.StringIO(
                boss.get(reverse("desk:audit-csv") + "?action=exported").content.decode().lstrip("\ufeff")
            )
        )
    )
    assert [(r["Tên đăng nhập"], r["Nội dung"]) for r in rows] == [("canbo.hanoi", "Tải tệp xuống")]
    for query in (
        "?user=hanoi",
        "?since=2026-01-01&until=2026-01-02",
        "?sort=at",
        "?action=spoke",
        "?since=x",
    ):
        assert boss.get(reverse("desk:audit") + query).status_code == 200
    root = User.objects.create_superuser("goc", password=PASSWORD)
    everything = Client()
    everything.force_login(root)
    assert "canbo.dienbien" in everything.get(reverse("desk:audit")).content.decode()


def test_pages_of_accounts_ask_no_more_than_they_did(
    cast: Cast, boss: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    boss.get(reverse("desk:account"))
    for name, most in (("users", 13), ("users-csv", 8), ("audit", 9), ("audit-csv", 8), ("account", 9)):
        with django_assert_max_num_queries(most, info=name):
            boss.get(reverse(f"desk:{name}"))


def test_a_second_factor_can_be_asked_of_all(cast: Cast, settings: Any) -> None:
    officer = signed_in("canbo.hanoi")
    assert officer.get(reverse("desk:mine")).status_code == 200
    settings.HOPTAC_SECOND_FACTOR = "required"
    for name in ("desk:mine", "desk:records-csv", "desk:audit"):
        answer = officer.get(reverse(name))
        assert answer.status_code == 302 and answer["Location"] == reverse("mfa_activate_totp")
    sent = officer.post(
        reverse("desk:record-answer", args=[cast.record("Tiểu học").slug]), {"say": "confirm"}
    )
    assert sent.status_code == 302 and sent["Location"] == reverse("mfa_activate_totp")
    assert officer.get(reverse("portal:home")).status_code == 200
    TOTP.activate(cast.ha_noi, generate_totp_secret())
    assert Authenticator.objects.filter(user=cast.ha_noi).exists()
    assert officer.get(reverse("desk:mine")).status_code == 200


def test_codes_of_the_second_factor_are_throttled(cast: Cast) -> None:
    TOTP.activate(cast.ha_noi, generate_totp_secret())
    client = Client()
    client.post(reverse("account_login"), {"login": "canbo.hanoi", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    answers = [client.post(reverse("mfa_authenticate"), {"code": f"{n:06d}"}) for n in range(8)]
    assert "_auth_user_id" not in client.session
    assert any("quá nhiều lần" in a.content.decode() or a.status_code == 429 for a in answers)


def test_sign_in_is_throttled_by_name_from_many_addresses(cast: Cast) -> None:
    for n in range(6):
        client = Client(REMOTE_ADDR=f"10.0.0.{n}")
        client.post(reverse("account_login"), {"login": "canbo.hanoi", "password": "wrong"})
    client = Client(REMOTE_ADDR="10.0.0.99")
    client.post(reverse("account_login"), {"login": "canbo.hanoi", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    elsewhere = Client(REMOTE_ADDR="10.0.0.99")
    elsewhere.post(reverse("account_login"), {"login": "canbo.dienbien", "password": PASSWORD})
    assert "_auth_user_id" in elsewhere.session, "others are not locked out"


def write_to(user: User) -> None:
    User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.vn")


def test_reminders_reach_each_officer_once_a_day(cast: Cast) -> None:
    write_to(cast.ha_noi)
    write_to(cast.reader)
    assert [r.outcome for r in remind(DAY, dry_run=True)] == ["would_send"] and mail.outbox == []
    assert [(r.user, r.outcome) for r in remind(DAY)] == [("canbo.hanoi", "sent")], (
        "a reader is not written to"
    )
    assert [r.outcome for r in remind(DAY)] == ["known"]
    assert len(mail.outbox) == 1 and mail.outbox[0].to == ["canbo.hanoi@example.vn"]
    letter = mail.outbox[0]
    assert "việc cần làm" in letter.subject and "\n" not in letter.subject
    assert "http://localhost:8000/desk/records/" in letter.body and "CHỜ BÊN MÌNH" in letter.body
    assert "&amp;" not in letter.body and "{%" not in letter.body
    assert [r.outcome for r in remind(date(2026, 11, 24))] == ["nothing_new"]
    assert [r.outcome for r in remind(date(2026, 11, 30))] == ["sent"], "after a week it is told again"


def test_a_due_day_is_told_before_it_comes(cast: Cast) -> None:
    write_to(cast.ha_noi)
    record = cast.record("Sín Thầu")
    Record.objects.filter(pk=record.pk).update(
        due=date(2026, 12, 10), values=record.values | {"due": "2026-12-10"}
    )
    list(remind(DAY))
    assert "SẮP ĐẾN HẠN" not in mail.outbox[-1].body
    assert [r.outcome for r in remind(date(2026, 11, 26), within=14)] == ["sent"], "fourteen days before"
    assert "SẮP ĐẾN HẠN (1)" in mail.outbox[-1].body and "10/12/2026" in mail.outbox[-1].body
    assert [r.outcome for r in remind(date(2026, 12, 11))] == ["sent"] and "TRỄ HẠN (1)" in mail.outbox[
        -1
    ].body


def test_a_letter_that_fails_is_tried_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    write_to(cast.ha_noi)

    def fail(self: object, fail_silently: bool = False) -> int:
        raise SMTPException("550 mailbox unavailable")

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", fail)
        assert [(r.outcome, r.reason) for r in remind(DAY)] == [("failed", "550 mailbox unavailable")]
    assert Reminder.objects.count() == 0
    assert [r.outcome for r in remind(DAY)] == ["sent"]
    row = Reminder.objects.get()
    assert row.sent_at is not None and row.matters > 0


def test_nobody_without_an_address_or_a_matter_is_written_to(cast: Cast) -> None:
    assert list(remind(DAY)) == []
    write_to(cast.stranger)
    assert list(remind(DAY)) == []
    officer = signed_in("canbo.hanoi")
    assert post(officer, "desk:account", email="khong phai").status_code == 422
    assert post(officer, "desk:account", email="hoa@example.vn").status_code == 302
    assert [r.user for r in remind(DAY)] == ["canbo.hanoi"]
    post(officer, "desk:account", email="")
    assert list(remind(date(2027, 1, 5))) == []
