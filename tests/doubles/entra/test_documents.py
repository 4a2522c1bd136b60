"""What anybody may ask for: user realm discovery, Discover and the nonce, in every form that clients use."""

from __future__ import annotations

import base64
import json

import pytest

from tests.doubles.entra import forge
from tests.doubles.entra.conftest import Install

FEDERATED = {
    "ver": "1.0",
    "account_type": "Federated",
    "domain_name": "hybridjoin.test",
    "federation_protocol": "WSTrust",
    "federation_metadata_url": "https://sts.hybridjoin.test/wsf/mex13/4afaa6b9",
    "federation_active_auth_url": "https://sts.hybridjoin.test/wsf/sts/4afaa6b9",
    "cloud_instance_name": "microsoftonline.com",
    "cloud_audience_urn": "urn:federation:MicrosoftOnline",
}
DRS = "urn:ms-drs:enterpriseregistration.windows.net"
BASE = "https://enterpriseregistration.windows.net"
LOGIN = f"https://login.microsoftonline.com/{forge.TENANT_ID}"


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        pytest.param("/common/userrealm/WS01$@hybridjoin.test", {"api-version": "1.0"}, id="MSAL for Python and .NET"),
        pytest.param("/common/UserRealm/alice%40HybridJoin.test", {"api-version": "1.0"}, id="MSAL for Go"),
        pytest.param(
            "/common/UserRealm/",
            {
                "user": "hybridjoin.test",
                "api-version": "1.0",
                "checkForMicrosoftAccount": "false",
                "fallback_domain": "hybridjoin.test",
            },
            id="Windows",
        ),
        pytest.param("/Common/USERREALM", {"user": "HYBRIDJOIN.TEST"}, id="any case, no version"),
        pytest.param(f"/{forge.TENANT_ID}/userrealm/hybridjoin.test", {}, id="by tenant"),
    ],
)
def test_a_federated_domain_says_where_its_metadata_is(path: str, parameters: dict[str, str], install: Install) -> None:
    client, _ = install()

    reply = client.get(path, **parameters)

    assert reply.headers["content-type"].startswith("application/json")
    assert list(reply.json().items()) == list(FEDERATED.items())


def test_a_managed_domain_has_no_federation(install: Install) -> None:
    client, _ = install()

    document = client.get("/common/userrealm/", user="managed.test").json()

    assert document["account_type"] == "Managed"
    assert not [name for name in document if name.startswith("federation")]


@pytest.mark.parametrize("user", ["nobody@nowhere.test", "sub.hybridjoin.test", "", "@"])
def test_a_domain_that_nobody_verified_is_unknown(user: str, install: Install) -> None:
    client, _ = install()

    document = client.get("/common/userrealm/", user=user, **{"api-version": "1.0"}).json()

    assert document["account_type"] == "Unknown"
    assert "domain_name" not in document


def test_a_person_of_a_staged_roll_out_has_a_managed_realm_but_for_a_hint_and_the_domain_keeps_its_own(
    install: Install,
) -> None:
    client, _ = install(staged=["Carol"])

    def kind(user: str, **more: str) -> object:
        return client.get("/common/userrealm/", user=user, **more).json()["account_type"]

    assert kind("carol@hybridjoin.test") == "Managed"
    assert kind("carol@hybridjoin.test", domain_hint="hybridjoin.test") == "Federated"
    assert kind("alice@hybridjoin.test") == "Federated"
    assert kind("hybridjoin.test") == "Federated"
    assert kind("carol@nobody.test") == "Unknown"


def test_the_second_version_of_the_realm_names_things_otherwise(install: Install) -> None:
    client, _ = install()

    document = client.get("/common/userrealm/", user="alice@hybridjoin.test", **{"api-version": "2.1"}).json()

    assert document["NameSpaceType"] == "Federated"
    assert document["Login"] == "alice@hybridjoin.test"
    assert document["AuthURL"] == "https://sts.hybridjoin.test/wsf/prp/4afaa6b9"
    assert document["FederationBrandName"] == "Hybrid Join"


@pytest.mark.parametrize(
    ("login", "kind"), [("a@hybridjoin.test", "Federated"), ("a@managed.test", "Managed"), ("a@no.test", "Unknown")]
)
def test_the_oldest_form_of_the_realm_answers_too(login: str, kind: str, install: Install) -> None:
    client, _ = install()

    document = client.get("/GetUserRealm.srf", login=login).json()

    assert document["NameSpaceType"] == kind
    assert document["Login"] == login


def test_discover_lists_every_service(install: Install) -> None:
    client, _ = install()

    reply = client.get("/hybridjoin.test/Discover", **{"api-version": "1.9"})

    document = reply.json()
    assert b'"https:\\/\\/enterpriseregistration' in reply.content
    assert document["DiscoveryService"] == {
        "DiscoveryEndpoint": f"{BASE}/hybridjoin.test/Discover",
        "ServiceVersion": "1.9",
    }
    assert document["DeviceJoinService"] == {
        "JoinEndpoint": f"{BASE}/EnrollmentServer/device/",
        "JoinResourceId": DRS,
        "ServiceVersion": "2.0",
    }
    assert document["AuthenticationService"]["OAuth2"] == {
        "AuthCodeEndpoint": f"{LOGIN}/oauth2/authorize",
        "TokenEndpoint": f"{LOGIN}/oauth2/token",
    }
    assert document["TenantInfo"] == {
        "DisplayName": "Hybrid Join",
        "TenantId": forge.TENANT_ID,
        "TenantName": "hybridjoin.test",
    }
    assert list(document) == [
        "DiscoveryService", "DeviceRegistrationService", "AuthenticationService", "IdentityProviderService",
        "DeviceJoinService", "KeyProvisioningService", "WebAuthNService", "DeviceManagementService",
        "MsaProviderData", "PrecreateService", "TenantInfo", "AzureRbacService", "BPLService",
        "DeviceJoinResourceService", "NonceService",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "parameters", "federated", "passive"),
    [
        pytest.param("/hybridjoin.test/discover", {}, True, "https://sts.hybridjoin.test/wsf/prp/4afaa6b9", id="name"),
        pytest.param(
            f"/{forge.TENANT_ID}/DISCOVER", {}, True, "https://sts.hybridjoin.test/wsf/prp/4afaa6b9", id="tenant id"
        ),
        pytest.param("/managed.test/Discover", {}, False, f"{LOGIN}/wsfed", id="managed domain"),
        pytest.param("/hybridjoin.test/Discover", {"managed": "True"}, False, f"{LOGIN}/wsfed", id="asked for managed"),
    ],
)
def test_discover_says_whether_the_domain_is_federated(
    path: str, parameters: dict[str, str], federated: object, passive: str, install: Install
) -> None:
    client, _ = install()

    document = client.get(path, **parameters).json()

    assert document["IdentityProviderService"] == {"Federated": federated, "PassiveAuthEndpoint": passive}
    assert document["TenantInfo"]["TenantId"] == forge.TENANT_ID


def test_discover_does_not_know_another_tenant(install: Install) -> None:
    client, _ = install()

    reply = client.get("/contoso.test/Discover", **{"api-version": "1.7"})

    assert reply.status_code == 400
    assert reply.json()["ErrorType"] == "DirectoryError"
    assert reply.json()["Message"].startswith("AADSTS90002: Tenant 'contoso.test' not found.")


def test_the_nonce_service_answers_with_its_own_spelling(install: Install) -> None:
    client, _ = install()

    document = client.get(f"/EnrollmentServer/nonce/{forge.TENANT_ID}/", **{"api-version": "1.0"}).json()

    assert list(document) == ["ReponseStatus", "Value"]
    assert len(base64.b64decode(document["Value"])) == 32
    assert client.get("/EnrollmentServer/nonce/contoso.test/").status_code == 400


def test_other_paths_and_methods_are_refused(install: Install) -> None:
    client, app = install()

    assert client.get("/no/such/thing").status_code == 404
    wrong = client.get("/common/oauth2/token")

    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")
    assert [entry.status for entry in app.state.audit.entries] == [404, 405]


def test_a_request_without_an_id_gets_one(install: Install) -> None:
    client, _ = install()
    client.session.headers["client-request-id"] = "not a GUID\t"

    reply = client.session.post(f"{client.base}/common/oauth2/token", data="{}", timeout=20)

    assert reply.json()["correlation_id"] == reply.headers["client-request-id"] != "not a GUID"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(json.dumps({"grant_type": "x"}), "application/json", id="JSON"),
        pytest.param("&".join(f"a{number}=b" for number in range(100)), None, id="a hundred parameters"),
        pytest.param("assertion=" + "A" * 1_200_000, None, id="more than a megabyte"),
        pytest.param(b"\xff\xfe=\x00", None, id="not text"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_body_that_is_no_form_has_no_grant_type(
    body: str | bytes, content_type: str | None, install: Install
) -> None:
    client, app = install()
    headers = {"Content-Type": content_type or "application/x-www-form-urlencoded"}

    reply = client.session.post(f"{client.base}/common/oauth2/token", data=body, headers=headers, timeout=20)

    assert reply.json()["error_codes"] == [900144]
    assert app.state.audit.entries[-1].rule == "grant-type-missing"
