"""A sign-in through a bridge, told once: from the metadata document to the user's groups.

It does what PingOne for Enterprise's identity bridge says of itself: *Verify* reads the metadata document and the keys
that it names; then a user is sent to Entra with the scopes that were chosen, a code comes back to the redirect URI, is
traded for tokens with the client secret, and userinfo and groups are asked for with the access token. An id_token that
the bridge cannot rely on ends the sign-in (OpenID Connect core, 3.1.3.7); groups that do not come end nothing.

A federated person, whose password Entra does not check itself, is sent on from its page to the identity provider of her
domain, and comes back by it. A real page sends her on as soon as her name is typed; this one is filled in whole. Where
a home realm discovery policy sends everybody on at once, there is no such page; a real tenant may ask behind it which
tenant is meant, and there the way ends (all documented: Microsoft, Configure sign-in behavior using Home Realm
Discovery).

The password, the secret, the code and the tokens are in requests and replies alone, which the driver masks before they
are kept.
"""

from __future__ import annotations

from hybridjoin.device.bridge.console import Console
from hybridjoin.device.bridge.discover import fetch_configuration, fetch_keys
from hybridjoin.device.bridge.endings import BridgeBuilder, BridgeBuilders
from hybridjoin.device.bridge.federated import go_by_the_idp
from hybridjoin.device.bridge.graph import ask_groups, ask_userinfo
from hybridjoin.device.bridge.signing_in import ask_for_code, fill_in
from hybridjoin.device.bridge.tokens import redeem
from hybridjoin.device.browser.context import BrowserContext
from hybridjoin.device.browser.entra import SentOn
from hybridjoin.device.needs import Flow, NewId, Now, ReadClientSecret, ask
from hybridjoin.device.steps.evidence_builder import StepFailed
from hybridjoin.device.steps.failures import keep_failure
from hybridjoin.evidence.bridge import BridgeEvidence, CodeRequest
from hybridjoin.model.record import SignInResult
from hybridjoin.protocol.authorization import build_request


def cross_bridge(console: Console, browser: BrowserContext, builders: BridgeBuilders) -> Flow[BridgeEvidence]:
    """Sign the user in, or find out why that cannot be; `browser` is the one that the user goes by."""
    yield from _begin(console, builders.own)
    try:
        yield from _sign_in(console, browser, builders)
        builders.own.keep(result=SignInResult.SIGNED_IN)
    except StepFailed as end:
        keep_failure(builders.own, end.failure)
    return builders.evidence


def _begin(console: Console, builder: BridgeBuilder) -> Flow[None]:
    """Start the evidence with what is known before anybody was asked."""
    request_id = yield from ask(NewId())
    builder.begin(
        BridgeEvidence(
            result=SignInResult.NOT_SIGNED_IN,
            relying_party=console.relying_party,
            user=console.credentials.name,
            client_request_id=str(request_id),
            started_at=(yield from ask(Now())),
        )
    )
    client_id = console.relying_party.client_id
    builder.keep(secret=(yield from ask(ReadClientSecret(secret=console.secret, client_id=client_id))))


def _sign_in(console: Console, browser: BrowserContext, builders: BridgeBuilders) -> Flow[None]:
    """Make every exchange in its order.

    Raises:
        StepFailed: one of them ends the sign-in.
    """
    builder = builders.own
    found = yield from fetch_configuration(console, builder)
    keys = yield from fetch_keys(found, builder)
    state, nonce = str((yield from ask(NewId()))), str((yield from ask(NewId())))
    builder.keep(asked=CodeRequest(state=state, nonce=nonce))
    verifier = ""
    if console.relying_party.pkce:
        verifier = f"{(yield from ask(NewId())).hex}{(yield from ask(NewId())).hex}"
    url = build_request(
        console.relying_party, found.authorization_endpoint, state=state, nonce=nonce, verifier=verifier
    )
    page = yield from ask_for_code(console, builder, url)
    arrived = page if isinstance(page, SentOn) else (yield from fill_in(console, builder, page))
    if isinstance(arrived, SentOn):
        response = yield from go_by_the_idp(console, browser, builders, arrived)
    else:
        response = arrived
    tokens = yield from redeem(console, builder, found, keys, response, verifier)
    yield from ask_userinfo(builder, found, tokens)
    yield from ask_groups(console, builder, found, tokens)
