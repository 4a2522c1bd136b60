"""A person's token at the registration service: what it is good for, and each rule by which it is refused."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.serialization import Encoding

from hybridjoin.doubles.entra.authority import process_authority
from hybridjoin.doubles.entra.person import PERSON_RULES
from hybridjoin.doubles.entra.registration import cloud_sid
from hybridjoin.doubles.entra.resources import DRS_APPLICATION
from hybridjoin.doubles.entra.rule import Certainty
from hybridjoin.doubles.entra.tokens import sign
from tests.doubles.entra import forge
from tests.doubles.entra.client import Client, current, extension, issued, join_body
from tests.doubles.entra.conftest import Install
from tests.doubles.entra.logon_client import BROKER, JWT, SAML, nonce, opens, post, signed_request
from tests.doubles.entra.mint import minted
from tests.doubles.entra.test_rules import PERSON

ALICE = "alice@hybridjoin.test"
OBJECT_ID = "0d6f2a51-3c1e-4a77-9e59-6a3f6a0d7c11"


def persons_token(**claims: object) -> str:
    """Sign a person's token with the server's own key."""
    authority, moment = process_authority(), int(datetime.now(UTC).timestamp())
    said: dict[str, object] = {
        "aud": DRS_APPLICATION, "tid": forge.TENANT_ID, "oid": OBJECT_ID, "upn": ALICE, "nbf": moment,
        "exp": moment + 3600, **claims,
    }  # fmt: skip
    return sign(said, authority.token_key, key_id=authority.token_key_id)


def registered(client: Client, join_type: object = 0, **changes: object) -> requests.Response:
    return client.join(persons_token(), join_body(JoinType=join_type, **changes))


@pytest.mark.parametrize(("join_type", "trust_type", "kind"), [(0, "AzureAd", b"1"), (4, "Workplace", b"0")])
def test_a_person_joins_and_registers_devices_which_are_new_and_theirs(
    join_type: int, trust_type: str, kind: bytes, install: Install
) -> None:
    client, app = install()

    reply = registered(client, join_type)
    certificate = issued(reply)
    device = app.state.tenant.device(uuid.UUID(bytes_le=extension(certificate, 2)))

    assert reply.status_code == 200, reply.text
    assert reply.json()["User"] == {"Upn": ALICE}
    assert (device.trust_type, device.sid, str(device.owner_id)) == (trust_type, "", OBJECT_ID)
    assert extension(certificate, 3) == uuid.UUID(OBJECT_ID).bytes_le
    assert extension(certificate, 7) == kind


def test_who_joins_a_device_administers_it_and_who_registers_one_does_not(install: Install) -> None:
    client, _ = install()
    (changes,) = registered(client, 0).json()["MembershipChanges"]

    assert changes["LocalSID"] == "S-1-5-32-544"
    assert cloud_sid(uuid.UUID(OBJECT_ID)) in changes["AddSIDs"]
    assert "MembershipChanges" not in registered(client, 4).json()


REFUSED: Mapping[str, tuple[dict[str, Any], int]] = {
    "person-hybrid-join": ({}, 6),
    "person-may-not-join": ({"azure_ad_join": ["bob"]}, 0),
    "person-may-not-register": ({"azure_ad_registration": []}, 4),
    "person-device-quota": ({"user_device_quota": 3, "devices_already": 3}, 4),
}


@pytest.mark.parametrize("rule", PERSON_RULES, ids=lambda rule: rule.id)
def test_each_rule_fires_with_its_type_and_says_where_it_is_known_from(rule: Any, install: Install) -> None:  # noqa: ANN401
    policy, join_type = REFUSED[rule.id]
    client, app = install(device_policy=policy)

    reply = registered(client, join_type)

    assert app.state.audit.entries[-1].rule == rule.id
    assert (reply.status_code, reply.json()["ErrorType"]) == (rule.status, rule.error_type)
    assert rule.source
    assert rule.reasoning
    assert rule.certainty in Certainty


def test_rights_are_those_of_the_person_whatever_the_case_and_each_for_itself(install: Install) -> None:
    client, _ = install(device_policy={"azure_ad_join": ["Alice"], "azure_ad_registration": []})

    assert registered(client, 0).status_code == 200
    assert registered(client, 4).status_code == 400


def test_a_quota_counts_what_the_person_has_and_a_computers_own_join_is_none_of_it(install: Install) -> None:
    client, _ = install(device_policy={"user_device_quota": 2})

    assert client.join(minted()).status_code == 200
    assert [registered(client, kind).status_code for kind in (0, 4, 4)] == [200, 200, 400]
    assert client.join(minted()).status_code == 200


@pytest.mark.parametrize("join_type", [3, 8, "0", False, True, 0.0, None, [0]])
def test_what_is_no_join_type_of_a_person_is_refused_as_such(join_type: object, install: Install) -> None:
    client, app = install()

    assert registered(client, join_type).status_code == 400
    assert app.state.audit.entries[-1].rule == "join-type"


def test_a_computers_token_is_good_for_a_hybrid_join_alone(install: Install) -> None:
    client, app = install()

    assert client.join(minted(), join_body(JoinType=0)).status_code == 400
    assert app.state.audit.entries[-1].rule == "join-type"


def test_the_registered_device_gets_a_primary_refresh_token_for_its_key(install: Install) -> None:
    client, _ = install()
    shown = base64.b64encode(issued(registered(client, 0)).public_bytes(Encoding.DER)).decode()
    said = {
        "client_id": BROKER, "request_nonce": nonce(client), "scope": "openid aza ugs", "grant_type": SAML,
        "assertion": current(PERSON).encoded(),
    }  # fmt: skip
    request = signed_request({"alg": "RS256", "typ": "JWT", "x5c": shown, "kdf_ver": 2}, said)

    reply = post(client, {"grant_type": JWT, "request": request, "windows_api_version": "2.2"})

    assert reply.status_code == 200, reply.text
    assert opens(reply)


def test_a_synchronization_leaves_alone_what_people_registered(install: Install) -> None:
    client, app = install()
    registered(client, 0)
    app.state.tenant.sync()

    assert [item.trust_type for item in app.state.tenant.devices if item.registered] == ["AzureAd"]
