"""What was said, for people: titles, request and status lines, directory entries and tickets in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hybridjoin.model.exchange import Headers, ModifyReply, SearchRequest, TicketReply
from hybridjoin.model.flows import HYBRID_JOIN
from hybridjoin.model.kept_body import Content, Excerpt, octets
from hybridjoin.model.recorded import (
    ExchangeRecord,
    HttpReplyRecord,
    HttpRequestRecord,
    ModifyRequestRecord,
    ReplyRecord,
    RequestRecord,
    SearchReplyRecord,
)
from hybridjoin.model.shown import one_line, visible
from hybridjoin.model.steps import FlowTable, Party, Step
from hybridjoin.protocol.oauth import readable_grant

UNJUDGED = "This answer is not kept whole. What was judged from it cannot be judged again from this record."


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnMessage:
    """One side of an exchange, readable; `headline` is the request or status line."""

    headline: str
    headers: Headers = ()
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnExchange:
    """One arrow there and back of the ladder."""

    step: Step
    party: Party
    title: str
    request: DrawnMessage
    reply: DrawnMessage
    ok: bool
    started_at: datetime
    elapsed_ms: float


def drawn(exchange: ExchangeRecord, flow: FlowTable = HYBRID_JOIN, *, probe: bool = False) -> DrawnExchange:
    """Draw an exchange of a flow; a probe only asks, whatever the flow would have wanted of the same address.

    Whatever answers a question that only explains is an answer: nobody has to publish what is looked up.
    """
    row = flow.row(exchange.step)
    return DrawnExchange(
        step=exchange.step,
        party=exchange.party,
        title=(row.probe_title if probe else "") or row.title,
        request=drawn_request(exchange.request),
        reply=drawn_reply(exchange.reply),
        ok=exchange.ok or (row.aside and isinstance(exchange.reply, HttpReplyRecord)),
        started_at=exchange.started_at,
        elapsed_ms=exchange.elapsed_ms,
    )


def drawn_flow(
    exchanges: Sequence[ExchangeRecord], flow: FlowTable = HYBRID_JOIN, *, failed_at: str = ""
) -> tuple[DrawnExchange, ...]:
    """Draw the exchanges of a flow that ended at the step `failed_at`, or came about where that is empty.

    An answer from which the flow went on refused nothing: a browser without a ticket reads the page below a challenge.
    """
    last = len(exchanges) - 1
    told = (drawn(item, flow) for item in exchanges)
    return tuple(
        replace(item, ok=item.ok or (number < last and item.step != failed_at)) for number, item in enumerate(told)
    )


def drawn_request(request: RequestRecord) -> DrawnMessage:
    """Draw a request; a form's assertion is decoded, so that people can read what was traded."""
    if isinstance(request, HttpRequestRecord):
        body = _seen(readable_grant(text_of(request.body)))
        return DrawnMessage(headline=f"{request.method} {request.url}", headers=request.headers, body=body)
    if isinstance(request, SearchRequest):
        lines = (f"base: {request.base}", f"scope: {request.scope}", f"attributes: {', '.join(request.attributes)}")
        return DrawnMessage(headline=f"LDAP search {request.filter}", body="\n".join(lines))
    if isinstance(request, ModifyRequestRecord):
        added = (f"add {request.attribute}: {_value(octets(value))}" for value in request.values)
        return DrawnMessage(headline=f"LDAP modify {request.dn}", body="\n".join(added))
    return DrawnMessage(headline=f"TGS-REQ {request.spn}")


def drawn_reply(reply: ReplyRecord) -> DrawnMessage:
    """Draw an answer, or how there was none."""
    if isinstance(reply, HttpReplyRecord):
        headline = " ".join(part for part in (str(reply.status), reply.reason) if part)
        body = text_of(reply.body)
        if isinstance(reply.body, Excerpt):
            body = f"{UNJUDGED}\n\n{body}"
        return DrawnMessage(headline=headline, headers=reply.headers, body=_seen(body))
    if isinstance(reply, SearchReplyRecord):
        count = len(reply.entries)
        return DrawnMessage(headline=f"{count} {'entry' if count == 1 else 'entries'}", body=_entries(reply))
    if isinstance(reply, ModifyReply):
        return DrawnMessage(headline=reply.result, body=reply.words)
    if isinstance(reply, TicketReply):
        return DrawnMessage(headline=f"ticket for {reply.server}", body=_ticket(reply))
    return DrawnMessage(headline=reply.kind, body=reply.message)


def text_of(body: Content) -> str:
    """Return a body as text; what is no UTF-8 is shown by replacement characters, what is left out by a note."""
    if isinstance(body, Excerpt):
        return f"{text_of(body.head)}\n\n{body.note}\n\n{text_of(body.tail)}"
    return octets(body).decode("utf-8", "replace")


def _seen(body: str) -> str:
    """Return a decoded body for reading, every kind of line end a line feed; backslashes are the document's own."""
    return visible(body.replace("\r\n", "\n"))


def _entries(reply: SearchReplyRecord) -> str:
    lines: list[str] = []
    for entry in reply.entries:
        lines.append(f"dn: {entry.dn}")
        lines.extend(
            f"{one_line(name)}: {_value(octets(value))}" for name, values in entry.attributes for value in values
        )
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
            *((f"key version: {reply.ticket_kvno}",) if reply.ticket_kvno else ()),
            f"session key: {reply.session_etype}",
            f"valid: {reply.starts_at:%Y-%m-%d %H:%M:%SZ} to {reply.ends_at:%Y-%m-%d %H:%M:%SZ}",
        )
    )
