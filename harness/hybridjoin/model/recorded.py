"""What was said, as a record keeps it: typed and redacted, and whole enough to be read and judged once more."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, replace
from datetime import datetime

from hybridjoin.model.exchange import (
    Breakdown,
    Entry,
    Exchange,
    Headers,
    HttpReply,
    HttpRequest,
    Reply,
    Request,
    SearchReply,
    SearchRequest,
    ServerProof,
    TicketReply,
    TicketRequest,
)
from hybridjoin.model.redact import redact_reply, redact_request
from hybridjoin.model.steps import Party, Step

_BINARY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Octets:
    """Octets that are no text, or not in UTF-8."""

    base64: str


Content = str | Octets


def content(octets: bytes) -> Content:
    """Return octets as text where they are readable UTF-8, else in base64: either way, exactly what came."""
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    return Octets(base64=base64.b64encode(octets).decode("ascii")) if _BINARY.search(text) else text


def octets(kept: Content) -> bytes:
    """Return the octets that were kept.

    Raises:
        ValueError: what should be base64 is none.
    """
    if isinstance(kept, Octets):
        return base64.b64decode(kept.base64, validate=True)
    return kept.encode("utf-8", "surrogatepass")


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
    attributes: tuple[tuple[str, tuple[Content, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchReplyRecord:
    """The entries that a search found."""

    entries: tuple[EntryRecord, ...]


RequestRecord = HttpRequestRecord | SearchRequest | TicketRequest
ReplyRecord = HttpReplyRecord | SearchReplyRecord | TicketReply | Breakdown


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
        """Tell whether the answer is what one asks for: anything but a refusal or a breakdown."""
        if isinstance(self.reply, HttpReplyRecord):
            return 200 <= self.reply.status < 300
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
    """Return the exchange that was kept.

    Raises:
        ValueError: what should be base64 is none.
    """
    return Exchange(
        step=kept.step,
        party=kept.party,
        request=_request(kept.request),
        reply=_reply(kept.reply),
        started_at=kept.started_at,
        elapsed_s=kept.elapsed_ms / 1000,
    )


def mask_again(kept: ExchangeRecord) -> ExchangeRecord:
    """Mask an exchange once more; what was masked on entry stays as it is.

    Raises:
        ValueError: what should be base64 is none.
    """
    exchange = recall(kept)
    masked = keep(replace(exchange, request=redact_request(exchange.request), reply=redact_reply(exchange.reply)))
    return replace(kept, request=masked.request, reply=masked.reply)


def _kept_request(request: Request) -> RequestRecord:
    if isinstance(request, HttpRequest):
        return HttpRequestRecord(
            method=request.method, url=request.url, headers=request.headers, body=content(request.body)
        )
    return request


def _kept_reply(reply: Reply) -> ReplyRecord:
    if isinstance(reply, HttpReply):
        return HttpReplyRecord(
            status=reply.status,
            reason=reply.reason,
            headers=reply.headers,
            body=content(reply.body),
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
        return HttpRequest(method=kept.method, url=kept.url, headers=kept.headers, body=octets(kept.body))
    return kept


def _reply(kept: ReplyRecord) -> Reply:
    if isinstance(kept, HttpReplyRecord):
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
