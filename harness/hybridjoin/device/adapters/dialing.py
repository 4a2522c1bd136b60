"""Connections to a site: where a name really leads, whose certificates are trusted, how long an answer may take."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from requests.adapters import HTTPAdapter
from requests.models import PreparedRequest
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import LocationParseError
from urllib3.util.connection import create_connection

from hybridjoin.device.adapters.breakages import LateConnection, explain
from hybridjoin.device.adapters.proxies import WebProxy, proxy_to
from hybridjoin.errors import LabError
from hybridjoin.model.site import Connect, Site
from hybridjoin.protocol.address import take_apart

CONNECT_LIMIT_S = 10.0


@dataclass(slots=True)
class Dialing:
    """The address book and the stopwatch of one device; `certificates` are the peers' (DER), by host and port.

    `by_proxy` says that names which the address book does not lead anywhere are reached as this machine reaches them:
    through the proxy that its environment names (HTTPS_PROXY, NO_PROXY).
    """

    limit_s: float
    addresses: Mapping[tuple[str, int], tuple[str, int]]
    by_proxy: bool = False
    certificates: dict[tuple[str, int], bytes] = field(default_factory=dict)
    open_connections: list[HTTPSConnection] = field(default_factory=list)
    _deadline: float = 0.0

    def start(self) -> None:
        """Begin an exchange: its answer must be complete within the limit."""
        self._deadline = _monotonic() + self.limit_s

    def remaining_s(self) -> float:
        """How long the answer may still take.

        Raises:
            TimeoutError: the time is over.
        """
        left = self._deadline - _monotonic()
        if left <= 0:
            raise TimeoutError(f"no complete answer within {self.limit_s:g} s")
        return left

    def hang_up(self, place: tuple[str, int] | None = None) -> None:
        """Close every connection, or those to one host and port; also where nobody has read the answer to its end."""
        for connection in [one for one in self.open_connections if place in {None, (one.host, one.port or 443)}]:
            self.open_connections.remove(connection)
            connection.close()

    def dial(self, host: str, port: int) -> tuple[str, int]:
        """Return the address and port behind a name and its port."""
        return self.addresses.get((host.lower(), port), (host, port))

    def proxy_to(self, host: str, port: int) -> WebProxy | None:
        """Return the proxy that stands between here and a host, or None."""
        return proxy_to(host, port) if self.by_proxy and (host.lower(), port) not in self.addresses else None


def check_reachable(site: Site, url: str, *, limit_s: float) -> None:
    """Open a connection to where a URL leads at a site, and close it; raise PeerUnreachable where nobody listens."""
    dialing = Dialing(limit_s=limit_s, addresses=address_book(site.connect))
    try:
        parts = take_apart(url)
        open_socket(dialing.dial(parts.hostname or "", parts.port or 443), limit_s).close()
    except (OSError, ValueError, LocationParseError) as error:
        raise explain(error, where=url, limit_s=limit_s) from error


def open_socket(
    address: tuple[str, int], limit_s: float, socket_options: list[tuple[int, int, int | bytes]] | None = None
) -> socket.socket:
    """Open a TCP connection.

    Raises:
        LateConnection: nobody takes it in time.
    """
    limit = min(CONNECT_LIMIT_S, limit_s)
    try:
        return create_connection(address, limit, socket_options=socket_options)
    except TimeoutError as error:
        raise LateConnection(f"no connection within {limit:.2g} s") from error


def address_book(connects: Iterable[Connect]) -> dict[tuple[str, int], tuple[str, int]]:
    """Index a site's `connect` entries."""
    return {(item.host.lower(), item.port): (item.address, item.to_port) for item in connects}


class PatientSocket(ssl.SSLSocket):
    """A TLS socket whose every read obeys the exchange's deadline: a slow drip cannot outlast it."""

    dialing: Dialing | None = None

    def recv_into(  # type: ignore[override]  # http.client reads into no other kind of buffer
        self, buffer: bytearray | memoryview, nbytes: int | None = None, flags: int = 0
    ) -> int:
        """Read, but never past the deadline."""
        if self.dialing is not None:
            self.settimeout(self.dialing.remaining_s())
        return super().recv_into(buffer, nbytes, flags)


class SiteConnection(HTTPSConnection):
    """An HTTPS connection that dials where the site says; name checking and SNI keep to the URL's host."""

    def __init__(self, host: str, port: int | None = None, *, dialing: Dialing, **options: Any) -> None:  # noqa: ANN401
        super().__init__(host, port, **options)
        self._dialing = dialing

    def _new_conn(self) -> socket.socket:
        """Open the TCP connection, to the address that stands for the name, or to the proxy before it."""
        proxy = self._dialing.proxy_to(self.host, self.port or 443)
        address = self._dialing.dial(self.host, self.port or 443) if proxy is None else (proxy.host, proxy.port)
        return open_socket(address, self._dialing.remaining_s(), socket_options=list(self.socket_options or ()))

    def connect(self) -> None:
        """Connect, put the socket under the deadline and keep the peer's certificate."""
        self._dialing.open_connections.append(self)
        proxy = self._dialing.proxy_to(self.host, self.port or 443)
        if proxy is not None:
            self.set_tunnel(self.host, self.port or 443, headers=dict(proxy.headers))
        super().connect()
        if isinstance(self.sock, PatientSocket):
            self.sock.dialing = self._dialing
            certificate = self.sock.getpeercert(binary_form=True)
            if certificate:
                self._dialing.certificates[self.host, self.port or 443] = certificate


class SitePool(HTTPSConnectionPool):
    """The open connections to one host of the site."""

    ConnectionCls = SiteConnection


class SiteAdapter(HTTPAdapter):
    """Carries `requests` over the site's own connections, always verified."""

    def __init__(self, dialing: Dialing, context: ssl.SSLContext) -> None:
        super().__init__(max_retries=0)
        self._dialing = dialing
        self._context = context
        self._pools: dict[tuple[str, int], SitePool] = {}

    def get_connection_with_tls_context(
        self, request: PreparedRequest, *_settings: object, **_more: object
    ) -> SitePool:
        """Return the pool of the request's host; the TLS context is always ours."""
        parts, _ = self.build_connection_pool_key_attributes(request, verify=True)
        place = (str(parts["host"]), int(parts["port"] or 443))
        if place not in self._pools:
            self._pools[place] = SitePool(*place, ssl_context=self._context, dialing=self._dialing, maxsize=1)
        return self._pools[place]

    def cert_verify(self, *_settings: object, **_more: object) -> None:
        """Leave the pool alone: its context verifies, and `requests` would add a second set of authorities."""

    def close(self) -> None:
        """Close every connection."""
        self._dialing.hang_up()
        for pool in self._pools.values():
            pool.close()
        self._pools.clear()
        super().close()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCertificate:
    """What a client shows to a server that asks who it is: PEM files of its certificate and private key."""

    certificate: Path
    key: Path


def tls_context(ca_files: Iterable[Path | None], *, certificate: ClientCertificate | None = None) -> ssl.SSLContext:
    """Return a context that trusts the system's authorities and the site's; made once per set of files.

    One that shows a certificate is made for its caller alone.

    Raises:
        LabError: a file of authorities, or a certificate with its key, cannot be read.
    """
    files = sorted({path for path in ca_files if path is not None})
    try:
        stamped = tuple((str(path), path.stat().st_mtime_ns) for path in files)
        context = _tls_context(stamped) if certificate is None else _tls_context.__wrapped__(stamped)
    except OSError as error:
        raise LabError(
            f"a CA file cannot be used: {error}", remedy="name a readable PEM file (--ca-file, or ca_file in the site)"
        ) from error
    if certificate is not None:
        _show(context, certificate)
    return context


def _show(context: ssl.SSLContext, certificate: ClientCertificate) -> None:
    """Let a context show a certificate; a server may ask for it in the handshake, or only once it knows the request."""
    try:
        context.load_cert_chain(certificate.certificate, certificate.key)
    except OSError as error:
        raise LabError(
            f"the device's certificate and key cannot be used: {error.strerror or error} at {certificate.certificate}",
            remedy="name the folder that `join --keep` left",
        ) from error
    context.post_handshake_auth = True


@lru_cache(maxsize=16)
def _tls_context(stamped: tuple[tuple[str, int], ...]) -> ssl.SSLContext:
    """Make the context; reading the system's authorities takes longer than a whole exchange."""
    context = ssl.create_default_context()
    context.sslsocket_class = PatientSocket
    # The name counts that subjectAltName has: clients must not take one from the subject (RFC 9110, 4.3.4).
    context.hostname_checks_common_name = False
    for path, _ in stamped:
        context.load_verify_locations(cafile=path)
    return context


def _monotonic() -> float:
    """Read the monotonic clock, past any frozen one: limits are real time in every scenario."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)
