"""To confirm and to dispute: each side speaks for itself, and nobody's word is changed."""

from __future__ import annotations

from uuid import uuid4

from django.test import Client
from django.urls import reverse
from web_cast import Cast

from hoptac.desk.answers import state_of
from hoptac.ledger.models import Party, Record, Statement


def send(client: Client, record: Record, **more: str) -> int:
    party = Party.objects.get(code=more.pop("code", "01"))
    form = {"say": "confirm", "form_uid": str(uuid4()), "state": state_of(record), "party": str(party.pk)}
    form |= {
        "reason": "Theo Báo cáo số 12/BC-UBND",
        "amount": "65000000000",
        "year": "2024",
        "status": "done",
    }
    status = client.post(reverse("desk:record-answer", args=[record.slug]), form | more).status_code
    record.refresh_from_db()
    return status


def test_two_sides_confirm_then_one_differs(cast: Cast, officer: Client) -> None:
    other = Client()
    other.force_login(cast.dien_bien)
    record = cast.record("Tiểu học")
    before = Statement.objects.count()
    assert send(officer, record) == 302 and record.standing == "one_side"
    assert send(other, record, code="11") == 302 and record.standing == "both_sides"
    assert send(other, record, code="11", say="otherwise", amount="64.500.000.000") == 302
    assert record.standing == "disputed" and Statement.objects.count() == before + 3
    amount = record.fields["amount"]
    assert {amount["value"]["value"], *(o["value"]["value"] for o in amount["otherwise"])} == {
        "65000000000",
        "64500000000",
    }
    page = officer.get(reverse("desk:record", args=[record.slug])).content.decode()
    assert "64,5 tỷ đồng" in page and "Lời khai đã rút" in page and "Báo cáo số 12/BC-UBND" in page


def test_what_is_refused(cast: Cast, officer: Client) -> None:
    record = cast.record("Tiểu học")
    before = Statement.objects.count()
    assert send(officer, record, say="otherwise", amount="64.500.000.000", reason="  ") == 422
    assert send(officer, record, code="11") == 403, "not for the other side"
    assert send(officer, record, say="otherwise") == 422, "the same values"
    assert send(officer, record, say="otherwise", amount="65.000.000.000") == 422, "the same sum, grouped"
    assert send(officer, record, say="otherwise", amount="rất nhiều") == 422
    assert send(officer, record, state="0" * 16) == 409
    assert Statement.objects.count() == before and record.standing == "read"


def test_a_form_sent_twice_is_one_statement(cast: Cast, officer: Client) -> None:
    record, uid, state = cast.record("Tiểu học"), str(uuid4()), state_of(cast.record("Tiểu học"))
    before = Statement.objects.count()
    assert send(officer, record, form_uid=uid, state=state) == 302
    assert send(officer, record, form_uid=uid, state=state) == 302
    assert Statement.objects.count() == before + 1


def test_one_click_confirms_and_says_so(cast: Cast, officer: Client) -> None:
    record = cast.record("Tiểu học")
    assert send(officer, record, reason="") == 302 and record.standing == "one_side"
    statement = Statement.objects.order_by("-seq").first()
    assert statement is not None and statement.reason == "Xác nhận như đang ghi"


def test_a_form_needs_its_secret(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.ha_noi)
    answer = client.post(
        reverse("desk:record-answer", args=[cast.record("Tiểu học").slug]), {"say": "confirm"}
    )
    assert answer.status_code == 403 and "Biểu mẫu đã hết hạn" in answer.content.decode()
