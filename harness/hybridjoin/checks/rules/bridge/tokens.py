"""What Entra answers to a code: tokens that a relying party may take (OpenID Connect core, 3.1.3.7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hybridjoin.checks.places import in_answer
from hybridjoin.checks.requirement import Finding, expect, not_applicable, requirement
from hybridjoin.evidence.bridge import CodeRequest
from hybridjoin.evidence.facts import GatheredAt
from hybridjoin.model.reading import IdTokenReading
from hybridjoin.model.relying_party import RelyingParty
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.id_token import ALGORITHM
from hybridjoin.protocol.openid import CodeTokens, OpenIdConfiguration

_ID_TOKEN = in_answer(Step.TOKEN, "id_token")
_SKEW = timedelta(minutes=5)
_KEYS = "Let the bridge read jwks_uri again where a token names a key that it does not know; Entra rolls its keys over."


@requirement(
    "BRIDGE-15",
    Level.MUST,
    "OIDC 3.1.3.3",
    remedy="Choose the scope openid in the bridge: without it Entra sends no id_token.",
    verified=True,
)
def an_id_token_comes(tokens: CodeTokens, _: RelyingParty) -> Finding:
    """The token endpoint answers with an id_token."""
    where = _ID_TOKEN if tokens.id_token else in_answer(Step.TOKEN, "access_token")
    found = "an id_token" if tokens.id_token else "none"
    return expect(tokens.id_token, expected="id_token", found=found, where=where)


@requirement("BRIDGE-16", Level.MUST, "OIDC 10.1.1", remedy=_KEYS, verified=True)
def the_key_is_known(token: IdTokenReading) -> Finding:
    """The id_token names a key that the key set holds."""
    return expect(token.key_known, expected="a key of the set", found=token.key_id or "no kid", where=_ID_TOKEN)


@requirement(
    "BRIDGE-17",
    Level.MUST,
    "OIDC 3.1.3.7",
    remedy="Look for somebody who changes tokens on their way: nobody but Entra can sign one.",
    verified=True,
)
def the_signature_holds(token: IdTokenReading) -> Finding:
    """The id_token's signature holds, with RS256 and the key that its header names."""
    if not token.key_known:
        return not_applicable("the key is unknown, which BRIDGE-16 judges")
    good = token.valid and token.algorithm == ALGORITHM
    return expect(good, expected=ALGORITHM, found=token.problem or token.algorithm, where=_ID_TOKEN)


@requirement(
    "BRIDGE-18",
    Level.MUST,
    "OIDC 3.1.3.7",
    remedy="Take metadata document and endpoints of the same tenant and version: its own document of v2.0, and in the "
    "manifest accessTokenAcceptedVersion 2 where v2.0 is asked.",
    verified=True,
)
def the_token_is_the_issuers(token: IdTokenReading, found: OpenIdConfiguration) -> Finding:
    """The id_token's iss is the issuer of the metadata document, character by character."""
    if "{" in found.issuer:
        return not_applicable("the issuer is a template, which BRIDGE-01 judges")
    said = token.claim("iss")
    return expect(said == found.issuer, expected=found.issuer, found=said or "no iss", where=_ID_TOKEN)


@requirement(
    "BRIDGE-19",
    Level.MUST,
    "OIDC 3.1.3.7",
    remedy="Compare the client ID in the bridge with the application's.",
    verified=True,
)
def the_token_is_for_the_bridge(token: IdTokenReading, party: RelyingParty) -> Finding:
    """The id_token's aud is the client ID."""
    said = token.claim("aud")
    return expect(said == party.client_id, expected=party.client_id, found=said or "no aud", where=_ID_TOKEN)


@requirement(
    "BRIDGE-20", Level.MUST, "OIDC 3.1.3.7", remedy="Set the clock of whoever verifies the token by NTP.", verified=True
)
def the_token_is_current(token: IdTokenReading, at: GatheredAt) -> Finding:
    """The id_token is valid at the bridge's time, give or take five minutes."""
    start, end = _moment(token.claim("nbf")), _moment(token.claim("exp"))
    good = end is not None and at.at < end + _SKEW and (start is None or start - _SKEW <= at.at)
    found = f"nbf {start or 'missing'}, exp {end or 'missing'}"
    return expect(good, expected=f"valid at {at.at}", found=found, where=_ID_TOKEN)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None


@requirement(
    "BRIDGE-21",
    Level.MUST,
    "OIDC 3.1.3.7",
    remedy="Refuse the token: it was made for another request, or somebody replays one.",
    verified=True,
)
def the_nonce_comes_back(token: IdTokenReading, asked: CodeRequest) -> Finding:
    """The id_token carries the nonce that the request was sent with."""
    said = token.claim("nonce")
    return expect(said == asked.nonce, expected=asked.nonce, found=said or "no nonce", where=_ID_TOKEN)


@requirement(
    "BRIDGE-22", Level.MUST, "OIDC 3.1.3.3", remedy="Look who answers in the token endpoint's place.", verified=True
)
def the_token_is_a_bearer_token(tokens: CodeTokens) -> Finding:
    """The access token is a bearer token."""
    said = tokens.token_type
    where = in_answer(Step.TOKEN, "token_type" if said else "access_token")
    return expect(said.lower() == "bearer", expected="Bearer", found=said or "no type", where=where)


@requirement(
    "BRIDGE-23",
    Level.SHOULD,
    "MS-CODEFLOW Redeem a code for an access token",
    remedy="Ask Entra for the scope offline_access, and consent to it for the organization.",
    verified=True,
)
def a_refresh_token_comes_where_asked_for(tokens: CodeTokens, party: RelyingParty) -> Finding:
    """A refresh token comes where offline_access was asked for."""
    if "offline_access" not in party.scopes:
        return not_applicable("the bridge does not ask for offline_access")
    where = in_answer(Step.TOKEN, "refresh_token" if tokens.refresh_token else "access_token")
    found = "one" if tokens.refresh_token else "none"
    return expect(tokens.refresh_token, expected="refresh_token", found=found, where=where)
