"""Two names put together and parted again: records, sums and suggestions follow, statements keep what they tell."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from ledger_book import NOW, page, take

from hoptac.ledger import check, decisions
from hoptac.ledger.decisions import DecisionError, add_identifier, add_name, merge_parties, merge_people, undo
from hoptac.ledger.filing import suggest
from hoptac.ledger.models import Party, Person, Statement, Waiting
from hoptac.ledger.parties import ensure_party
from hoptac.ledger.sums import sum_records
from hoptac.ledger.take import take_reading

pytestmark = pytest.mark.django_db
ONE = "gift: Ngân hàng Nông nghiệp > Lai Châu | Trường Mầm non Tả Lèng | build | 6000000000 VND | 2021 | education | done"
TWO = "gift: Agribank > Lai Châu | Trường Mầm non Bản Bo | build | 4000000000 VND | 2021 | education | done"


@pytest.fixture
def by() -> User:
    return User.objects.create(username="canbo")


def sums() -> dict[str, str]:
    return {str(g.key): str(g.totals["VND"]) for g in sum_records(None, "funder")}


def test_a_merger_and_its_undo(by: User) -> None:
    take(ONE)
    take(TWO)
    apart = {"Agribank": "4000000000", "Ngân hàng Nông nghiệp": "6000000000"}
    assert sums() == apart
    made = merge_parties(
        ensure_party("Agribank"), ensure_party("Ngân hàng Nông nghiệp"), by=by, reason="một ngân hàng", at=NOW
    )
    assert sums() == {"Ngân hàng Nông nghiệp": "10000000000"}
    assert {s.values["funder"][0]["name"] for s in Statement.objects.filter(kind="contribution")} == set(
        apart
    )
    assert check.run_checks() == []
    undo(made, by=by, reason="hai ngân hàng", at=NOW)
    assert sums() == apart and check.run_checks() == []
    with pytest.raises(DecisionError, match="undone"):
        undo(made, by=by, reason="lần nữa", at=NOW)


def test_a_row_of_mergers_ends_in_one_and_parts_in_the_middle(by: User) -> None:
    names = ["Công ty Một", "Công ty Hai", "Công ty Ba"]
    first, second, third = (ensure_party(name) for name in names)
    merge_parties(first, second, by=by, reason="một", at=NOW)
    last = merge_parties(second, third, by=by, reason="một", at=NOW)
    assert [Party.objects.get(pk=p.pk).merged_into for p in (first, second, third)] == [third, third, None]
    with pytest.raises(DecisionError, match="same"):
        merge_parties(third, first, by=by, reason="vòng", at=NOW)
    undo(last, by=by, reason="không phải", at=NOW)
    assert [Party.objects.get(pk=p.pk).merged_into for p in (first, second, third)] == [second, None, None]


def test_what_cannot_be_one(by: User) -> None:
    for a, b, why in (
        ("Hà Nội", "Điện Biên", "locality"),
        ("UBND tỉnh Điện Biên", "UBND thành phố Hà Nội", "sides"),
        ("Công ty Một", "Công ty Một", "same"),
    ):
        with pytest.raises(DecisionError, match=why):
            merge_parties(ensure_party(a), ensure_party(b), by=by, reason="thử", at=NOW)
    merge_parties(ensure_party("Công ty Một"), ensure_party("Công ty Hai"), by=by, reason="một", at=NOW)
    with pytest.raises(DecisionError, match="merged"):
        merge_parties(ensure_party("Công ty Một"), ensure_party("Công ty Ba"), by=by, reason="một", at=NOW)


def test_a_further_name_is_understood_in_what_is_taken_later(by: User) -> None:
    take(ONE)
    bank = ensure_party("Ngân hàng Nông nghiệp")
    add_name(bank, "Agribank", valid_from="1996-11", by=by, reason="quyết định 280", at=NOW)
    reading, written = page(ONE.replace("Ngân hàng Nông nghiệp", "Agribank"), name="hai.txt")
    take_reading(reading, written, now=NOW, filing="inbox")
    waiting = Waiting.objects.get().statement
    [found] = suggest(waiting)
    assert "funder_same" in found.match.reasons
    assert not Party.objects.filter(name="Agribank").exists()
    for wrong in ("Hà Nội", "Ngân hàng Nông nghiệp"):
        with pytest.raises(DecisionError, match="known"):
            add_name(bank, ensure_party(wrong).name, by=by, reason="thử", at=NOW)
    with pytest.raises(DecisionError, match="day"):
        add_name(bank, "NHNN", valid_from="hôm qua", by=by, reason="thử", at=NOW)


def test_identifiers_are_one_partys(by: User) -> None:
    made = add_identifier(
        ensure_party("Agribank"), "vn-gdt", "0100686174", by=by, reason="mã số thuế", at=NOW
    )
    assert (made.scheme, made.value) == ("VN-GDT", "0100686174")
    with pytest.raises(DecisionError, match="known"):
        add_identifier(ensure_party("Ngân hàng Khác"), "VN-GDT", "0100686174", by=by, reason="x", at=NOW)
    with pytest.raises(DecisionError, match="scheme"):
        add_identifier(ensure_party("Agribank"), "thuế", "1", by=by, reason="x", at=NOW)
    undo(made, by=by, reason="nhầm", at=NOW)
    add_identifier(ensure_party("Ngân hàng Khác"), "VN-GDT", "0100686174", by=by, reason="x", at=NOW)


def test_the_offices_of_a_person_from_and_to_as_pages_say(by: User) -> None:
    take("person: Lê Thành Đô | Phó Chủ tịch UBND tỉnh | Điện Biên", published="2016-05-07", name="a.txt")
    take("person: Lê Thành Đô | Chủ tịch UBND tỉnh | Điện Biên", published="2021-01-01", name="b.txt")
    take("person: Lê Thành Đô | Chủ tịch UBND tỉnh | Điện Biên\nasked: request | Lê Thành Đô > Hà Nội | giúp bác sĩ",
         published="2024-04-25", name="c.txt")  # fmt: skip
    take("person: Đô Lê Thành | Bí thư | Điện Biên", name="d.txt")
    one, other = Person.objects.get(name="Lê Thành Đô"), Person.objects.get(name="Đô Lê Thành")
    told = [(o.office, o.first, o.last, o.statements) for o in decisions.offices_of(one)]
    assert told == [
        ("Phó Chủ tịch UBND tỉnh", "2016-05-07", "2016-05-07", 1),
        ("Chủ tịch UBND tỉnh", "2021-01-01", "2024-04-25", 2),
    ]
    made = merge_people(other, one, by=by, reason="viết đảo tên", at=NOW)
    assert [o.office for o in decisions.offices_of(one)][-1] == "Bí thư"
    undo(made, by=by, reason="hai người", at=NOW)
    assert len(decisions.offices_of(one)) == 2


def test_names_that_may_be_one_are_proposed(by: User) -> None:
    one = ensure_party("Tập đoàn Vingroup")
    other = ensure_party("Vingroup")
    ensure_party("Tập đoàn Viettel")
    assert [p for p, _score in decisions.like_parties(one)] == [other]
