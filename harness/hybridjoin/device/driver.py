"""Drives a flow: each need is met by the hands, each exchange is timed, masked and kept.

Theory of operation
===================

A flow says *what* it needs and never how it is had; the driver is the loop between it and somebody's hands. It takes
the need that the generator yields, lets the hands meet it, and sends the answer back in, until the generator returns.
Hands are a protocol of a few plain functions: those of a device dial real servers, those of a test answer from a
script. The driver knows no flow: which party is asked and in which step stands on the need itself, as a row of a table.

Three rules that are easily broken by accident:

* *What was said is masked before it is kept.* The flow gets the reply as it came, for it needs the token; the logbook
  gets a copy made in the same breath, masked by place, then by the value of every secret that was met by then. But
  for the vault, which looks for them, no object that outlives the flow ever held a secret, so that a report, a
  traceback or a forgotten attribute has none to leak.
* *An exchange that broke is kept as well*, as a `Breakdown` under the very request that broke: the last line of a
  ladder is the one that people look for.
* *Trouble is thrown into the flow, not around it.* The errors that a need's docstring names are raised inside the
  generator, at the `yield`, where the flow may catch them: a peer that hangs up is an answer to the flow. What it
  does not catch leaves through the driver, and the caller's logbook and builder hold what had been done until then.

Two clocks are read. The hands' clock is the device's, which a scenario may have set wrong: it dates the exchange. The
stopwatch is the machine's own monotonic clock, past every frozen one: it says how long the exchange took.
"""

from __future__ import annotations

import hashlib
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar, cast

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from hybridjoin.device.needs import (
    Flow,
    MachineKey,
    Manner,
    Modify,
    Need,
    NewId,
    NewKey,
    Now,
    Read,
    ReadAccessToken,
    ReadClientSecret,
    ReadDeviceKey,
    ReadIdToken,
    ReadNegotiate,
    ReadSessionKey,
    ReadSignature,
    Search,
    Send,
    Ticket,
)
from hybridjoin.errors import HarnessError, KerberosError, LabError, PeerError, PeerUnreachable
from hybridjoin.model import redact
from hybridjoin.model.circumstances import Circumstances
from hybridjoin.model.exchange import (
    Breakdown,
    Exchange,
    HttpReply,
    HttpRequest,
    ModifyReply,
    ModifyRequest,
    Reply,
    Request,
    SearchReply,
    SearchRequest,
    TicketReply,
    TicketRequest,
    Transcript,
)
from hybridjoin.model.hiding import hide_both
from hybridjoin.model.reading import Reading, ReadingKept, Unread
from hybridjoin.model.steps import Step, StepRow

LAB: Final = "lab"
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An HTTP exchange as it really was: the request with every header that went out, and the reply."""

    request: HttpRequest
    reply: HttpReply


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A change in the directory as it really was: what was asked, and the answer."""

    request: ModifyRequest
    reply: ModifyReply


class Hands(Protocol):
    """Who carries out what a flow needs; each may raise what the need's docstring allows."""

    def now(self) -> datetime:
        """Read the device's clock."""

    def begin(self, step: Step) -> datetime:
        """Read the device's clock as an exchange of a step begins."""

    def new_id(self) -> uuid.UUID:
        """Make an identifier."""

    def new_key(self) -> RSAPrivateKey:
        """Make an RSA-2048 key."""

    def machine_key(self) -> RSAPrivateKey:
        """Return the key of the computer's own certificate, which it keeps from now on where it had none."""

    def ticket(self, request: TicketRequest) -> TicketReply:
        """Get a service ticket into the device's cache."""

    def send(self, request: HttpRequest, *, as_computer: bool, manner: Manner = Manner.WHEN_ASKED) -> Sent:
        """Make an HTTP exchange."""

    def search(self, request: SearchRequest) -> SearchReply:
        """Search the directory."""

    def modify(self, request: ModifyRequest) -> Changed:
        """Change an object in the directory."""

    def read(self, need: Read) -> Reading:
        """Read secret octets."""


@dataclass(slots=True)
class Logbook:
    """What happens in a flow, as it happens, masked; an interrupted flow leaves its logbook behind."""

    exchanges: list[Exchange] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)
    identifiers: list[uuid.UUID] = field(default_factory=list)
    readings: list[ReadingKept] = field(default_factory=list)
    circumstances: Circumstances | None = None

    @property
    def transcript(self) -> Transcript:
        """What has happened so far."""
        return Transcript(
            exchanges=tuple(self.exchanges),
            moments=tuple(self.moments),
            identifiers=tuple(self.identifiers),
            readings=tuple(self.readings),
            circumstances=self.circumstances,
        )

    def now(self, hands: Hands) -> datetime:
        """Ask what time it is, and keep the answer."""
        self.moments.append(hands.now())
        return self.moments[-1]

    def new_id(self, hands: Hands) -> uuid.UUID:
        """Ask for an identifier, and keep it."""
        self.identifiers.append(hands.new_id())
        return self.identifiers[-1]

    def read(self, need: Read, hands: Hands) -> Reading:
        """Have secret octets read, and keep the reading with their digest in their place."""
        about = hashlib.sha256(need.octets).hexdigest()
        try:
            reading = hands.read(need)
        except PeerError as error:
            self.readings.append(ReadingKept(about=about, reading=Unread(problem=error.problem, where=error.where)))
            raise
        self.readings.append(ReadingKept(about=about, reading=reading))
        return reading


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """What is known of an exchange before it happens."""

    at: StepRow
    request: Request
    started_at: datetime
    started: float

    def write(self, log: Logbook, reply: Reply, *, request: Request | None = None) -> None:
        """Mask and keep the exchange; `request` is the one that really went out, where that is known."""
        asked, answered = redact.redact_request(request or self.request), redact.redact_reply(reply)
        asked, answered = hide_both(asked, answered)
        log.exchanges.append(
            Exchange(
                step=self.at.step,
                party=self.at.party,
                request=asked,
                reply=answered,
                started_at=self.started_at,
                elapsed_s=stopwatch() - self.started,
            )
        )


def stopwatch() -> float:
    """Read the monotonic clock, past any frozen one: how long an exchange took is real time in every scenario."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)


def drive(flow: Flow[Result], hands: Hands, *, logbook: Logbook | None = None) -> tuple[Result, Transcript]:
    """Run a flow to its end; a LabError that it does not catch passes through, the logbook keeps what was done."""
    log = Logbook() if logbook is None else logbook
    answer: object = None
    trouble: HarnessError | None = None
    while True:
        try:
            need = flow.throw(trouble) if trouble else flow.send(answer)
        except StopIteration as stop:
            return cast("Result", stop.value), log.transcript
        trouble = None
        try:
            answer = _meet(need, hands, log)
        except (PeerError, KerberosError, LabError) as error:
            trouble = error


def _meet(need: Need[Any], hands: Hands, log: Logbook) -> object:
    """Have the hands meet a need; whatever is said to another party is kept."""
    match need:
        case Now():
            return log.now(hands)
        case NewId():
            return log.new_id(hands)
        case NewKey():
            return hands.new_key()
        case MachineKey():
            return hands.machine_key()
        case Send() | Search() | Modify() | Ticket():
            return _converse(need, hands, log)
        case (
            ReadSignature()
            | ReadAccessToken()
            | ReadDeviceKey()
            | ReadNegotiate()
            | ReadIdToken()
            | ReadClientSecret()
            | ReadSessionKey()
        ):
            return log.read(need, hands)
    raise TypeError(f"a flow asked for {need!r}, which nobody can answer")


def _converse(need: Send | Search | Modify | Ticket, hands: Hands, log: Logbook) -> Reply:
    """Make an exchange and keep it, broken ones included."""
    began, started = hands.begin(need.at.step), stopwatch()
    entry = _Entry(at=need.at, request=need.request, started_at=began, started=started)
    sent: HttpRequest | ModifyRequest | None = None
    reply: Reply
    try:
        if isinstance(need, Send):
            exchange = hands.send(need.request, as_computer=need.as_computer, manner=need.manner)
            sent, reply = exchange.request, exchange.reply
        elif isinstance(need, Search):
            reply = hands.search(need.request)
        elif isinstance(need, Modify):
            change = hands.modify(need.request)
            sent, reply = change.request, change.reply
        else:
            reply = hands.ticket(need.request)
    except (PeerUnreachable, KerberosError, LabError) as error:
        entry.write(log, _breakdown(error))
        raise
    entry.write(log, reply, request=sent)
    return reply


def _breakdown(error: PeerUnreachable | KerberosError | LabError) -> Breakdown:
    """Say in a transcript how an exchange broke."""
    match error:
        case PeerUnreachable():
            return Breakdown(kind=error.breakage.value, message=error.problem, where=error.where)
        case KerberosError():
            return Breakdown(kind=error.code, message=error.words, remedy=error.remedy, detail=error.detail)
    return Breakdown(kind=LAB, message=error.cause, remedy=error.remedy, detail=error.log_tail)
