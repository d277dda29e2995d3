"""The life of a review: who agrees, what lifts it, what the database refuses."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from review_cast import WHEN, Cast, given

from hoptac.ledger import triggers
from hoptac.ledger.appendonly import AppendOnlyError
from hoptac.review import flow, guards
from hoptac.review.check import check_reviews
from hoptac.review.compose import compose
from hoptac.review.models import Assent, Review, SideText, Snapshot
from hoptac.review.rows import read_body

LATER = WHEN + timedelta(days=2)


def say_yes(cast: Cast, review: Review, side: str, *, agrees: bool = True) -> bool:
    party = getattr(cast, side)
    return flow.agree(
        review, side=party, by=cast.officers[side], version=review.version, agrees=agrees, at=LATER
    )


def write(cast: Cast, review: Review, side: str, part: str, text: str) -> bool:
    return flow.write_text(
        review, side=getattr(cast, side), part=part, values={"text": text}, by=cast.officers[side],
        version=review.version, at=LATER,
    )  # fmt: skip


def state(review: Review) -> str:
    """As the table has it."""
    return Review.objects.get(pk=review.pk).state


def test_a_review_goes_from_draft_to_one_side_to_both(cast: Cast) -> None:
    review = cast.review()
    assert state(review) == "draft"
    assert say_yes(cast, review, "ha_noi")
    assert state(review) == "one_side"
    assert not say_yes(cast, review, "ha_noi"), "to agree twice is to agree once"
    assert say_yes(cast, review, "dien_bien")
    assert state(review) == "both_sides"
    assert check_reviews() == []


def test_the_same_period_is_one_review_for_both_sides(cast: Cast) -> None:
    review = cast.review()
    again, new = flow.open_review(
        cast.cooperation, 2011, 2024, side=cast.ha_noi, by=cast.officers["ha_noi"], at=LATER
    )
    assert (again.pk, new) == (review.pk, False)


@pytest.mark.parametrize("part", ["strengths", "limits", "proposals"])
def test_a_change_of_words_lifts_what_was_agreed(cast: Cast, part: str) -> None:
    review = cast.review()
    say_yes(cast, review, "ha_noi")
    say_yes(cast, review, "dien_bien")
    assert write(cast, review, "ha_noi", part, "- Phối hợp chặt chẽ")
    assert state(review) == "draft"
    assert check_reviews() == []


def test_the_same_words_again_change_nothing(cast: Cast) -> None:
    review = cast.review()
    write(cast, review, "ha_noi", "limits", "Còn chậm")
    say_yes(cast, review, "ha_noi")
    assert not write(cast, review, "ha_noi", "limits", "Còn chậm")
    assert state(review) == "one_side"


def test_the_details_of_a_paper_lift_nothing(cast: Cast) -> None:
    review = cast.review()
    say_yes(cast, review, "ha_noi")
    said = {"number": "12", "signer": "Trần Thị Mẫu"}
    flow.write_text(
        review, side=cast.ha_noi, part="paper", values=said, by=cast.officers["ha_noi"], version=review.version, at=LATER
    )  # fmt: skip
    assert state(review) == "one_side"


def test_agreement_can_be_taken_back(cast: Cast) -> None:
    review = cast.review()
    say_yes(cast, review, "ha_noi")
    assert say_yes(cast, review, "ha_noi", agrees=False)
    assert state(review) == "draft"
    assert [a.agrees for a in Assent.objects.order_by("pk")] == [True, False]


def test_a_new_snapshot_lifts_only_where_the_ledger_says_something_new(cast: Cast) -> None:
    review = cast.review()
    say_yes(cast, review, "dien_bien")
    same = flow.renew(review, side=cast.ha_noi, by=cast.officers["ha_noi"], version=review.version, at=LATER)
    assert not same and state(review) == "one_side"
    cast.say("contribution", given("Trường Tiểu học Nà Hỳ", amount=5_000_000_000, year=2019))
    assert flow.renew(review, side=cast.ha_noi, by=cast.officers["ha_noi"], version=review.version, at=LATER)
    assert state(review) == "draft"
    assert Snapshot.objects.filter(review=review).count() == 2


def test_of_two_who_change_at_once_one_is_told(cast: Cast) -> None:
    review = cast.review()
    other = Review.objects.get(pk=review.pk)
    seen = review.version
    assert write(cast, review, "ha_noi", "limits", "Còn chậm")
    with pytest.raises(flow.ReviewMoved):
        flow.agree(other, side=cast.dien_bien, by=cast.officers["dien_bien"], version=seen, at=LATER)
    assert not Assent.objects.exists()
    assert state(review) == "draft"


def test_a_stranger_is_no_side(cast: Cast) -> None:
    from hoptac.ledger.parties import ensure_party

    review = cast.review()
    ca_mau = ensure_party("Cà Mau", "96")
    with pytest.raises(flow.NotASide):
        flow.agree(review, side=ca_mau, by=cast.officers["stranger"], version=review.version, at=LATER)
    with pytest.raises(flow.NotASide):
        flow.open_review(cast.cooperation, 2000, 2001, side=ca_mau, by=cast.officers["stranger"], at=LATER)


@pytest.mark.parametrize("table", guards.TABLES)
def test_the_database_refuses_to_change_or_delete(cast: Cast, table: str) -> None:
    review = cast.review()
    write(cast, review, "ha_noi", "limits", "Còn chậm")
    say_yes(cast, review, "ha_noi")
    for sql in (f"UPDATE {table} SET made_at = made_at", f"DELETE FROM {table}"):  # noqa: S608 - our own tables
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_the_models_refuse_too(cast: Cast) -> None:
    review = cast.review()
    write(cast, review, "ha_noi", "limits", "Còn chậm")
    with pytest.raises(AppendOnlyError):
        SideText.objects.update(part="strengths")
    with pytest.raises(AppendOnlyError):
        flow.latest_snapshot(review).delete()


def test_a_review_says_the_same_for_ever(cast: Cast) -> None:
    """After more is said, corrected and filed elsewhere, the snapshot's review is the same to the last word."""
    review = cast.review()
    body = flow.latest_snapshot(review).body
    before = {lang: compose(read_body(body), language=lang, mark="x") for lang in ("vi", "en")}
    told = cast.say("contribution", given("Trường Mới", amount=1_500_000_000, year=2020))
    old = cast.cooperation.records.get(title__contains="Lê Quý Đôn")
    statement = old.filings.get().statement
    cast.say(
        "contribution",
        given("Trường THPT chuyên Lê Quý Đôn", amount=9_400_000_000, year=2012),
        supersedes=statement,
        record=old,
    )
    cast.say("contribution", given("Cầu treo Nậm Mức", amount=7_000_000_000, year=2004, field="transport"), side=cast.ha_noi,
             record=cast.record_of(told))  # fmt: skip
    assert check_reviews() == []
    after = {
        lang: compose(read_body(flow.latest_snapshot(review).body), language=lang, mark="x")
        for lang in ("vi", "en")
    }
    assert after == before


def test_tampering_is_found(cast: Cast) -> None:
    review = cast.review()
    snapshot = flow.latest_snapshot(review)
    triggers.drop(connection, guards.TABLES)
    try:
        assert {f.code for f in check_reviews()} == {"V01"}
        body = snapshot.body.replace("2400000000", "9400000000")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE review_snapshot SET body = %s WHERE id = %s", [body, snapshot.pk])
        assert "V02" in {f.code for f in check_reviews()}
        Review.objects.filter(pk=review.pk).update(state="both_sides")
        assert {"V01", "V02", "V06"} <= {f.code for f in check_reviews()}
    finally:
        triggers.create(connection, guards.TABLES)


def test_a_snapshot_that_its_statements_do_not_give_is_found(cast: Cast) -> None:
    """A body forged together with its digest is whole in itself, but the statements give other rows."""
    from hoptac.ledger.canonical import digest
    from hoptac.review.rows import body_text, figures_of

    review = cast.review()
    snapshot = flow.latest_snapshot(review)
    body = json.loads(snapshot.body.replace("2400000000", "9400000000"))
    body["figures"] = json.loads(body_text(figures_of(read_body(body_text(body)))))
    triggers.drop(connection, guards.TABLES)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE review_snapshot SET body = %s, digest = %s WHERE id = %s",
                [body_text(body), digest(body), snapshot.pk],
            )
        found = check_reviews()
    finally:
        triggers.create(connection, guards.TABLES)
    fields = {dict(f.values)["field"] for f in found if f.code == "V05"}
    assert {"values", "fact"} <= fields
