"""Authlib, unchanged, signs a person in at the Entra double: its own discovery, its own validation of the id_token."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

from hybridjoin.doubles.serve import Server
from tests.doubles.entra import forge
from tests.doubles.entra import oidc_client as rp
from tests.doubles.entra.client import Client
from tests.doubles.entra.conftest import Install


def at_its_own_names(
    install: Install, server: Server, **changes: object
) -> tuple[Client, OAuth2Session, dict[str, Any]]:
    """A tenant whose documents name the address that it is really served at, and Authlib's session for it."""
    own = f"https://127.0.0.1:{server.port}"
    client, _ = install(**{**rp.tenant(), **changes}, login_url=own, graph_url=own)
    document = client.get(f"/{forge.TENANT_ID}/v2.0/.well-known/openid-configuration").json()
    session = OAuth2Session(rp.APP, rp.SECRET, redirect_uri=rp.REDIRECT, scope="openid profile email offline_access")
    session.verify, session.trust_env = client.session.verify, False
    return client, session, document


def signed_in(client: Client, session: OAuth2Session, document: dict[str, Any]) -> dict[str, Any]:
    """Go the way of an application built on Authlib: to Entra, back with the answer, and to the token endpoint."""
    url, state = session.create_authorization_url(document["authorization_endpoint"], nonce="n-1")
    page = client.session.get(url, timeout=20)
    answer = rp.sign_in(client, page.text).headers["Location"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own ways, which change from version to version
        token = session.fetch_token(document["token_endpoint"], authorization_response=answer, state=state)
    return dict(token)


def test_authlib_signs_a_person_in_and_takes_the_id_token(install: Install, server: Server) -> None:
    client, session, document = at_its_own_names(install, server)

    token = signed_in(client, session, document)

    keys = KeySet.import_key_set(session.request("GET", document["jwks_uri"], withhold_token=True).json())
    decoded = jwt.decode(token["id_token"], keys, algorithms=["RS256"])
    options = {"iss": {"essential": True, "values": [document["issuer"]]}}
    claims = CodeIDToken(decoded.claims, decoded.header, options, {"nonce": "n-1", "client_id": rp.APP})
    claims.validate(leeway=120)
    info = session.get(document["userinfo_endpoint"]).json()
    assert (claims["email"], info["sub"]) == (rp.ALICE, claims["sub"])
    assert "refresh_token" in token


@pytest.mark.parametrize(("fault", "told"), [("id-token-of-v1", "iss"), ("nonce-lost", "nonce")])
def test_authlib_refuses_what_the_harness_refuses(install: Install, server: Server, fault: str, told: str) -> None:
    client, session, document = at_its_own_names(install, server, faults=[{"name": fault}])

    token = signed_in(client, session, document)

    keys = KeySet.import_key_set(session.request("GET", document["jwks_uri"], withhold_token=True).json())
    decoded = jwt.decode(token["id_token"], keys, algorithms=["RS256"])
    options = {"iss": {"essential": True, "values": [document["issuer"]]}}
    claims = CodeIDToken(decoded.claims, decoded.header, options, {"nonce": "n-1", "client_id": rp.APP})
    with pytest.raises(Exception, match=told):
        claims.validate(leeway=120)
