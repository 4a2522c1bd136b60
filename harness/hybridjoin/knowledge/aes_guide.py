"""The vendor guide's order for tickets that the identity provider cannot read: what is tried, seen, and tried next.

PingOne's page of reference and troubleshooting for hybrid join, "Kerberos service account and AES encryption", has the
order: tick the box and restart the gateway, purge the tickets, reset the password and purge again. It leaves out what
lies between: an account without AES keys, and a gateway or keytab that has the keys of before the reset. Each state is
a row of the dial, and the scenarios of `scenarios/guides/kerberos` stand in one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hybridjoin.knowledge.article import GuideStep
from hybridjoin.model.dialled import HeardLine
from hybridjoin.model.exchange import Breakdown, TicketReply
from hybridjoin.model.record import JoinRecord
from hybridjoin.model.steps import Step

_REFUSED: Final = "0xcaa30191"
_NO_TYPE: Final = "KDC_ERR_ETYPE_NOSUPP"
_RC4: Final = "arcfour"
_ACCEPTORS: Final = re.compile(r"KRB_AP_ERR_[A-Z_]+")


class TicketSeen(StrEnum):
    """What the device has of a ticket for the identity provider."""

    RC4 = "a ticket in RC4"
    AES = "a ticket in AES"
    NONE = "no ticket, for want of an encryption type"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideState:
    """Where somebody stands who follows the guide.

    `bends` are the rows of the dial that bring it about, `sees` how one knows it, `does` what to do next, empty where
    all is well. `tickets` are what the device then has, `names` the errors and requirements by which it shows. `noted`
    are words that an acceptor of MIT Kerberos logs of this state and of no other (rd_req_dec.c), where there are any.
    """

    bends: tuple[str, ...]
    sees: str
    does: str = ""
    tickets: tuple[TicketSeen, ...] = ()
    names: tuple[str, ...] = ()
    noted: str = ""


_NO_KEY: Final = ("KRB_AP_ERR_BADKEYVER", "KRB_AP_ERR_NOKEY")
_OTHER_KEY: Final = ("KRB_AP_ERR_BADKEYVER", "KRB_AP_ERR_MODIFIED")

GUIDE: Final[tuple[GuideState, ...]] = (
    GuideState(
        bends=("service-etypes-unset", "device-aes-only"),
        sees="klist -li 0x3e7 shows KerbTicket Encryption Type RC4, or there is no ticket (KDC_ERR_ETYPE_NOSUPP), and "
        "AES 256 is not ticked on the service account",
        does="tick 'This account supports Kerberos AES 256 bit encryption' there, then restart the gateway instance",
        tickets=(TicketSeen.RC4, TicketSeen.NONE),
        names=("KRB-02", _NO_TYPE, *_NO_KEY),
    ),
    GuideState(
        bends=("ticket-from-before-aes",),
        sees="AES 256 is ticked, and the ticket in RC4 began before that",
        does="klist -li 0x3e7 purge as administrator (klist purge clears the user's tickets alone), then try again",
        tickets=(TicketSeen.RC4,),
        names=("KRB-02", *_NO_KEY),
    ),
    GuideState(bends=("service-aes-only",), sees="the new ticket is in AES, and the identity provider takes it"),
    GuideState(
        bends=("service-without-aes-keys",),
        sees="a ticket that was asked for after the purge is in RC4, or there is none (KDC_ERR_ETYPE_NOSUPP), though "
        "AES 256 is ticked and the device allows it",
        does="reset the service account's password, which makes AES keys, and purge again",
        tickets=(TicketSeen.RC4, TicketSeen.NONE),
        names=("KRB-02", _NO_TYPE, *_NO_KEY),
    ),
    GuideState(
        bends=("keytab-stale",),
        sees="the password was reset, the ticket is in AES and newer than that, and the identity provider has the keys "
        "of before (klist -k of its keytab: a lower version than msDS-KeyVersionNumber of the account)",
        does="export the keytab again, or enter the new password in the gateway, and restart it",
        tickets=(TicketSeen.AES,),
        names=_OTHER_KEY,
        noted="keytab is likely out of date",
    ),
    GuideState(
        bends=("ticket-from-before-reset",),
        sees="the identity provider has the new keys, and the ticket in AES began before the reset",
        does="klist -li 0x3e7 purge once more, then try again",
        tickets=(TicketSeen.AES,),
        names=_OTHER_KEY,
        noted="ticket is likely out of date",
    ),
    GuideState(
        bends=("keytab-exported-again",), sees="account, identity provider and ticket have the same key version"
    ),
)
"""Every state, in the order of the guide."""


def steps_about(name: str) -> tuple[GuideStep, ...]:
    """Return the guide's whole order, with the places where an error or requirement shows; nothing where none does."""
    if not any(name in state.names for state in GUIDE):
        return ()
    return tuple(_step(number, state, here=name in state.names) for number, state in _numbered() if state.does)


def next_steps(join: JoinRecord, heard: Iterable[HeardLine] = ()) -> tuple[GuideStep, ...]:
    """Return where in the guide's order a join may stand that failed for its ticket.

    It is found by the ticket that it had, and by what the identity provider has noted of it, where that was `heard`.
    """
    seen, log = _seen(join), "\n".join(item.line for item in heard)
    errors = set(_ACCEPTORS.findall(log))
    fitting = [
        (number, state)
        for number, state in _numbered()
        if seen in state.tickets and (not errors or errors.intersection(state.names))
    ]
    told = [(number, state) for number, state in fitting if state.noted and state.noted in log]
    return tuple(_step(number, state, here=True) for number, state in told or fitting)


def _numbered() -> tuple[tuple[int, GuideState], ...]:
    return tuple(enumerate(GUIDE, start=1))


def _step(number: int, state: GuideState, *, here: bool) -> GuideStep:
    return GuideStep(number=number, sees=state.sees, does=state.does, here=here)


def _seen(join: JoinRecord) -> TicketSeen | None:
    """Say which ticket a join was refused with; None where it was not refused, or for another reason."""
    refused = join.failure is not None and any(item.code == _REFUSED for item in join.failure.codes)
    reply = next((item.reply for item in reversed(join.exchanges) if item.step is Step.TICKET), None)
    match reply:
        case TicketReply(ticket_etype=etype) if refused:
            return TicketSeen.RC4 if etype.startswith(_RC4) else TicketSeen.AES
        case Breakdown(kind=kind) if refused and kind == _NO_TYPE:
            return TicketSeen.NONE
        case _:
            return None
