"""Fetch a public address (tải một địa chỉ) without ever reaching a private one.

Every address that a name stands for is looked up once, all of them must be public, and the connection goes to the very one
that was looked at: neither a redirect nor a name that changes its mind leads inside. Size and time are bounded as a whole, so
that a server which sends a byte a minute holds nobody up.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from hoptac import __version__

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv6 addresses that a translator turns into the IPv4 address in their last 32 bits (RFC 6052)."""

PORTS = (80, 443)
MOST_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
CHUNK = 1 << 16


class FetchError(Exception):
    """An address that gave nothing: ``code`` is a row of ``messages_watch``, ``found`` what stood in the way.

    ``lasting`` is true where asking again would not help.
    """

    def __init__(self, code: str, found: object, *, lasting: bool = False) -> None:
        super().__init__(f"{code} {found}")
        self.code, self.found, self.lasting = code, str(found)[:200], lasting


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: ``url`` is where it came from after redirects; ``body`` is empty where nothing changed since."""

    url: str
    status: int
    media_type: str
    body: bytes
    etag: str | None = None
    modified: str | None = None

    @property
    def unchanged(self) -> bool:
        return self.status == 304


def is_public(address: Address) -> bool:
    """Whether an address is one of the open network, whatever it is wrapped in.

    >>> [is_public(ipaddress.ip_address(a)) for a in ("1.1.1.1", "127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1")]
    [True, False, False, False]
    """
    if isinstance(address, ipaddress.IPv6Address):
        if address in NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def lookup(host: str, port: int) -> tuple[Address, ...]:
    """Every address that a name stands for. Raises FetchError W02 where there is none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError("W02", host) from error
    return tuple(dict.fromkeys(ipaddress.ip_address(row[4][0].split("%")[0]) for row in map(_text, found)))


def _text(row: tuple[object, ...]) -> tuple[object, object, object, object, tuple[str]]:
    return row  # type: ignore[return-value]  # the library's type leaves the last member's first value open


@dataclass
class Fetcher:
    """Bounds of fetching. ``allow`` and ``ports`` are the open network's; tests give their own server's."""

    contact: str = ""
    most_bytes: int = 10_000_000
    seconds: float = 30.0
    allow: Callable[[Address], bool] = is_public
    ports: tuple[int, ...] = PORTS
    look_up: Callable[[str, int], tuple[Address, ...]] = lookup
    clock: Callable[[], float] = time.monotonic
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    @property
    def agent(self) -> str:
        return f"hoptac/{__version__}" + (f" (+{self.contact})" if self.contact else "")

    def get(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Fetched:
        """What an address answers; with ``etag`` or ``modified`` only if it changed since. Raises FetchError."""
        headers = {"User-Agent": self.agent, "Accept": "*/*", "Accept-Encoding": "gzip"}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": modified} if modified else {}
        ends = self.clock() + self.seconds
        for _ in range(MOST_REDIRECTS + 1):
            parts = checked(url, self.ports)
            with self._answer(parts, headers, ends) as answer:
                if answer.status in REDIRECTS and (to := answer.getheader("Location")):
                    url = urljoin(url, to.strip())
                    continue
                return self._fetched(url, answer, ends)
        raise FetchError("W05", url)

    def _fetched(self, url: str, answer: http.client.HTTPResponse, ends: float) -> Fetched:
        status = answer.status
        if status != 304 and status != 200:
            raise FetchError("W04", status, lasting=status in (401, 403, 404, 410, 451))
        body = b"" if status == 304 else self._body(answer, ends)
        return Fetched(
            url,
            status,
            (answer.getheader("Content-Type") or "").strip(),
            body,
            answer.getheader("ETag"),
            answer.getheader("Last-Modified"),
        )

    def _body(self, answer: http.client.HTTPResponse, ends: float) -> bytes:
        packed = (answer.getheader("Content-Encoding") or "").strip().lower()
        if packed not in ("", "identity", "gzip", "x-gzip"):
            raise FetchError("W06", packed, lasting=True)
        unpack = zlib.decompressobj(wbits=47) if packed.endswith("gzip") else None
        parts: list[bytes] = []
        size = 0
        while piece := answer.read1(CHUNK):
            if self.clock() > ends:
                raise FetchError("W03", f"{self.seconds:g} s")
            if unpack is not None:
                piece = unpack.decompress(piece, self.most_bytes + 1 - size)
            size += len(piece)
            if size > self.most_bytes:
                raise FetchError("W07", f"{self.most_bytes:,}", lasting=True)
            parts.append(piece)
        if answer.length:
            raise FetchError("W02", f"{answer.length} bytes are missing at the end")
        return b"".join(parts)

    @contextmanager
    def _answer(
        self, parts: SplitResult, headers: Mapping[str, str], ends: float
    ) -> Iterator[http.client.HTTPResponse]:
        host, port = parts.hostname or "", port_of(parts)
        addresses = self.look_up(host, port)
        for address in addresses:
            if not self.allow(address):
                raise FetchError("W01", f"{host} ({address})", lasting=True)
        left = ends - self.clock()
        if left <= 0:
            raise FetchError("W03", f"{self.seconds:g} s")
        link = _Pinned(host, port, addresses[0], left, self.trust if parts.scheme == "https" else None)
        late = threading.Event()

        def cut() -> None:
            late.set()
            link.cut()

        watchdog = threading.Timer(left, cut)
        watchdog.daemon = True
        watchdog.start()
        try:
            target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
            link.request("GET", target, headers=dict(headers))
            yield link.getresponse()
            if late.is_set():  # what came before the cut looks like a short answer
                raise FetchError("W03", f"{self.seconds:g} s")
        except (OSError, http.client.HTTPException, zlib.error, ValueError) as error:
            if late.is_set() or isinstance(error, TimeoutError):
                raise FetchError("W03", f"{self.seconds:g} s") from error
            raise FetchError("W02", f"{host}: {error or type(error).__name__}") from error
        finally:
            watchdog.cancel()
            link.close()


def checked(url: str, ports: tuple[int, ...] = PORTS) -> SplitResult:
    """An address in parts, its letters as the wire wants them. Raises FetchError W01 where it is none that we fetch."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = port_of(parts)
    except (ValueError, UnicodeError) as error:
        raise FetchError("W01", url, lasting=True) from error
    if parts.scheme not in ("http", "https") or not host or parts.username is not None or port not in ports:
        raise FetchError("W01", url, lasting=True)
    netloc = f"[{host}]" if ":" in host else host
    netloc += f":{parts.port}" if parts.port else ""
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/?%:@!$&'()*+,;=~-._[]")
    return SplitResult(parts.scheme, netloc, path, query, "")


def port_of(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


class _Pinned(http.client.HTTPConnection):
    """A connection to one address that was looked at, under the name that was asked for."""

    def __init__(
        self, host: str, port: int, address: Address, seconds: float, trust: ssl.SSLContext | None
    ) -> None:
        super().__init__(host, port, timeout=seconds)
        self._address, self._trust = str(address), trust
        if trust is not None:
            self.default_port = 443  # so that the Host header leaves it out

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._trust is not None:
            self.sock = self._trust.wrap_socket(self.sock, server_hostname=self.host)

    def cut(self) -> None:
        """End the connection from another thread, whatever it waits for."""
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return
