"""Fetching reaches the open network and nothing else, and always ends."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from watch_server import Server, local, serving

from hoptac.watch.fetch import Fetcher, FetchError, checked, is_public


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "0.0.0.0",  # noqa: S104
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
]
PUBLIC = ["1.1.1.1", "123.30.1.1", "2606:4700::1111", "64:ff9b::101:101", "::ffff:8.8.8.8", "2002:808:808::"]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_never_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


REFUSED = [
    "file:///etc/passwd",
    "ftp://example.vn/a",
    "gopher://example.vn/",
    "http://user:pass@example.vn/",
    "http://example.vn:22/",
    "http://example.vn:99999/",
    "http:///a",
    "javascript:alert(1)",
    "//example.vn/a",
    "http://" + "a" * 70 + ".vn/",
    "",
]


@pytest.mark.parametrize("url", REFUSED)
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(FetchError) as refused:
        checked(url)
    assert (refused.value.code, refused.value.lasting) == ("W01", True)


def test_an_address_is_written_as_the_wire_wants_it() -> None:
    assert checked("https://Báo.vn/tin tức/bài?q=hỗ trợ").geturl() == (
        "https://xn--bo-mia.vn/tin%20t%E1%BB%A9c/b%C3%A0i?q=h%E1%BB%97%20tr%E1%BB%A3"
    )


LOCAL = ["http://127.0.0.1/", "http://localhost/", "http://2130706433/", "http://0x7f.1/", "http://[::1]/", "http://[::ffff:7f00:1]/"]  # fmt: skip


@pytest.mark.parametrize("url", LOCAL)
def test_this_machine_is_never_reached_however_it_is_written(url: str) -> None:
    with pytest.raises(FetchError) as refused:
        Fetcher(seconds=3).get(url)
    assert refused.value.code in ("W01", "W02")


def test_a_name_with_one_private_address_is_refused() -> None:
    both = (ipaddress.ip_address("1.1.1.1"), ipaddress.ip_address("10.0.0.1"))
    with pytest.raises(FetchError, match=r"W01 .*10\.0\.0\.1"):
        Fetcher(look_up=lambda host, port: both).get("http://example.vn/")


def test_a_redirect_inside_is_refused(server: Server) -> None:
    server.answers["/out"] = (302, {"Location": "http://10.0.0.1/secret"}, b"")
    server.answers["/file"] = (302, {"Location": "file:///etc/passwd"}, b"")
    for path in ("/out", "/file"):
        with pytest.raises(FetchError) as refused:
            local(server).get(server.url + path)
        assert refused.value.code == "W01"


def test_a_name_that_changes_its_mind_is_looked_up_once(server: Server) -> None:
    server.answers["/a"] = (200, {}, b"here")
    asked: list[str] = []

    def rebinding(host: str, port: int) -> tuple[ipaddress.IPv4Address, ...]:
        asked.append(host)
        return (ipaddress.IPv4Address("127.0.0.1" if len(asked) == 1 else "10.0.0.1"),)

    fetcher = local(server)
    fetcher.look_up = rebinding
    assert fetcher.get(f"http://news.example:{server.port}/a").body == b"here"
    assert asked == ["news.example"]
    assert server.asked[0][1]["Host"] == f"news.example:{server.port}"


def test_redirects_are_followed_and_end(server: Server) -> None:
    server.answers["/1"] = (301, {"Location": "/2"}, b"")
    server.answers["/2"] = (307, {"Location": "3?x=1"}, b"")
    server.answers["/3?x=1"] = (200, {"Content-Type": "text/plain"}, b"ok")
    server.answers["/loop"] = (302, {"Location": "/loop"}, b"")
    got = local(server).get(server.url + "/1")
    assert (got.url, got.body) == (server.url + "/3?x=1", b"ok")
    with pytest.raises(FetchError, match="W05"):
        local(server).get(server.url + "/loop")


def test_an_unchanged_page_is_not_sent_again(server: Server) -> None:
    server.answers["/a"] = (200, {"ETag": '"v1"', "Last-Modified": "Mon, 06 May 2024 00:00:00 GMT"}, b"text")
    first = local(server).get(server.url + "/a")
    again = local(server).get(server.url + "/a", etag=first.etag, modified=first.modified)
    assert (again.unchanged, again.body, first.modified) == (True, b"", "Mon, 06 May 2024 00:00:00 GMT")


def test_size_is_bounded_packed_or_not(server: Server) -> None:
    server.answers["/big"] = (200, {}, b"x" * 2_000_001)
    server.answers["/bomb"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"x" * 50_000_000))
    server.answers["/gz"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"small"))
    server.answers["/br"] = (200, {"Content-Encoding": "br"}, b"??")
    server.answers["/torn"] = (200, {"Content-Encoding": "gzip"}, b"no gzip")
    fetcher = local(server, most_bytes=2_000_000)
    for path, code in (("/big", "W07"), ("/bomb", "W07"), ("/br", "W06"), ("/torn", "W02")):
        with pytest.raises(FetchError) as refused:
            fetcher.get(server.url + path)
        assert refused.value.code == code, path
    assert fetcher.get(server.url + "/gz").body == b"small"


STATUSES = [(404, True), (410, True), (403, True), (429, False), (500, False), (503, False)]


@pytest.mark.parametrize(("status", "lasting"), STATUSES)
def test_an_error_says_whether_it_lasts(server: Server, status: int, lasting: bool) -> None:
    server.answers["/a"] = (status, {}, b"")
    with pytest.raises(FetchError) as refused:
        local(server).get(server.url + "/a")
    assert (refused.value.code, refused.value.found, refused.value.lasting) == ("W04", str(status), lasting)


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_server_that_dawdles_holds_nobody_up(start: bytes) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    ends = threading.Event()

    def dawdle() -> None:
        link, _ = listener.accept()
        with link:
            link.sendall(start)
            while not ends.wait(0.05):
                try:
                    link.sendall(b"a")
                except OSError:
                    return

    thread = threading.Thread(target=dawdle)
    thread.start()
    port = listener.getsockname()[1]
    fetcher = Fetcher(seconds=0.6, allow=lambda a: a.is_loopback, ports=(port,))
    began = time.monotonic()
    with pytest.raises(FetchError, match="W03"):
        fetcher.get(f"http://127.0.0.1:{port}/")
    assert time.monotonic() - began < 3
    ends.set()
    thread.join()
    listener.close()


def test_a_server_that_is_not_there_is_told() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    listener.close()
    with pytest.raises(FetchError, match="W02"):
        Fetcher(seconds=2, allow=lambda a: a.is_loopback, ports=(port,)).get(f"http://127.0.0.1:{port}/")
