"""How sure each event is, where it stands, and why: told once, with the names of the sources."""

from __future__ import annotations

from typing import Final

from hybridjoin.device.events.rows import EventReason
from hybridjoin.model.verdict import Certainty

_CAPTURE: Final = "a public capture of User Device Registration/Admin of March 2026, of a join of another kind"
_THREAD: Final = "Microsoft Q&A 687273: the whole event"
_PUBLISHED: Final = "the published message text, and the provider's manifest of build 18990"


def _documented(source: str) -> EventReason:
    return EventReason(certainty=Certainty.DOCUMENTED, source=source)


def _observed(source: str) -> EventReason:
    return EventReason(certainty=Certainty.OBSERVED, source=source)


def _assumed(why: str) -> EventReason:
    return EventReason(certainty=Certainty.ASSUMED, source=why)


PRE_CHECKS: Final = _observed(f"{_PUBLISHED}; the data are the lines of /join /debug")
DISCOVERED: Final = _observed(_CAPTURE)
NOT_SENT: Final = _assumed("inferred: the text speaks of a request that was not sent; nobody shows it for a timeout")
NOT_DISCOVERED: Final = _assumed("inferred from the text: an answer that is no Discover document; no capture shows it")
NO_SERVICE: Final = _assumed("inferred from the text; no capture shows beside which events it stands")
NO_SCP: Final = _documented("Microsoft: Troubleshoot Microsoft Entra hybrid joined devices; KB 4480781")
NO_REALM: Final = _assumed("inferred from the text: the user realm is asked for in JSON; no capture shows it")
NO_TOKEN: Final = _observed(f"{_THREAD}; Microsoft's troubleshooting page names 305 for this phase")
NO_TOKEN_THEN_SYNC: Final = _assumed("inferred: the join went on with its fallback; no capture shows 305 before a 306")
INITIALIZED: Final = _assumed(f"the event is in {_CAPTURE}; its number is the wire's JoinType, its name is not public")
SENT: Final = _observed(f"{_CAPTURE}; the token is masked, whatever it was")
SENT_WITHOUT_TOKEN: Final = _assumed(f"the event is in {_CAPTURE}; a synchronized join has no token to write there")
ANSWERED: Final = _observed(_CAPTURE)
REFUSED: Final = _observed("public reports of refused joins, with 0x801c03f2 and the service's answer")
NOT_ANSWERED: Final = _assumed("inferred from the text: the request got no answer; no capture shows it")
COMPLETED: Final = _observed(_CAPTURE)
SUCCEEDED: Final = _observed(f"{_PUBLISHED}; no field of it tells a fallback from the join that was wanted")
FAILED: Final = _observed(f"{_THREAD}; Microsoft's troubleshooting page names 304 for a join that failed")
FAILED_OTHERWISE: Final = _assumed(f"{_THREAD} is of the phase auth; of this phase no public event has these data")
LOG_LINE: Final = _assumed(
    "the channel's events are lines of /join /debug; which of 500 to 504 a line has is not public"
)
FAULT: Final = _assumed(
    "inferred: a logon on Windows asks the same endpoint; this sign-in is MSAL's, which logs nothing"
)
OAUTH_ERROR: Final = _assumed(
    "inferred: a logon on Windows gets the same refusal; this sign-in is MSAL's, which logs nothing"
)
