"""A domain is federated, changed and made managed again by Graph's requests, and every door of the tenant follows."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from starlette.applications import Starlette

from hybridjoin.doubles.entra.authority import process_authority
from hybridjoin.doubles.entra.graph import AUDIENCE
from hybridjoin.doubles.entra.graph_rules import GRAPH_RULES
from hybridjoin.doubles.entra.rule import Certainty
from hybridjoin.doubles.entra.tokens import sign
from hybridjoin.intake.federation import FederationSettings
from hybridjoin.intake.federation_writer import Direction
from hybridjoin.intake.federation_writer import requests as write_requests
from tests.doubles.entra import forge
from tests.doubles.entra.client import Client
from tests.doubles.entra.conftest import Install
from tests.doubles.entra.test_sign_in import asked

STS = "https://sts.new.test"
CERTIFICATE = base64.b64encode(forge.certificate("idp")).decode()
BODY: dict[str, object] = {
    "@odata.type": "#microsoft.graph.internalDomainFederation",
    "displayName": "The new IdP",
    "issuerUri": "urn:new",
    "metadataExchangeUri": f"{STS}/mex",
    "activeSignInUri": f"{STS}/active",
    "passiveSignInUri": f"{STS}/passive",
    "signOutUri": f"{STS}/out",
    "signingCertificate": CERTIFICATE,
    "preferredAuthenticationProtocol": "wsFed",
    "federatedIdpMfaBehavior": "acceptIfMfaDoneByFederatedIdp",
    "isSignedAuthenticationRequestRequired": False,
}
DOMAINS = "v1.0/domains"
SCOPES = ("Domain.ReadWrite.All",)


@dataclass(frozen=True)
class Admin:
    """An administrator who makes Graph's requests."""

    client: Client
    app: Starlette
    scopes: tuple[str, ...] = SCOPES
    token: str | None = None

    def ask(self, method: str, path: str, body: object = None) -> requests.Response:
        token = self.app.state.administrator_token(*self.scopes) if self.token is None else self.token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = f"{self.client.base}/{DOMAINS}{path}"
        return self.client.session.request(method, url, json=body, headers=headers, timeout=20)

    def create(self, domain: str = "managed.test", **changes: object) -> requests.Response:
        body = {name: value for name, value in {**BODY, **changes}.items() if value is not None}
        return self.ask("POST", f"/{domain}/federationConfiguration", body)

    def authentication(self, domain: str = "managed.test") -> str:
        return str(self.ask("GET", f"/{domain}").json()["authenticationType"])

    def realm(self, domain: str = "managed.test") -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(f"/common/userrealm/x@{domain}", **{"api-version": "1.0"}).json()
        return found


def claims(**changes: object) -> str:
    now = datetime.now(UTC)
    whole = {
        "aud": AUDIENCE, "tid": forge.TENANT_ID, "scp": "Domain.ReadWrite.All",
        "nbf": int((now - timedelta(hours=1)).timestamp()), "exp": int((now + timedelta(hours=1)).timestamp()),
        **changes,
    }  # fmt: skip
    return sign(whole, process_authority().token_key, key_id="x")


def federated_without_a_certificate(admin: Admin) -> Admin:
    admin.create(signingCertificate=None)
    return admin


Sender = Callable[[Admin], requests.Response]
BREAKING: Mapping[str, Sender] = {
    "token-empty": lambda admin: Admin(admin.client, admin.app, token="").ask("GET", ""),
    "token-refused": lambda admin: Admin(admin.client, admin.app, token=claims(aud="other")).ask("GET", ""),
    "scope-missing": lambda admin: Admin(admin.client, admin.app, scopes=("Domain.Read.All",)).create(),
    "domain-unknown": lambda admin: admin.ask("GET", "/nobody.test"),
    "configuration-unknown": lambda admin: admin.ask("GET", "/second.test/federationConfiguration/1"),
    "body-unreadable": lambda admin: admin.ask("POST", "/managed.test/federationConfiguration", ["a list"]),
    "default-domain": lambda admin: admin.create("default.test"),
    "already-federated": lambda admin: admin.create("second.test"),
    "issuer-missing": lambda admin: admin.create(issuerUri=""),
    "issuer-taken": lambda admin: admin.create(issuerUri=forge.OTHER_ISSUER),
    "value-unknown": lambda admin: admin.create(federatedIdpMfaBehavior="maybe"),
    "certificate-unreadable": lambda admin: admin.create(signingCertificate="-----BEGIN CERTIFICATE-----"),
    "certificate-missing": lambda admin: admin.create(signingCertificate=None),
    "out-of-hand": lambda admin: federated_without_a_certificate(admin).ask(
        "PATCH", "/managed.test", {"authenticationType": "Managed"}
    ),
}


@pytest.fixture
def admin(install: Install) -> Admin:
    domains = [*forge.mapping()["domains"], {"name": "default.test", "authentication": "Managed", "default": True}]  # type: ignore[misc]
    return Admin(*install(domains=domains))


@pytest.mark.parametrize("rule_id", BREAKING)
def test_a_rule_of_graph_fires_on_the_request_meant_for_it(rule_id: str, admin: Admin) -> None:
    rule = next(rule for rule in GRAPH_RULES if rule.id == rule_id)

    reply = BREAKING[rule_id](admin)

    error = reply.json()["error"]
    assert admin.app.state.audit.entries[-1].rule == rule_id
    assert (reply.status_code, error["code"]) == (rule.status, rule.code)
    assert "{" not in error["message"]
    assert ("x-hybridjoin-assumed-rule" in reply.headers) is (rule.certainty is Certainty.ASSUMED)


def test_every_rule_of_graph_has_a_breaking_request_and_a_source() -> None:
    ids = [rule.id for rule in GRAPH_RULES]

    assert list(BREAKING) == ids
    assert all(rule.source and rule.trigger.endswith(".") for rule in GRAPH_RULES)
    assert all(rule.reasoning for rule in GRAPH_RULES if rule.certainty is Certainty.ASSUMED)


@pytest.mark.parametrize("rule_id", sorted({*BREAKING} - {"certificate-missing", "out-of-hand"}))
def test_what_is_refused_changes_nothing(rule_id: str, admin: Admin) -> None:
    before = admin.app.state.tenant.config

    BREAKING[rule_id](admin)

    assert admin.app.state.tenant.config is before


def test_a_domain_goes_from_managed_to_federated_and_back(admin: Admin) -> None:
    assert (admin.authentication(), admin.realm()["account_type"]) == ("Managed", "Managed")

    made = admin.create()
    path = f"/managed.test/federationConfiguration/{made.json()['id']}"

    assert made.status_code == 201
    expected = {name: value for name, value in BODY.items() if not name.startswith("@")}
    assert {name: made.json()[name] for name in expected} == expected
    assert admin.ask("GET", path).json() == made.json()
    (listed,) = admin.ask("GET", "/managed.test/federationConfiguration").json()["value"]
    assert listed == {name: value for name, value in made.json().items() if name != "@odata.context"}
    assert admin.authentication() == "Federated"
    realm = admin.realm()
    assert (realm["account_type"], realm["federation_protocol"]) == ("Federated", "WSTrust")
    assert (realm["federation_metadata_url"], realm["federation_active_auth_url"]) == (f"{STS}/mex", f"{STS}/active")

    assert admin.ask("DELETE", path).status_code == 204
    assert (admin.authentication(), admin.realm()["account_type"]) == ("Managed", "Managed")
    assert admin.ask("GET", "/managed.test/federationConfiguration").json()["value"] == []


def test_the_way_back_by_the_domain_itself(admin: Admin) -> None:
    admin.create()

    assert admin.ask("PATCH", "/managed.test", {"authenticationType": "Managed"}).status_code == 204
    assert admin.authentication() == "Managed"


def test_the_token_endpoint_trusts_whom_the_administrator_names(admin: Admin) -> None:
    (found,) = admin.ask("GET", "/hybridjoin.test/federationConfiguration").json()["value"]
    path = f"/hybridjoin.test/federationConfiguration/{found['id']}"
    v1 = {"path": "oauth2/token", "resource": "https://graph.windows.net"}
    assert (found["issuerUri"], asked(admin.client, **v1).status_code) == (forge.ISSUER, 200)

    moved = admin.ask("PATCH", path, {"issuerUri": "urn:moved"})

    refused = asked(admin.client, **v1)
    assert (moved.status_code, moved.json()["issuerUri"]) == (200, "urn:moved")
    assert (moved.json()["signingCertificate"], refused.json()["error_codes"]) == (found["signingCertificate"], [50107])

    admin.ask("PATCH", path, {"issuerUri": forge.ISSUER})
    assert asked(admin.client, **v1).status_code == 200


def test_another_certificate_is_trusted_from_then_on(admin: Admin) -> None:
    (found,) = admin.ask("GET", "/hybridjoin.test/federationConfiguration").json()["value"]
    stranger = base64.b64encode(forge.certificate("stranger")).decode()
    path = f"/hybridjoin.test/federationConfiguration/{found['id']}"
    v1 = {"path": "oauth2/token", "resource": "https://graph.windows.net"}

    admin.ask("PATCH", path, {"signingCertificate": stranger})
    assert asked(admin.client, **v1).status_code == 400
    admin.ask("PATCH", path, {"nextSigningCertificate": found["signingCertificate"]})
    assert asked(admin.client, **v1).status_code == 200


def test_without_a_certificate_the_domain_is_federated_and_out_of_hand(admin: Admin) -> None:
    reply = admin.create(signingCertificate=None)

    assert reply.status_code == 500
    assert (admin.authentication(), admin.realm()["account_type"]) == ("Federated", "Federated")
    assert admin.ask("GET", "/managed.test/federationConfiguration").json()["value"] == []
    identifier = next(item.configuration_id for item in admin.app.state.tenant.config.domains if item.out_of_hand)
    path = f"/managed.test/federationConfiguration/{identifier}"
    assert [admin.ask(method, path, {}).status_code for method in ("GET", "PATCH", "DELETE")] == [404, 404, 404]
    assert admin.create().json()["error"]["message"] == "Domain already has Federation Configuration set."
    assert admin.ask("DELETE", "/managed.test").status_code == 204
    assert admin.ask("GET", "/managed.test").status_code == 404


def test_a_domain_without_a_protocol_is_told_to_be_no_ws_trust_one(admin: Admin) -> None:
    admin.create(preferredAuthenticationProtocol=None)

    assert admin.realm()["federation_protocol"] == "SAML20"


def test_a_persons_token_with_the_scope_may_do_it_too(admin: Admin) -> None:
    scope = "https://graph.microsoft.com/Domain-InternalFederation.ReadWrite.All"
    token = asked(admin.client, "oauth2/v2.0/token", scope=scope).json()["access_token"]

    assert Admin(admin.client, admin.app, token=token).create().status_code == 201


@pytest.mark.parametrize("token", ["x", "a.b.c", claims(tid="another"), claims(exp=1), claims(scp=None, aud=None)])
def test_a_token_that_is_none_of_graphs_is_refused(token: str, admin: Admin) -> None:
    reply = Admin(admin.client, admin.app, token=token).create()

    assert (reply.status_code, reply.json()["error"]["code"]) == (401, "InvalidAuthenticationToken")


def test_domains_are_listed_with_the_default_one(admin: Admin) -> None:
    found = {item["id"]: item["isDefault"] for item in admin.ask("GET", "").json()["value"]}

    assert found == {"hybridjoin.test": False, "second.test": False, "managed.test": False, "default.test": True}


@pytest.mark.parametrize("direction", [Direction.CREATE, Direction.UPDATE, Direction.BACK])
def test_what_the_command_line_writes_is_what_graph_takes(direction: Direction, admin: Admin) -> None:
    settings = FederationSettings(
        place="x",
        domain="managed.test",
        issuer_uri="urn:it's `ours`",
        signing_certificate=CERTIFICATE,
        preferred_authentication_protocol="wsFed",
    )
    if direction is not Direction.CREATE:
        settings = replace(settings, id=admin.create().json()["id"])
    (row,) = json.loads(write_requests(settings, direction))["requests"]

    reply = admin.ask(row["method"], row["url"].removeprefix("/domains"), row["body"])

    assert reply.ok
    back = direction is Direction.BACK
    assert admin.authentication() == ("Managed" if back else "Federated")
    assert back or reply.json()["issuerUri"] == "urn:it's `ours`"


def test_a_body_of_any_size_is_answered(admin: Admin) -> None:
    reply = admin.create(displayName="x" * 70_000)

    assert reply.json()["error"]["code"] == "BadRequest"
