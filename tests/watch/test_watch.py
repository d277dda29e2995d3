"""A round of the watch: new pages into the ledger, once, politely."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from watch_server import Server, local, serving

from hoptac.cli import main
from hoptac.ledger.commands import check_ledger, init_ledger
from hoptac.ledger.models import Source, Statement
from hoptac.watch.models import Watch, WatchedPage
from hoptac.watch.run import MOST_TRIES, Watcher

pytestmark = pytest.mark.django_db

STORY = (
    "<html><head><title>{title}</title></head><body><article><h1>{title}</h1>"
    "<p>Thành phố Hà Nội đã trao {n} suất quà cho tỉnh Điện Biên.</p><p>Buổi trao quà diễn ra tại huyện Mường Nhé.</p></article></body></html>"
)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        running.answers["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /kin/\n")
        yield running


class Time:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.at = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds

    def now(self) -> datetime:
        return datetime(2024, 5, 6, 8, 0, tzinfo=UTC) + timedelta(seconds=self.at)


@pytest.fixture
def time() -> Time:
    init_ledger()
    return Time()


def a_round(server: Server, time: Time, **bounds: Any) -> Any:
    watcher = Watcher(local(server), now=time.now, clock=lambda: time.at, sleep=time.sleep)
    return watcher.run(**bounds)


def publish(server: Server, *numbers: int, path: str = "") -> None:
    """A feed of these pages, each a story of its own."""
    items = "".join(f"<item><link>{server.url}{path}/{n}.html</link></item>" for n in numbers)
    feed = f"<rss><channel>{items}</channel></rss>".encode()
    server.answers["/tin.rss"] = (200, {"ETag": f'"{numbers}"'}, feed)
    for n in numbers:
        page = STORY.format(title=f"Quà đến Mường Nhé đợt {n}", n=n).encode()
        server.answers[f"{path}/{n}.html"] = (200, {"Content-Type": "text/html; charset=utf-8"}, page)


def watch(server: Server, time: Time, path: str = "/tin.rss") -> Watch:
    return Watch.objects.create(address=server.url + path, made_at=time.now(), next_at=time.now())


def test_new_pages_are_read_once(server: Server, time: Time) -> None:
    watch(server, time)
    publish(server, 20, 30)
    first = a_round(server, time)
    assert (first.checked, first.found, first.read, first.findings) == (1, 2, 2, [])
    assert sorted(str(url) for url in Source.objects.values_list("url", flat=True)) == [
        server.url + "/20.html",
        server.url + "/30.html",
    ]
    kept = Source.objects.get(url=server.url + "/20.html")
    row = WatchedPage.objects.get(url=kept.url)
    assert (row.sha256, row.stage) == (kept.sha256, "read")
    assert row.statements == Statement.objects.filter(source=kept).count() > 0
    statements = Statement.objects.count()

    time.at += 3600
    publish(server, 20, 30, 40)
    second = a_round(server, time)
    assert (second.found, second.read) == (1, 1)
    assert server.paths().count("/20.html") == 1
    assert Statement.objects.count() > statements
    assert check_ledger() == []


def test_a_list_that_is_not_due_or_has_not_changed_is_left_alone(server: Server, time: Time) -> None:
    watch(server, time)
    publish(server, 20)
    a_round(server, time)
    assert a_round(server, time).checked == 0
    time.at += 3601
    again = a_round(server, time)
    assert (again.checked, again.found) == (1, 0)
    assert server.asked[-1][1]["If-None-Match"] == '"(20,)"'


def test_robots_and_its_pause_are_kept(server: Server, time: Time) -> None:
    server.answers["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /kin/\nCrawl-delay: 7\n")
    watch(server, time)
    publish(server, 20, 30, path="/kin")
    done = a_round(server, time)
    assert (done.found, done.read, done.refused) == (2, 0, 2)
    assert {f.code for f in done.findings} == {"W12"}
    assert "/kin/20.html" not in server.paths()
    assert time.slept == [7]


def test_a_host_is_asked_slowly(server: Server, time: Time) -> None:
    watch(server, time)
    publish(server, 20, 30, 40)
    a_round(server, time)
    assert time.slept == [5, 5, 5, 5]
    assert server.paths().count("/robots.txt") == 1


def test_a_very_long_pause_leaves_the_pages_for_later(server: Server, time: Time) -> None:
    watch(server, time)
    publish(server, 20)
    a_round(server, time)
    server.answers["/robots.txt"] = (200, {}, b"User-agent: *\nCrawl-delay: 900\n")
    time.at += 3600
    done = a_round(server, time)
    assert done.read == 0
    assert [f.code for f in done.findings] == ["W10"]


def test_robots_that_cannot_be_read_allow_nothing(server: Server, time: Time) -> None:
    server.answers["/robots.txt"] = (503, {}, b"")
    row = watch(server, time)
    publish(server, 20)
    done = a_round(server, time)
    assert [f.code for f in done.findings] == ["W11"]
    assert "/tin.rss" not in server.paths()
    row.refresh_from_db()
    assert (row.failures, row.code, row.next_at > time.now()) == (1, "W11", True)


def test_a_page_that_fails_is_tried_again_and_the_rest_go_on(server: Server, time: Time) -> None:
    watch(server, time)
    publish(server, 20, 30)
    good = server.answers["/20.html"]
    server.answers["/20.html"] = (500, {}, b"")
    done = a_round(server, time)
    assert (done.read, done.put_off, done.refused) == (1, 1, 0)
    server.answers["/20.html"] = good
    time.at += 7200
    assert a_round(server, time).read == 1


def test_a_page_that_goes_on_failing_is_given_up(server: Server, time: Time) -> None:
    watch(server, time)
    publish(server, 20)
    server.answers["/20.html"] = (500, {}, b"")
    for _ in range(MOST_TRIES):
        a_round(server, time)
        time.at += 2 * 86_400
    row = WatchedPage.objects.get()
    assert (row.stage, row.code, row.tries) == ("refused", "W04", MOST_TRIES)
    asked = server.paths().count("/20.html")
    a_round(server, time)
    assert server.paths().count("/20.html") == asked == MOST_TRIES


def test_a_page_that_is_gone_is_not_asked_again(server: Server, time: Time) -> None:
    watch(server, time)
    publish(server, 20)
    del server.answers["/20.html"]
    assert a_round(server, time).refused == 1
    time.at += 86_400
    a_round(server, time)
    assert server.paths().count("/20.html") == 1


def test_a_page_inside_the_network_is_never_asked_for(server: Server, time: Time) -> None:
    watch(server, time)
    server.answers["/tin.rss"] = (200, {}, b"http://10.0.0.1/a\nhttp://169.254.169.254/latest/meta-data\n")
    done = a_round(server, time)
    assert (done.found, done.refused) == (2, 2)
    assert {f.code for f in done.findings} == {"W01"}


def test_a_file_that_cannot_be_read_is_refused_with_its_reason(server: Server, time: Time) -> None:
    watch(server, time)
    publish(server, 20)
    server.answers["/20.html"] = (200, {"Content-Type": "application/pdf"}, b"%PDF-1.7 torn")
    assert a_round(server, time).refused == 1
    row = WatchedPage.objects.get()
    assert (row.stage, row.code) == ("refused", "W09")
    assert row.reason.startswith("P")


def test_a_sitemaps_index_is_followed(server: Server, time: Time) -> None:
    watch(server, time, "/index.xml")
    publish(server, 20)
    server.answers["/index.xml"] = (
        200,
        {},
        f"<sitemapindex><sitemap><loc>{server.url}/tin.rss</loc></sitemap><sitemap><loc>/none.xml</loc></sitemap></sitemapindex>".encode(),
    )
    done = a_round(server, time)
    assert (done.found, done.read) == (1, 1)
    assert [f.code for f in done.findings] == ["W04"]


def test_a_round_that_is_cut_off_is_taken_up(
    server: Server, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch(server, time)
    publish(server, 20, 30)
    with monkeypatch.context() as patch:
        patch.setattr(WatchedPage, "save", _dies)
        with pytest.raises(KeyboardInterrupt):
            a_round(server, time)
    assert Source.objects.count() == 0
    assert a_round(server, time).read == 2
    assert check_ledger() == []


def _dies(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def test_the_commands(time: Time) -> None:
    def call(*words: str) -> Any:
        return CliRunner().invoke(main, ["watch", *words])

    assert call("add", "ftp://example.vn/").exit_code == 2
    assert "added" in call("add", "https://example.vn/tin.rss", "--name", "Báo Ví Dụ").output
    assert "changed" in call("add", "https://example.vn/tin.rss", "--every", "30").output
    (row,) = json.loads(call("list", "--json").output)
    assert (row["every_minutes"], row["active"], row["pages_found"]) == (30, True, 0)
    assert call("stop", "https://example.vn/tin.rss").exit_code == 0
    assert call("stop", "https://example.vn/none.rss").exit_code == 2
    assert "stopped" in call("list").output

    result = call("run", "--json")
    assert (result.exit_code, json.loads(result.stdout)["checked"]) == (0, 0)
