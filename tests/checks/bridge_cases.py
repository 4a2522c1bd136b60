"""Evidence of sign-ins through a bridge: a healthy one, and for each BRIDGE requirement one that breaks it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hybridjoin.evidence.bridge import BridgeEvidence, CodeRequest
from hybridjoin.model.exchange import HttpReply
from hybridjoin.model.reading import AccessTokenReading, ClientSecretReading, IdTokenReading
from hybridjoin.model.record import SignInResult
from hybridjoin.model.relying_party import GroupsFrom, RelyingParty
from hybridjoin.protocol import graph, openid
from hybridjoin.protocol.authorization import AuthorizationResponse
from tests.checks.browser_cases import browsed
from tests.checks.messages import kept
from tests.protocol.documents import NOW

TENANT = "6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f"
BASE = f"https://login.microsoftonline.com/{TENANT}"
CLIENT = "8f0b7a52-6a1c-4f4e-9d7b-0c2f5be4d811"
REDIRECT = "https://sso.bridge.example/cb/9d1f4c27?pod=eu"
ASKED = CodeRequest(state="s-1", nonce="n-1")
MOMENT = int(NOW.timestamp())
PARTY = RelyingParty(
    client_id=CLIENT, discovery_url=f"{BASE}/v2.0/.well-known/openid-configuration", redirect_uri=REDIRECT
)
CONFIGURATION: dict[str, Any] = {
    "issuer": f"{BASE}/v2.0",
    "authorization_endpoint": f"{BASE}/oauth2/v2.0/authorize",
    "token_endpoint": f"{BASE}/oauth2/v2.0/token",
    "jwks_uri": f"{BASE}/discovery/v2.0/keys",
    "userinfo_endpoint": "https://graph.microsoft.com/oidc/userinfo",
    "scopes_supported": ["openid", "profile", "email", "offline_access"],
    "response_types_supported": ["code", "id_token"],
    "id_token_signing_alg_values_supported": ["RS256"],
    "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
}
KEY: dict[str, Any] = {
    "kty": "RSA",
    "use": "sig",
    "kid": "k-1",
    "n": "AQAB",
    "e": "AQAB",
    "x5c": ["MIIB"],
    "x5t": "Ujx8aU-eq8_8LNc6RQ2AHugyUwA",
}
TOKENS: dict[str, Any] = {
    "token_type": "Bearer", "scope": "openid profile email User.Read", "access_token": "a.b.c", "id_token": "d.e.f",
}  # fmt: skip
CLAIMS = {
    "iss": f"{BASE}/v2.0", "aud": CLIENT, "sub": "who", "nonce": "n-1", "email": "carol@hybridjoin.test",
    "nbf": str(MOMENT - 300), "exp": str(MOMENT + 3600),
}  # fmt: skip
Case = Callable[[], BridgeEvidence]


def configuration(**changes: object) -> openid.OpenIdConfiguration:
    document = {name: value for name, value in {**CONFIGURATION, **changes}.items() if value is not None}
    body = json.dumps(document).encode()
    return kept(openid.parse_configuration(body), body)


def keys(**changes: object) -> openid.KeySet:
    key = {name: value for name, value in {**KEY, **changes}.items() if value is not None}
    body = json.dumps({"keys": [key]}).encode()
    return kept(openid.parse_keys(body), body)


def tokens(**changes: object) -> openid.CodeTokens:
    body = json.dumps({name: value for name, value in {**TOKENS, **changes}.items() if value is not None}).encode()
    found = openid.parse_tokens(HttpReply(status=200, reason="OK", body=body))
    assert found is not None
    return kept(found, body)


def id_token(*, groups: tuple[str, ...] | None = ("g-1",), overage: bool = False, **changes: Any) -> IdTokenReading:  # noqa: ANN401
    """A good id_token; what is no field of the reading is a claim of it."""
    fields: dict[str, Any] = {
        name: changes.pop(name) for name in ("algorithm", "key_known", "valid", "problem") if name in changes
    }
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}
    given: dict[str, Any] = {"algorithm": "RS256", "key_id": "k-1", "key_known": True, "valid": True, **fields}
    return IdTokenReading(claims=tuple(claims.items()), groups=groups, overage=overage, **given)


def userinfo(**changes: object) -> openid.UserInfo:
    body = json.dumps({"sub": "who", **changes}).encode()
    return kept(openid.parse_userinfo(body), body)


def group_answer(status: int, document: object) -> graph.GroupAnswer:
    body = json.dumps(document).encode()
    return kept(graph.parse_groups(HttpReply(status=status, reason="", body=body)), body)


def access(scopes: str) -> AccessTokenReading:
    return AccessTokenReading(claims=(("scp", scopes),))


def answered(*, state: str = "s-1", target: str = REDIRECT) -> AuthorizationResponse:
    """What came back to the bridge: a redirect, which has no body."""
    return kept(AuthorizationResponse(code="c", state=state, target=target), b"")


def bridged(**changes: Any) -> BridgeEvidence:  # noqa: ANN401 the fields of BridgeEvidence
    """A sign-in in which every sentence that can be tested holds, with some of its evidence replaced."""
    healthy = BridgeEvidence(
        result=SignInResult.SIGNED_IN,
        relying_party=PARTY,
        user="carol@hybridjoin.test",
        client_request_id="5d0c7f2e-8a41-4f5b-9d3e-77c1b2a90e14",
        started_at=NOW,
        received_at=NOW,
        secret=ClientSecretReading(is_client_id=False, is_guid=False),
        configuration=configuration(),
        keys=keys(),
        asked=ASKED,
        response=answered(),
        tokens=tokens(),
        id_token=id_token(),
        access=access("openid profile email User.Read"),
        userinfo=userinfo(email="carol@hybridjoin.test"),
    )
    return replace(healthy, **changes)


def federated(**changes: Any) -> BridgeEvidence:  # noqa: ANN401 the fields of BrowserEvidence
    """A healthy sign-in of a person whom Entra sent on to her identity provider, with some of that way bent."""
    lost: dict[str, Any] = {"realm": None, "published": None, "code": None, "token": None}
    return bridged(browser=browsed(**{**lost, **changes}))


def bent(**changes: Any) -> Case:  # noqa: ANN401 the fields of BridgeEvidence
    return lambda: bridged(**changes)


def party(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 the fields of RelyingParty
    return {"relying_party": replace(PARTY, **changes)}


ASKS_ALL = party(groups_from=GroupsFrom.GRAPH_ALL)
ASKS_ME = party(groups_from=GroupsFrom.GRAPH_ME)
DENIED = {"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges."}}
TEMPLATE = "https://login.microsoftonline.com/{tenantid}/v2.0"

BRIDGE_BREAKING: dict[str, Case] = {
    "BRIDGE-01": bent(configuration=configuration(issuer=TEMPLATE)),
    "BRIDGE-02": bent(configuration=configuration(issuer=f"https://sts.windows.net/{TENANT}/")),
    "BRIDGE-03": bent(configuration=configuration(jwks_uri=None)),
    "BRIDGE-04": bent(configuration=configuration(userinfo_endpoint=None)),
    "BRIDGE-05": bent(configuration=configuration(response_types_supported=["id_token"])),
    "BRIDGE-06": bent(configuration=configuration(scopes_supported=["openid"])),
    "BRIDGE-07": bent(configuration=configuration(id_token_signing_alg_values_supported=["ES256"])),
    "BRIDGE-08": bent(configuration=configuration(token_endpoint_auth_methods_supported=["private_key_jwt"])),
    "BRIDGE-09": bent(keys=keys(kid=None)),
    "BRIDGE-10": bent(keys=keys(x5c=None)),
    "BRIDGE-31": bent(keys=keys(x5t="k-1")),
    "BRIDGE-11": bent(**party(redirect_uri="https://sso.bridge.example/cb/(9d1f4c27)")),
    "BRIDGE-12": bent(response=answered(state="")),
    "BRIDGE-13": bent(response=answered(target="https://elsewhere.example/cb")),
    "BRIDGE-14": bent(secret=ClientSecretReading(is_client_id=True, is_guid=True)),
    "BRIDGE-15": bent(tokens=tokens(id_token=None), id_token=None),
    "BRIDGE-16": bent(id_token=id_token(key_known=False, valid=False)),
    "BRIDGE-17": bent(id_token=id_token(valid=False, problem="Signature verification failed")),
    "BRIDGE-18": bent(id_token=id_token(iss=f"https://sts.windows.net/{TENANT}/")),
    "BRIDGE-19": bent(id_token=id_token(aud="00000000-0000-4000-8000-00000000000f")),
    "BRIDGE-20": bent(id_token=id_token(exp=str(MOMENT - 3600))),
    "BRIDGE-21": bent(id_token=id_token(nonce=None)),
    "BRIDGE-22": bent(tokens=tokens(token_type="mac")),
    "BRIDGE-23": bent(**party(scopes=("openid", "offline_access"))),
    "BRIDGE-24": bent(userinfo=userinfo(sub="somebody else", email="carol@hybridjoin.test")),
    "BRIDGE-25": bent(id_token=id_token(email=None), userinfo=userinfo()),
    "BRIDGE-26": bent(**party(groups_from=GroupsFrom.ACCESS_TOKEN)),
    "BRIDGE-27": bent(id_token=id_token(groups=None)),
    "BRIDGE-28": bent(id_token=id_token(groups=None, overage=True)),
    "BRIDGE-29": bent(**ASKS_ALL, groups=group_answer(403, DENIED)),
    "BRIDGE-30": bent(**ASKS_ME, groups=group_answer(403, DENIED)),
}
BRIDGE_PASSING: dict[str, Case] = {
    **dict.fromkeys(BRIDGE_BREAKING, bridged),
    "BRIDGE-23": bent(**party(scopes=("openid", "offline_access")), tokens=tokens(refresh_token="r")),
    "BRIDGE-29": bent(**ASKS_ME, groups=group_answer(200, {"value": ["g-1"]})),
    "BRIDGE-30": bent(**ASKS_ME, groups=group_answer(200, {"value": ["g-1"]})),
}
BRIDGE_PLACES = {
    "BRIDGE-01": "openid: member issuer",
    "BRIDGE-02": "openid: member issuer",
    "BRIDGE-03": "openid: member issuer",
    "BRIDGE-04": "openid: message",
    "BRIDGE-05": "openid: member response_types_supported",
    "BRIDGE-06": "openid: member scopes_supported",
    "BRIDGE-07": "openid: member id_token_signing_alg_values_supported",
    "BRIDGE-08": "openid: member token_endpoint_auth_methods_supported",
    "BRIDGE-09": "keys: member keys",
    "BRIDGE-10": "keys: member keys",
    "BRIDGE-31": "keys: member keys",
    "BRIDGE-11": "sign-in-page request: message",
    "BRIDGE-12": "sign-in: message",
    "BRIDGE-13": "sign-in: message",
    "BRIDGE-14": "token request: message",
    "BRIDGE-15": "token: member access_token",
    **{f"BRIDGE-{number}": "token: member id_token" for number in (16, 17, 18, 19, 20, 21, 26, 27, 28)},
    "BRIDGE-22": "token: member token_type",
    "BRIDGE-23": "token: member access_token",
    "BRIDGE-24": "userinfo: member sub",
    "BRIDGE-25": "userinfo: member sub",
    "BRIDGE-29": "token: member access_token",
    "BRIDGE-30": "groups: member error",
}
