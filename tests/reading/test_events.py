"""Events: what took place on which day, in pages of our own."""

from __future__ import annotations

import hashlib
from time import perf_counter

import pytest

from hoptac.pages import Page
from hoptac.reading.pipeline import read_page
from hoptac.reading.values import Event


def events_of(text: str) -> tuple[Event, ...]:
    data = text.encode()
    return read_page(Page("case.txt", text, data, hashlib.sha256(data).hexdigest(), "text/plain")).events


ROWS = [
    (
        "Lào Cai và Hà Nam bàn việc hợp tác\n\nNgày 3/5/2021, đoàn công tác tỉnh Hà Nam do ông Lê Văn An, Chủ tịch UBND "
        "tỉnh dẫn đầu đã có buổi làm việc với UBND tỉnh Lào Cai.\n",
        [("meeting", "2021-05-03")],
        "a meeting with its day",
    ),
    (
        "Trao nhà cho hộ nghèo\n\nSáng 12/8/2020, tại xã Bản Vược, UBND huyện Bát Xát tổ chức lễ bàn giao nhà cho hộ nghèo.\n",
        [("ceremony", "2020-08-12")],
        "a ceremony with its day",
    ),
    (
        "Ký kết hợp tác\n\nSáng 12/8/2020, UBND tỉnh Lào Cai và UBND tỉnh Hà Nam tổ chức lễ ký kết chương trình hợp tác.\n",
        [("signing", "2020-08-12")],
        "a signing with its day",
    ),
    (
        "Họp báo về mưa lũ\n\nSáng 12-8, UBND tỉnh Lào Cai tổ chức họp báo thông tin về mưa lũ.\n",
        [("conference", None)],
        "a day whose year nothing settles gives none",
    ),
    (
        "Giá lúa tăng\n\nThương lái thu mua lúa tại xã Liêm Sơn với giá cao, nông dân thăm dò thị trường.\n",
        [],
        "words that only look like a visit",
    ),
    (
        "Hội nghị quyết định giá\n\nNghị quyết đại hội đồng cổ đông nêu kế hoạch lợi nhuận.\n",
        [],
        "a resolution is no event",
    ),
]


@pytest.mark.parametrize(("text", "expected", "why"), ROWS, ids=[row[2] for row in ROWS])
def test_events(text: str, expected: list[tuple[str, str | None]], why: str) -> None:
    found = [(event.kind, event.date) for event in events_of(text)]
    if expected:
        assert set(expected) <= set(found), why
    else:
        assert not found, why


def test_told_again_without_a_day_is_the_same_event() -> None:
    text = (
        ROWS[0][0]
        + "Phát biểu tại buổi làm việc, ông An cảm ơn tỉnh Lào Cai.\n"
        + "Tại buổi làm việc, hai bên trao đổi kinh nghiệm trồng quế.\n"
    )
    meetings = [event for event in events_of(text) if event.kind == "meeting"]
    assert [event.date for event in meetings] == ["2021-05-03"]
    assert {p.name for p in meetings[0].parties} == {"Hà Nam", "Lào Cai"}
    assert all(e.quote in text for e in meetings[0].evidence)


def test_a_year_that_the_page_names_settles_its_days() -> None:
    text = (
        "Khánh thành cầu\n\nSáng 4-8, UBND huyện Bát Xát tổ chức lễ khánh thành cầu Bản Vược.\n"
        "Trong năm 2019 huyện đã xây bốn cây cầu.\n"
    )
    assert ("ceremony", "2019-08-04") in [(e.kind, e.date) for e in events_of(text)]
    other = text.replace("Trong năm 2019", "Từ cuối năm 2017")
    assert ("ceremony", None) in [(e.kind, e.date) for e in events_of(other)]


MEETING = "Sáng {day}, UBND tỉnh Lào Cai đã có buổi làm việc với UBND tỉnh Hà Nam về trồng quế.\n"


def test_days_of_two_meetings_are_not_mixed() -> None:
    text = "Hai cuộc làm việc\n\n" + MEETING.format(day="12/8/2020") + MEETING.format(day="3/9/2020")
    found = {event.date for event in events_of(text) if event.kind == "meeting"}
    assert found <= {"2020-08-12", "2020-09-03"}
    assert found


def test_confidence_is_a_share() -> None:
    for event in events_of("Hai tỉnh bàn việc\n\n" + MEETING.format(day="12/8/2020")):
        assert 0.0 < event.confidence < 1.0


def test_the_same_page_with_other_spellings_gives_the_same_days() -> None:
    text = "Hai tỉnh bàn việc\n\n" + MEETING.format(day="12/8/2020")
    spelt = text.replace("12/8/2020", "12-8-2020")
    assert [(e.kind, e.date) for e in events_of(text)] == [(e.kind, e.date) for e in events_of(spelt)]


def test_work_on_many_tellings_grows_with_the_page() -> None:
    lines = "".join(MEETING.format(day=f"{d}/{m}/2020") for m in range(1, 13) for d in range(1, 28))
    short, long = "Các cuộc làm việc\n\n" + lines, "Các cuộc làm việc\n\n" + lines * 4

    def took(text: str) -> float:
        start = perf_counter()
        events_of(text)
        return perf_counter() - start

    took(short)
    assert took(long) < 12 * took(short)
