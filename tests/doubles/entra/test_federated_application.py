"""A federated person at an application: sent on to the identity provider, brought back, and known there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import requests
from starlette.applications import Starlette

from hybridjoin.doubles.entra.authority import process_authority
from hybridjoin.doubles.entra.oidc import provider
from hybridjoin.doubles.entra.tokens import verify
from tests.doubles.entra import forge
from tests.doubles.entra import oidc_client as rp
from tests.doubles.entra.client import Client
from tests.doubles.entra.test_browser import brought, to_the_idp, wresult
from tests.doubles.entra.test_openid_provider import with_app

Install = Callable[..., tuple[Client, Starlette]]


def text_of(reply: requests.Response) -> str:
    """The page that a sign-in ends on."""
    assert reply.status_code != 302, reply.headers["Location"]
    return reply.text


def sent_on(client: Client) -> dict[str, str]:
    """What the identity provider is asked for when alice signs in at the application."""
    return to_the_idp(rp.sign_in(client, rp.authorize(client).text, password=""))


def test_the_identity_provider_is_asked_as_for_any_other_program(install: Install) -> None:
    client, _ = install(**with_app(cloud_password_validation=False))

    asked = sent_on(client)

    assert (asked["wa"], asked["wtrealm"]) == ("wsignin1.0", "urn:federation:MicrosoftOnline")
    assert asked["username"] == rp.ALICE
    assert asked["client-request-id"]
    assert asked["wctx"].startswith("LoginOptions=3&estsredirect=2&estsrequest=rQQ")


def test_a_policy_sends_everybody_on_at_once_and_a_name_only_where_one_is_known(install: Install) -> None:
    client, _ = install(**with_app(accelerate_to_domain="hybridjoin.test"))

    asked = to_the_idp(rp.authorize(client))
    named = to_the_idp(rp.authorize(client, login_hint=rp.ALICE))

    assert "username" not in asked
    assert named["username"] == rp.ALICE
    assert rp.answered(brought(client, wctx=asked["wctx"]))["state"] == "s-1"
    elsewhere, _ = install(**with_app(accelerate_to_domain="unknown.example"))
    assert "<form" in rp.authorize(elsewhere).text


def test_what_it_brings_back_is_a_code_of_the_application(install: Install) -> None:
    client, _ = install(**with_app(cloud_password_validation=False))

    found = rp.answered(brought(client, wctx=sent_on(client)["wctx"]))
    tokens = rp.redeem(client, found["code"]).json()

    assert found["state"] == "s-1"
    claims = verify(tokens["id_token"], process_authority().token_key.public_key())
    assert (claims["preferred_username"], claims["nonce"]) == (rp.ALICE, "n-1")
    assert rp.graph(client, tokens["access_token"], "/oidc/userinfo").json()["email"] == rp.ALICE


def test_an_assertion_is_judged_as_it_is_for_any_other_program(install: Install) -> None:
    client, _ = install(**with_app(cloud_password_validation=False))
    wctx = sent_on(client)["wctx"]

    touched = wresult().replace("alice", "alicia")

    assert "AADSTS50008" in text_of(brought(client, wctx=wctx, wresult=touched))
    assert "AADSTS90013" in text_of(brought(client, wctx=f"{wctx}x"))


def test_whom_the_application_is_not_for_is_told_so_behind_the_identity_provider_too(install: Install) -> None:
    client, _ = install(**with_app(cloud_password_validation=False))
    wctx = sent_on(client)["wctx"]
    other, _ = install(**with_app(cloud_password_validation=False, assigned=["somebody-else"]))
    mine = sent_on(other)["wctx"]

    assert "AADSTS50105" in text_of(brought(other, wctx=mine))
    assert "AADSTS90013" in text_of(brought(other, wctx=wctx)), "a request of another tenant's"


def test_a_person_who_took_too_long_has_to_begin_again(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    client, _ = install(**with_app(cloud_password_validation=False))
    wctx = sent_on(client)["wctx"]
    monkeypatch.setattr(provider, "PATIENCE", timedelta(seconds=-1))

    assert "AADSTS90013" in text_of(brought(client, wctx=wctx))


@pytest.mark.parametrize(
    ("behavior", "leads_to"),
    [("enforceMfaByFederatedIdp", "https://sts.hybridjoin.test/"), ("acceptIfMfaDoneByFederatedIdp", "")],
)
def test_a_second_factor_is_asked_for_as_the_domain_has_it(install: Install, behavior: str, leads_to: str) -> None:
    domain = {**forge.domain("hybridjoin.test", forge.ISSUER), "federated_idp_mfa_behavior": behavior}
    client, _ = install(**with_app(cloud_password_validation=False), require_mfa=True, domains=[domain])
    wctx = sent_on(client)["wctx"]

    reply = brought(client, wctx=wctx)

    if leads_to:
        assert reply.headers["Location"].startswith(leads_to)
        assert to_the_idp(reply)["wctx"] == wctx
        assert to_the_idp(reply)["wauth"].endswith("multipleauthn")
    else:
        assert "Verify your identity" in reply.text
