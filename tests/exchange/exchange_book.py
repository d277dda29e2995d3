"""IATI files of two publishers of one deed, and a ledger made of them."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from decimal import Decimal

from hoptac.exchange.models import Publisher
from hoptac.exchange.publish import files_of, write_file
from hoptac.exchange.take import IatiReport, take_iati
from hoptac.iati import Reading
from hoptac.iati.activity import Activity

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SCHOOL = "Trường Tiểu học Nà Tấu"


def activity(
    identifier: str,
    reporting: str,
    transactions: str,
    *,
    title: str = SCHOOL,
    more: str = "",
    taker: str = "Điện Biên",
    giver: str = "Hà Nội",
) -> str:
    """One activity of a file, valid by the standard."""
    return f"""<iati-activity xml:lang="vi" default-currency="VND">
<iati-identifier>{identifier}</iati-identifier>
<reporting-org ref="{identifier.rpartition("-")[0]}" type="11"><narrative>{reporting}</narrative></reporting-org>
<title><narrative>{title}</narrative></title>
<description type="1"><narrative>Xây trường.</narrative></description>
<participating-org role="1" type="11"><narrative>{giver}</narrative></participating-org>
<participating-org role="4" type="11"><narrative>{taker}</narrative></participating-org>
<activity-status code="2"/>
<activity-date type="2" iso-date="2024-01-15"/>
<recipient-country code="VN"/>
<sector vocabulary="1" code="11220"/>
{transactions}{more}
</iati-activity>"""


def payment(kind: str, value: str, day: str = "2024-03-01", currency: str = "VND", inside: str = "") -> str:
    return (
        f'<transaction><transaction-type code="{kind}"/><transaction-date iso-date="{day}"/>'
        f'<value currency="{currency}" value-date="{day}">{value}</value>{inside}</transaction>\n'
    )


def file(*activities: str, version: str = "2.03") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="{version}">\n'
        + "\n".join(activities)
        + "\n</iati-activities>\n"
    ).encode()


def take(text: bytes, name: str = "partner.xml") -> IatiReport:
    return take_iati(io.BytesIO(text), name=name, now=NOW)


GIVER = activity(
    "VN-COA-1-S1",
    "Hà Nội",
    payment("2", "70000000000") + payment("3", "40000000000") + payment("3", "25000000000", "2024-09-01"),
)
TAKER = activity("VN-COA-2-T1", "Điện Biên", payment("1", "65000000000", "2024-12-01"))


def written(publisher: Publisher) -> list[tuple[str, bytes]]:
    """The activity files of a publisher, with their bytes."""
    return [(one.name, b"".join(write_file(publisher, one))) for one in files_of(publisher)]


def activities_in(text: bytes) -> list[Activity]:
    reading = Reading(io.BytesIO(text))
    found = [one for one, _ in reading]
    assert reading.findings == []
    return found


def sums(activities: list[Activity]) -> dict[tuple[str | None, str | None], Decimal]:
    """What is in some activities, by currency and type."""
    out: dict[tuple[str | None, str | None], Decimal] = {}
    for one in activities:
        for t in one.transactions:
            if t.value is not None and t.value.amount is not None:
                key = (t.value.currency or one.currency, t.type)
                out[key] = out.get(key, Decimal(0)) + t.value.amount
    return out
