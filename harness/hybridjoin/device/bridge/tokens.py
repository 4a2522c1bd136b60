"""Trading the code for tokens, and whether the bridge may rely on the id_token."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import quote_plus, urlencode

from hybridjoin.device.bridge.console import Console
from hybridjoin.device.bridge.endings import BridgeBuilder, ended, exchange, reading, refused
from hybridjoin.device.needs import Flow, Now, ReadAccessToken, ReadIdToken, Send, ask
from hybridjoin.evidence.bridge import BridgeEvidence
from hybridjoin.model.exchange import Headers, HttpRequest
from hybridjoin.model.flows import BRIDGE
from hybridjoin.model.reading import IdTokenReading
from hybridjoin.model.steps import Step
from hybridjoin.protocol import oauth, openid
from hybridjoin.protocol.authorization import AuthorizationResponse
from hybridjoin.protocol.oauth import EntraError
from hybridjoin.protocol.openid import CodeTokens, KeySet, OpenIdConfiguration

SKEW = timedelta(minutes=5)
"""How far a clock may be off before a bridge takes a token for not valid yet, or no longer."""
_TOKEN = BRIDGE.row(Step.TOKEN)
_LOOK = "look what the token endpoint really answered"


def redeem(
    console: Console,
    builder: BridgeBuilder,
    found: OpenIdConfiguration,
    keys: KeySet,
    response: AuthorizationResponse,
    verifier: str,
) -> Flow[CodeTokens]:
    """Trade the code, and read what came.

    Raises:
        StepFailed: Entra refuses, or what came cannot be relied on.
    """
    reply = yield from exchange(Send(request=_request(console, found, response, verifier), at=_TOKEN))
    received_at = yield from ask(Now())
    with reading(builder, _TOKEN, remedy="look for a proxy that answers in Entra's place"):
        tokens = openid.parse_tokens(reply)
        answer = oauth.parse_token_reply(reply) if tokens is None else None
    if isinstance(answer, EntraError):
        raise refused(_TOKEN, answer)
    if tokens is None:
        raise ended(
            _TOKEN, f"HTTP {reply.status}: no tokens came", remedy="look what the token endpoint really answered"
        )
    builder.keep(tokens=tokens, received_at=received_at)
    builder.keep(access=(yield from ask(ReadAccessToken(access_token=tokens.access_token))))
    if not tokens.id_token:
        raise ended(_TOKEN, "no id_token came", remedy="ask for the scope openid")
    with reading(builder, _TOKEN, remedy=_LOOK):
        builder.keep(id_token=(yield from ask(ReadIdToken(id_token=tokens.id_token, keys=keys.body))))
    _rely(builder.evidence, received_at)
    return tokens


def _request(
    console: Console, found: OpenIdConfiguration, response: AuthorizationResponse, verifier: str
) -> HttpRequest:
    party = console.relying_party
    form = {"grant_type": "authorization_code", "code": response.code, "redirect_uri": party.redirect_uri}
    headers: Headers = (("Accept", "application/json"), ("Content-Type", oauth.CONTENT_TYPE))
    if party.secret_by == "basic":
        pair = f"{quote_plus(party.client_id)}:{quote_plus(console.secret)}"
        headers = (*headers, ("Authorization", f"Basic {base64.b64encode(pair.encode()).decode('ascii')}"))
    else:
        form |= {"client_id": party.client_id} | ({"client_secret": console.secret} if console.secret else {})
    if verifier:
        form["code_verifier"] = verifier
    return HttpRequest(method="POST", url=found.token_endpoint, headers=headers, body=urlencode(form).encode("ascii"))


def _rely(evidence: BridgeEvidence, now: datetime) -> None:
    """Go on only with an id_token that OpenID Connect lets a relying party take (core, 3.1.3.7).

    Raises:
        StepFailed: it is not one.
    """
    token, found = evidence.id_token, evidence.configuration
    if token is None or found is None or evidence.asked is None:
        raise ended(_TOKEN, "no id_token came", remedy="ask for the scope openid")
    party = evidence.relying_party
    odd = next(
        _oddities(token, issuer=found.issuer, client_id=party.client_id, nonce=evidence.asked.nonce, now=now), ""
    )
    if odd:
        raise ended(_TOKEN, f"the id_token cannot be relied on: {odd}", remedy="see the requirements that it breaks")


def _oddities(token: IdTokenReading, *, issuer: str, client_id: str, nonce: str, now: datetime) -> Iterator[str]:
    if not token.valid:
        yield f"its signature does not hold: {token.problem}"
    if token.claim("iss") != issuer:
        yield f"it is of {token.claim('iss') or 'nobody'}, and the metadata document of {issuer}"
    if token.claim("aud") != client_id:
        yield f"it is for {token.claim('aud') or 'nobody'}, and not for this application"
    if not is_current(token, now):
        yield "it is not valid at this time"
    if token.claim("nonce") != nonce:
        yield "its nonce is not the one that was sent"


def is_current(token: IdTokenReading, now: datetime) -> bool:
    """Tell whether an id_token is valid, give or take the skew of two clocks."""
    end, start = token.claim("exp"), token.claim("nbf")
    moment, skew = now.timestamp(), SKEW.total_seconds()
    return end.isdigit() and moment < int(end) + skew and (not start.isdigit() or int(start) - skew <= moment)
