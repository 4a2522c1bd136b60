"""Entra as OpenID provider: each rule by an input meant for it, and what a person's tokens say."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest
import requests

from hybridjoin.doubles.entra.clock import Clock
from hybridjoin.doubles.entra.oidc.rules import OPENID_RULES, OpenIdRule
from tests.doubles.entra import oidc_client as rp
from tests.doubles.entra.client import Client
from tests.doubles.entra.conftest import Install

RULES = {rule.id: rule for rule in OPENID_RULES}


def pages(client: Client, **changes: Any) -> requests.Response:  # noqa: ANN401 - parameters of any kind
    return rp.authorize(client, **changes)


def signing(**changes: Any) -> Callable[[Client], requests.Response]:  # noqa: ANN401 - parameters of any kind
    return lambda client: rp.sign_in(client, rp.authorize(client).text, **changes)


def redeeming(**changes: Any) -> Callable[[Client], requests.Response]:  # noqa: ANN401 - parameters of any kind
    return lambda client: rp.redeem(client, rp.code(client), **changes)


def twice(client: Client) -> requests.Response:
    issued = rp.code(client)
    rp.redeem(client, issued)
    return rp.redeem(client, issued)


def with_app(**changes: object) -> dict[str, object]:
    return rp.tenant(rp.application(**changes))


FIRES: dict[str, tuple[dict[str, object], Callable[[Client], requests.Response]]] = {
    "authorize-tenant-unknown": ({}, lambda client: pages(client, tenant_name="contoso.test")),
    "authorize-client-missing": ({}, lambda client: pages(client, client_id="")),
    "authorize-client-unknown": ({}, lambda client: pages(client, client_id="00000000-0000-4000-8000-00000000000f")),
    "redirect-uri-not-registered": ({}, lambda client: pages(client, redirect_uri=rp.REDIRECT.replace("cb", "CB"))),
    "response-type-not-enabled": ({}, lambda client: pages(client, response_type="id_token")),
    "authorize-scope-missing": ({}, lambda client: pages(client, scope="")),
    "scope-invalid": ({}, lambda client: pages(client, scope="openid User.Reed")),
    "sign-in-unasked": ({}, lambda client: rp.sign_in(client, "")),
    "user-of-another-tenant": ({}, signing(name="eve@fabrikam.test")),
    "user-unknown": ({}, signing(name="zed@hybridjoin.test")),
    "password-wrong": ({}, signing(password="wrong")),
    "user-not-assigned": (with_app(assigned=["bob"]), signing()),
    "consent-by-administrator": (with_app(consent="none"), signing()),
    "consent-missing": (with_app(consent="user"), signing()),
    "code-tenant-unknown": (
        {},
        lambda client: client.session.post(
            f"{client.base}/contoso.test/oauth2/v2.0/token", data={"grant_type": "authorization_code"}, timeout=20
        ),
    ),
    "code-parameter-missing": ({}, redeeming(redirect_uri="")),
    "code-client-unknown": ({}, redeeming(client_id="00000000-0000-4000-8000-00000000000f")),
    "client-secret-missing": ({}, redeeming(client_secret="")),
    "client-secret-expired": (
        with_app(secrets=[{"id": rp.SECRET_ID, "value": rp.SECRET, "expired": True}]),
        redeeming(),
    ),
    "client-secret-invalid": ({}, redeeming(client_secret=rp.SECRET_ID)),
    "code-malformed": ({}, redeeming(code="1.Anonsense")),
    "code-redeemed": ({}, twice),
    "code-redirect-uri-differs": ({}, redeeming(redirect_uri="https://bridge.test/")),
    "code-verifier-wrong": (
        {},
        lambda client: rp.redeem(
            client, rp.code(client, code_challenge="abc", code_challenge_method="S256"), code_verifier="x" * 43
        ),
    ),
}
ELSEWHERE = {"user-account-disabled", "code-expired"}


def test_each_rule_has_an_input_of_its_own() -> None:
    assert set(RULES) - ELSEWHERE == set(FIRES)


@pytest.mark.parametrize("rule", [rule for rule in OPENID_RULES if rule.id in FIRES], ids=lambda rule: rule.id)
def test_a_rule_fires_with_its_code_and_tells_whom_it_should(install: Install, rule: OpenIdRule) -> None:
    changes, ask = FIRES[rule.id]
    client, app = install(**{**rp.tenant(), **changes})

    reply = ask(client)

    assert app.state.audit.entries[-1].rule == rule.id
    if rule.at == "code":
        found = reply.json()
        assert (reply.status_code, found["error"], found["error_codes"]) == (rule.status, rule.error, [rule.code])
        assert found["error_description"].startswith(f"AADSTS{rule.code}: ")
        assert "\r\nTrace ID: " in found["error_description"]
        assert found["error_uri"] == f"https://login.microsoftonline.com/error?code={rule.code}"
    elif rule.shown:
        assert "Location" not in reply.headers
        assert f"AADSTS{rule.code}: " in reply.text
    else:
        found = rp.answered(reply)
        assert (found["error"], found["state"]) == (rule.error, "s-1")
        assert found["error_description"].startswith(f"AADSTS{rule.code}: ")


def test_a_disabled_account_is_told_on_the_page(install: Install) -> None:
    client, app = install(**rp.tenant())
    app.state.tenant._users = tuple(replace(user, enabled=False) for user in app.state.tenant.users)

    assert "AADSTS50057: The user account is disabled." in rp.sign_in(client, rp.authorize(client).text).text


def test_a_code_is_good_for_ten_minutes(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    client, _ = install(**rp.tenant())
    issued = rp.code(client)
    monkeypatch.setattr("hybridjoin.doubles.entra.clock.Clock.now", _later(601))

    assert rp.redeem(client, issued).json()["error_codes"] == [70008]


def _later(seconds: float) -> Callable[[Any], Any]:
    now = Clock.now
    return lambda clock: now(clock) + timedelta(seconds=seconds)


@pytest.mark.parametrize("v2", [True, False], ids=["v2.0", "v1"])
def test_an_id_token_verifies_against_the_keys_and_says_who_signed_in(install: Install, v2: bool) -> None:
    client, _ = install(**rp.tenant())
    where = "v2.0/" if v2 else ""
    document = client.get(f"/hybridjoin.test/{where}.well-known/openid-configuration").json()
    page = rp.authorize(client, v2=v2)

    found = rp.redeem(client, rp.answered(rp.sign_in(client, page.text))["code"], v2=v2).json()

    key = jwt.PyJWKSet.from_dict(client.get("/common/discovery/v2.0/keys").json()).keys[0]
    claims = jwt.decode(found["id_token"], key, algorithms=["RS256"], audience=rp.APP, issuer=document["issuer"])
    assert (claims["nonce"], claims["ver"], claims["email"]) == ("n-1", "2.0" if v2 else "1.0", rp.ALICE)
    assert claims["preferred_username" if v2 else "unique_name"] == rp.ALICE
    assert len(claims["groups"]) == 2
    assert "at_hash" not in claims
    assert ("refresh_token" in found) is not v2


def test_userinfo_has_the_same_subject_and_no_groups(install: Install) -> None:
    client, _ = install(**rp.tenant())
    found = rp.tokens(client)

    info = rp.graph(client, found["access_token"], "/oidc/userinfo").json()

    assert info["sub"] == jwt.decode(found["id_token"], options={"verify_signature": False})["sub"]
    assert set(info) == {"sub", "name", "picture", "email"}


def test_the_access_token_is_for_graph_alone(install: Install) -> None:
    client, _ = install(**rp.tenant())
    token = rp.tokens(client)["access_token"]
    key = jwt.PyJWKSet.from_dict(client.get("/common/discovery/v2.0/keys").json()).keys[0]

    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": False})
    assert "groups" not in jwt.decode(token, options={"verify_signature": False})


@pytest.mark.parametrize(
    ("claims", "found"),
    [("None", set()), ("SecurityGroup", {"groups"}), ("DirectoryRole", {"wids"}), ("All", {"groups", "wids"})],
)
def test_groups_are_told_as_the_manifest_says(install: Install, claims: str, found: set[str]) -> None:
    client, _ = install(**with_app(group_membership_claims=claims))

    told = jwt.decode(rp.tokens(client)["id_token"], options={"verify_signature": False})

    assert {"groups", "wids"} & set(told) == found


def test_groups_of_the_application_alone(install: Install) -> None:
    client, _ = install(**with_app(group_membership_claims="ApplicationGroup", assigned_groups=["Staff"]))

    assert len(jwt.decode(rp.tokens(client)["id_token"], options={"verify_signature": False})["groups"]) == 1


def test_more_than_two_hundred_groups_are_pointed_at(install: Install) -> None:
    many = [
        {"name": f"G{number}", "object_guid": f"0a1b2c3d-0000-4000-8000-{number:012d}", "members": ["alice"]}
        for number in range(201)
    ]
    client, _ = install(**{**rp.tenant(), "groups": many})
    found = rp.tokens(client)
    told = jwt.decode(found["id_token"], options={"verify_signature": False})

    assert "groups" not in told
    assert told["_claim_names"] == {"groups": "src1"}
    path, pages = "/v1.0/me/transitiveMemberOf?$top=100", []
    while path:
        page = rp.graph(client, found["access_token"], path).json()
        pages.append(len(page["value"]))
        path = page.get("@odata.nextLink", "").removeprefix("https://graph.microsoft.com")
    assert pages == [100, 100, 1]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1.0/me/getMemberGroups", {"securityEnabledOnly": True}, 200),
        ("/v1.0/me/getMemberGroups", {}, 400),
        (f"/v1.0/users/{rp.ALICE}/getMemberObjects", {"securityEnabledOnly": True}, 403),
        ("/v1.0/groups", None, 403),
    ],
)
def test_a_signed_in_users_token_reads_her_own_groups_and_no_others(
    install: Install, path: str, body: object, status: int
) -> None:
    client, _ = install(**with_app(application_permissions=["Group.Read.All"]))

    assert rp.graph(client, rp.tokens(client)["access_token"], path, body).status_code == status


def test_a_delegated_permission_reads_all_groups(install: Install) -> None:
    client, _ = install(**with_app(delegated_permissions=["User.Read", "Group.Read.All"]))

    reply = rp.graph(client, rp.tokens(client)["access_token"], "/v1.0/groups")

    assert [item["displayName"] for item in reply.json()["value"]] == ["Staff", "Nested", "Others"]


def test_nobody_without_a_token_reads_anything(install: Install) -> None:
    client, _ = install(**rp.tenant())

    assert client.get("/oidc/userinfo").status_code == 401
    assert rp.graph(client, "a.b.c", "/oidc/userinfo").json()["error"]["code"] == "InvalidAuthenticationToken"


def test_the_answer_comes_as_a_form_where_that_was_asked_for(install: Install) -> None:
    client, _ = install(**rp.tenant())

    reply = rp.sign_in(client, rp.authorize(client, response_mode="form_post").text)

    assert set(rp.fields(reply.text)) == {"code", "state", "session_state"}
    assert f'action="{rp.REDIRECT}"' in reply.text


def test_a_secret_may_stand_in_the_header_and_a_verifier_proves_who_asked(install: Install) -> None:
    client, _ = install(**rp.tenant())
    verifier = "v" * 43
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    issued = rp.code(client, code_challenge=challenge, code_challenge_method="S256")

    form = {"grant_type": "authorization_code", "code": issued, "redirect_uri": rp.REDIRECT, "code_verifier": verifier}
    path = f"{client.base}/hybridjoin.test/oauth2/v2.0/token"
    assert client.session.post(path, data=form, auth=(rp.APP, rp.SECRET), timeout=20).status_code == 200


def test_a_federated_domains_person_is_sent_to_the_identity_provider_without_the_policy(install: Install) -> None:
    client, _ = install(**with_app(cloud_password_validation=False))

    reply = rp.sign_in(client, rp.authorize(client).text)

    assert (reply.status_code, reply.headers["Location"].partition("?")[0]) == (
        302,
        "https://sts.hybridjoin.test/wsf/prp/4afaa6b9",
    )


@pytest.mark.parametrize("addressed", ["common", "organizations", "consumers"])
def test_the_document_for_every_tenant_names_no_issuer_that_tokens_have(install: Install, addressed: str) -> None:
    client, _ = install(**rp.tenant())

    document = client.get(f"/{addressed}/v2.0/.well-known/openid-configuration").json()

    assert document["issuer"] == "https://login.microsoftonline.com/{tenantid}/v2.0"


def test_a_double_with_names_of_its_own_says_them_everywhere(install: Install) -> None:
    own = "https://entra.test:8443"
    client, _ = install(**rp.tenant(), login_url=own, graph_url="https://graph.test:8443")

    document = client.get("/hybridjoin.test/v2.0/.well-known/openid-configuration").json()

    hosts = {
        value.split("/")[2] for key, value in document.items() if str(value).startswith("https:") and key != "rbac_url"
    }
    assert hosts == {"entra.test:8443", "graph.test:8443"}
    assert document["issuer"].startswith(own)
