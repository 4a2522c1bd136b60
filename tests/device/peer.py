"""A TLS server that does exactly what a test tells it, byte by byte."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import trustme

from hybridjoin.model.site import Connect, Directory, Entra, IdentityProvider, Site

HOST = "sts.contoso.example"
Handler = Callable[["Talk"], None]


@dataclass
class Talk:
    """One connection: what was asked, and the socket to answer on."""

    stream: socket.socket
    peer: Peer

    def request(self) -> bytes:
        """Read one request, its body included; nothing when the client is gone."""
        received = b""
        while b"\r\n\r\n" not in received:
            chunk = self.stream.recv(65536)
            if not chunk:
                return b""
            received += chunk
        head, _, body = received.partition(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0
        )
        while len(body) < length:
            body += self.stream.recv(65536)
        self.peer.requests.append(head + b"\r\n\r\n" + body)
        return head

    def answer(self, status: str = "200 OK", body: bytes = b"", *headers: str) -> None:
        lines = (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", "")
        self.stream.sendall("\r\n".join(lines).encode() + body)


@dataclass
class Peer:
    """Where the server listens, and what it was asked."""

    port: int
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0


@contextmanager
def serve(handler: Handler, context: ssl.SSLContext | None) -> Iterator[Peer]:
    """Serve connections one after another until the block ends; without a context in the clear."""
    listener = socket.create_server(("127.0.0.1", 0))
    peer = Peer(port=listener.getsockname()[1])

    def work() -> None:
        while True:
            try:
                raw, _ = listener.accept()
            except OSError:
                return
            peer.connections += 1
            with raw, contextlib.suppress(OSError):
                stream = context.wrap_socket(raw, server_side=True) if context is not None else raw
                with stream:
                    handler(Talk(stream, peer))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield peer
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(timeout=5)


def server_context(authority: trustme.CA, *hosts: str, certificate: trustme.LeafCert | None = None) -> ssl.SSLContext:
    """A server's TLS context with a certificate for these names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    (certificate or authority.issue_cert(*(hosts or (HOST,)))).configure_cert(context)
    return context


def site(ca_file: Path | None, *connects: Connect) -> Site:
    """A site of one IdP and nothing else."""
    return Site(
        name="contoso",
        directory=Directory(
            realm="X",
            domain="x",
            netbios="X",
            forest="x",
            domain_controller="dc",
            krb5_config=Path("krb5.conf"),
            ldap_url="ldap://dc",
            base_dn="DC=x",
        ),
        idp=IdentityProvider(issuer="x", signing_certificates=(), ca_file=ca_file),
        entra=Entra(tenant_id="x", tenant_name="x"),
        devices=(),
        connect=connects,
    )


def connect_to(peer: Peer, host: str = HOST, port: int = 443) -> Connect:
    """Dial the peer when `host:port` is meant."""
    return Connect(host=host, port=port, address="127.0.0.1", to_port=peer.port)
