"""What the officers' pages say."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from web_cast import PAPER, Cast

from hoptac.ledger.models import Passage, Record
from hoptac.ledger.sums import grand_total, sum_records
from hoptac.screens.totals import total_of, totals_of


def text_of(answer_bytes: bytes) -> str:
    """A page's words without its marks."""
    return " ".join(re.sub(r"<[^>]+>", "", answer_bytes.decode()).split())


def test_every_page_opens_in_both_languages(cast: Cast, officer: Client) -> None:
    pages = [reverse(n) for n in ("desk:cooperations", "desk:records", "desk:sources", "portal:home")]
    slug = [cast.cooperation.slug]
    pages += [
        reverse(n, args=slug) for n in ("desk:cooperation", "desk:cooperation-sum", "portal:cooperation")
    ]
    pages += [reverse("portal:cooperation-sum", args=slug), reverse("portal:cooperation-records", args=slug)]
    pages.append(reverse("desk:source", args=[cast.source.sha256]))
    for record in Record.objects.live():
        pages += [reverse("desk:record", args=[record.slug]), reverse("portal:record", args=[record.slug])]
        pages += [
            reverse("portal:party", args=[r.party.slug])
            for r in record.roles.all()
            if r.party.kind != "group"
        ]
    for language in ("vi", "en"):
        officer.cookies["django_language"] = language
        for page in dict.fromkeys(pages):
            answer = officer.get(page)
            assert answer.status_code == 200, page
            assert f'<html lang="{language}">' in answer.content.decode(), page


def test_total_names_what_it_counted_and_left_out(cast: Cast, officer: Client) -> None:
    page = text_of(officer.get(reverse("desk:cooperation", args=[cast.cooperation.slug])).content)
    assert "67,4 tỷ đồng từ 2 khoản hỗ trợ; 4 khoản không tính, có nêu lý do" in page
    page = text_of(officer.get(reverse("desk:cooperation-sum", args=[cast.cooperation.slug])).content)
    for reason in (
        "Các bên đưa ra số khác nhau 1",
        "Số tiền chưa chính xác",
        "Không nêu số tiền",
        "Mới cam kết",
    ):
        assert reason in page
    by_year = officer.get(
        reverse("desk:cooperation-sum", args=[cast.cooperation.slug]) + "?by=year&group=2011"
    )
    assert "2011: 2,4 tỷ đồng" in text_of(by_year.content)


def test_a_long_sum_is_turned_page_by_page(
    cast: Cast, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = reverse("desk:cooperation-sum", args=[cast.cooperation.slug])
    whole = officer.get(where).context["made"]
    assert not whole.counted.has_other_pages() and not whole.left_out.has_other_pages()
    monkeypatch.setattr("hoptac.screens.totals.ROWS", 1)
    counted, left_out = [], []
    for number in (1, 2):
        answer = officer.get(where, {"page": number})
        counted += answer.context["made"].rows
        assert "67,4 tỷ đồng" in answer.content.decode(), "the whole sum on every page"
    for number in range(1, 5):
        made = officer.get(where, {"left": number}).context["made"]
        [reason] = made.reasons
        left_out += [(reason.code, record) for record in reason.records]
    assert counted == list(whole.rows)
    assert left_out == [(reason.code, record) for reason in whole.reasons for record in reason.records]
    page = officer.get(where, {"left": "2", "page": "moon"}).content.decode()
    assert 'href="?left=3&amp;page=moon#left-out"' in page and 'href="?left=2&amp;page=2#counted"' in page
    assert officer.get(where, {"left": "99"}).context["made"].left_out.number == 4


def test_totals_of_a_list_are_the_ledgers(cast: Cast) -> None:
    one = total_of(cast.cooperation)
    many = totals_of([cast.cooperation])[cast.cooperation.pk]
    ledger = grand_total(sum_records(cast.cooperation, "year"))
    assert one.sums == many.sums and {m.currency: m.amount for m in one.sums} == ledger.totals
    assert set(one.left_out) == set(ledger.left_out)
    assert (many.counted, many.left_out) == (len(one.counted), len(one.left_out))


def test_csv_holds_the_rows_of_the_screen(cast: Cast, officer: Client) -> None:
    for query in (
        "",
        "?kind=contribution&sort=-sum",
        "?field=education",
        "?q=truong+mam+non",
        "?standing=disputed",
    ):
        page = officer.get(reverse("desk:records") + query).content.decode()
        answer = officer.get(reverse("desk:records-csv") + query)
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        shown = re.findall(r'<th role="rowheader" scope="row"><a href="[^"]+">([^<]+)</a>', page)
        assert [r[1] for r in rows[1:]] == shown and shown, query
    rows = list(
        csv.reader(
            io.StringIO(
                officer.get(reverse("desk:records-csv") + "?q=tieu+hoc&kind=contribution").content.decode(
                    "utf-8-sig"
                )
            )
        )
    )
    assert rows[1][2:8] == ["Hà Nội", "Điện Biên", "65000000000", "VND", "exact", "2024"]


def test_filters_narrow_and_forgive(cast: Cast, officer: Client) -> None:
    def count(query: str) -> int:
        return len(officer.get(reverse("desk:records") + query).context["page"].object_list)

    everything = count("")
    assert count("?kind=meeting") == 1 and count("?year=2013") == 1 and count("?status=pledged") == 1
    assert count("?party=ha-noi&kind=contribution") == 6
    assert count("?q=mam+NON+sam+mun&kind=contribution") == 1
    assert count("?kind=zebra&year=20x3&sort=nothing&page=99") == everything
    assert count("?year=²") == everything
    assert count("?q=khong+co+gi+nhu+vay") == 0


def test_a_record_shows_both_versions(cast: Cast, officer: Client) -> None:
    record = cast.record("Sam Mứn")
    page = officer.get(reverse("desk:record", args=[record.slug])).content.decode()
    assert "9,989 tỷ đồng" in page and "9,5 tỷ đồng" in page and "nêu khác" in page
    assert "<mark>năm 2012 góp 9,989 tỷ đồng xây Trường Mầm non số 2 Sam Mứn</mark>" in page
    assert 'class="chip disputed"' in page


def test_a_source_is_whole_and_marked(cast: Cast, officer: Client) -> None:
    page = officer.get(reverse("desk:source", args=[cast.source.sha256])).content.decode()
    said = [re.sub(r"<[^>]+>", "", p) for p in re.findall(r'<p class="said">(.*?)</p>', page, re.S)]
    assert said == [line for line in PAPER.split("\n") if line.strip()]
    for passage in Passage.objects.filter(source=cast.source):
        linked = passage.statements.exclude(kind="person").exists()
        assert (f'id="p-{passage.pk}"' in page) == linked
    assert "Tiêu đề" in page and "Khung trang" in page


def test_cooperations_are_found_without_accents(cast: Cast, officer: Client) -> None:
    assert "Hà Nội – Điện Biên" in officer.get(reverse("desk:cooperations") + "?q=dien bien").content.decode()
    assert (
        "Không quan hệ hợp tác nào" in officer.get(reverse("desk:cooperations") + "?q=<b>x").content.decode()
    )
    rows = officer.get(reverse("desk:cooperations-csv")).content.decode("utf-8-sig").splitlines()
    assert rows[1].startswith("Hà Nội – Điện Biên,13,1,67400000000 VND,4,http")
