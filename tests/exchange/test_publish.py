"""IATI out: files of a publisher from the ledger; valid, stable, made anew only where something changed."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from exchange_book import (
    GIVER,
    NOW,
    SCHOOL,
    TAKER,
    activities_in,
    activity,
    file,
    payment,
    sums,
    take,
    written,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from hoptac.exchange.deeds import Deeds
from hoptac.exchange.findings import ExchangeError
from hoptac.exchange.models import Given, Published, Publisher
from hoptac.exchange.publish import add_publisher, files_of, organisation_file, publisher_named, refresh
from hoptac.exchange.render import Deed, Quote, Renderer, Spot, Who
from hoptac.iati import Checker, Reading, Writer
from hoptac.iati.activity import Activity
from hoptac.ledger.models import Record
from hoptac.lexicon import default_lexicon
from hoptac.reading.values import ACTS, BOUNDS, FIELDS, STATUSES

ON = date(2026, 11, 23)
SHARED = Path(__file__).resolve().parents[3] / "shared" / "iati" / "real"
GIVES = Who("Hà Nội", "VN-COA-1", "11")
TAKES = Who("Điện Biên", None, "11")


def deed(**changes: object) -> Deed:
    values = {
        "what": SCHOOL,
        "act": "build",
        "status": "done",
        "year": 2024,
        "field": "education",
        "amount": {"value": "65000000000", "currency": "VND", "bound": "at_least", "of_total": "70000000000"},
    }
    parts: dict[str, object] = {
        "uid": "u1",
        "slug": "truong",
        "kind": "contribution",
        "title": SCHOOL,
        "values": values,
        "standing": "one_side",
        "fields": {"amount": "one_side"},
        "side": "giver",
        "givers": (GIVES,),
        "takers": (TAKES,),
        "told": date(2025, 3, 1),
        "own": False,
        "spot": Spot("11@2004", "tỉnh Điện Biên", 1, "VN", (21.6, 103.1)),
        "quotes": (Quote("hơn 65 tỷ đồng", "ab", "Bài báo", "Báo Mẫu", "https://bao-mau.example/1", ON),),
    }
    told = changes.pop("told_values", {})
    parts |= changes
    parts["values"] = {**values, **told}  # type: ignore[dict-item]
    return Deed(**parts)  # type: ignore[arg-type]


def rendered(*deeds: Deed) -> tuple[Activity | None, list[str]]:
    made = Renderer(default_lexicon(), GIVES, (), "https://hoptac.example.vn").render(
        "VN-COA-1-A", deeds[0], deeds[1:]
    )
    return made.activity, [note.code for note in made.notes]


def findings(made: Activity) -> list[str]:
    text = b"".join(Writer().write([made], namespaces={"hop": "urn:hoptac:iati:1"}))
    return [f"{f.id} {f.path} {f.value}" for f in Checker().check(io.BytesIO(text), on=ON).findings]


@pytest.mark.parametrize(
    ("status", "side", "kind"),
    [
        ("pledged", "giver", "12"),
        ("pledged", "taker", "13"),
        ("ongoing", "giver", "2"),
        ("ongoing", "taker", "11"),
        ("done", "giver", "3"),
        ("done", "taker", "1"),
    ],
)
def test_the_kind_of_transaction_follows_state_and_side(status: str, side: str, kind: str) -> None:
    made, notes = rendered(deed(side=side, told_values={"status": status}))
    assert made is not None and [t.type for t in made.transactions] == [kind] and notes == []
    assert findings(made) == []


def test_a_hedge_stands_in_words_and_in_the_own_namespace() -> None:
    made, _ = rendered(deed())
    assert made is not None
    (one,) = made.transactions
    assert one.value is not None and one.value.amount == Decimal(65000000000)
    assert [n.text for n in one.description[1:3]] == [
        "Số tiền được nêu: hơn 65.000.000.000 VND.",
        "The sum is told as: over 65,000,000,000 VND.",
    ]
    assert dict(one.extra[0].attributes)["bound"] == "at_least"
    assert b"h\xc6\xa1n 65 t\xe1\xbb\xb7" in b"".join(
        Writer().write([made], namespaces={"hop": "urn:hoptac:iati:1"})
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"told_values": {"year": None}}, "X01"),
        ({"told_values": {"year": 2031}}, "X02"),
        ({"left_out": "disputed"}, "X03"),
        ({"left_out": "covered_total"}, "X04"),
        ({"told_values": {"amount": {"value": "200000", "currency": "VND", "each": True}}}, "X05"),
        ({"told_values": {"amount": {"value": "200000"}}}, "X06"),
        ({"told_values": {"status": "requested"}}, "X08"),
    ],
)
def test_a_sum_that_would_be_a_guess_is_left_out_and_told(changes: dict[str, object], code: str) -> None:
    made, notes = rendered(deed(kind="activity", fields={}), deed(**changes), deed(uid="u2"))
    assert made is not None and len(made.transactions) == 1
    assert notes == [code] and findings(made) == []


def test_things_in_kind_are_results_and_promises_are_targets() -> None:
    quantity = {"value": "20", "unit": "máy"}
    made, _ = rendered(
        deed(told_values={"quantity": quantity, "amount": None}),
        deed(uid="a", told_values={"quantity": quantity, "amount": None}),
        deed(uid="b", told_values={"quantity": quantity, "amount": None, "status": "pledged"}),
    )
    assert made is not None and made.transactions == ()
    periods = [r.indicators[0].periods[0] for r in made.results]
    assert [(bool(p.actuals), bool(p.targets)) for p in periods] == [(True, False), (False, True)]
    assert findings(made) == []


DEEDS = st.builds(
    lambda status, side, act, field, bound, year, value, period, standing, names, kind, level: deed(
        side=side,
        standing=standing,
        givers=tuple(Who(name, None, "11") for name in names) or (GIVES,),
        kind=kind,
        spot=Spot("x@63", "xã", level, "VN", None),
        told_values={
            "status": status,
            "act": act,
            "field": field,
            "year": year,
            "period": period,
            "amount": {"value": str(value), "currency": "VND", "bound": bound},
            "quantity": {"value": "3", "unit": "cái"},
        },
    ),
    st.sampled_from([None, *STATUSES]),
    st.sampled_from(["giver", "taker"]),
    st.sampled_from(ACTS),
    st.sampled_from([None, *FIELDS]),
    st.sampled_from(BOUNDS),
    st.sampled_from([None, 1984, 2024, 2025, 2026, 2029]),
    st.integers(0, 10**18),
    st.sampled_from([None, [2011, 2019], [2024, None], [2024, 2030], [None, 2027]]),
    st.sampled_from(["read", "one_side", "both_sides", "disputed"]),
    st.lists(st.text("ABCđêơ &<>'\"", min_size=1, max_size=9).filter(str.strip), max_size=3, unique=True),
    st.sampled_from(["contribution", "agreement"]),
    st.sampled_from([0, 1, 2, 3]),
)


@settings(deadline=None, max_examples=120)
@given(st.lists(DEEDS, min_size=1, max_size=3))
def test_whatever_is_made_is_valid_without_errors(deeds: list[Deed]) -> None:
    made, notes = rendered(*deeds)
    if made is None:
        assert "X07" in notes
        return
    text = b"".join(Writer().write([made], namespaces={"hop": "urn:hoptac:iati:1"}))
    bad = [f for f in Checker().check(io.BytesIO(text), on=ON).findings if f.severity != "warning"]
    assert bad == []


@pytest.mark.django_db
def test_a_publishers_own_file_comes_back_with_every_transaction() -> None:
    take(file(GIVER))
    publisher = add_publisher("Hà Nội", "VN-COA-1")
    refresh(publisher, now=NOW)
    ((name, text),) = written(publisher)
    assert name == "vn-coa-1-activities.xml"
    out = activities_in(text)
    assert [a.identifier for a in out] == ["VN-COA-1-S1"]
    assert sums(out) == sums(activities_in(file(GIVER)))
    assert Checker().check(io.BytesIO(text), on=ON).findings == []


@pytest.mark.django_db
def test_the_other_side_tells_the_same_deed_in_its_own_words() -> None:
    take(file(GIVER))
    publisher = add_publisher("Điện Biên", "VN-COA-2")
    refresh(publisher, now=NOW)
    ((_, text),) = written(publisher)
    assert {t.type for a in activities_in(text) for t in a.transactions} == {"1", "13"}
    assert {a.reporting_org.ref for a in activities_in(text) if a.reporting_org} == {"VN-COA-2"}
    assert [f.id for f in Checker().check(io.BytesIO(text), on=ON).findings] == []
    assert not Given.objects.filter(party=publisher.party).exists()
    assert Deeds(publisher).of(Record.objects.none()) == {}


@pytest.mark.django_db
def test_only_what_changed_is_made_anew_and_identifiers_stay() -> None:
    take(file(GIVER))
    publisher = add_publisher("Điện Biên", "VN-COA-2")
    assert refresh(publisher, now=NOW).changed == 1
    first = written(publisher)
    assert refresh(publisher, now=NOW + timedelta(minutes=1)).made == 0
    assert written(publisher) == first
    identifiers = set(Published.objects.values_list("identifier", flat=True))
    take(file(GIVER.replace("25000000000", "26000000000")))
    done = refresh(publisher, now=NOW + timedelta(minutes=2))
    assert (done.changed, done.gone) == (1, 0)
    assert set(Published.objects.values_list("identifier", flat=True)) == identifiers
    add_publisher("Điện Biên", "VN-TIN-5600100100")
    publisher = publisher_named("Điện Biên")
    refresh(publisher, now=NOW + timedelta(minutes=3))
    ((name, text),) = written(publisher)
    assert name.startswith("vn-tin-5600100100")
    assert {a.identifier for a in activities_in(text)} == identifiers
    assert {i.ref for a in activities_in(text) for i in a.other_identifiers} == {"VN-COA-2"}
    assert Checker().check(io.BytesIO(text), on=ON).findings == []


@pytest.mark.django_db
def test_an_activity_with_an_error_is_held_back_and_told() -> None:
    late = activity("VN-COA-1-S9", "Hà Nội", payment("3", "5", "2031-01-01"))
    take(file(GIVER, late))
    publisher = add_publisher("Hà Nội", "VN-COA-1")
    assert refresh(publisher, now=NOW).held == 1
    row = Published.objects.get(identifier="VN-COA-1-S9")
    assert row.state == "held" and {f["id"] for f in row.findings} >= {"11.2.1"}
    assert all(f["en"] and f["vi"] for f in row.findings)
    ((_, text),) = written(publisher)
    assert [a.identifier for a in activities_in(text)] == ["VN-COA-1-S1"]


@pytest.mark.django_db
def test_publishers_are_told_apart() -> None:
    take(file(GIVER, TAKER))
    add_publisher("Hà Nội", "VN-COA-1")
    for name, ref, code in (
        ("Điện Biên", "VN-COA-1", "X21"),
        ("Nơi Khác", "VN-COA-3", "X20"),
        ("Điện Biên", "a b", "X22"),
    ):
        with pytest.raises(ExchangeError) as caught:
            add_publisher(name, ref)
        assert caught.value.note.code == code
    assert publisher_named("VN-COA-1").party.name == "Hà Nội"
    with pytest.raises(ExchangeError):
        publisher_named("Điện Biên")


@pytest.mark.django_db
def test_the_organisation_file_is_valid() -> None:
    take(file(GIVER))
    name, text = organisation_file(add_publisher("Hà Nội", "VN-COA-1"))
    assert name == "vn-coa-1-organisation.xml"
    assert Checker().check(io.BytesIO(text), on=ON).findings == []


@pytest.mark.django_db
def test_large_ledgers_are_parted_into_files(monkeypatch: pytest.MonkeyPatch) -> None:
    take(
        file(
            *(activity(f"VN-COA-1-S{n}", "Hà Nội", payment("3", "5"), title=f"Cầu số {n}") for n in range(6))
        )
    )
    publisher = add_publisher("Hà Nội", "VN-COA-1")
    refresh(publisher, now=NOW)
    monkeypatch.setattr("hoptac.exchange.publish.FILE_MOST", 3000)
    files = written(publisher)
    assert len(files) > 1 and len({name for name, _ in files}) == len(files)
    assert sum(len(activities_in(text)) for _, text in files) == 6
    assert sum(f.activities for f in files_of(publisher)) == 6


@pytest.mark.django_db
@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/iati/real is not here")
@pytest.mark.parametrize("stem", ["acfspain-ph", "usaid-activity", "wri-521257057-strategic-plan-2023-2027"])
def test_publishers_files_come_back_with_equal_sums(stem: str) -> None:
    text = (SHARED / "originals" / f"{stem}.xml").read_bytes()
    take(text)
    party = Given.objects.first()
    assert party is not None
    publisher = Publisher.objects.create(party=party.party, ref="XM-T-1")
    refresh(publisher, now=NOW)
    kept = [activities_in(body.encode())[0] for body in _bodies()]
    assert sums(kept) == sums(activities_in(text))


def _bodies() -> list[str]:
    head = Writer().head(namespaces={"hop": "urn:hoptac:iati:1"})
    rows = Published.objects.exclude(body="").values_list("body", flat=True)
    return [f"{head}{body}</iati-activities>" for body in rows]


def test_extra_elements_are_read_as_lost() -> None:
    made, _ = rendered(deed())
    assert made is not None
    reading = Reading(io.BytesIO(b"".join(Writer().write([made], namespaces={"hop": "urn:hoptac:iati:1"}))))
    (again,) = [a for a, _ in reading]
    assert again == made._replace(
        extra=(), transactions=tuple(t._replace(extra=()) for t in made.transactions)
    )
    assert set(reading.loss) == {
        "iati-activity/{urn:hoptac:iati:1}record",
        "iati-activity/transaction/{urn:hoptac:iati:1}sum",
    }


@pytest.mark.django_db
def test_an_independent_validator_takes_our_files() -> None:
    """okfn-iati 0.4.3, where it is installed: it is no part of the project (GPL)."""
    other = pytest.importorskip("okfn_iati.iati_schema_validator", reason="okfn-iati is not installed")
    take(file(GIVER, TAKER))
    for name, ref in (("Hà Nội", "VN-COA-1"), ("Điện Biên", "VN-COA-2")):
        publisher = add_publisher(name, ref)
        refresh(publisher, now=NOW)
        for _, text in written(publisher):
            valid, told = other.IatiValidator().validate(text.decode())
            assert valid, told
