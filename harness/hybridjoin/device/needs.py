"""What the device may ask of the world; the driver answers, the flow never touches anything."""

from __future__ import annotations

import uuid
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar, cast

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from hybridjoin.model.exchange import HttpReply, HttpRequest, SearchReply, SearchRequest, TicketReply, TicketRequest
from hybridjoin.model.steps import StepRow

Answer_co = TypeVar("Answer_co", covariant=True)


class Need(Generic[Answer_co]):
    """A question to the world; its type parameter is the type of the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Now(Need[datetime]):
    """The device's clock, aware and UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewId(Need[uuid.UUID]):
    """A fresh identifier (RFC 9562 version 4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey(Need[RSAPrivateKey]):
    """A fresh RSA-2048 key, for the device or for transport."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking(Need[Answer_co]):
    """A question to another party, which is kept; `at` is the step of a flow that it is for."""

    at: StepRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket(Asking[TicketReply]):
    """A service ticket, kept in the device's own cache for the next Send; may raise KerberosError."""

    request: TicketRequest


class Manner(StrEnum):
    """How a ticket is shown: to a challenge, as Windows does; or oddly.

    That is unasked; the very token of the last time again; or bound to a TLS channel that is not the one it is sent
    on, as a ticket is that somebody in the middle passes on.
    """

    WHEN_ASKED = "when asked"
    AT_ONCE = "at once"
    AGAIN = "again"
    OTHER_CHANNEL = "bound to another channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Send(Asking[HttpReply]):
    """An HTTP exchange; `as_computer` adds HTTP Negotiate with the ticket, in a manner. May raise PeerUnreachable."""

    request: HttpRequest
    as_computer: bool = False
    manner: Manner = Manner.WHEN_ASKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Search(Asking[SearchReply]):
    """An LDAP search bound as the computer account; may raise KerberosError or LabError."""

    request: SearchRequest


Flow = Generator[Need[Any], Any, Answer_co]


def ask(need: Need[Answer_co]) -> Flow[Answer_co]:
    """Ask one thing and return its answer, typed."""
    return cast("Answer_co", (yield need))
