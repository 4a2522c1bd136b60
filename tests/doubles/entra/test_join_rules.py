"""Every rule of device registration fires on a request meant for it, over the wire."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
import requests
from hypothesis import example, given
from hypothesis import strategies as st

from hybridjoin.doubles.entra.authority import process_authority
from hybridjoin.doubles.entra.errors import JoinRefused
from hybridjoin.doubles.entra.join_rules import JOIN_RULES
from hybridjoin.doubles.entra.registration import JoinRequest, join, sync_join
from hybridjoin.doubles.entra.rule import Certainty
from tests.doubles.entra import forge
from tests.doubles.entra.bench import TENANT
from tests.doubles.entra.client import Client, blob, csr, facts, identity, join_body, sync_body
from tests.doubles.entra.conftest import Install
from tests.doubles.entra.mint import a_users_token, forged_token, minted


def bad_signature() -> str:
    der = bytearray(base64.b64decode(csr(forge.key("device"))))
    der[-1] ^= 1
    return base64.b64encode(bytes(der)).decode()


def request(data: str, kind: str = "pkcs10") -> dict[str, object]:
    return join_body(CertificateRequest={"Type": kind, "Data": data})


Sender = Callable[[Client], requests.Response]


def join_then_sync(client: Client) -> requests.Response:
    """Join a computer that Entra Connect has not seen, then try the other way in."""
    joined = client.join(minted(on_prem_id=str(forge.WS04), primary_sid=forge.WS04_SID))
    assert joined.status_code == 200
    return client.sync_join(forge.WS04)


FEDERATED: Mapping[str, Sender] = {
    "api-version-missing": lambda client: client.join(minted(), query=""),
    "token-missing": lambda client: client.join(""),
    "token-invalid": lambda client: client.join(forged_token()),
    "token-expired": lambda client: client.join(minted(age_s=4000)),
    "token-audience": lambda client: client.join(minted(tenant_id="00000000-0000-0000-0000-000000000001")),
    "token-not-a-device": lambda client: client.join(a_users_token()),
    "body-not-json": lambda client: client.join(minted(), b"<xml/>"),
    "join-type": lambda client: client.join(minted(), join_body(JoinType=0)),
    "member-missing": lambda client: client.join(minted(), join_body(OSVersion="")),
    "certificate-request": lambda client: client.join(minted(), request("AAAA")),
    "certificate-request-key": lambda client: client.join(minted(), request(csr(forge.key("big", 3072)))),
    "certificate-request-signature": lambda client: client.join(minted(), request(bad_signature())),
    "certificate-request-subject": lambda client: client.join(minted(), request(csr(forge.key("device"), name="WS01"))),
    "transport-key": lambda client: client.join(
        minted(), join_body(TransportKey=blob(forge.key("big", 3072).public_key()))
    ),
}

SYNCHRONIZED: Mapping[str, Sender] = {
    "tenant-unknown": lambda client: client.sync_join(forge.WS01, sync_body(TargetDomainId=str(forge.WS02))),
    "device-not-synced": lambda client: client.sync_join("not-even-a-guid"),
    "user-certificate-missing": join_then_sync,
    "client-identity": lambda client: client.sync_join(forge.WS01, sync_body(ClientIdentity=identity(Type="plain"))),
    "client-identity-sid": lambda client: client.sync_join(
        forge.WS01, sync_body(ClientIdentity=identity(forge.WS02_SID))
    ),
    "client-identity-signature": lambda client: client.sync_join(
        forge.WS01, sync_body(ClientIdentity=identity(signed_by="WS02"))
    ),
}


@pytest.mark.parametrize("rule_id", [*FEDERATED, *SYNCHRONIZED])
def test_a_rule_of_registration_fires_on_the_input_meant_for_it(rule_id: str, install: Install) -> None:
    client, app = install()
    rule = next(rule for rule in JOIN_RULES if rule.id == rule_id)

    reply = {**FEDERATED, **SYNCHRONIZED}[rule_id](client)

    assert app.state.audit.entries[-1].rule == rule_id
    assert (reply.status_code, reply.json()["ErrorType"]) == (rule.status, rule.error_type)


def test_every_rule_of_registration_has_a_breaking_input_and_a_source() -> None:
    ids = [rule.id for rule in JOIN_RULES]

    assert [*FEDERATED, *SYNCHRONIZED] == ids
    assert len(ids) == len(set(ids))
    assert all(rule.source and rule.trigger.endswith(".") for rule in JOIN_RULES)
    assert all(rule.reasoning for rule in JOIN_RULES if rule.certainty is Certainty.ASSUMED)


@pytest.mark.parametrize("rule_id", ["join-type", "certificate-request", "transport-key", "member-missing"])
def test_the_synchronized_join_is_checked_as_strictly(rule_id: str, install: Install) -> None:
    client, app = install()
    bodies = {
        "join-type": {**sync_body(), "JoinType": "6"},
        "certificate-request": {**sync_body(), "CertificateRequest": {"Type": "pkcs7", "Data": "AAAA"}},
        "transport-key": sync_body(TransportKey="UlNBMQ=="),
        "member-missing": {**sync_body(), "ServerAdJoinData": {**facts(), "DeviceType": None}},
    }

    client.sync_join(forge.WS01, bodies[rule_id])

    assert app.state.audit.entries[-1].rule == rule_id


TOKEN = minted()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*join_body(), *facts(), "ServerAdJoinData", "Type", "Data"]), inner, max_size=6
        )
    ),
    max_leaves=12,
)


@forge.PATIENT
@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
@example(json.dumps({**join_body(), "DeviceDisplayName": "\ud800"}).encode())
def test_whatever_is_posted_is_refused_by_a_rule_or_joins(body: bytes) -> None:
    for register in (join, sync_join):
        request = JoinRequest(body=body, api_version="2.0", authorization=f"Bearer {TOKEN}", device_id=str(forge.WS01))
        try:
            sound = register(TENANT, process_authority(), request, now=datetime.now(UTC)).device.registered
        except JoinRefused as refused:
            sound = refused.rule in JOIN_RULES
        assert sound


@forge.PATIENT
@given(st.text(max_size=80))
def test_whatever_stands_in_the_authorization_header_is_refused_by_a_rule(authorization: str) -> None:
    request = JoinRequest(body=b"{}", api_version="2.0", authorization=authorization)

    with pytest.raises(JoinRefused) as caught:
        join(TENANT, process_authority(), request, now=datetime.now(UTC))

    assert caught.value.rule.id in {"token-missing", "token-invalid"}
