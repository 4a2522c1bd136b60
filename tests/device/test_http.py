"""The device's HTTP, against a real TLS server that behaves and misbehaves."""

from __future__ import annotations

import datetime as dt
import gzip
import socket
import ssl
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from hybridjoin.device.adapters.http import SIZE_LIMIT, Http
from hybridjoin.errors import Breakage, LabError, PeerUnreachable
from hybridjoin.model.exchange import HttpReply, HttpRequest
from hybridjoin.model.site import Connect
from tests.device.peer import HOST, Handler, Peer, Talk, connect_to, serve, server_context, site

URL = f"https://{HOST}/here"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


class Net:
    """A client and the server it talks to."""

    def __init__(self, authority: trustme.CA, ca_file: Path) -> None:
        self.authority = authority
        self.ca_file = ca_file

    @contextmanager
    def talking(
        self, handler: Handler, *, context: ssl.SSLContext | None = None, limit_s: float = 5, clear: bool = False
    ) -> Iterator[tuple[Http, Peer]]:
        used = None if clear else context or server_context(self.authority)
        with serve(handler, used) as peer:
            place = site(self.ca_file, connect_to(peer))
            with Http(place, None, limit_s=limit_s) as http:
                yield http, peer

    def get(self, handler: Handler, *, limit_s: float = 5) -> HttpReply:
        with self.talking(handler, limit_s=limit_s) as (http, _):
            return http.send(HttpRequest(method="GET", url=URL)).reply

    def breakage(self, handler: Handler, *, limit_s: float = 5) -> PeerUnreachable:
        with pytest.raises(PeerUnreachable) as caught:
            self.get(handler, limit_s=limit_s)
        return caught.value


@pytest.fixture
def net(authority: trustme.CA, ca_file: Path) -> Net:
    return Net(authority, ca_file)


def hello(talk: Talk) -> None:
    while talk.request():
        talk.answer("200 OK", b"hello", "Content-Type: text/plain", "X-Twice: 1", "X-Twice: 2")


def test_a_reply_comes_with_status_headers_and_body_as_sent(net: Net) -> None:
    reply = net.get(hello)
    assert (reply.status, reply.reason, reply.body) == (200, "OK", b"hello")
    assert [value for name, value in reply.headers if name == "X-Twice"] == ["1", "2"]


def test_the_request_says_nothing_that_windows_would_not_say(net: Net) -> None:
    with net.talking(hello) as (http, peer):
        sent = http.send(HttpRequest(method="POST", url=URL, headers=(("Content-Type", "text/xml"),), body=b"<a/>"))
    lines = peer.requests[0].decode().split("\r\n")
    assert lines[0] == "POST /here HTTP/1.1"
    assert sorted(line.split(":")[0].lower() for line in lines[1:-2]) == ["content-length", "content-type", "host"]
    assert f"Host: {HOST}" in lines
    assert lines[-1] == "<a/>"
    assert dict(sent.request.headers) == {"Content-Type": "text/xml", "Content-Length": "4"}


@pytest.mark.parametrize(
    "url",
    [
        f"https://{HOST}\\@other.example/",
        f"https://other.example:1\\@{HOST}/",
        f"https://a@{HOST}/",
        "https://\u2100.test/",
    ],
)
def test_an_address_of_two_readings_is_not_dialled(net: Net, url: str) -> None:
    with (
        net.talking(hello) as (http, peer),
        pytest.raises(PeerUnreachable, match="not a URL that can") as caught,
    ):
        http.send(HttpRequest(method="GET", url=url))

    assert caught.value.breakage is Breakage.MALFORMED
    assert peer.connections == 0


def test_a_connection_is_used_again(net: Net) -> None:
    with net.talking(hello) as (http, peer):
        for _ in range(3):
            http.send(HttpRequest(method="GET", url=URL))
    assert (len(peer.requests), peer.connections) == (3, 1)


def test_a_name_is_dialled_where_the_site_says_and_keeps_its_port_in_the_host_header(net: Net) -> None:
    context = server_context(net.authority, HOST)
    with serve(hello, context) as peer, Http(site(net.ca_file, connect_to(peer, port=8443)), None, limit_s=5) as http:
        http.send(HttpRequest(method="GET", url=f"https://{HOST.upper()}:8443/"))
    assert b":8443\r\n" in peer.requests[0]


def test_gzip_is_unpacked_though_it_was_not_asked_for(net: Net) -> None:
    def packed(talk: Talk) -> None:
        talk.request()
        talk.answer("200 OK", gzip.compress(b"hello"), "Content-Encoding: gzip")

    assert net.get(packed).body == b"hello"


def test_an_answer_that_is_too_large_is_cut_off_and_the_limit_named(net: Net) -> None:
    def flood(talk: Talk) -> None:
        talk.request()
        talk.stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 52428800\r\n\r\n")
        for _ in range(50):
            talk.stream.sendall(b"x" * 1024 * 1024)

    error = net.breakage(flood)
    assert error.breakage is Breakage.TOO_LARGE
    assert "8 MiB" in error.problem


def test_a_small_answer_that_unpacks_to_a_large_one_is_cut_off(net: Net) -> None:
    bomb = gzip.compress(b"\0" * (SIZE_LIMIT * 8))

    def packed(talk: Talk) -> None:
        talk.request()
        talk.answer("200 OK", bomb, "Content-Encoding: gzip")

    assert net.breakage(packed).breakage is Breakage.TOO_LARGE


def test_a_server_that_hangs_is_left_after_the_limit(net: Net) -> None:
    def hang(talk: Talk) -> None:
        talk.request()
        time.sleep(0.8)

    error = net.breakage(hang, limit_s=0.4)
    assert error.breakage is Breakage.TIMEOUT
    assert "0.4 s" in error.problem


@pytest.mark.parametrize("where", ["head", "body"])
def test_a_slow_drip_does_not_outlast_the_limit(net: Net, where: str) -> None:
    def drip(talk: Talk) -> None:
        talk.request()
        talk.stream.sendall(b"HTTP/1.1 200 OK\r\n")
        if where == "body":
            talk.stream.sendall(b"Content-Length: 1000\r\n\r\n")
        for _ in range(20):
            talk.stream.sendall(b"X")
            time.sleep(0.05)

    assert net.breakage(drip, limit_s=0.4).breakage is Breakage.TIMEOUT


def _reset(talk: Talk) -> None:
    talk.request()
    talk.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    talk.stream.close()


def _close(talk: Talk) -> None:
    talk.request()


def _truncate(talk: Talk) -> None:
    talk.request()
    talk.stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")


def _noise(talk: Talk) -> None:
    talk.request()
    talk.stream.sendall(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")


def _endless_header(talk: Talk) -> None:
    talk.request()
    talk.stream.sendall(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000)


def _many_headers(talk: Talk) -> None:
    talk.request()
    talk.stream.sendall(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 2000 + b"\r\n")


def _bad_gzip(talk: Talk) -> None:
    talk.request()
    talk.answer("200 OK", b"not gzip", "Content-Encoding: gzip")


def _bad_chunk(talk: Talk) -> None:
    talk.request()
    talk.stream.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")


BROKEN: dict[str, tuple[Handler, Breakage]] = {
    "reset": (_reset, Breakage.RESET),
    "closed without an answer": (_close, Breakage.RESET),
    "body cut off": (_truncate, Breakage.RESET),
    "not HTTP": (_noise, Breakage.MALFORMED),
    "endless header": (_endless_header, Breakage.MALFORMED),
    "too many headers": (_many_headers, Breakage.MALFORMED),
    "gzip that is none": (_bad_gzip, Breakage.MALFORMED),
    "chunks that are none": (_bad_chunk, Breakage.RESET),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_answer_is_told_by_its_kind(net: Net, name: str) -> None:
    handler, kind = BROKEN[name]
    error = net.breakage(handler)
    assert error.breakage is kind
    assert error.where == f"GET {URL}"


def test_a_port_where_nobody_listens_is_a_refusal(ca_file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    place = site(ca_file, Connect(host=HOST, port=443, address="127.0.0.1", to_port=port))
    with Http(place, None, limit_s=5) as http, pytest.raises(PeerUnreachable) as caught:
        http.send(HttpRequest(method="GET", url=URL))
    assert caught.value.breakage is Breakage.REFUSED


def test_a_name_that_is_nowhere_is_told_apart() -> None:
    with Http(site(None), None, limit_s=5) as http, pytest.raises(PeerUnreachable) as caught:
        http.send(HttpRequest(method="GET", url="https://nowhere.invalid/"))
    assert caught.value.breakage is Breakage.NAME_NOT_RESOLVED


@pytest.mark.parametrize("url", ["http://sts.contoso.example/", "nonsense", "https://", "https://[::1", "ftp://x/"])
def test_what_is_not_an_https_url_is_not_called(url: str) -> None:
    with Http(site(None), None, limit_s=5) as http, pytest.raises(PeerUnreachable) as caught:
        http.send(HttpRequest(method="GET", url=url))
    assert caught.value.breakage is Breakage.MALFORMED


def named_in_the_subject_alone(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context whose certificate, its own authority, has our name for its CN and no subjectAltName."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    ca_file, both = folder / "ca.pem", folder / "server.pem"
    ca_file.write_bytes(certificate.public_bytes(Encoding.PEM))
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    both.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context, ca_file


class TestTls:
    """Certificates that must not be accepted, each for its own reason."""

    def words(self, net: Net, context: ssl.SSLContext, ca_file: Path | None) -> str:
        with serve(hello, context) as peer, Http(site(ca_file, connect_to(peer)), None, limit_s=5) as http:
            with pytest.raises(PeerUnreachable) as caught:
                http.send(HttpRequest(method="GET", url=URL))
            assert caught.value.breakage is Breakage.TLS
            assert peer.requests == []
            return caught.value.problem

    def test_an_expired_certificate(self, net: Net) -> None:
        past = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
        expired = net.authority.issue_cert(HOST, not_before=past, not_after=past + dt.timedelta(days=1))
        context = server_context(net.authority, certificate=expired)
        assert "has expired" in self.words(net, context, net.ca_file)

    def test_a_certificate_for_another_name(self, net: Net) -> None:
        context = server_context(net.authority, "other.contoso.example")
        assert "for another name" in self.words(net, context, net.ca_file)

    def test_a_certificate_that_names_the_server_in_its_subject_alone(self, net: Net, tmp_path: Path) -> None:
        context, ca_file = named_in_the_subject_alone(tmp_path)
        assert "or names the server in its subject alone" in self.words(net, context, ca_file)

    def test_a_certificate_of_an_unknown_authority(self, net: Net) -> None:
        context = server_context(trustme.CA())
        assert "authority that is not trusted" in self.words(net, context, net.ca_file)

    def test_the_systems_authorities_alone_do_not_trust_the_sites(self, net: Net) -> None:
        assert "not trusted" in self.words(net, server_context(net.authority), None)

    def test_a_server_that_speaks_plain_http(self, net: Net) -> None:
        with (
            net.talking(lambda talk: talk.answer("400 Bad Request"), clear=True) as (http, _),
            pytest.raises(PeerUnreachable, match="plain HTTP") as caught,
        ):
            http.send(HttpRequest(method="GET", url=URL))
        assert caught.value.breakage is Breakage.TLS

    def test_a_ca_file_that_is_none_is_nobodys_verdict(self, tmp_path: Path) -> None:
        for content in (None, "not a certificate"):
            path = tmp_path / f"{content}.pem"
            if content is not None:
                path.write_text(content)
            with pytest.raises(LabError, match="CA file"):
                Http(site(path), None, limit_s=5)


class TestRedirects:
    """Redirects: on the same host without a credential, and not otherwise."""

    def handler(self, target: str, status: str = "302 Found") -> Handler:
        def redirect(talk: Talk) -> None:
            while head := talk.request():
                if b"/there " in head:
                    talk.answer("200 OK", b"arrived")
                else:
                    talk.answer(status, b"", f"Location: {target}")

        return redirect

    def test_one_on_the_same_host_is_followed(self, net: Net) -> None:
        assert net.get(self.handler("/there")).body == b"arrived"

    @pytest.mark.parametrize("target", ["https://evil.example/there", "http://sts.contoso.example/there", ""])
    def test_one_to_another_host_or_scheme_is_refused(self, net: Net, target: str) -> None:
        error = net.breakage(self.handler(target))
        assert error.breakage is Breakage.REDIRECT

    @pytest.mark.parametrize(
        ("target", "breakage"),
        [
            ("https://[::1", Breakage.MALFORMED),
            ("//sts:port/", Breakage.REDIRECT),
            (f"https://sts.other.example:1\\@{HOST}/there", Breakage.REDIRECT),
        ],
    )
    def test_one_that_no_address_leads_to_is_refused_in_words(self, net: Net, target: str, breakage: Breakage) -> None:
        assert net.breakage(self.handler(target)).breakage is breakage

    def test_a_circle_ends(self, net: Net) -> None:
        error = net.breakage(self.handler("/here"))
        assert error.breakage is Breakage.REDIRECT
        assert "more than 5" in error.problem

    @pytest.mark.parametrize(
        "request_",
        [
            HttpRequest(method="POST", url=URL, body=b"assertion"),
            HttpRequest(method="GET", url=URL, headers=(("Authorization", "Bearer x"),)),
        ],
        ids=["body", "token"],
    )
    @pytest.mark.parametrize("status", ["302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
    def test_none_is_followed_with_a_credential(self, net: Net, request_: HttpRequest, status: str) -> None:
        with net.talking(self.handler("/there", status)) as (http, peer), pytest.raises(PeerUnreachable) as caught:
            http.send(request_)
        assert caught.value.breakage is Breakage.REDIRECT
        assert len(peer.requests) == 1


def test_proxies_and_netrc_of_whoever_runs_us_are_not_used(
    net: Net, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {HOST} login alice password hunter2\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with net.talking(hello) as (http, peer):
        http.send(HttpRequest(method="GET", url=URL))
    assert b"uthorization" not in peer.requests[0]


def test_a_403_is_a_reply_like_any_other(net: Net) -> None:
    def forbid(talk: Talk) -> None:
        talk.request()
        talk.answer("403 Forbidden", b"no")

    assert replace(net.get(forbid), headers=()) == HttpReply(status=403, reason="Forbidden", body=b"no")
