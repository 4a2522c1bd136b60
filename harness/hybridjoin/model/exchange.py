"""One question to a party and its answer: HTTP, LDAP or Kerberos."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from hybridjoin.model.circumstances import Circumstances
from hybridjoin.model.reading import ReadingKept
from hybridjoin.model.steps import Party, Step

Headers = tuple[tuple[str, str], ...]
MODIFIED: Final = "success"


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """An HTTP request; header names keep the spelling they were sent with."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""


class Proof(StrEnum):
    """What a server's answer to a ticket proves of itself (RFC 4559, 4.1)."""

    GOOD = "good"
    NOT_SENT = "not-sent"
    NOT_GOOD = "not-good"
    OTHER_MECHANISM = "other-mechanism"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerProof:
    """Whether a server that took a ticket is the one that it was for; `words` say what came instead of a proof."""

    proof: Proof
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpReply:
    """An HTTP reply; duplicates and order of the headers are kept.

    `server_proof` is there where a ticket was shown and the reply could prove who the server is.
    """

    status: int
    reason: str = ""
    headers: Headers = ()
    body: bytes = b""
    server_proof: ServerProof | None = None

    def header(self, name: str) -> str | None:
        """Return the first value of a header, whatever its case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """An LDAP search (RFC 4511, 4.5.1); `scope` is base, one or sub."""

    base: str
    filter: str
    attributes: tuple[str, ...]
    scope: str = "sub"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of an LDAP search; attribute names as the server spelled them, raw values."""

    dn: str
    attributes: tuple[tuple[str, tuple[bytes, ...]], ...]

    def values(self, name: str) -> tuple[bytes, ...]:
        """Return the values of an attribute, whatever the case of its name."""
        return next((values for key, values in self.attributes if key.lower() == name.lower()), ())

    def text(self, name: str) -> str | None:
        """Return the first value as text, or None where there is none."""
        values = self.values(name)
        return values[0].decode("utf-8", "replace") if values else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchReply:
    """The entries found."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModifyRequest:
    """An LDAP modification (RFC 4511, 4.6): values that are added to one attribute of one object."""

    dn: str
    attribute: str
    values: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModifyReply:
    """The directory's answer: `result` is the name of the resultCode (RFC 4511, 4.1.9), `words` its own message."""

    result: str
    words: str = ""

    @property
    def done(self) -> bool:
        """Whether the directory took the values."""
        return self.result == MODIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRequest:
    """A service ticket for `service/host`, asked for as the computer account (RFC 4120, 3.3)."""

    service: str
    host: str

    @property
    def spn(self) -> str:
        """The service principal name."""
        return f"{self.service}/{self.host}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReply:
    """What may be said aloud of a service ticket; the ticket itself stays in the cache.

    `ticket_kvno` is the version of the service's key that it is encrypted with (RFC 4120, 5.2.9), 0 where it says none.
    """

    client: str
    server: str
    ticket_etype: str
    session_etype: str
    starts_at: datetime
    ends_at: datetime
    ticket_kvno: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """No reply that could be kept: `kind` is a Breakage or Kerberos error name, or `lab`.

    `where`, `remedy` and `detail` are those of the error that said so, as far as it has them.
    """

    kind: str
    message: str
    where: str = ""
    remedy: str = ""
    detail: str = ""


Request = HttpRequest | SearchRequest | ModifyRequest | TicketRequest
Reply = HttpReply | SearchReply | ModifyReply | TicketReply | Breakdown


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One question of the device and what came back, already redacted."""

    step: Step
    party: Party
    request: Request
    reply: Reply
    started_at: datetime
    elapsed_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """The exchanges of one flow, in order, and whatever else it was told: enough to go through it once more.

    `moments` are the answers to what time it is, `identifiers` the fresh ones that were handed out, `readings` what
    was read of secret bytes: each in the order in which the flow asked. Private keys are never among them.
    `circumstances` is what it was told before it began; a probe has those of the join before it.
    """

    exchanges: tuple[Exchange, ...] = ()
    moments: tuple[datetime, ...] = ()
    identifiers: tuple[uuid.UUID, ...] = ()
    readings: tuple[ReadingKept, ...] = ()
    circumstances: Circumstances | None = None

    def find(self, step: Step) -> Exchange | None:
        """Return the last exchange of a step."""
        return next((item for item in reversed(self.exchanges) if item.step is step), None)
