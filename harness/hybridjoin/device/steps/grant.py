"""Trading an assertion at Entra's token endpoint for an access token."""

from __future__ import annotations

from dataclasses import replace

from hybridjoin.device.needs import Flow, ReadAccessToken, Send, ask
from hybridjoin.device.steps.evidence_builder import Evidence, EvidenceBuilder, StepFailed
from hybridjoin.device.steps.failures import demand, entra_refusal, failure
from hybridjoin.errors import PeerError
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.exchange import HttpReply, HttpRequest
from hybridjoin.model.steps import StepRow
from hybridjoin.protocol import oauth, windows
from hybridjoin.protocol.oauth import EntraError, Token
from hybridjoin.protocol.throttle import asked_to_wait


def trade(builder: EvidenceBuilder[Evidence], at: StepRow, request: HttpRequest) -> Flow[Token]:
    """Send the grant and read the token; what mends a refusal depends on its number, and is said where that is known.

    Raises:
        StepFailed: Entra refused the assertion, or answered with something else.
    """
    reply = yield from demand(Send(request=request, at=at))
    answer = builder.read(at, lambda: oauth.parse_token_reply(reply), lambda error: _unreadable(at, reply, error))
    if isinstance(answer, EntraError):
        raise StepFailed(entra_refusal(at, answer, wait=asked_to_wait(reply)))
    reading = yield from ask(ReadAccessToken(access_token=answer.access_token))
    return replace(answer, claims=reading.claims)


def _unreadable(at: StepRow, reply: HttpReply, error: PeerError) -> Failure:
    """Entra's answer is neither a token nor an error document."""
    readable = reply.status in {200, 400, 401}
    return failure(
        at,
        f"Entra's token answer (HTTP {reply.status}) cannot be read: {error.problem}",
        windows.code(0xCAA90015) if readable else windows.http_status(reply.status),
        remedy="look for a proxy that answers in Entra's place",
    )
