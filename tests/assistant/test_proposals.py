"""A proposal is taken only where the page says it too."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from click.testing import CliRunner

from hoptac.assistant.endpoint import AssistantError, Bounds, Endpoint
from hoptac.assistant.proposals import CONFIDENCE, accept
from hoptac.assistant.read import assisted
from hoptac.cli import main
from hoptac.lexicon import default_lexicon
from hoptac.pages import Finding, Page, read_file
from hoptac.reading.pipeline import read_page

LEXICON = default_lexicon()
STORY = (
    "Tin ngắn về huyện Nậm Pồ\n\n"
    "Ngày 12/3/2023, đoàn của phường Trúc Bạch đã đến xã Chà Cang.\n"
    "Bà con có thêm hơn 2,5 tỷ đồng từ tấm lòng của Hội Đồng hương Sơn Tây để làm 14 căn nhà trong năm 2023.\n"
    "Một cơn bão đã qua xã vào năm 2021.\n"
)
GIFT = (
    "Bà con có thêm hơn 2,5 tỷ đồng từ tấm lòng của Hội Đồng hương Sơn Tây để làm 14 căn nhà trong năm 2023."
)


def page_of(text: str = STORY) -> Page:
    import io

    (page,) = read_file(io.BytesIO(text.encode()), name="tin.txt")
    assert isinstance(page, Page)
    return page


def gift(**values: Any) -> dict[str, Any]:
    base = {
        "funder": ["Hội Đồng hương Sơn Tây"],
        "recipient": ["Bà con"],
        "what": "14 căn nhà",
        "act": "build",
        "amount": {"value": 2500000000, "currency": "VND"},
        "year": 2023,
        "field": "welfare",
        "status": "done",
        "quote": GIFT,
    }
    return {**base, **values}


def test_a_proposal_that_holds_is_taken_with_our_own_reading_of_its_figure() -> None:
    page = page_of()
    before = replace(read_page(page), contributions=())
    reading, dropped = accept(page, before, {"contributions": [gift()]}, lexicon=LEXICON)
    assert dropped == ()
    (one,) = reading.contributions
    assert one.amount is not None
    assert (one.amount.value, one.amount.bound, one.year) == (Decimal("2500000000"), "at_least", 2023)
    assert one.confidence == CONFIDENCE
    assert page.text[one.evidence[0].start : one.evidence[0].end] == GIFT


REFUSED: list[tuple[str, str, dict[str, Any]]] = [
    ("a quote that is not there", "A01", gift(quote=GIFT.replace("2,5", "3,5"))),
    ("a quote too short to be one", "A01", gift(quote="2,5 tỷ đồng")),
    ("another sum", "A02", gift(amount={"value": 3500000000, "currency": "VND"})),
    ("another currency", "A02", gift(amount={"value": 2500000000, "currency": "USD"})),
    ("a count that is not there", "A02", gift(quantity={"value": 15, "unit": "căn nhà"})),
    ("a year of another sentence", "A02", gift(year=2021)),
    ("a funder that the words do not name", "A02", gift(funder=["Hà Nội"])),
    ("half a name", "A02", gift(funder=["hương Sơn Tâ"])),
    ("an act that is none", "A03", gift(act="lend")),
    ("no party at all", "A03", gift(funder=[], recipient=[])),
    ("no thing", "A03", gift(what="")),
    ("a number that is none", "A03", gift(amount={"value": "nhiều"})),
]


@pytest.mark.parametrize(("why", "code", "proposal"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_proposal_that_does_not_hold_is_dropped(why: str, code: str, proposal: dict[str, Any]) -> None:
    page = page_of()
    before = read_page(page)
    reading, dropped = accept(page, before, {"contributions": [proposal]}, lexicon=LEXICON)
    assert reading == before
    assert [one.code for one in dropped] == [code]


def test_what_the_reading_has_is_not_taken_twice() -> None:
    page = page_of()
    grown, _ = accept(page, read_page(page), {"contributions": [gift()]}, lexicon=LEXICON)
    again, dropped = accept(page, grown, {"contributions": [gift(), "no object"]}, lexicon=LEXICON)
    assert again == grown
    assert [one.code for one in dropped] == ["A04", "A03"]


def test_events_agreements_and_asks_are_held_to_their_words_too() -> None:
    visit = "Ngày 12/3/2023, đoàn của phường Trúc Bạch đã đến xã Chà Cang."
    proposals = {
        "events": [
            {"kind": "visit", "date": "2023-03-12", "place": "xã Chà Cang", "parties": ["phường Trúc Bạch"], "quote": visit},
            {"kind": "visit", "date": "2023-03-13", "parties": [], "quote": visit},
        ],
        "agreements": [{"parties": ["phường Trúc Bạch", "xã Chà Cang"], "period": [2023, 2025], "quote": visit}],
        "asks": [{"kind": "request", "about": "làm 14 căn nhà", "quote": GIFT}, {"kind": "wish", "quote": GIFT}],
    }  # fmt: skip
    page = page_of()
    before = replace(read_page(page), events=(), agreements=(), asks=())
    reading, dropped = accept(page, before, proposals, lexicon=LEXICON)
    assert [(e.kind, e.date) for e in reading.events] == [("visit", "2023-03-12")]
    assert [a.about for a in reading.asks] == ["làm 14 căn nhà"]
    assert [(d.kind, d.code) for d in dropped] == [
        ("events", "A02"),
        ("agreements", "A02"),
        ("asks", "A03"),
    ]


class _Model(BaseHTTPRequestHandler):
    """An endpoint that answers as the server's ``reply`` says, and keeps what it was asked."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, self.headers.get("Authorization"), json.loads(body)))  # type: ignore[attr-defined]
        status, data = self.server.reply  # type: ignore[attr-defined]
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://127.0.0.1:1/")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        return None


@pytest.fixture
def model() -> Iterator[Any]:
    server: Any = HTTPServer(("127.0.0.1", 0), _Model)
    server.asked, server.reply = [], (200, answer({"contributions": [gift()]}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    server.url = f"http://127.0.0.1:{server.server_port}/v1"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def answer(claims: Any, tokens: int = 900) -> bytes:
    return json.dumps(
        {"choices": [{"message": {"content": json.dumps(claims)}}], "usage": {"total_tokens": tokens}}
    ).encode()


def test_the_endpoint_is_asked_once_a_page_within_its_bounds(model: Any) -> None:
    told: list[Finding] = []
    endpoint = Endpoint(model.url, "m-1", "secret", Bounds(tokens=1000))
    read = assisted(read_page, endpoint, told=told.append)
    first, second, third = read(page_of()), read(page_of()), read(page_of())
    assert len(first.contributions) == len(second.contributions) == 1
    assert first.source.reader.endswith("+assistant:m-1")
    assert third == read_page(page_of())
    assert [f.code for f in told] == ["A06"]
    assert (endpoint.bounds.calls, endpoint.bounds.used_tokens) == (2, 1800)
    path, key, body = model.asked[0]
    assert (path, key, body["model"], body["temperature"]) == (
        "/v1/chat/completions",
        "Bearer secret",
        "m-1",
        0,
    )
    assert GIFT in body["messages"][1]["content"]


BROKEN = [
    ("an error", (500, b"")),
    ("a redirect", (302, b"")),
    ("no JSON", (200, b"<html>")),
    ("another shape", (200, b"{}")),
    ("a list for claims", (200, answer([]))),
    ("endless", (200, b" " * (1 << 21))),
]


@pytest.mark.parametrize("reply", [row[1] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_broken_answer_leaves_the_reading_of_the_rules(model: Any, reply: tuple[int, bytes]) -> None:
    model.reply = reply
    told: list[Finding] = []
    reading = assisted(read_page, Endpoint(model.url, "m"), told=told.append)(page_of())
    assert reading == read_page(page_of())
    assert [f.code for f in told] == ["A05"]


def test_an_address_of_another_kind_is_refused() -> None:
    with pytest.raises(AssistantError, match="file:"):
        Endpoint("file:///etc/passwd", "m")


def test_the_command_shows_what_it_cost(model: Any, tmp_path: Any) -> None:
    page = tmp_path / "tin.txt"
    page.write_text(STORY, encoding="utf-8")
    asked = ["read", "--json", "--assistant", model.url, "--assistant-model", "m", str(page)]
    result = CliRunner().invoke(main, asked)
    assert result.exit_code == 0, result.output
    assert len(json.loads(result.stdout)["contributions"]) == 1
    assert "assistant m: 1 calls, 900 tokens of 200000" in result.stderr
    assert not json.loads(CliRunner().invoke(main, ["read", "--json", str(page)]).stdout)["contributions"]


MISUSED = [["--assistant", "http://x"], ["--assistant-model", "m"], ["--assistant", "ftp://x", "--assistant-model", "m"]]  # fmt: skip


@pytest.mark.parametrize("options", MISUSED, ids=" ".join)
def test_half_an_assistant_is_misuse(options: list[str], tmp_path: Any) -> None:
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    assert CliRunner().invoke(main, ["read", *options, str(tmp_path / "a.txt")]).exit_code == 2


def test_every_code_has_its_message_in_both_languages() -> None:
    rows = {row["code"]: row for row in LEXICON.table("messages_assistant")}
    assert list(rows) == ["A01", "A02", "A03", "A04", "A05", "A06"]
    assert all("{name}" in row["en"] and "{name}" in row["vi"] for row in rows.values())
