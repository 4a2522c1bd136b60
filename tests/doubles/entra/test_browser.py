"""Entra's part of a sign-in by browser: where people are sent, what comes back, and what a code is good for."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from starlette.applications import Starlette

from hybridjoin.doubles.entra.browser.request import context_of, read_authorize, request_of
from hybridjoin.doubles.entra.browser.rules import BROWSER_RULES, in_browser
from hybridjoin.doubles.entra.rules import RULES
from tests.doubles.entra import forge
from tests.doubles.entra.client import Client, current
from tests.doubles.entra.test_rules import CLIENT, PERSON

Install = Callable[..., tuple[Client, Starlette]]
TRUST = "http://schemas.xmlsoap.org/ws/2005/02/trust"
ASKED = {
    "client_id": CLIENT, "response_type": "code", "redirect_uri": "http://localhost", "state": "s",
    "scope": "https://graph.microsoft.com/User.Read openid", "login_hint": "alice@hybridjoin.test",
    "domain_hint": "hybridjoin.test",
}  # fmt: skip


def authorize(client: Client, **changes: str) -> requests.Response:
    url = f"{client.base}/organizations/oauth2/v2.0/authorize?{urlencode({**ASKED, **changes})}"
    return client.session.get(url, allow_redirects=False, timeout=20)


def to_the_idp(reply: requests.Response) -> dict[str, str]:
    assert reply.status_code == 302, reply.text
    return {name: values[0] for name, values in parse_qs(urlsplit(reply.headers["Location"]).query).items()}


def wresult(assertion: str | None = None) -> str:
    text = assertion or base64.b64decode(current(PERSON).encoded()).decode()
    return (
        f'<t:RequestSecurityTokenResponse xmlns:t="{TRUST}"><t:RequestedSecurityToken>{text}'
        "</t:RequestedSecurityToken></t:RequestSecurityTokenResponse>"
    )


def brought(client: Client, **fields: str | None) -> requests.Response:
    given = {"wa": "wsignin1.0", "wresult": wresult(), **fields}
    form = {name: value for name, value in given.items() if value is not None}
    return client.session.post(f"{client.base}/login.srf", data=form, allow_redirects=False, timeout=20)


def test_a_person_is_sent_to_the_domains_passive_address_with_the_parameters_of_entra(install: Install) -> None:
    client, app = install()
    reply = authorize(client)
    asked = to_the_idp(reply)

    domain = app.state.tenant.config.domains[0]
    assert reply.headers["Location"].startswith(f"{domain.passive_sign_in_uri}?")
    assert asked["wa"] == "wsignin1.0"
    assert asked["wtrealm"] == "urn:federation:MicrosoftOnline"
    assert asked["username"] == "alice@hybridjoin.test"
    assert asked["wctx"].startswith("LoginOptions=3&estsredirect=2&estsrequest=rQQ")
    assert {"wfresh", "wauth", "prompt"} & set(asked) == set()


def test_the_answer_brings_a_code_that_is_good_once(install: Install) -> None:
    client, _ = install()
    reply = brought(client, wctx=to_the_idp(authorize(client))["wctx"])
    found = to_the_idp(reply)
    grant = {
        "grant_type": "authorization_code", "client_id": CLIENT, "redirect_uri": "http://localhost",
        "code": found["code"],
    }  # fmt: skip

    def redeemed() -> requests.Response:
        return client.session.post(f"{client.base}/organizations/oauth2/v2.0/token", data=grant, timeout=20)

    assert reply.headers["Location"].startswith("http://localhost?")
    assert found["state"] == "s"
    assert {"access_token", "id_token"} <= set(redeemed().json())
    assert redeemed().status_code == 400


def test_a_code_is_for_the_address_that_it_was_sent_to(install: Install) -> None:
    client, _ = install()
    code = to_the_idp(brought(client, wctx=to_the_idp(authorize(client))["wctx"]))["code"]
    grant = {
        "grant_type": "authorization_code", "client_id": CLIENT, "redirect_uri": "http://localhost:1", "code": code,
    }  # fmt: skip
    reply = client.session.post(f"{client.base}/organizations/oauth2/v2.0/token", data=grant, timeout=20)

    assert reply.json()["error_codes"] == [500112]


@pytest.mark.parametrize(
    ("behavior", "told"),
    [
        (
            "translateToFreshPasswordAuthentication",
            {"wfresh": "0", "wauth": "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password"},
        ),
        ("nativeSupport", {"prompt": "login"}),
        ("disabled", {"wfresh": "0"}),
    ],
)
def test_a_fresh_sign_in_is_asked_for_as_the_domain_has_it(
    install: Install, behavior: str, told: dict[str, str]
) -> None:
    domains = [{**item, "prompt_login_behavior": behavior} for item in forge.mapping()["domains"]]  # type: ignore[attr-defined]
    client, _ = install(domains=domains)
    asked = to_the_idp(authorize(client, prompt="login"))

    assert {name: asked.get(name) for name in ("wfresh", "wauth", "prompt") if name in asked} == told


REFUSED: dict[str, tuple[dict[str, str | None], int]] = {
    "no wa": ({"wa": None}, 90081),
    "no wresult": ({"wresult": None}, 90013),
    "no XML": ({"wresult": "<t:Request"}, 90013),
    "a DTD": ({"wresult": "<!DOCTYPE a><a/>"}, 90013),
    "no response": ({"wresult": "<a/>"}, 20012),
    "a wctx of its own": ({"wctx": "estsrequest=" + "A" * 80}, 90013),
    "SAML 2.0": ({"wresult": wresult('<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion"/>')}, 50008),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_entra_cannot_read_ends_on_a_page_with_its_code(install: Install, name: str) -> None:
    client, _ = install()
    fields, code = REFUSED[name]
    reply = brought(client, **{"wctx": to_the_idp(authorize(client))["wctx"], **fields})

    assert reply.status_code == 200
    assert f"AADSTS{code}: " in reply.text
    assert "Trace ID: " in reply.text


def test_without_wctx_nobody_had_asked(install: Install) -> None:
    client, _ = install()

    assert brought(client).headers["Location"].startswith("https://www.office.com/")


def test_a_reply_address_that_is_no_programs_own_is_told_on_a_page(install: Install) -> None:
    client, _ = install()

    assert "AADSTS50011" in authorize(client, redirect_uri="https://evil.example/").text


def test_a_request_survives_in_wctx_and_nobody_else_can_write_one() -> None:
    asked = replace(read_authorize(ASKED, v2=True), rounds=2)
    context = context_of(asked)
    head, _, blob = context.rpartition("=")
    flipped = blob[:-2] + ("AA" if blob[-2:] != "AA" else "BB")

    assert request_of(context) == asked
    assert request_of(f"{head}={flipped}") is None
    assert request_of("") is None


@pytest.mark.parametrize(("faults", "rounds"), [((), 3), (("sends-back-once",), 1)])
def test_without_a_second_factor_people_are_sent_back_until_entra_has_enough(
    install: Install, faults: tuple[str, ...], rounds: int
) -> None:
    domain = {**forge.domain("hybridjoin.test", forge.ISSUER), "federated_idp_mfa_behavior": "enforceMfaByFederatedIdp"}
    client, _ = install(require_mfa=True, domains=[domain], faults=[{"name": name} for name in faults])
    asked = to_the_idp(authorize(client))
    for _ in range(rounds):
        asked = to_the_idp(brought(client, wctx=asked["wctx"]))
        assert asked["wauth"] == "http://schemas.microsoft.com/claims/multipleauthn"

    last = brought(client, wctx=asked["wctx"])
    assert (last.status_code == 302) is not bool(faults)
    assert ("AADSTS50079" in last.text) is bool(faults)


def test_every_rule_says_where_it_is_known_from() -> None:
    changed = [in_browser(rule) for rule in RULES if in_browser(rule) is not rule]

    assert {rule.code for rule in changed} == {50008}
    assert [rule.id for rule in (*BROWSER_RULES, *changed) if not rule.source.startswith("http")] == []
    assert len({rule.id for rule in BROWSER_RULES}) == len(BROWSER_RULES)
