"""Microsoft's own services: nothing goes there without leave, nobody is pressed, and the proxy is the machine's."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from hybridjoin.device.adapters.http import Http
from hybridjoin.device.adapters.live import LIVE, Rests
from hybridjoin.device.signin.run import sign_in_at
from hybridjoin.device.signin.username import Credentials
from hybridjoin.errors import Breakage, LabError, PeerUnreachable, UsageError
from hybridjoin.model.exchange import HttpReply, HttpRequest
from hybridjoin.model.hiding import hide_text
from hybridjoin.model.site import Connect, Entra, Site, is_microsofts
from tests.device.peer import Peer, Talk, serve, server_context, site

LOGIN, DRS = "login.microsoftonline.com", "enterpriseregistration.windows.net"
GET = HttpRequest(method="GET", url=f"https://{LOGIN}/common/UserRealm/", headers=())


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


@pytest.fixture(autouse=True)
def awake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LIVE, "_until", {})
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("host", "theirs"),
    [
        (LOGIN, True),
        (f"{DRS}.", True),
        ("Login.MicrosoftOnline.us", True),
        ("notmicrosoftonline.com", False),
        ("login.microsoftonline.com.example", False),
        ("sts.contoso.example", False),
    ],
)
def test_whose_services_they_are_is_told_by_the_name(host: str, theirs: bool) -> None:
    assert is_microsofts(host) is theirs


def test_a_site_is_live_by_the_addresses_that_nothing_leads_elsewhere() -> None:
    left_out = site(None)
    led = site(None, *(Connect(host=host, port=443, address="127.0.0.1", to_port=1) for host in (LOGIN, DRS)))
    own = replace(
        left_out,
        entra=Entra(
            tenant_id="x", tenant_name="x", login_url="https://a.example", registration_url="https://b.example"
        ),
    )

    assert left_out.live_hosts == (LOGIN, DRS)
    assert led.live_hosts == ()
    assert own.live_hosts == ()
    assert replace(own, entra=replace(own.entra, login_url=f"https://{LOGIN}:8443")).live_hosts == (LOGIN,)


def test_nothing_is_dialled_without_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    def dialled(*_: object, **__: object) -> socket.socket:
        pytest.fail("it was dialled")

    monkeypatch.setattr("hybridjoin.device.adapters.dialing.create_connection", dialled)
    with Http(site(None), None, limit_s=1) as http, pytest.raises(UsageError) as refusal:
        http.send(GET)
    assert f"{LOGIN} is Microsoft's own service, and nobody allowed that it is asked" in str(refusal.value)
    assert "--live allows it" in str(refusal.value)


def test_a_flow_that_is_led_there_ends_as_the_users_mistake() -> None:
    with pytest.raises(UsageError, match="nobody allowed that it is asked"):
        sign_in_at(site(None), Credentials(name="carol@contoso.example", password="not sent anywhere"))


@contextmanager
def live(
    authority: trustme.CA, ca_file: Path, answer: tuple[str, bytes, tuple[str, ...]]
) -> Iterator[tuple[Http, Peer]]:
    """A live site whose sign-in service is a server of ours, to which the address book leads."""

    def handle(talk: Talk) -> None:
        while talk.request():
            status, body, headers = answer
            talk.answer(status, body, *headers)

    with serve(handle, server_context(authority, LOGIN)) as peer:
        place = replace(site(ca_file, Connect(host=LOGIN, port=443, address="127.0.0.1", to_port=peer.port)), live=True)
        with Http(place, None, limit_s=5) as http:
            yield http, peer


@pytest.mark.parametrize(
    "answer",
    [
        ("429 Too Many Requests", b"", ("Retry-After: 300",)),
        ("400 Bad Request", b'{"ErrorType":"DirectoryError","Message":"Please try after 300 seconds."}', ()),
    ],
)
def test_who_asks_for_rest_is_asked_once(
    authority: trustme.CA, ca_file: Path, answer: tuple[str, bytes, tuple[str, ...]]
) -> None:
    with live(authority, ca_file, answer) as (http, peer):
        http.send(GET)
        with pytest.raises(LabError) as told:
            http.send(GET)

    assert len(peer.requests) == 1
    assert f"{LOGIN} asked to be left alone for another" in told.value.cause
    assert told.value.remedy.startswith("run this again after ")
    assert told.value.remedy.endswith(" UTC")


def test_a_rest_that_is_over_is_over() -> None:
    rests = Rests()
    rests.heard(GET.url, HttpReply(status=429, reason="", headers=(("Retry-After", "0"),), body=b""))
    rests.demand_awake(GET.url)
    rests.heard(GET.url, HttpReply(status=429, reason="", headers=(("Retry-After", "60"),), body=b""))
    rests.demand_awake(f"https://{DRS}/")
    with pytest.raises(LabError):
        rests.demand_awake(GET.url)


class Tunnels:
    """A proxy that opens tunnels to one port, whatever name is asked for; `asked` are the heads of what came."""

    def __init__(self, port: int, *, refusing: bool) -> None:
        self.asked: list[bytes] = []
        self._port, self._refusing = port, refusing
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._opened = [self._listener]
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._opened.append(client)
                head = b""
                while b"\r\n\r\n" not in head:
                    head += client.recv(65536)
                self.asked.append(head)
                self._answer(client)

    def _answer(self, client: socket.socket) -> None:
        if self._refusing:
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            client.shutdown(socket.SHUT_WR)
            return
        server = socket.create_connection(("127.0.0.1", self._port))
        self._opened.append(server)
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        for pair in ((client, server), (server, client)):
            threading.Thread(target=_pump, args=pair, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        for one in self._opened:
            one.close()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)


@contextmanager
def proxy(port: int, *, refusing: bool = False) -> Iterator[tuple[str, list[bytes]]]:
    """Yield a proxy's address, and what it is asked."""
    tunnels = Tunnels(port, refusing=refusing)
    threading.Thread(target=tunnels.serve, daemon=True).start()
    try:
        yield tunnels.address, tunnels.asked
    finally:
        tunnels.close()


def once(talk: Talk) -> None:
    while talk.request():
        talk.answer(body=b"through the tunnel")


def far(ca_file: Path) -> Site:
    """A live site that nothing leads anywhere: only the machine's own proxy knows the way."""
    return replace(site(ca_file), live=True)


def test_the_machines_proxy_leads_to_a_live_tenant(
    authority: trustme.CA, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(once, server_context(authority, LOGIN)) as peer, proxy(peer.port) as (address, asked):
        monkeypatch.setenv("HTTPS_PROXY", f"http://somebody:s3cret-of-the-proxy@{address}")
        with Http(far(ca_file), None, limit_s=5) as http:
            bodies = [http.send(GET).reply.body for _ in range(2)]

    assert bodies == [b"through the tunnel"] * 2
    (head,) = asked
    assert head.startswith(f"CONNECT {LOGIN}:443 HTTP/1.".encode())
    token = base64.b64encode(b"somebody:s3cret-of-the-proxy").decode()
    assert f"proxy-authorization: basic {token}".encode().lower() in head.lower()
    assert b"proxy-authorization" not in b"".join(peer.requests).lower(), "the proxy's password went on to the tenant"
    assert "s3cret-of-the-proxy" not in hide_text("a word of s3cret-of-the-proxy")


def test_no_proxy_exempts_a_host(ca_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with proxy(1) as (address, asked):
        monkeypatch.setenv("HTTPS_PROXY", f"http://{address}")
        monkeypatch.setenv("NO_PROXY", ".microsoftonline.com")

        def dialled(place: tuple[str, int], *_: object, **__: object) -> socket.socket:
            assert place == (LOGIN, 443)
            raise ConnectionRefusedError

        monkeypatch.setattr("hybridjoin.device.adapters.dialing.create_connection", dialled)
        with Http(far(ca_file), None, limit_s=5) as http, pytest.raises(PeerUnreachable) as broken:
            http.send(GET)
    assert broken.value.breakage is Breakage.REFUSED
    assert asked == []


def test_a_proxy_that_refuses_is_told_in_words(ca_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with proxy(1, refusing=True) as (address, _):
        monkeypatch.setenv("HTTPS_PROXY", address)
        with Http(far(ca_file), None, limit_s=5) as http, pytest.raises(PeerUnreachable, match="407"):
            http.send(GET)


def test_a_proxy_that_is_none_is_the_surroundings_fault(ca_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1080")
    with (
        Http(far(ca_file), None, limit_s=5) as http,
        pytest.raises(LabError, match="begins with http://, found socks5"),
    ):
        http.send(GET)
