"""The events of AAD/Operational that a person's sign-in leaves behind where it is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hybridjoin.device.events import reasons
from hybridjoin.device.events.recorded_join import RecordedJoin
from hybridjoin.device.events.rows import PlacedEvent, logged
from hybridjoin.errors import PeerError
from hybridjoin.model.exchange import HttpReply
from hybridjoin.model.recorded import recall
from hybridjoin.model.steps import Step
from hybridjoin.protocol.oauth import EntraError, parse_token_reply
from hybridjoin.protocol.rstr import SoapFault, parse_reply

_TEXT: Final = re.compile(r"<((?:[\w.-]+:)?(?:Text|faultstring))(?:\s[^<>]*)?>.*?</\1>", re.DOTALL)


def sign_in_events(told: RecordedJoin) -> Iterator[PlacedEvent]:
    """Yield what Windows notes of a refusal by the identity provider, or by Entra; a success leaves nothing there."""
    failure = told.join.failure
    reply = _reply(told, failure.step) if failure is not None else None
    if failure is None or reply is None:
        return
    at = told.ended(failure.step)
    if failure.step is Step.RST and (fault := _fault(reply)) is not None:
        found = _TEXT.search(reply.body.decode("utf-8", "replace"))
        data = (("Error", fault.subcode or fault.code), ("ErrorDescription", found[0] if found else fault.reason))
        yield logged(1088, data, at=at, computer="", reason=reasons.FAULT)
    if failure.step in {Step.TOKEN, Step.PRT} and (error := _error(reply)) is not None:
        of = error.correlation_id or told.join.client_request_id
        refused = (("Error", error.error), ("ErrorDescription", error.description), ("CorrelationID", of))
        yield logged(1081, refused, at=at, computer="", reason=reasons.OAUTH_ERROR)


def _reply(told: RecordedJoin, step: Step) -> HttpReply | None:
    found = told.find(step)
    try:
        reply = recall(found).reply if found is not None else None
    except ValueError:
        return None
    return reply if isinstance(reply, HttpReply) else None


def _fault(reply: HttpReply) -> SoapFault | None:
    try:
        found = parse_reply(reply.body, http_status=reply.status, content_type=reply.header("content-type") or "")
    except PeerError:
        return None
    return found if isinstance(found, SoapFault) else None


def _error(reply: HttpReply) -> EntraError | None:
    try:
        found = parse_token_reply(reply)
    except PeerError:
        return None
    return found if isinstance(found, EntraError) else None
