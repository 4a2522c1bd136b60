"""Hands that answer from a record: a flow goes through them once more, with no lab, no network and no secret.

They hold it to what it asked then. Exchanges are found by their step, moments, identifiers and readings by their order;
whatever a newer flow asks beside or instead is not invented, and said by name.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from hybridjoin.device.adapters.clock import KeyRing
from hybridjoin.device.driver import LAB, Changed, Sent
from hybridjoin.device.needs import (
    Manner,
    Read,
    ReadAccessToken,
    ReadClientSecret,
    ReadDeviceKey,
    ReadIdToken,
    ReadNegotiate,
    ReadSessionKey,
    ReadSignature,
)
from hybridjoin.errors import Breakage, HarnessError, KerberosError, LabError, NotRecorded, PeerError, PeerUnreachable
from hybridjoin.model.exchange import (
    Breakdown,
    Exchange,
    HttpReply,
    HttpRequest,
    ModifyReply,
    ModifyRequest,
    Request,
    SearchReply,
    SearchRequest,
    TicketReply,
    TicketRequest,
    Transcript,
)
from hybridjoin.model.reading import (
    AccessTokenReading,
    ClientSecretReading,
    DeviceKeyReading,
    IdTokenReading,
    NegotiateReading,
    Reading,
    SessionKeyReading,
    SignatureReading,
    Unread,
)
from hybridjoin.model.redact import redact_request
from hybridjoin.model.steps import Step

Kept = TypeVar("Kept")
AnswerT = TypeVar("AnswerT", HttpReply, SearchReply, ModifyReply, TicketReply)

_ANSWERS = {
    ReadSignature: SignatureReading,
    ReadAccessToken: AccessTokenReading,
    ReadDeviceKey: DeviceKeyReading,
    ReadNegotiate: NegotiateReading,
    ReadIdToken: IdTokenReading,
    ReadClientSecret: ClientSecretReading,
    ReadSessionKey: SessionKeyReading,
}
# A flow writes requests with its keys. What they were is recorded, so any key does; making one takes its time.
_ANY_KEY = KeyRing(size=1)


class RecordedHands:
    """The hands of one flow that was recorded, for going through it once.

    >>> run = join_with(RecordedHands(transcript), site, account, habits)  # doctest: +SKIP
    """

    def __init__(self, transcript: Transcript) -> None:
        self._exchanges = transcript.exchanges
        self._at = 0
        self._moments = iter(transcript.moments)
        self._identifiers = iter(transcript.identifiers)
        self._readings = iter(transcript.readings)
        self._begun: Exchange | None = None

    @property
    def unheard(self) -> tuple[Step, ...]:
        """The steps of the exchanges that nobody has asked for yet."""
        return tuple(item.step for item in self._exchanges[self._at :])

    def now(self) -> datetime:
        """Tell the time that it was then."""
        return _next(self._moments, "one more moment")

    def new_id(self) -> uuid.UUID:
        """Hand out the identifier of then."""
        return _next(self._identifiers, "one more identifier")

    def new_key(self) -> RSAPrivateKey:
        """Make some key: the ones of then are in no record."""
        return _ANY_KEY.take()

    def machine_key(self) -> RSAPrivateKey:
        """Make some key: the one of then is in no record, and whether it was the certificate's was read and kept."""
        return _ANY_KEY.take()

    def begin(self, step: Step) -> datetime:
        """Turn to the next exchange of a step, and tell when it began.

        Raises:
            NotRecorded: the record holds no further exchange of that step.
        """
        for number in range(self._at, len(self._exchanges)):
            if self._exchanges[number].step is step:
                self._begun, self._at = self._exchanges[number], number + 1
                return self._begun.started_at
        left = ", ".join(self.unheard) or "none"
        raise NotRecorded(f"an exchange of the step '{step}'", held=f"no further one (left: {left})")

    def ticket(self, request: TicketRequest) -> TicketReply:
        """Hand out what was said of the ticket."""
        return self._answer(request, TicketReply)

    def search(self, request: SearchRequest) -> SearchReply:
        """Return the entries that were found."""
        return self._answer(request, SearchReply)

    def modify(self, request: ModifyRequest) -> Changed:
        """Return the change as it was."""
        reply = self._answer(request, ModifyReply)
        asked = self._begun.request if self._begun else request
        return Changed(request=asked if isinstance(asked, ModifyRequest) else request, reply=reply)

    def send(self, request: HttpRequest, *, as_computer: bool, manner: Manner = Manner.WHEN_ASKED) -> Sent:  # noqa: ARG002 - how it was sent shows in the recorded headers
        """Return the exchange as it was."""
        reply = self._answer(request, HttpReply)
        sent = self._begun.request if self._begun else request
        return Sent(request=sent if isinstance(sent, HttpRequest) else request, reply=reply)

    def read(self, need: Read) -> Reading:
        """Return what was read of the secret octets then.

        Raises:
            PeerError: they could not be read.
            NotRecorded: the record holds no such reading.
        """
        reading = _next(self._readings, f"one more reading ({type(need).__name__})").reading
        if isinstance(reading, Unread):
            raise PeerError(reading.problem, where=reading.where)
        if not isinstance(reading, _ANSWERS[type(need)]):
            raise NotRecorded(f"a reading ({type(need).__name__})", held=f"a {type(reading).__name__} there")
        return reading

    def _answer(self, request: Request, kind: type[AnswerT]) -> AnswerT:
        """Return the reply of the exchange that has begun, if it is to this very question."""
        begun = self._begun
        if begun is None:
            raise NotRecorded(_words(request), held="no exchange that has begun")
        asked, held = _words(redact_request(request)), _words(begun.request)
        if asked != held:
            raise NotRecorded(asked, held=f"{held} at the step '{begun.step}'")
        if isinstance(begun.reply, Breakdown):
            raise _trouble(begun.reply)
        if not isinstance(begun.reply, kind):
            raise NotRecorded(f"a {kind.__name__}", held=f"a {type(begun.reply).__name__} to {held}")
        return begun.reply


def _next(kept: Iterator[Kept], asked: str) -> Kept:
    try:
        return next(kept)
    except StopIteration:
        raise NotRecorded(asked, held="no more") from None


def _words(request: Request) -> str:
    """Name what is asked, by all that decides about the answer; keys and tickets make every body different."""
    match request:
        case HttpRequest():
            return f"{request.method} {request.url}"
        case SearchRequest():
            names = ", ".join(request.attributes)
            return f"an LDAP search ({request.scope}) below {request.base} for {request.filter} with {names}"
        case ModifyRequest():
            return f"an LDAP modification of {request.attribute} at {request.dn}"
        case TicketRequest():
            return f"a ticket for {request.spn}"


def _trouble(breakdown: Breakdown) -> HarnessError:
    """Return the error that was told then."""
    if breakdown.kind == LAB:
        return LabError(breakdown.message, remedy=breakdown.remedy, log_tail=breakdown.detail)
    if breakdown.kind in set(Breakage):
        breakage = Breakage(breakdown.kind)
        return PeerUnreachable(breakdown.message, where=breakdown.where, breakage=breakage)
    return KerberosError(breakdown.kind, breakdown.message, remedy=breakdown.remedy, detail=breakdown.detail)
