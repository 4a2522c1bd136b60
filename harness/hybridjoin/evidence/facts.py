"""What is known beside the messages: what was asked for, what the tenant trusts, what the directory says, and when.

Each is a part of its own, so that who holds one assertion in hand gives the facts that he has, and is asked no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hybridjoin.protocol.computer import Computer, SidOwner
from hybridjoin.protocol.mex import Credential
from hybridjoin.protocol.user_certificate import OwnCertificate


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a device asked for, and under which names.

    `applies_to` is the realm that the token was asked for, `message_id` the MessageID of the RST (empty before it was
    sent), `client_request_id` the id that the device gives Entra to match logs by, empty where what Entra refused had
    none. `credential` is what was shown.
    """

    applies_to: str
    message_id: str = ""
    client_request_id: str = ""
    credential: Credential = Credential.WINDOWS


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedIssuer:
    """The domain's IssuerUri in Entra."""

    uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedCertificates:
    """The certificates that Entra verifies the domain's assertions with, in DER; none where nobody told them."""

    certificates: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryFacts:
    """What the claims are held against: the computer's own object, and how Entra Connect finds it again.

    `source_anchor` is the attribute that Entra Connect is set to use: `mS-DS-ConsistencyGuid`, `objectGUID`, or
    `auto`, the former where it is set. `sid_owner` is who owns the SID that was claimed where it is another's.
    """

    computer: Computer
    source_anchor: str = "auto"
    sid_owner: SidOwner | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedDevice:
    """That a computer joins as one of a managed domain; `os_version` is the Windows that it says it is."""

    os_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCertificates:
    """The certificates at the computer's own object when it asked to be registered.

    `found` are those that were there, `ours` is the one whose key the computer holds: found there, or `written` by it,
    and None where the directory refused that, in the words of `refused`. `unreadable` counts values that are none.
    """

    found: tuple[OwnCertificate, ...] = ()
    ours: OwnCertificate | None = None
    written: bool = False
    refused: str = ""
    unreadable: int = 0

    @property
    def strangers(self) -> tuple[OwnCertificate, ...]:
        """Those whose key the computer does not hold."""
        return tuple(item for item in self.found if item != self.ours)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheredAt:
    """When the evidence was gathered: the day that certificates are judged by."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedAt:
    """When the token service's reply came, by a clock that nobody bent on purpose."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationProblems:
    """What is wrong with the device certificate that was issued; empty where nothing is."""

    problems: tuple[str, ...] = ()
