from __future__ import annotations

import json
from typing import Any

import pytest

from hybridjoin.errors import PeerError
from hybridjoin.protocol.discovery import Service, parse_discovery
from hybridjoin.protocol.realm import parse_realm
from hybridjoin.protocol.scp import Scp, parse_scp

TENANT = "6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f"
BASE = "https://enterpriseregistration.windows.net"
REALM = {
    "ver": "1.0",
    "account_type": "Federated",
    "domain_name": "hybridjoin.test",
    "federation_protocol": "WSTrust",
    "federation_metadata_url": "https://sts.hybridjoin.test/wsf/mex13/app",
    "federation_active_auth_url": "https://sts.hybridjoin.test/wsf/sts/app",
    "cloud_instance_name": "microsoftonline.com",
    "cloud_audience_urn": "urn:federation:MicrosoftOnline",
}
DISCOVERY: dict[str, Any] = {
    "AuthenticationService": {"OAuth2": {"AuthCodeEndpoint": "https://login/a", "TokenEndpoint": "https://login/t"}},
    "IdentityProviderService": {"Federated": True, "PassiveAuthEndpoint": "https://login/p"},
    "DeviceJoinService": {
        "JoinEndpoint": f"{BASE}/EnrollmentServer/device/",
        "JoinResourceId": "urn:ms-drs:enterpriseregistration.windows.net",
        "ServiceVersion": "2.0",
    },
    "KeyProvisioningService": {"KeyProvisionEndpoint": f"{BASE}/EnrollmentServer/key/", "ServiceVersion": "1.0"},
    "TenantInfo": {"TenantId": TENANT, "TenantName": "hybridjoin.test"},
}


@pytest.mark.parametrize(
    "keywords",
    [
        ["azureADName:hybridjoin.test", f"azureADId:{TENANT}"],
        [f"azureADid:{TENANT}", "AZUREADNAME: hybridjoin.test ", "enterpriseDrsName:x", ""],
        ["azureADName:hybridjoin.test", "azureADName:hybridjoin.test", f"azureADId:{TENANT}"],
    ],
)
def test_keywords_are_read_in_any_case_and_order(keywords: list[str]) -> None:
    assert parse_scp(keywords) == Scp(tenant_name="hybridjoin.test", tenant_id=TENANT)


@pytest.mark.parametrize(
    ("keywords", "words"),
    [
        ([], "expected one azureADName:… among the keywords, found 0 among 0 keywords"),
        (["azureADName:a.test"], "expected one azureADId:…"),
        (["azureADName:", f"azureADId:{TENANT}"], "expected one azureADName:…"),
        (["azureADName:a.test", "azureADName:b.test", f"azureADId:{TENANT}"], "found 2 among 3 keywords"),
    ],
)
def test_a_missing_or_doubled_keyword_is_refused_in_words(keywords: list[str], words: str) -> None:
    with pytest.raises(PeerError) as caught:
        parse_scp(keywords)

    assert words in caught.value.problem


def test_a_realm_is_read() -> None:
    realm = parse_realm(json.dumps(REALM).encode())

    assert realm.federated
    assert realm.metadata_url == REALM["federation_metadata_url"]
    assert realm.cloud_audience_urn == "urn:federation:MicrosoftOnline"


def test_a_managed_realm_lacks_the_federation_members() -> None:
    realm = parse_realm(b'{"account_type": "Managed", "domain_name": "x.test"}')

    assert not realm.federated
    assert realm.metadata_url == ""


def test_discovery_is_read_whatever_the_case_of_its_members() -> None:
    body = json.dumps(DISCOVERY).replace("JoinEndpoint", "joinEndpoint").encode("utf-8-sig")

    document = parse_discovery(body)

    assert document.tenant_id == TENANT
    assert document.join == Service(
        endpoint=f"{BASE}/EnrollmentServer/device/",
        resource_id="urn:ms-drs:enterpriseregistration.windows.net",
        version="2.0",
    )
    assert document.key is not None
    assert document.key.resource_id == ""
    assert document.webauthn is None
    assert document.management is None
    assert document.federated is True
    assert document.auth_code_endpoint == "https://login/a"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "expected JSON, found an empty body"),
        (b"<html>proxy</html>", "expected JSON, found an HTML page"),
        (b"<a/>", "expected JSON, found XML"),
        (b"[1]", "expected a JSON object, found a list"),
        (b"[" * 100_000, "expected JSON"),
        (b"{}", "found no members"),
        (b'{"error": "x"}', "found error"),
        (b'{"a": "' + b"x" * 1_100_000 + b'"}', "at most 1048576 bytes of JSON"),
    ],
)
def test_other_documents_are_refused_in_words(body: bytes, words: str) -> None:
    for reader in (parse_realm, parse_discovery):
        with pytest.raises(PeerError) as caught:
            reader(body)
        assert words in caught.value.problem


def test_a_lone_surrogate_becomes_something_that_can_be_written() -> None:
    realm = parse_realm(b'{"account_type": "Managed", "domain_name": "x\\ud800y"}')

    assert realm.domain_name.encode("utf-8").decode() == "x\ufffdy"
