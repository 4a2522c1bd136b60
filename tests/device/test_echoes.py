"""A peer that answers with the ticket it was shown, written in many ways: no artefact of the run holds it."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import ssl
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from hybridjoin.bundle.keys import Signer
from hybridjoin.bundle.package import build_package
from hybridjoin.cli.run.join_work import _show
from hybridjoin.errors import Mistake
from hybridjoin.lab.lab import Lab
from hybridjoin.model.kept_body import Excerpt, octets
from hybridjoin.model.place_file import PlaceFile
from hybridjoin.model.record import RunRecord, ScenarioRecord
from hybridjoin.model.recorded import HttpReplyRecord
from hybridjoin.model.site import Site
from hybridjoin.model.steps import Step
from hybridjoin.report.formats.catalogue import FORMATS
from hybridjoin.report.ndjson import EventStream
from hybridjoin.report.write import write_reports
from hybridjoin.run.certification.plan import plain_scenario
from hybridjoin.run.session import run_all
from hybridjoin.scenario.scenario import DeviceSettings, Scenario
from tests.device.peer import Talk, connect_to, serve
from tests.device.test_negotiate import HOST, authorization

pytestmark = pytest.mark.lab

Echo = Callable[[Talk, bytes], None]
PLAIN = "a join that nobody spoils"
SOAP = "Content-Type: application/soap+xml"
FAULT = (
    b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value>'
    b'</s:Code><s:Reason><s:Text xml:lang="en">cannot take %b</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>'
)


def fault(written: Callable[[bytes], bytes]) -> Echo:
    return lambda talk, token: talk.answer("500 Sorry", FAULT % written(token), SOAP)


def header(name: str, written: Callable[[bytes], bytes] = lambda token: token) -> Echo:
    return lambda talk, token: talk.answer("500 Sorry", b"", f"{name}: {written(token).decode()}")


def page(written: Callable[[bytes], bytes]) -> Echo:
    return lambda talk, token: talk.answer("403 Forbidden", written(token), "Content-Type: text/html")


ECHOES: dict[str, Echo] = {
    "a fault's text": fault(lambda token: token),
    "a fault's text, in lines": fault(lambda token: base64.encodebytes(base64.b64decode(token))),
    "a fault's text, with a comment": fault(lambda token: token[:600] + b"<!-- -->" + token[600:]),
    "a fault's text, in CDATA": fault(lambda token: b"<![CDATA[" + token + b"]]>"),
    "a fault's text, in hex": fault(lambda token: base64.b64decode(token).hex().encode()),
    "a fault's text, base64 of it": fault(base64.b64encode),
    "a fault's text, base64url": fault(lambda token: base64.urlsafe_b64encode(base64.b64decode(token)).rstrip(b"=")),
    "a fault's text, escaped": fault(lambda token: token.replace(b"+", b"&#43;").replace(b"/", b"&#x2f;")),
    "a fault in UTF-16 without a mark": lambda talk, token: talk.answer(
        "500 Sorry", (FAULT % token).decode().encode("utf-16-le"), SOAP
    ),
    "a header": header("X-Debug"),
    "a header, percent-encoded": header("X-Debug", lambda token: quote(token, safe="").encode()),
    "a cookie": header("Set-Cookie", lambda token: b"last=" + token + b"; Secure"),
    "the reason": lambda talk, token: talk.answer(f"500 cannot take {token.decode()}"),
    "a redirect": lambda talk, token: talk.answer("302 Found", b"", f"Location: /again?t={quote(token, safe='')}"),
    "a table": page(lambda token: b"<table><tr><th>t</th><td>" + token + b"</td></tr></table>"),
    "an escaped page": page(lambda token: b"<pre>" + html.escape(f"<t v='{token.decode()}'/>").encode() + b"</pre>"),
    "JSON": page(lambda token: json.dumps({"sent": {"t": token.decode()}}).replace("/", "\\/").encode()),
    "JSON, escaped": page(lambda token: b'{"t": "%b"}' % b"".join(b"\\u%04x" % letter for letter in token)),
    "gzip in base64": page(lambda token: base64.b64encode(gzip.compress(b"<t>" + token + b"</t>"))),
    "as octets": page(base64.b64decode),
    "with the word": header("WWW-Authenticate", lambda token: b"Negotiate " + token),
}


@dataclass
class Echoing:
    """A place whose token service is a peer of ours; the metadata is what the reference IdP answered."""

    lab: Lab
    metadata: bytes = b""
    shown: dict[str, bytes] = field(default_factory=dict)
    name: str = "echoing"
    backend: str = "process"
    place: PlaceFile | None = None

    def mistakes(self, scenarios: object) -> tuple[Mistake, ...]:
        return ()

    def refuses(self, scenario: object) -> str:
        return ""

    @contextmanager
    def site(self, scenario: Scenario) -> Iterator[Site]:
        if scenario.id == PLAIN:
            with self.lab.site(idp={}, entra={}) as site:
                yield site
            return
        certificate = self.lab.domain.certificates["idp"]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.certificate, certificate.private_key)
        with self.lab.site(idp={}, entra={}) as site, serve(partial(self.handle, scenario.id), context) as peer:
            led = (connect_to(peer, item.host, item.port) if item.host == HOST else item for item in site.connect)
            yield replace(site, connect=tuple(led))

    def handle(self, way: str, talk: Talk) -> None:
        while head := talk.request():
            if head.startswith(b"GET"):
                talk.answer("200 OK", self.metadata, "Content-Type: text/xml")
            elif token := authorization(head).partition("Negotiate ")[2].encode():
                self.shown[way] = token
                ECHOES[way](talk, token)
            else:
                talk.answer("401 Unauthorized", b"", "WWW-Authenticate: Negotiate")


@dataclass(frozen=True)
class Told:
    """What a run of all echoes left behind: its record, the tokens that were shown, every artefact."""

    record: RunRecord
    shown: dict[str, bytes]
    artefacts: dict[str, bytes]


def scenario(way: str) -> Scenario:
    return replace(plain_scenario("WS01"), id=way, device=DeviceSettings(name="WS01", fallback=False))


def reply_at(done: ScenarioRecord, step: Step) -> tuple[HttpReplyRecord, bytes]:
    """The reply of a step, and its body."""
    assert done.join is not None
    (reply,) = (item.reply for item in done.join.exchanges if item.step is step)
    assert isinstance(reply, HttpReplyRecord)
    assert not isinstance(reply.body, Excerpt)
    return reply, octets(reply.body)


@pytest.fixture(scope="module")
def told(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Told:
    place, events = Echoing(lab), io.StringIO()
    (plain,) = run_all([scenario(PLAIN)], place).scenarios
    _, place.metadata = reply_at(plain, Step.MEX)
    record = run_all([scenario(way) for way in ECHOES], place, EventStream(events).tell)
    folder = tmp_path_factory.mktemp("reports")
    written = write_reports(record, folder)
    signer = Signer(key=ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)), path=folder)
    package = build_package(record, signer, created_at=datetime.now(UTC))
    with zipfile.ZipFile(io.BytesIO(package.body)) as packed:
        artefacts = {f"package {name}": packed.read(name) for name in packed.namelist()}
    artefacts |= {item.file_name: item.draw(record) for item in FORMATS if not item.packed}
    artefacts |= {f"report {path.name}": path.read_bytes() for path in written.iterdir()}
    artefacts |= {"package": package.body, "events": events.getvalue().encode(), "record": repr(record).encode()}
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        for item in record.scenarios:
            _show(replace(record, scenarios=(item,)))
    return Told(record, place.shown, artefacts | {"screen": out.getvalue().encode(), "errors": err.getvalue().encode()})


def needles(token: bytes) -> Iterator[bytes]:
    """Pieces of a token, in each spelling, each from behind its head, which every ticket has in common."""
    for start in (500, 900, 1300):
        raw = base64.b64decode(token)[start : start + 24]
        for junk in range(3):
            piece = base64.b64encode(raw[junk:21])
            yield from (piece, base64.urlsafe_b64encode(raw[junk:21]), quote(piece, safe="").encode())
            yield from (base64.b64encode(piece)[:-4], piece.decode().encode("utf-16-le"), piece.hex().encode())
        yield from (raw, raw.hex().encode(), raw.hex().upper().encode())


@pytest.mark.parametrize("way", ECHOES)
def test_no_artefact_holds_the_ticket(told: Told, way: str) -> None:
    looked_for = list(dict.fromkeys(needles(told.shown[way])))

    assert [(name, needle) for name, body in told.artefacts.items() for needle in looked_for if needle in body] == []


@pytest.mark.parametrize("way", [way for way in ECHOES if way != "a redirect"])
def test_the_reply_says_that_something_was_hidden(told: Told, way: str) -> None:
    (done,) = (item for item in told.record.scenarios if item.id == way)
    reply, body = reply_at(done, Step.RST)

    said = f"{reply.reason}{reply.headers}{body.replace(bytes(1), b'').decode('latin-1')}"
    assert "[masked " in said
    assert done.join is not None
    assert done.join.failure is not None
