"""The doubles' HTTPS server: ready, swappable, quick to stop, and able to misbehave for real."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
import trustme

from hybridjoin.doubles import serve
from hybridjoin.doubles.serve import Application, Receive, Scope, Send, Server


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, ssl.SSLContext]:
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost", "127.0.0.1")
    certfile, keyfile = folder / "double.pem", folder / "double.key"
    certificate.cert_chain_pems[0].write_to_path(certfile)
    certificate.private_key_pem.write_to_path(keyfile)
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return certfile, keyfile, context


@pytest.fixture
def server(tls: tuple[Path, Path, ssl.SSLContext]) -> Iterator[Server]:
    with Server() as server:
        server.start(certfile=tls[0], keyfile=tls[1])
        yield server


@pytest.fixture
def client(server: Server, tls: tuple[Path, Path, ssl.SSLContext]) -> Iterator[http.client.HTTPSConnection]:
    connection = http.client.HTTPSConnection("localhost", server.port, context=tls[2], timeout=10)
    yield connection
    connection.close()


def saying(text: str) -> Application:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": text.encode()})

    return app


def drain(raw: socket.socket) -> None:
    while raw.recv(65536):
        pass


def test_a_clock_that_is_just_let_go_ends_no_server(
    tls: tuple[Path, Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What freezegun's clock does in another thread in the moment in which it ends."""
    real, asked = time.time, threading.main_thread()

    def let_go() -> float:
        if threading.current_thread() is asked:
            return real()
        raise IndexError("list index out of range")

    monkeypatch.setattr(time, "time", let_go)
    with Server(saying("still here")) as server:
        server.start(certfile=tls[0], keyfile=tls[1])
        client = http.client.HTTPSConnection("localhost", server.port, context=tls[2], timeout=10)
        client.request("GET", "/")
        answer = client.getresponse()
        client.close()

    assert answer.status == 200
    assert abs(parsedate_to_datetime(answer.headers["Date"]).timestamp() - real()) < 5


def test_it_listens_when_start_returns_and_answers_503_until_a_double_is_installed(
    client: http.client.HTTPSConnection,
) -> None:
    client.request("GET", "/")
    reply = client.getresponse()

    assert reply.status == 503
    assert b"no double is installed" in reply.read()


def test_the_application_is_swapped_on_the_same_port_and_connection(
    server: Server, client: http.client.HTTPSConnection
) -> None:
    def ask() -> tuple[bytes, object]:
        client.request("GET", "/")
        return client.getresponse().read(), client.sock

    server.install(saying("first"))
    first, connection = ask()
    server.install(saying("second"))

    assert first == b"first"
    assert ask() == (b"second", connection)


def test_a_header_line_of_100_kilobytes_reaches_the_application(
    server: Server, client: http.client.HTTPSConnection
) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        size = len(dict(scope["headers"])[b"authorization"])
        await saying(str(size))(scope, receive, send)

    server.install(app)
    client.request("GET", "/", headers={"Authorization": "N" * 100_000})

    assert client.getresponse().read() == b"100000"


def test_the_body_is_not_held_back_by_nagle(server: Server, client: http.client.HTTPSConnection) -> None:
    server.install(saying("quick"))
    client.request("GET", "/")
    client.getresponse().read()

    started = time.perf_counter()
    for _ in range(20):
        client.request("POST", "/", body=b"x" * 3000)
        client.getresponse().read()

    assert (time.perf_counter() - started) / 20 < 0.03, "each exchange takes a delayed acknowledgement of 40 ms"


def test_a_reset_is_a_real_tcp_reset(server: Server, tls: tuple[Path, Path, ssl.SSLContext]) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await serve.reset(scope, receive)

    server.install(app)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    engine = tls[2].wrap_bio(incoming, outgoing, server_hostname="localhost")
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        while True:
            try:
                engine.do_handshake()
                break
            except ssl.SSLWantReadError:
                raw.sendall(outgoing.read())
                incoming.write(raw.recv(65536))
        engine.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        raw.sendall(outgoing.read())
        with pytest.raises(ConnectionResetError):
            drain(raw)


def test_a_dripped_answer_arrives_slowly_and_whole(server: Server, client: http.client.HTTPSConnection) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"100")]
        await serve.drip(send, b"d" * 100, status=200, headers=headers, pause_s=0.02)

    server.install(app)
    started = time.perf_counter()
    client.request("GET", "/")
    body = client.getresponse().read()

    assert body == b"d" * 100
    assert time.perf_counter() - started >= 0.2


def test_an_answer_that_never_comes_ends_when_the_client_hangs_up(
    server: Server, tls: tuple[Path, Path, ssl.SSLContext]
) -> None:
    ended = threading.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await serve.hold(receive)
        ended.set()

    server.install(app)
    client = http.client.HTTPSConnection("localhost", server.port, context=tls[2], timeout=0.3)
    client.request("GET", "/")
    with pytest.raises(TimeoutError):
        client.getresponse()
    client.close()

    assert ended.wait(5)


def test_it_stops_at_once_although_an_answer_is_being_held(tls: tuple[Path, Path, ssl.SSLContext]) -> None:
    holding = threading.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        holding.set()
        await serve.hold(receive)

    with Server(app) as server:
        server.start(certfile=tls[0], keyfile=tls[1])
        client = http.client.HTTPSConnection("localhost", server.port, context=tls[2], timeout=5)
        client.request("GET", "/")
        assert holding.wait(5)
        started = time.perf_counter()
        server.stop()
        assert time.perf_counter() - started < 1.0
        client.close()

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), timeout=1)
    assert not [thread for thread in threading.enumerate() if thread.name == f"double:{server.port}"]


def test_a_server_can_be_started_again_on_its_port(tls: tuple[Path, Path, ssl.SSLContext]) -> None:
    server = Server(saying("again"))
    server.start(certfile=tls[0], keyfile=tls[1])
    port = server.port
    server.stop()
    server.start(port=port, certfile=tls[0], keyfile=tls[1])
    try:
        assert server.port == port
    finally:
        server.stop()


def test_a_taken_port_is_an_oserror_that_names_the_address(
    server: Server, tls: tuple[Path, Path, ssl.SSLContext]
) -> None:
    with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1:{server.port}"):
        Server().start(port=server.port, certfile=tls[0], keyfile=tls[1])


def test_a_missing_certificate_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        Server().start(certfile=tmp_path / "none.pem", keyfile=tmp_path / "none.key")


def test_tls_1_1_is_refused(server: Server, tls: tuple[Path, Path, ssl.SSLContext]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(cadata=ssl.DER_cert_to_PEM_cert(tls[2].get_ca_certs(binary_form=True)[0]))
    with pytest.warns(DeprecationWarning, match="TLSv1_1 is deprecated"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw,
        pytest.raises(ssl.SSLError),
    ):
        context.wrap_socket(raw, server_hostname="localhost")
