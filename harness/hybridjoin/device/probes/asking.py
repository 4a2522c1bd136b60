"""How a probe asks: a message, the same without the probe's change, and the answer read as far as it can be."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from hybridjoin.device.needs import Flow, Manner, NewId, Now, ReadNegotiate, Send, Ticket, ask
from hybridjoin.device.probes.probe import ProbeContext
from hybridjoin.errors import KerberosError, PeerError, PeerUnreachable
from hybridjoin.evidence.probe import ProbeAnswer
from hybridjoin.model import redact
from hybridjoin.model.exchange import Headers, HttpReply, HttpRequest, TicketRequest
from hybridjoin.model.flows import HYBRID_JOIN
from hybridjoin.model.steps import Step
from hybridjoin.protocol import mex, rst, rstr
from hybridjoin.protocol.address import host_of
from hybridjoin.protocol.mex import MexEndpoint, Trust

Bend = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An RST and how it is sent; the defaults are Windows', each other value is what the probe is about.

    `agent` stands in the place of the device's own User-Agent, `endpoint` in that of the one for Windows callers;
    `folder` asks for what the endpoint lies in.
    """

    trust: Trust | None = None
    shape: str = "windows"
    applies_to: str = ""
    bend: Bend | None = None
    content_type: str = rst.CONTENT_TYPE
    headers: Headers = ()
    agent: Headers | None = None
    endpoint: MexEndpoint | None = None
    query: str = ""
    folder: bool = False
    method: str = "POST"
    empty: bool = False
    as_computer: bool = True
    manner: Manner = Manner.WHEN_ASKED


def ask_token(context: ProbeContext, question: Question, *, message_id: str = "") -> Flow[ProbeAnswer]:
    """Send an RST and read what comes; `message_id` is a fresh one unless it is given."""
    chosen = message_id or f"urn:uuid:{yield from ask(NewId())}"
    request = _request(context, question, chosen)
    baseline = _request(context, _unchanged(question), chosen)
    send = Send(
        request=request,
        at=HYBRID_JOIN.row(Step.RST),
        as_computer=question.as_computer,
        manner=question.manner,
    )
    changed = replace(question, as_computer=True, manner=Manner.WHEN_ASKED) != _unchanged(question)
    blank = ProbeAnswer(
        status=None,
        sent_digest=digest(request),
        baseline_digest=digest(baseline) if changed else "",
        message_id=chosen,
    )
    return (yield from _exchange(send, blank, _read_token))


def ask_metadata(
    request: HttpRequest, *, message_id: str = "", baseline: HttpRequest | None = None
) -> Flow[ProbeAnswer]:
    """Ask the metadata address and read what comes."""
    blank = ProbeAnswer(
        status=None,
        sent_digest=digest(request),
        baseline_digest=digest(baseline) if baseline is not None else "",
        message_id=message_id,
    )
    return (yield from _exchange(Send(request=request, at=HYBRID_JOIN.row(Step.MEX)), blank, _read_metadata))


def ask_ticket(context: ProbeContext) -> Flow[ProbeAnswer]:
    """Ask the KDC for a ticket for the endpoint's host; an answer with a status says that there is one."""
    host = host_of(context.endpoints[context.trust].url)
    blank = ProbeAnswer(status=None, sent_digest=hashlib.sha256(f"HTTP/{host}".encode()).hexdigest())
    try:
        yield from ask(Ticket(request=TicketRequest(service="HTTP", host=host), at=HYBRID_JOIN.row(Step.TICKET)))
    except KerberosError as error:
        return replace(blank, kerberos_error=f"{error.code}: {error.words}")
    return blank


def digest(request: HttpRequest) -> str:
    """Return the SHA-256 of a message as the probe wrote it: request line, headers, body."""
    head = [f"{request.method} {request.url}", *(f"{name}: {value}" for name, value in request.headers)]
    return hashlib.sha256("\r\n".join(head).encode() + b"\r\n\r\n" + request.body).hexdigest()


def _unchanged(question: Question) -> Question:
    return Question(trust=question.trust, agent=question.agent, endpoint=question.endpoint)


def _request(context: ProbeContext, question: Question, message_id: str) -> HttpRequest:
    trust = question.trust or (question.endpoint and question.endpoint.trust) or context.trust
    url = (question.endpoint or context.endpoints[trust]).url
    agent = context.agent_header if question.agent is None else question.agent
    body = rst.build_rst(
        trust=trust,
        shape=question.shape,
        to=url,
        applies_to=question.applies_to or context.applies_to,
        message_id=message_id,
    )
    if question.bend is not None:
        body = question.bend(body)
    address = f"{url}{'&' if '?' in url else '?'}{question.query}" if question.query else url
    if question.folder:
        address = urljoin(url, ".")
    if question.empty or question.method == "GET":
        return HttpRequest(method=question.method, url=address, headers=(*agent, *question.headers))
    headers = (*agent, ("Content-Type", question.content_type), *question.headers)
    return HttpRequest(method=question.method, url=address, headers=headers, body=body)


def _exchange(
    send: Send, blank: ProbeAnswer, read: Callable[[ProbeAnswer, HttpReply], ProbeAnswer]
) -> Flow[ProbeAnswer]:
    """Make the exchange; a peer that breaks it off, or a KDC that refuses, is an answer too."""
    started = yield from ask(Now())
    try:
        reply = yield from ask(send)
    except PeerUnreachable as error:
        return replace(blank, breakage=f"{error.breakage}: {error.problem}")
    except KerberosError as error:
        return replace(blank, kerberos_error=f"{error.code}: {error.words}")
    ended = yield from ask(Now())
    answer = replace(
        blank,
        status=reply.status,
        headers=redact.redact_headers(reply.headers),
        body=reply.body,
        server_proof=reply.server_proof,
        server_token=(yield from ask(ReadNegotiate(headers=reply.headers))).token,
        elapsed_s=(ended - started).total_seconds(),
    )
    return read(answer, reply)


def _read_token(answer: ProbeAnswer, reply: HttpReply) -> ProbeAnswer:
    try:
        read = rstr.parse_reply(reply.body, http_status=reply.status, content_type=reply.header("content-type") or "")
    except PeerError as error:
        return replace(answer, unreadable=error.problem)
    if isinstance(read, rstr.SoapFault):
        return replace(answer, fault=read)
    return replace(answer, response=read)


def _read_metadata(answer: ProbeAnswer, reply: HttpReply) -> ProbeAnswer:
    try:
        return replace(answer, mex=mex.parse_mex(reply.body))
    except PeerError as error:
        answer = replace(answer, unreadable=error.problem)
    try:
        read = rstr.parse_reply(reply.body, http_status=reply.status, content_type="")
    except PeerError:
        return answer
    return replace(answer, fault=read) if isinstance(read, rstr.SoapFault) else answer
