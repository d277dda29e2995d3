"""The fixed cast of the screens' tests: two sides that cooperate, their officers, a reviewer, a reader, a stranger."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from django.contrib.auth.models import User

from hoptac.ledger.models import Cooperation, Membership, Record, Source
from hoptac.ledger.parties import ensure_party
from hoptac.ledger.take import take_reading
from hoptac.pages.values import Page
from hoptac.reading.values import (
    Agreement,
    Amount,
    Article,
    Ask,
    Contribution,
    Event,
    Evidence,
    LineRole,
    PartyName,
    Person,
    Quantity,
    Reading,
    SourceInfo,
)

HA_NOI, DIEN_BIEN = PartyName("Hà Nội", "01"), PartyName("Điện Biên", "11")
WHEN = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
PASSWORD = "sen-trang-ho-tay-2026"

PAPER = """Báo Thủ đô
Trang chủ
Thời sự
Xã hội
Hà Nội và Điện Biên tổng kết một chặng đường hợp tác
Sáng 25/4/2024, lãnh đạo hai địa phương gặp nhau tại thành phố Điện Biên Phủ để nhìn lại những việc đã làm.
Tới nay khoản lớn nhất là 65 tỷ đồng, trong tổng mức 70 tỷ đồng, mà Hà Nội dành để sửa chữa Trường Tiểu học Hà Nội - Điện Biên Phủ năm 2024.
Trước đó, năm 2011, Thủ đô góp 2,4 tỷ đồng xây Trường THPT chuyên Lê Quý Đôn; năm 2012 góp 9,989 tỷ đồng xây Trường Mầm non số 2 Sam Mứn; năm 2014 góp gần 3 tỷ đồng làm đường vào bản.
Năm 2013, 14 điểm mái che hiện vật ở khu di tích được dựng bằng tiền của Hà Nội.
Hà Nội cũng hứa thêm 10 tỷ đồng cho trạm y tế xã Sín Thầu.
Chủ tịch UBND tỉnh Lê Thành Đô mong Hà Nội cử thêm bác sĩ lên giúp bệnh viện tỉnh.
Hai bên làm theo thỏa thuận hợp tác giai đoạn 2021-2025.
Thu Hà
Tin khác
Giá rau tăng sau mưa lớn
Các chợ đầu mối cho biết hàng về ít hơn ngày thường.
"""
REPORT = """Bản tin tỉnh Điện Biên
Trường Mầm non số 2 Sam Mứn được xây năm 2012 bằng 9,5 tỷ đồng của thành phố Hà Nội.
Năm 2024, Trường Tiểu học Hà Nội - Điện Biên Phủ được sửa chữa bằng 65 tỷ đồng do Hà Nội hỗ trợ.
"""
ROLES = "furniture furniture furniture furniture headline lead body body body body body body byline related teaser_title teaser_lead"


def page_of(name: str, text: str, outlet: str, published: date, url: str | None = None) -> Page:
    data = text.encode()
    digest = hashlib.sha256(data).hexdigest()
    return Page(name, text, data, digest, "text/plain", "utf-8", url, outlet, published)


def spans(page: Page, *quotes: str) -> tuple[Evidence, ...]:
    out = []
    for quote in quotes:
        at = page.text.index(quote)
        out.append(Evidence(at, at + len(quote), quote))
    return tuple(out)


def given(
    page: Page,
    what: str,
    act: str,
    quote: str,
    *,
    field: str,
    status: str = "done",
    amount: Amount | None = None,
    quantity: Quantity | None = None,
    year: int | None = None,
    place: PartyName | None = None,
) -> Contribution:
    return Contribution(
        (HA_NOI,), (DIEN_BIEN,), what, act, spans(page, quote),
        amount=amount, quantity=quantity, year=year, place=place, field=field, status=status, confidence=0.9,
    )  # fmt: skip


def vnd(value: str, bound: str = "exact", of_total: str | None = None) -> Amount:
    return Amount(Decimal(value), "VND", bound, Decimal(of_total) if of_total else None)


def paper() -> tuple[Reading, Page]:
    p = page_of("hop-tac.txt", PAPER, "Báo Thủ đô", date(2024, 4, 26), "https://bao.example.vn/hop-tac")
    contributions = (
        given(p, "Trường Tiểu học Hà Nội - Điện Biên Phủ", "repair",
              "khoản lớn nhất là 65 tỷ đồng, trong tổng mức 70 tỷ đồng, mà Hà Nội dành để sửa chữa Trường Tiểu học Hà Nội - Điện Biên Phủ năm 2024",
              amount=vnd("65000000000", of_total="70000000000"), year=2024, field="education",
              place=PartyName("thành phố Điện Biên Phủ")),
        given(p, "Trường THPT chuyên Lê Quý Đôn", "build", "năm 2011, Thủ đô góp 2,4 tỷ đồng xây Trường THPT chuyên Lê Quý Đôn",
              amount=vnd("2400000000"), year=2011, field="education"),
        given(p, "Trường Mầm non số 2 Sam Mứn", "build", "năm 2012 góp 9,989 tỷ đồng xây Trường Mầm non số 2 Sam Mứn",
              amount=vnd("9989000000"), year=2012, field="education"),
        given(p, "đường vào bản", "build", "năm 2014 góp gần 3 tỷ đồng làm đường vào bản",
              amount=vnd("3000000000", "about"), year=2014, field="transport"),
        given(p, "mái che hiện vật ở khu di tích", "build", "14 điểm mái che hiện vật ở khu di tích",
              quantity=Quantity(Decimal(14), "điểm"), year=2013, field="culture"),
        given(p, "trạm y tế xã Sín Thầu", "build", "hứa thêm 10 tỷ đồng cho trạm y tế xã Sín Thầu",
              amount=vnd("10000000000"), field="health", status="pledged", place=PartyName("xã Sín Thầu")),
    )  # fmt: skip
    reading = Reading(
        SourceInfo(p.name, p.sha256, p.media_type, "test:1", p.url, p.outlet, p.published),
        Article(headline=spans(p, "Hà Nội và Điện Biên tổng kết một chặng đường hợp tác")[0]),
        lines=tuple(LineRole(n, role) for n, role in enumerate(ROLES.split(), 1)),
        people=(
            Person("Lê Thành Đô", "Chủ tịch UBND tỉnh", "Điện Biên", spans(p, "Chủ tịch UBND tỉnh Lê Thành Đô")),
        ),
        contributions=contributions,
        events=(
            Event("meeting", "2024-04-25", DIEN_BIEN, (HA_NOI, DIEN_BIEN),
                  spans(p, "Sáng 25/4/2024, lãnh đạo hai địa phương gặp nhau tại thành phố Điện Biên Phủ"), 0.95),
        ),
        agreements=(Agreement((HA_NOI, DIEN_BIEN), (2021, 2025), None, spans(p, "thỏa thuận hợp tác giai đoạn 2021-2025"), 0.8),),
        asks=(
            Ask("request", "Lê Thành Đô", "Hà Nội", "cử thêm bác sĩ lên giúp bệnh viện tỉnh", None,
                spans(p, "Lê Thành Đô mong Hà Nội cử thêm bác sĩ lên giúp bệnh viện tỉnh"), 0.8),
        ),
    )  # fmt: skip
    return reading, p


def report() -> tuple[Reading, Page]:
    p = page_of("ban-tin.txt", REPORT, "Bản tin Điện Biên", date(2024, 6, 2))
    contributions = (
        given(p, "Trường Mầm non số 2 Sam Mứn", "build", "xây năm 2012 bằng 9,5 tỷ đồng của thành phố Hà Nội",
              amount=vnd("9500000000"), year=2012, field="education"),
        given(p, "Trường Tiểu học Hà Nội - Điện Biên Phủ", "repair", "được sửa chữa bằng 65 tỷ đồng do Hà Nội hỗ trợ",
              amount=vnd("65000000000"), year=2024, field="education"),
    )  # fmt: skip
    info = SourceInfo(p.name, p.sha256, p.media_type, "test:1", None, p.outlet, p.published)
    roles = tuple(LineRole(n, role) for n, role in enumerate(("headline", "body", "body"), 1))
    return Reading(info, Article(), lines=roles, contributions=contributions), p


@dataclass(frozen=True)
class Cast:
    """Who and what there is in every test of a screen."""

    cooperation: Cooperation
    source: Source
    ha_noi: User
    dien_bien: User
    reviewer: User
    reader: User
    stranger: User

    def record(self, words: str, kind: str = "contribution") -> Record:
        return Record.objects.live().get(kind=kind, title__contains=words)


def raise_cast() -> Cast:
    """Take both papers, and make the officers."""
    first = take_reading(*paper(), now=WHEN)
    take_reading(*report(), now=WHEN)

    def user(name: str, place: str, code: str, role: str) -> User:
        made = User.objects.create_user(name, password=PASSWORD)
        Membership.objects.create(user=made, party=ensure_party(place, code), role=role)
        return made

    return Cast(
        cooperation=Cooperation.objects.get(localities__code="11"),
        source=first.source,
        ha_noi=user("canbo.hanoi", "Hà Nội", "01", "officer"),
        dien_bien=user("canbo.dienbien", "Điện Biên", "11", "officer"),
        reviewer=user("duyet", "Hà Nội", "01", "reviewer"),
        reader=user("nguoixem", "Điện Biên", "11", "viewer"),
        stranger=user("nguoila", "Cà Mau", "96", "officer"),
    )
