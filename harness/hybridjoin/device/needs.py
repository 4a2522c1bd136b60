"""What the device may ask of the world; the driver answers, the flow never touches anything."""

from __future__ import annotations

import uuid
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar, cast

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from hybridjoin.model.exchange import (
    Headers,
    HttpReply,
    HttpRequest,
    ModifyReply,
    ModifyRequest,
    SearchReply,
    SearchRequest,
    TicketReply,
    TicketRequest,
)
from hybridjoin.model.reading import (
    AccessTokenReading,
    ClientSecretReading,
    DeviceKeyReading,
    IdTokenReading,
    NegotiateReading,
    SessionKeyReading,
    SignatureReading,
)
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
class MachineKey(Need[RSAPrivateKey]):
    """The key of the computer's own self-signed certificate: the one that it has kept, else one that it keeps now."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Modify(Asking[ModifyReply]):
    """An LDAP modification as the computer account; a refusal is an answer. May raise KerberosError or LabError."""

    request: ModifyRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSignature(Need[SignatureReading]):
    """Whether the assertion's signature holds; raises PeerError where the octets are no assertion.

    `trusted_certificates` are DER; a certificate's period is judged at `issued_at`.
    """

    assertion_xml: bytes = field(repr=False)
    assertion_id: str
    trusted_certificates: tuple[bytes, ...] = field(repr=False)
    issued_at: datetime | None

    @property
    def octets(self) -> bytes:
        """What is read."""
        return self.assertion_xml


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAccessToken(Need[AccessTokenReading]):
    """What an access token says."""

    access_token: str = field(repr=False)

    @property
    def octets(self) -> bytes:
        """What is read."""
        return self.access_token.encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDeviceKey(Need[DeviceKeyReading]):
    """Whether a certificate (DER) is for the key that the device made."""

    certificate: bytes = field(repr=False)
    key: RSAPrivateKey = field(repr=False)

    @property
    def octets(self) -> bytes:
        """What is read."""
        return self.certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSessionKey(Need[SessionKeyReading]):
    """Whether a session key is for the device's transport key."""

    jwe: str = field(repr=False)
    transport_key: RSAPrivateKey = field(repr=False)

    @property
    def octets(self) -> bytes:
        """What is read."""
        return self.jwe.encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadNegotiate(Need[NegotiateReading]):
    """What kind of Negotiate token stands in a reply's headers."""

    headers: Headers = field(repr=False)

    @property
    def octets(self) -> bytes:
        """What is read: the server's challenges, a line each."""
        lines = (value for name, value in self.headers if name.lower() == "www-authenticate")
        return "\n".join(lines).encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadIdToken(Need[IdTokenReading]):
    """What an id_token says, and whether one of the keys (a JWK set) signed it; raises PeerError where it is none."""

    id_token: str = field(repr=False)
    keys: bytes

    @property
    def octets(self) -> bytes:
        """What is read."""
        return self.id_token.encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadClientSecret(Need[ClientSecretReading]):
    """What the secret looks like that somebody pasted."""

    secret: str = field(repr=False)
    client_id: str

    @property
    def octets(self) -> bytes:
        """Nothing: by a digest of a secret that people choose it could be guessed."""
        return b""


Read = ReadSignature | ReadAccessToken | ReadDeviceKey | ReadNegotiate | ReadIdToken | ReadClientSecret | ReadSessionKey
Flow = Generator[Need[Any], Any, Answer_co]


def ask(need: Need[Answer_co]) -> Flow[Answer_co]:
    """Ask one thing and return its answer, typed."""
    return cast("Answer_co", (yield need))
