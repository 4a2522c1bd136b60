"""From what a join left behind to the record that every report is drawn from."""

from __future__ import annotations

from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.exchange import (
    Breakdown,
    Exchange,
    HttpReply,
    HttpRequest,
    Reply,
    Request,
    SearchReply,
    SearchRequest,
    TicketReply,
    Transcript,
)
from hybridjoin.model.record import CodeRecord, ExchangeRecord, FailureRecord, JoinRecord, MessageRecord
from hybridjoin.model.steps import HYBRID_JOIN, FlowTable
from hybridjoin.model.verdict import Certainty, ClaimRow, Verdict, WindowsCode
from hybridjoin.protocol.enrolment import EnrolmentError
from hybridjoin.protocol.oauth import EntraError, readable_grant


def collect(
    *,
    device: str,
    evidence: JoinEvidence,
    transcript: Transcript,
    verdicts: tuple[Verdict, ...],
    claims: tuple[ClaimRow, ...],
    debug_screen: tuple[str, ...],
    status_screen: tuple[str, ...],
) -> JoinRecord:
    """Return one join as plain data."""
    registration = evidence.registration
    return JoinRecord(
        device=device,
        result=evidence.result,
        failure=failure_record(evidence.failure),
        fallback_failure=failure_record(evidence.fallback_failure),
        exchanges=tuple(exchange_record(exchange) for exchange in transcript.exchanges),
        verdicts=verdicts,
        claims=claims,
        debug_screen=debug_screen,
        status_screen=status_screen,
        device_id=registration.device_id if registration else "",
        trust=evidence.endpoint.trust.value if evidence.endpoint and evidence.endpoint.trust else "",
        client_request_id=evidence.client_request_id,
    )


def failure_record(failure: Failure | None) -> FailureRecord | None:
    """Return a failure with its codes, the nearest to the fault first."""
    if failure is None:
        return None
    codes = [_windows(code) for code in (failure.cause, failure.wrapper) if code]
    server = failure.server
    if isinstance(server, EntraError) and server.code is not None:
        codes.insert(0, _aadsts(server))
    return FailureRecord(
        phase=failure.phase,
        step=failure.step,
        reason=failure.reason,
        codes=tuple(codes),
        server_message=server_message(failure),
        remedy=failure.remedy,
    )


def server_message(failure: Failure) -> str:
    """Return the peer's own words."""
    server = failure.server
    if server is None:
        return ""
    if isinstance(server, EntraError):
        return server.description
    if isinstance(server, EnrolmentError):
        return f"{server.error_type}: {server.message}"
    return server.reason


def _windows(code: WindowsCode) -> CodeRecord:
    return CodeRecord(
        code=str(code), symbol=code.symbol, meaning=code.meaning, certainty=code.certainty, source=code.source
    )


def _aadsts(error: EntraError) -> CodeRecord:
    words = error.description.partition(": ")[2].partition(" Trace ID:")[0]
    return CodeRecord(
        code=f"AADSTS{error.code}",
        symbol=error.error,
        meaning=words,
        certainty=Certainty.OBSERVED,
        source="the token endpoint's own answer",
    )


def exchange_record(exchange: Exchange, flow: FlowTable = HYBRID_JOIN) -> ExchangeRecord:
    """Return one exchange as people read it, in the words of its flow."""
    return ExchangeRecord(
        step=exchange.step,
        party=exchange.party,
        title=flow.row(exchange.step).title,
        request=_request(exchange.request),
        reply=_reply(exchange.reply),
        ok=_ok(exchange.reply),
        started_at=exchange.started_at,
        elapsed_ms=round(exchange.elapsed_s * 1000, 3),
    )


def _ok(reply: Reply) -> bool:
    if isinstance(reply, HttpReply):
        return 200 <= reply.status < 300
    return not isinstance(reply, Breakdown)


def _request(request: Request) -> MessageRecord:
    if isinstance(request, HttpRequest):
        return MessageRecord(
            headline=f"{request.method} {request.url}",
            headers=request.headers,
            body=readable_grant(_text(request.body)),
        )
    if isinstance(request, SearchRequest):
        lines = (f"base: {request.base}", f"scope: {request.scope}", f"attributes: {', '.join(request.attributes)}")
        return MessageRecord(headline=f"LDAP search {request.filter}", body="\n".join(lines))
    return MessageRecord(headline=f"TGS-REQ {request.spn}")


def _reply(reply: Reply) -> MessageRecord:
    if isinstance(reply, HttpReply):
        headline = " ".join(part for part in (str(reply.status), reply.reason) if part)
        return MessageRecord(headline=headline, headers=reply.headers, body=_text(reply.body))
    if isinstance(reply, SearchReply):
        count = len(reply.entries)
        return MessageRecord(headline=f"{count} {'entry' if count == 1 else 'entries'}", body=_entries(reply))
    if isinstance(reply, TicketReply):
        return MessageRecord(headline=f"ticket for {reply.server}", body=_ticket(reply))
    return MessageRecord(headline=reply.kind, body=reply.message)


def _entries(reply: SearchReply) -> str:
    lines: list[str] = []
    for entry in reply.entries:
        lines.append(f"dn: {entry.dn}")
        lines.extend(f"{name}: {_value(value)}" for name, values in entry.attributes for value in values)
        lines.append("")
    return "\n".join(lines).rstrip()


def _value(value: bytes) -> str:
    """Write text as text and everything else as hex, as ldapsearch's readers expect to see it."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return f"0x{value.hex()}"
    return text if text.isprintable() else f"0x{value.hex()}"


def _ticket(reply: TicketReply) -> str:
    return "\n".join(
        (
            f"client: {reply.client}",
            f"server: {reply.server}",
            f"ticket encryption: {reply.ticket_etype}",
            f"session key: {reply.session_etype}",
            f"valid: {reply.starts_at:%Y-%m-%d %H:%M:%SZ} to {reply.ends_at:%Y-%m-%d %H:%M:%SZ}",
        )
    )


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")
