"""HTTP Negotiate as the computer, against a real Kerberos acceptor behind real TLS."""

from __future__ import annotations

import base64
import hashlib
import logging
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import gssapi
import pytest
from gssapi.raw.misc import GSSError

from hybridjoin.device.adapters import spnego
from hybridjoin.device.adapters.http import Http
from hybridjoin.device.adapters.kerberos import Kerberos
from hybridjoin.device.adapters.krb5_environment import kerberos_environment
from hybridjoin.errors import Breakage, KerberosError, PeerUnreachable
from hybridjoin.lab.domain import Domain
from hybridjoin.model.exchange import HttpReply, HttpRequest, Proof, ServerProof
from tests.device.peer import Handler, Peer, Talk, connect_to, serve, site

pytestmark = pytest.mark.lab

HOST = "sts.hybridjoin.test"
URL = f"https://{HOST}/rst"
REQUEST = HttpRequest(method="POST", url=URL, headers=(("Content-Type", "application/soap+xml"),), body=b"<rst/>")
ASK = "WWW-Authenticate: Negotiate"


@dataclass(frozen=True)
class Acceptor:
    """Takes tickets with the service's keytab."""

    domain: Domain
    certificate: Path

    def accept(self, header: str, *, bindings: bytes | None = None) -> tuple[str, bytes]:
        """Return the client's name and the answer token."""
        token = base64.b64decode(header.partition("Negotiate ")[2])
        with kerberos_environment(config=str(self.domain.directory.krb5_config), ccache="MEMORY:none"):
            keys = gssapi.Credentials(usage="accept", store={"keytab": str(self.domain.keytabs["svc-idp"])})
            bound = gssapi.raw.ChannelBindings(application_data=bindings) if bindings else None
            context = gssapi.SecurityContext(creds=keys, usage="accept", channel_bindings=bound)
            try:
                answer = context.step(token)
                if not context.complete:
                    raise ValueError("the acceptor refuses the token")
                return str(context.initiator_name), answer
            except GSSError as error:
                raise ValueError("the acceptor refuses the token") from error

    @property
    def end_point(self) -> bytes:
        """The channel binding of this server (RFC 5929, tls-server-end-point)."""
        first = self.certificate.read_text().partition("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----"
        return b"tls-server-end-point:" + hashlib.sha256(ssl.PEM_cert_to_DER_cert(first)).digest()


@pytest.fixture(scope="module")
def acceptor(domain: Domain) -> Acceptor:
    return Acceptor(domain, domain.certificates["idp"].certificate)


Talking = Callable[[Handler], "Iterator[tuple[Http, Peer]]"]


class Net:
    """The computer's client and a server with the lab's certificate."""

    def __init__(self, domain: Domain) -> None:
        self.domain = domain

    @contextmanager
    def talking(self, handler: Handler, *, mutual: bool = False) -> Iterator[tuple[Http, Peer]]:
        certificate = self.domain.certificates["idp"]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.certificate, certificate.private_key)
        account = next(item for item in self.domain.devices if item.name == "WS01")
        with serve(handler, context) as peer:
            place = replace(site(self.domain.ca_file, connect_to(peer, HOST)), directory=self.domain.directory)
            with (
                Kerberos(account, self.domain.directory, time_sync=False) as kerberos,
                Http(place, kerberos, limit_s=5, mutual_authentication=mutual) as http,
            ):
                yield http, peer

    def post(self, handler: Handler, request: HttpRequest = REQUEST) -> tuple[HttpReply, list[bytes]]:
        with self.talking(handler) as (http, peer):
            return http.send(request, as_computer=True).reply, peer.requests

    def no_proof(self, handler: Handler) -> ServerProof:
        """What is said of a server whose proof is none: noted as it is, and refused where that is the habit."""
        with self.talking(handler, mutual=True) as (http, _), pytest.raises(PeerUnreachable) as caught:
            http.send(REQUEST, as_computer=True)
        assert caught.value.breakage is Breakage.MUTUAL_AUTHENTICATION
        reply, _ = self.post(handler)
        assert reply.status == 200
        assert reply.server_proof is not None
        assert reply.server_proof.words == caught.value.problem
        return reply.server_proof


@pytest.fixture
def net(domain: Domain) -> Net:
    return Net(domain)


def authorization(head: bytes) -> str:
    lines = head.decode("latin-1").split("\r\n")
    return next((line.partition(": ")[2] for line in lines if line.lower().startswith("authorization")), "")


def challenging(answer: Callable[[Talk, str], None]) -> Handler:
    """A server that asks for Negotiate and, with the token, does as the test says."""

    def handle(talk: Talk) -> None:
        while head := talk.request():
            header = authorization(head)
            if header:
                answer(talk, header)
            else:
                talk.answer("401 Unauthorized", b"", ASK)

    return handle


def answer_line(token: bytes) -> str:
    return f"{ASK} {base64.b64encode(token).decode()}"


def test_the_ticket_is_sent_when_asked_for_and_the_servers_proof_checked(net: Net, acceptor: Acceptor) -> None:
    names: list[str] = []

    def accept(talk: Talk, header: str) -> None:
        name, token = acceptor.accept(header)
        names.append(name)
        talk.answer("200 OK", b"<rstr/>", answer_line(token))

    reply, requests = net.post(challenging(accept))
    assert (reply.status, reply.body) == (200, b"<rstr/>")
    assert reply.server_proof == ServerProof(proof=Proof.GOOD)
    assert names == ["WS01$@HYBRIDJOIN.TEST"]
    assert [bool(authorization(request)) for request in requests] == [False, True]
    assert all(request.endswith(b"<rst/>") for request in requests)


def test_the_token_looks_like_windows_and_offers_no_ntlm(net: Net, acceptor: Acceptor) -> None:
    tokens: list[bytes] = []

    def accept(talk: Talk, header: str) -> None:
        tokens.append(base64.b64decode(header.partition(" ")[2]))
        talk.answer("200 OK", b"", answer_line(acceptor.accept(header)[1]))

    net.post(challenging(accept))
    assert tokens[0].startswith(b"\x60\x82")
    assert tokens[0].index(spnego.MS_KERBEROS) < tokens[0].index(spnego.KERBEROS)
    assert b"NTLMSSP" not in tokens[0]
    assert bytes.fromhex("2b06010401823702020a") not in tokens[0], "NTLM's object identifier"


@pytest.mark.parametrize(("own", "accepted"), [(True, True), (False, False)], ids=["its own", "another"])
def test_the_token_is_bound_to_the_tls_channel(net: Net, acceptor: Acceptor, own: bool, accepted: bool) -> None:
    bindings = acceptor.end_point if own else b"tls-server-end-point:" + bytes(32)
    outcome: list[bool] = []

    def accept(talk: Talk, header: str) -> None:
        try:
            _, token = acceptor.accept(header, bindings=bindings)
        except ValueError:
            outcome.append(False)
            talk.answer("401 Unauthorized", b"", ASK)
        else:
            outcome.append(True)
            talk.answer("200 OK", b"bound", answer_line(token))

    reply, _ = net.post(challenging(accept))
    assert outcome == [accepted]
    assert (reply.status == 200) == accepted


def test_the_request_that_was_sent_is_told_with_its_authorization(net: Net, acceptor: Acceptor) -> None:
    def accept(talk: Talk, header: str) -> None:
        talk.answer("200 OK", b"", answer_line(acceptor.accept(header)[1]))

    with net.talking(challenging(accept)) as (http, _):
        sent = http.send(REQUEST, as_computer=True)
    assert dict(sent.request.headers)["Authorization"].startswith("Negotiate ")


def test_a_server_that_does_not_prove_itself_is_noted_and_refused_only_by_habit(net: Net) -> None:
    found = net.no_proof(challenging(lambda talk, _: talk.answer("200 OK", b"<rstr/>")))
    assert found.proof is Proof.NOT_SENT
    assert "did not answer with a token" in found.words


@pytest.mark.parametrize(
    ("token", "proof"),
    [
        ("bm9ub25zZW5zZQ==", Proof.NOT_GOOD),
        ("!!!", Proof.NOT_SENT),
        ("oQcwBaADCgEC", Proof.NOT_GOOD),
        ("TlRMTVNTUAAC", Proof.NOT_GOOD),
    ],
)
def test_a_proof_that_is_none_is_not_believed(net: Net, token: str, proof: Proof) -> None:
    found = net.no_proof(challenging(lambda talk, _: talk.answer("200 OK", b"", f"{ASK} {token}")))
    assert found.proof is proof


def test_the_constant_token_of_gokrb5_is_noted_as_another_mechanism(net: Net) -> None:
    """gokrb5 8.4.4 answers every success with accept-completed, the standard name, and no AP-REP."""
    constant = bytes.fromhex("a1143012a0030a0100a10b") + spnego.KERBEROS
    found = net.no_proof(challenging(lambda talk, _: talk.answer("200 OK", b"", answer_line(constant))))
    assert found.proof is Proof.OTHER_MECHANISM


def test_another_services_proof_is_not_believed(net: Net, acceptor: Acceptor) -> None:
    """An AP-REP of an earlier exchange proves nothing now."""
    kept: list[bytes] = []

    def accept(talk: Talk, header: str) -> None:
        kept.append(acceptor.accept(header)[1])
        talk.answer("200 OK", b"", answer_line(kept[0]))

    with net.talking(challenging(accept), mutual=True) as (http, _):
        assert http.send(REQUEST, as_computer=True).reply.status == 200
        with pytest.raises(PeerUnreachable) as caught:
            http.send(REQUEST, as_computer=True)
    assert caught.value.breakage is Breakage.MUTUAL_AUTHENTICATION


def test_an_acceptor_that_names_the_other_mechanism_is_told_by_its_name(net: Net, acceptor: Acceptor) -> None:
    def accept(talk: Talk, header: str) -> None:
        token = acceptor.accept(header)[1].replace(spnego.MS_KERBEROS, spnego.KERBEROS, 1)
        talk.answer("200 OK", b"", answer_line(token))

    found = net.no_proof(challenging(accept))
    assert found.proof is Proof.OTHER_MECHANISM
    assert "found 1.2.840.113554.1.2.2; Microsoft says that Windows fails here" in found.words


def test_a_fault_is_read_though_the_server_did_not_prove_itself(net: Net) -> None:
    reply, _ = net.post(challenging(lambda talk, _: talk.answer("500 Internal Server Error", b"<fault/>")))
    assert (reply.status, reply.body, reply.server_proof) == (500, b"<fault/>", None)


def test_a_second_401_is_the_servers_refusal(net: Net) -> None:
    reply, requests = net.post(challenging(lambda talk, _: talk.answer("401 Unauthorized", b"no", ASK)))
    assert (reply.status, reply.body) == (401, b"no")
    assert len(requests) == 2


def test_a_challenge_with_an_endless_body_is_cut_off(net: Net) -> None:
    def flood(talk: Talk) -> None:
        talk.request()
        talk.stream.sendall(f"HTTP/1.1 401 Unauthorized\r\n{ASK}\r\nContent-Length: 52428800\r\n\r\n".encode())
        for _ in range(50):
            talk.stream.sendall(b"x" * 1024 * 1024)

    with pytest.raises(PeerUnreachable) as caught:
        net.post(flood)
    assert caught.value.breakage is Breakage.TOO_LARGE


def test_a_challenge_with_a_body_on_a_closing_connection_is_answered(net: Net, acceptor: Acceptor) -> None:
    def handle(talk: Talk) -> None:
        header = authorization(talk.request())
        if header:
            talk.answer("200 OK", b"in", answer_line(acceptor.accept(header)[1]), "Connection: close")
        else:
            talk.answer("401 Unauthorized", b"<html>please</html>", ASK, "Connection: close")

    reply, requests = net.post(handle)
    assert (reply.status, reply.body, len(requests)) == (200, b"in", 2)


@pytest.mark.parametrize("offer", ["WWW-Authenticate: NTLM", 'WWW-Authenticate: Basic realm="x"', "X-None: 1"])
def test_nothing_but_negotiate_is_answered(net: Net, offer: str) -> None:
    def ask(talk: Talk) -> None:
        while talk.request():
            talk.answer("401 Unauthorized", b"", offer)

    reply, requests = net.post(ask)
    assert reply.status == 401
    assert [authorization(request) for request in requests] == [""]


def test_a_redirect_takes_no_ticket_along(net: Net) -> None:
    handler = challenging(lambda talk, _: talk.answer("302 Found", b"", "Location: /elsewhere"))
    with net.talking(handler) as (http, peer), pytest.raises(PeerUnreachable) as caught:
        http.send(replace(REQUEST, method="GET", body=b""), as_computer=True)
    assert caught.value.breakage in {Breakage.REDIRECT, Breakage.MUTUAL_AUTHENTICATION}
    assert not any(b"/elsewhere" in request for request in peer.requests)


def test_a_challenge_is_not_answered_unless_the_flow_wants_it(net: Net) -> None:
    with net.talking(challenging(lambda talk, _: talk.answer("200 OK"))) as (http, peer):
        assert http.send(REQUEST).reply.status == 401
    assert len(peer.requests) == 1


def test_a_service_without_a_name_in_the_directory_is_told_by_its_kerberos_error(net: Net) -> None:
    host = "sts-nospn.hybridjoin.test"
    with net.talking(challenging(lambda talk, _: talk.answer("200 OK"))) as (_, peer):
        place = replace(site(net.domain.ca_file, connect_to(peer, host)), directory=net.domain.directory)
        account = next(item for item in net.domain.devices if item.name == "WS01")
        with (
            Kerberos(account, net.domain.directory, time_sync=False) as kerberos,
            Http(place, kerberos, limit_s=5) as http,
            pytest.raises(KerberosError, match="KDC_ERR_S_PRINCIPAL_UNKNOWN"),
        ):
            http.send(replace(REQUEST, url=f"https://{host}/rst"), as_computer=True)


def test_no_log_holds_the_ticket(net: Net, acceptor: Acceptor, caplog: pytest.LogCaptureFixture) -> None:
    tokens: list[str] = []

    def accept(talk: Talk, header: str) -> None:
        tokens.append(header.partition(" ")[2])
        talk.answer("200 OK", b"", answer_line(acceptor.accept(header)[1]))

    with caplog.at_level(logging.DEBUG):
        net.post(challenging(accept))
    assert tokens
    assert not any(tokens[0] in record.getMessage() for record in caplog.records)
