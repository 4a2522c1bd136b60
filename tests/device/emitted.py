"""All that the screens print and the requests hold, a line each, by the table of docs/fidelity.md that has rows for it.

Requests stand in the order in which their parts are sent; screens in that of the cases that print them.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from lxml import etree

from hybridjoin.device.adapters import spnego
from hybridjoin.device.adapters.http import Http
from hybridjoin.device.events import windows_events
from hybridjoin.device.habits import Habits, RstShape
from hybridjoin.errors import Breakage, PeerUnreachable
from hybridjoin.model.exchange import HttpReply, HttpRequest, ModifyRequest, SearchRequest, TicketRequest
from hybridjoin.model.logged_event import LoggedEvent
from hybridjoin.model.steps import Step
from hybridjoin.protocol.mex import Trust
from tests.device import documents, test_logon, test_sign_in, test_work_account
from tests.device.events import NO_CONTROLLER, played, scenario_of, sign_in_record
from tests.device.peer import Talk, connect_to, serve, server_context, site
from tests.device.script import Answers, play, play_managed, refused
from tests.device.test_screen import CASES, DOWN, NO_FALLBACK, WINDOWS_11

Items = list[str]
END = "DSREGCMD_END_STATUS"
_PAGE = documents.answer("<html>", kind="text/html")
_BUSY: dict[str, object] = {"error": "temporarily_unavailable", "error_description": "AADSTS90055: Too many requests."}
_NOT_ALLOWED: dict[str, object] = {
    "ErrorType": "AuthenticationError",
    "Message": "Not allowed.",
    "TraceId": "1",
    "Time": "2",
}
# Answers that bring other lines about, or other values into them; the screens as wholes are those of CASES.
FURTHER: tuple[tuple[Answers, Habits], ...] = (
    ({Step.RST: PeerUnreachable("no proof", where="POST", breakage=Breakage.MUTUAL_AUTHENTICATION)}, Habits()),
    ({Step.RST: documents.answer("", 401)}, NO_FALLBACK),
    ({Step.TOKEN: documents.answer("", 503)}, NO_FALLBACK),
    ({Step.TOKEN: documents.answer(_BUSY, 429)}, NO_FALLBACK),
    ({Step.TOKEN: documents.answer({"error": "invalid_request"}, 400)}, NO_FALLBACK),
    ({Step.TOKEN: DOWN}, NO_FALLBACK),
    ({Step.TOKEN: _PAGE}, NO_FALLBACK),
    ({Step.JOIN: DOWN}, Habits()),
    ({Step.JOIN: _PAGE}, Habits()),
    ({Step.JOIN: documents.answer(_NOT_ALLOWED, 400)}, Habits()),
    ({Step.JOIN: documents.directory_error(ErrorSubCode="error_of_another_kind", Operation="DeviceJoin")}, WINDOWS_11),
    ({Step.TOKEN: refused, Step.SYNC_JOIN: DOWN}, Habits()),
    ({Step.TOKEN: refused, Step.SYNC_JOIN: _PAGE}, Habits()),
    ({Step.REALM: _PAGE}, Habits()),
    ({Step.MEX: documents.answer("", 404)}, NO_FALLBACK),
)


def of_the_screens() -> dict[str, Items]:
    """What all the cases print; the block that ends `/join /debug` has the rows of `/status`."""
    debug: Items = []
    status: Items = []
    for answers, habits in (*CASES.values(), *FURTHER):
        run, _ = play(answers, habits)
        cut = run.debug_screen.index(END) + 1
        debug += run.debug_screen[:cut]
        status += _status_items(run.debug_screen[cut:])
        status += _status_items(run.status_screen)
    return {
        "dsregcmd /join /debug": list(dict.fromkeys(debug)),
        "dsregcmd /status": list(dict.fromkeys(status)),
        "dsregcmd /status after a logon": list(dict.fromkeys(_logon_items())),
        "dsregcmd /status after a registration by a person": list(dict.fromkeys(_account_items())),
    }


def _account_items() -> Iterator[str]:
    """What the screen says of a device that a person joined, or registered; the logon's own rows are of its table."""
    own = set(_logon_items())
    for asked in (test_work_account.OUT_OF_BOX, test_work_account.BESIDE):
        run, _ = test_work_account.play(asked=asked)
        yield from (item for item in _status_items(run.status_screen) if item not in own)


def _logon_items() -> Iterator[str]:
    """What the SSO State says of a logon that succeeds, and of one that Entra refuses."""
    for changes in ({}, {Step.PRT: documents.refusal("x")}):
        run, _ = test_logon.play(changes)
        yield from _status_items(run.status_screen)


def of_the_events() -> dict[str, Items]:
    """What all the cases leave in Windows' logs: each event once, by its number, with its fields."""
    found: dict[str, dict[int, str]] = {}
    for event in logged_events():
        log = f"events {event.channel.removeprefix('Microsoft-Windows-')}"
        found.setdefault(log, {})[event.id] = event_item(event)
    return {log: [items[number] for number in sorted(items)] for log, items in found.items()}


def logged_events() -> Iterator[LoggedEvent]:
    """Every event of every case, of a join that Windows would not have begun, and of refused sign-ins."""
    for answers, habits in (*CASES.values(), *FURTHER):
        yield from windows_events(scenario_of(played(answers, habits)))
    yield from windows_events(scenario_of(played({}, Habits()), NO_CONTROLLER))
    for refusal in (documents.fault(), documents.answer({"error": "invalid_grant", "error_description": "no"}, 400)):
        step = Step.RST if b"Fault" in refusal.body else Step.TOKEN
        yield from windows_events(scenario_of(sign_in_record({step: refusal})))


def event_item(event: LoggedEvent) -> str:
    """Write an event as a row of the page has it."""
    fields = ", ".join(name for name, _ in event.data)
    return f"{event.id} {event.level.title}" + f": {fields}" * bool(fields)


def _status_items(lines: Iterable[str]) -> Iterator[str]:
    """Rows without their indent; a box's title without its box; nothing for a blank line."""
    for line in filter(None, map(str.strip, lines)):
        yield f"[ {line.strip('| ')} ]" if line.startswith("|") else line


def of_the_requests() -> dict[str, Items]:
    """The questions of a join that succeeds, of one that falls back, and of the other shapes of the RST."""
    _, script = play()
    _, fallback = play({Step.TOKEN: refused})
    asked = dict([*script.asked, *fallback.asked])
    tables = {step.value: list(_parts(question)) for step, question in asked.items()}
    # A document that offers the older version alone.
    older = documents.mex().body.replace(documents.TRUST_13.encode(), b"http://schemas.xmlsoap.org/ws/2005/02/trust")
    only_2005: Answers = {Step.MEX: replace(documents.mex(), body=older)}
    for name, answers, habits in (
        ("rst 2005/02", only_2005, Habits(trust=Trust.FEB2005)),
        ("rst msal", {}, Habits(rst_shape=RstShape.MSAL)),
    ):
        _, script = play(answers, habits)
        tables[name] = list(_parts(script.request(Step.RST)))
    _, signed_in = test_sign_in.play()
    _, managed = play_managed()
    tables["user-certificate"] = list(_parts(dict(managed.asked)[Step.USER_CERTIFICATE]))
    tables |= {f"sign-in {step.value}": list(_parts(asked)) for step, asked in signed_in.requests.items()}
    return tables | dict(_of_a_logon()) | dict(_of_a_registration())


def _of_a_registration() -> Iterator[tuple[str, Items]]:
    """What a registration by a person asks besides a browser's sign-in, a join and a logon."""
    _, script = test_work_account.play(asked=test_work_account.BESIDE)
    for step in (Step.OPENID, Step.AUTHORIZE, Step.JOIN):
        items = list(_parts(script.asked(step)))
        yield f"work-account {step.value}", [item for item in items if not item.startswith("Authorization")]


def _of_a_logon() -> Iterator[tuple[str, Items]]:
    """What a logon sends besides a sign-in: the JWT's header and payload member by member."""
    for step, request in test_logon.asked().items():
        items = [item for item in _parts(request) if not item.startswith("request = ")]
        form = dict(parse_qsl(request.body.decode()))
        for name, part in zip(("header", "payload"), form.get("request", "").split("."), strict=False):
            said = json.loads(base64.urlsafe_b64decode(part + "==")) if part else {}
            items += [f"request {name}: {item}" for item in _json(said, "")]
        yield f"logon {step.value}", items


def _parts(question: object) -> Iterator[str]:
    if isinstance(question, HttpRequest):
        yield from _http(question)
    elif isinstance(question, SearchRequest):
        yield from (f"base: {question.base}", f"scope: {question.scope}", f"filter: {question.filter}")
        yield from (f"attribute: {name}" for name in question.attributes)
    elif isinstance(question, ModifyRequest):
        yield from (f"object: {question.dn}", f"add: {question.attribute}")
        yield from _certificate(question.values[0])
    elif isinstance(question, TicketRequest):
        yield f"service: {question.service}/{question.host}"


def _certificate(der: bytes) -> Iterator[str]:
    """A certificate of the computer's own, as far as it is somebody's choice."""
    read = x509.load_der_x509_certificate(der)
    key = read.public_key()
    assert isinstance(key, RSAPublicKey)
    yield f"certificate subject: {read.subject.rfc4514_string()}"
    yield f"certificate issuer: {read.issuer.rfc4514_string()}"
    yield f"certificate key: RSA, {key.key_size} bits"
    yield f"certificate period: {(read.not_valid_after_utc - read.not_valid_before_utc).days} days"


def _http(request: HttpRequest) -> Iterator[str]:
    """Method and address, query, headers, and the body by its kind."""
    url = urlsplit(request.url)
    yield f"{request.method} {url.scheme}://{url.netloc}{url.path}"
    yield from (f"?{name}={value}" for name, value in parse_qsl(url.query, keep_blank_values=True))
    yield from (f"{name}: {value}" for name, value in request.headers)
    kind = dict(request.headers).get("Content-Type", "")
    if "xml" in kind:
        yield from _xml(etree.fromstring(request.body), "")
    elif "json" in kind:
        yield from _json(json.loads(request.body), "")
    else:
        yield from (f"{name} = {value}" for name, value in parse_qsl(request.body.decode(), strict_parsing=False))


def _xml(element: Any, above: str) -> Iterator[str]:  # noqa: ANN401 lxml ships no types
    """An element by its path, its new prefixes, attributes and text; prefixes as they are written."""
    path = _path(element, above)
    known = element.getparent().nsmap if element.getparent() is not None else {}
    text = f" = {element.text}" if element.text else ""
    yield path + text
    yield from (f"xmlns:{prefix} = {space}" for prefix, space in element.nsmap.items() if prefix not in known)
    for name, value in element.items():
        local = etree.QName(name)
        prefix = next((f"{p}:" for p, space in element.nsmap.items() if space == local.namespace), "")
        yield f"{path}/@{prefix}{local.localname} = {value}"
    for child in element:
        yield from _xml(child, path)


def _path(element: Any, above: str) -> str:  # noqa: ANN401 lxml ships no types
    """From below the envelope; its own Header and Body bear no prefix."""
    name = etree.QName(element).localname
    if above in {"", "s:Envelope"}:
        return name if above else f"{element.prefix}:{name}"
    return f"{above}/{element.prefix}:{name}"


def _json(value: object, above: str) -> Iterator[str]:
    """A member by its path; what is signed for inside a certificate request besides."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _json(inner, f"{above}.{name}".lstrip("."))
        return
    yield f"{above} = {json.dumps(value)}"
    if above == "CertificateRequest.Data":
        yield from _pkcs10(base64.b64decode(str(value)))


def _pkcs10(der: bytes) -> Iterator[str]:
    request = x509.load_der_x509_csr(der)
    assert request.signature_hash_algorithm is not None
    yield f"PKCS#10 subject: {request.subject.rfc4514_string()}"
    yield f"PKCS#10 key: RSA, {request.public_key().key_size} bits"  # type: ignore[union-attr]
    yield f"PKCS#10 signature: {request.signature_hash_algorithm.name} with RSA"
    yield f"PKCS#10 extensions: {', '.join(item.oid.dotted_string for item in request.extensions) or 'none'}"


class _Tickets:
    """A Kerberos client whose tickets nobody can read."""

    def start_context(self, _request: TicketRequest, *, channel_bindings: bytes | None) -> tuple[None, bytes]:
        self.bound = channel_bindings
        return None, b"\x60\x03\x06\x01\x00"


def of_the_wire(ca_file: Any, authority: trustme.CA) -> dict[str, Items]:  # noqa: ANN401 a path
    """What the connection adds to a request that is challenged, and how the ticket is shown."""

    def challenge(talk: Talk) -> None:
        while head := talk.request():
            if b"Authorization:" in head:
                talk.answer("200 OK")
            else:
                talk.answer("401 Unauthorized", b"", "WWW-Authenticate: Negotiate")

    tickets = _Tickets()
    request = HttpRequest(method="POST", url="https://sts.contoso.example/sts", headers=(), body=b"<rst/>")
    with serve(challenge, server_context(authority)) as peer:
        with Http(site(ca_file, connect_to(peer)), tickets, limit_s=5) as http:  # type: ignore[arg-type]
            reply: HttpReply = http.send(request, as_computer=True).reply
        assert reply.status == 200
        first, second = (raw.decode("latin-1").partition("\r\n\r\n") for raw in peer.requests)
    items = [*first[0].split("\r\n"), f"the first POST's body: {'whole' if first[2] == '<rst/>' else 'empty'}"]
    items += [line for line in second[0].split("\r\n") if line not in items]
    names = spnego.mech_list()
    at = sorted((names.find(name), spnego.spell(name)) for name in (spnego.MS_KERBEROS, spnego.KERBEROS))
    items += [f"mechType: {name}" for _, name in at]
    return {"wire": [*items, f"channel binding: {(tickets.bound or b'none').partition(b':')[0].decode()}"]}
