"""What was said, as a record keeps it: typed and redacted, and whole enough to be read and judged once more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from hybridjoin.model.exchange import (
    Breakdown,
    Entry,
    Exchange,
    Headers,
    HttpReply,
    HttpRequest,
    ModifyReply,
    ModifyRequest,
    Reply,
    Request,
    SearchReply,
    SearchRequest,
    ServerProof,
    TicketReply,
    TicketRequest,
)
from hybridjoin.model.kept_body import KEPT_OCTETS, Content, Excerpt, KeptInParts, Whole, content, excerpt, octets
from hybridjoin.model.redact import redact_body, redact_reply, redact_request
from hybridjoin.model.steps import Party, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequestRecord:
    """An HTTP request as it really went out."""

    method: str
    url: str
    headers: Headers = ()
    body: Content = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpReplyRecord:
    """An HTTP reply; `server_proof` is there where it could prove who the server is."""

    status: int
    reason: str = ""
    headers: Headers = ()
    body: Content = ""
    server_proof: ServerProof | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRecord:
    """One entry of an LDAP search, with its raw values."""

    dn: str
    attributes: tuple[tuple[str, tuple[Whole, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchReplyRecord:
    """The entries that a search found."""

    entries: tuple[EntryRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModifyRequestRecord:
    """A change of an object in the directory, with the raw values that it adds."""

    dn: str
    attribute: str
    values: tuple[Whole, ...]


RequestRecord = HttpRequestRecord | SearchRequest | ModifyRequestRecord | TicketRequest
ReplyRecord = HttpReplyRecord | SearchReplyRecord | ModifyReply | TicketReply | Breakdown


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRecord:
    """One question of the device and what came back."""

    step: Step
    party: Party
    request: RequestRecord
    reply: ReplyRecord
    started_at: datetime
    elapsed_ms: float

    @property
    def ok(self) -> bool:
        """Tell whether the answer is what one asks for: anything but a refusal or a breakdown.

        A redirect that was kept is an answer to whoever goes as a browser; to everybody else it is a breakdown.
        """
        if isinstance(self.reply, HttpReplyRecord):
            return 200 <= self.reply.status < 400
        if isinstance(self.reply, ModifyReply):
            return self.reply.done
        return not isinstance(self.reply, Breakdown)


def keep(exchange: Exchange) -> ExchangeRecord:
    """Return a redacted exchange as a record keeps it."""
    return ExchangeRecord(
        step=exchange.step,
        party=exchange.party,
        request=_kept_request(exchange.request),
        reply=_kept_reply(exchange.reply),
        started_at=exchange.started_at,
        elapsed_ms=round(exchange.elapsed_s * 1000, 3),
    )


def recall(kept: ExchangeRecord) -> Exchange:
    """Return the exchange that was kept; a request that was kept in parts has a note between them.

    Raises:
        KeptInParts: the answer was too large to be kept whole.
        ValueError: what should be base64 is none.
    """
    return Exchange(
        step=kept.step,
        party=kept.party,
        request=_request(kept.request),
        reply=_reply(kept.reply, kept.step),
        started_at=kept.started_at,
        elapsed_s=kept.elapsed_ms / 1000,
    )


def mask_again(kept: ExchangeRecord) -> ExchangeRecord:
    """Mask an exchange once more; what was masked on entry stays as it is.

    Raises:
        ValueError: what should be base64 is none.
    """
    asked, answered = _parts(kept.request), _parts(kept.reply)
    exchange = recall(_emptied(kept))
    masked = keep(replace(exchange, request=redact_request(exchange.request), reply=redact_reply(exchange.reply)))
    request, reply = masked.request, masked.reply
    if asked is not None and isinstance(request, HttpRequestRecord):
        request = replace(request, body=asked)
    if answered is not None and isinstance(reply, HttpReplyRecord):
        reply = replace(reply, body=answered)
    return replace(kept, request=request, reply=reply)


def _parts(kept: RequestRecord | ReplyRecord) -> Excerpt | None:
    """Return the parts of a body that was kept in parts, masked once more."""
    body = kept.body if isinstance(kept, HttpRequestRecord | HttpReplyRecord) else ""
    if not isinstance(body, Excerpt):
        return None
    head, tail = (content(redact_body(octets(part))) for part in (body.head, body.tail))
    return replace(body, head=head, tail=tail)


def _emptied(kept: ExchangeRecord) -> ExchangeRecord:
    """Return an exchange without the bodies that were kept in parts."""
    request, reply = kept.request, kept.reply
    if isinstance(request, HttpRequestRecord) and isinstance(request.body, Excerpt):
        request = replace(request, body="")
    if isinstance(reply, HttpReplyRecord) and isinstance(reply.body, Excerpt):
        reply = replace(reply, body="")
    return replace(kept, request=request, reply=reply)


def _kept_request(request: Request) -> RequestRecord:
    if isinstance(request, HttpRequest):
        return HttpRequestRecord(
            method=request.method, url=request.url, headers=request.headers, body=excerpt(request.body)
        )
    if isinstance(request, ModifyRequest):
        values = tuple(content(value) for value in request.values)
        return ModifyRequestRecord(dn=request.dn, attribute=request.attribute, values=values)
    return request


def _kept_reply(reply: Reply) -> ReplyRecord:
    if isinstance(reply, HttpReply):
        return HttpReplyRecord(
            status=reply.status,
            reason=reply.reason,
            headers=reply.headers,
            body=excerpt(reply.body),
            server_proof=reply.server_proof,
        )
    if isinstance(reply, SearchReply):
        return SearchReplyRecord(entries=tuple(_kept_entry(entry) for entry in reply.entries))
    return reply


def _kept_entry(entry: Entry) -> EntryRecord:
    attributes = tuple((name, tuple(content(value) for value in values)) for name, values in entry.attributes)
    return EntryRecord(dn=entry.dn, attributes=attributes)


def _request(kept: RequestRecord) -> Request:
    if isinstance(kept, HttpRequestRecord):
        body = kept.body
        if isinstance(body, Excerpt):
            body = content(octets(body.head) + body.note.encode("ascii") + octets(body.tail))
        return HttpRequest(method=kept.method, url=kept.url, headers=kept.headers, body=octets(body))
    if isinstance(kept, ModifyRequestRecord):
        values = tuple(octets(value) for value in kept.values)
        return ModifyRequest(dn=kept.dn, attribute=kept.attribute, values=values)
    return kept


def _reply(kept: ReplyRecord, step: Step) -> Reply:
    if isinstance(kept, HttpReplyRecord):
        if isinstance(kept.body, Excerpt):
            raise KeptInParts(
                f"the answer at the step '{step}' had {kept.body.size} octets, of which no more than the first and "
                f"last {KEPT_OCTETS // 2} are kept"
            )
        return HttpReply(
            status=kept.status,
            reason=kept.reason,
            headers=kept.headers,
            body=octets(kept.body),
            server_proof=kept.server_proof,
        )
    if isinstance(kept, SearchReplyRecord):
        return SearchReply(entries=tuple(_entry(entry) for entry in kept.entries))
    return kept


def _entry(kept: EntryRecord) -> Entry:
    attributes = tuple((name, tuple(octets(value) for value in values)) for name, values in kept.attributes)
    return Entry(dn=kept.dn, attributes=attributes)
