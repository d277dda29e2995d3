"""Which stories stand beside which, and a draft made from records."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse
from newsroom_cast import linked, make_story
from pytest_django import DjangoAssertNumQueries
from web_cast import Cast

from hoptac.ledger.models import Party
from hoptac.newsroom.body import loose_figures, record_slugs
from hoptac.newsroom.drafting import draft
from hoptac.newsroom.related import beside


def test_what_is_told_counts_before_words(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    side = Party.objects.get(name="Hà Nội", kind="locality")
    school, nursery = cast.record("Tiểu học"), cast.record("Sam Mứn")

    def story(headline: str, body: str = "") -> int:
        return make_story(cast.ha_noi, side, headline=headline, body=body).pk

    one = make_story(cast.ha_noi, side, headline="Ngày khai giảng", body=linked(school))
    same = story("Một chuyện khác hẳn", linked(school) + linked(nursery))
    like = story("Ngày khai giảng vui")
    far = story("Giá cả thị trường")
    with django_assert_max_num_queries(5):
        found = beside(one)
    assert [s.pk for s in found.related] == [same, like][: len(found.related)] and found.related[0].pk == same
    assert far in [s.pk for s in found.more] and one.pk not in [s.pk for s in (*found.related, *found.more)]


def test_a_draft_from_records_has_no_loose_figure(cast: Cast) -> None:
    records = [cast.record("Tiểu học"), cast.record("mái che"), cast.record("Sam Mứn")]
    text = draft(records, cast.cooperation, "")
    assert (
        record_slugs(text.body) == [records[0].slug, records[2].slug, records[1].slug]
        or len(record_slugs(text.body)) == 3
    )
    assert "[65 tỷ đồng](record:" in text.body and "[14 điểm](record:" in text.body
    assert [f.quote for f in loose_figures(text.body)] == []
    client = Client()
    client.force_login(cast.ha_noi)
    page = client.get(reverse("newsroom:new"), {"record": [r.slug for r in records]}).content.decode()
    assert f"record:{records[0].slug}" in page
