"""A device joins the double over TLS: federated, synchronized, and refused in every way that registration knows."""

from __future__ import annotations

import base64
import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import NameOID

from harness.doubles.entra.authority import process_authority, validity
from harness.doubles.entra.join_rules import JOIN_RULES
from harness.doubles.entra.judge import DeviceSubject, UserSubject
from harness.doubles.entra.registration import cloud_sid
from harness.doubles.entra.rule import Certainty
from harness.doubles.entra.tenant import JoinKind, SyncedUser, Tenant
from harness.doubles.entra.tokens import device_claims, sign, user_claims
from tests.doubles.entra import forge
from tests.doubles.entra.client import (
    REQUEST_ID,
    Client,
    blob,
    csr,
    extension,
    facts,
    identity,
    issued,
    join_body,
    sync_body,
)
from tests.doubles.entra.conftest import Install

SUBJECT = DeviceSubject(
    object_guid=forge.WS01, sid=forge.WS01_SID, realm=forge.ISSUER, in_corp=True, client_id="dd762716"
)


def minted(*, tenant_id: str = forge.TENANT_ID, age_s: int = 0, **claims: object) -> str:
    """Sign a device token with the server's own key, bent as asked."""
    authority = process_authority()
    made = device_claims(SUBJECT, tenant_id=tenant_id, now=datetime.now(UTC) - timedelta(seconds=age_s))
    return sign({**made, **claims}, authority.token_key, key_id=authority.token_key_id)


def a_users_token() -> str:
    authority = process_authority()
    alice = SyncedUser(
        name="alice", upn="alice@hybridjoin.test", object_guid=forge.ALICE, sid=forge.ALICE_SID, source_anchor=""
    )
    subject = UserSubject(user=alice, realm=forge.ISSUER, client_id="dd762716")
    made = user_claims(subject, tenant_id=forge.TENANT_ID, now=datetime.now(UTC))
    return sign(made, authority.token_key, key_id=authority.token_key_id)


def forged_token() -> str:
    head, payload, _ = minted().split(".")
    signature = forge.key("stranger").sign(f"{head}.{payload}".encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{head}.{payload}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def bad_signature() -> str:
    der = bytearray(base64.b64decode(csr(forge.key("device"))))
    der[-1] ^= 1
    return base64.b64encode(bytes(der)).decode()


def request(data: str, kind: str = "pkcs10") -> dict[str, object]:
    return join_body(CertificateRequest={"Type": kind, "Data": data})


def test_a_federated_join_ends_with_a_certificate_for_the_devices_key(install: Install) -> None:
    client, app = install()
    before = datetime.now(UTC).replace(microsecond=0)

    reply = client.join(client.access_token())

    assert reply.status_code == 200
    certificate = issued(reply)
    assert isinstance(certificate.public_key(), RSAPublicKey)
    assert certificate.public_key() == forge.key("device").public_key()
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert [name.value for name in names] == [str(forge.WS01)]
    assert extension(certificate, 2) == forge.WS01.bytes_le
    assert extension(certificate, 3) == forge.WS01.bytes_le
    assert extension(certificate, 5) == uuid.UUID(forge.TENANT_ID).bytes_le
    assert extension(certificate, 7) == b"1"
    assert extension(certificate, 8) == b"EU"
    start, end = validity(before)
    assert start <= certificate.not_valid_before_utc <= start + timedelta(seconds=20)
    assert end <= certificate.not_valid_after_utc <= end + timedelta(seconds=20)
    certificate.verify_directly_issued_by(process_authority().ca_certificate)
    device = app.state.tenant.device(forge.WS01)
    assert (device.joined_by, device.registered, device.trust_type) == (JoinKind.FEDERATED, True, "ServerAd")
    assert device.certificate == certificate.public_bytes(serialization.Encoding.DER)


def test_the_reply_names_the_thumbprint_and_the_administrators(install: Install) -> None:
    client, _ = install()

    reply = client.join(client.access_token())

    document = reply.json()
    assert list(document) == ["Certificate", "User", "MembershipChanges"]
    assert document["Certificate"]["Thumbprint"] == issued(reply).fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303
    assert [change["LocalSID"] for change in document["MembershipChanges"]] == ["S-1-5-32-544"]
    assert all(sid.startswith("S-1-12-1-") for sid in document["MembershipChanges"][0]["AddSIDs"])
    assert reply.headers["client-request-id"] == REQUEST_ID
    assert str(uuid.UUID(reply.headers["request-id"])) == reply.headers["request-id"]
    assert reply.headers["Date"].endswith("GMT")


def test_no_memberships_come_unless_they_are_asked_for(install: Install) -> None:
    client, _ = install()

    reply = client.join(client.access_token(), join_body(attributes=None, Attributes={"ReturnClientSid": "False"}))

    assert "MembershipChanges" not in reply.json()


def test_the_access_token_speaks_of_the_device_and_of_no_user(install: Install) -> None:
    client, _ = install()

    reply = client.token()

    document = reply.json()
    payload = document["access_token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert document["token_type"] == "Bearer"
    assert document["resource"] == "urn:ms-drs:enterpriseregistration.windows.net"
    assert int(document["expires_on"]) - int(document["not_before"]) == int(document["expires_in"]) == 3900
    assert claims["account_type"] == "DJ"
    assert claims["aud"] == "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9"
    assert claims["iss"] == f"https://sts.windows.net/{forge.TENANT_ID}/"
    assert claims["on_prem_id"] == str(forge.WS01)
    assert claims["primary_sid"] == forge.WS01_SID
    assert claims["unique_name"] == f"{forge.ISSUER}#"
    assert (claims["in_corp"], claims["amr"], claims["tid"]) == ("true", ["wia"], forge.TENANT_ID)
    assert not {"upn", "oid"} & set(claims)


def test_a_device_named_by_its_source_anchor_keeps_its_own_id(install: Install) -> None:
    client, app = install()
    by_anchor = forge.GOOD.claim(forge.OBJECT_GUID, forge.guid64(forge.WS01_CONSISTENCY))

    reply = client.join(client.access_token(by_anchor))

    assert extension(issued(reply), 2) == forge.WS01.bytes_le
    assert app.state.tenant.device(forge.WS01_CONSISTENCY) is None


def test_a_device_that_was_never_synced_joins_by_its_claims_alone(install: Install) -> None:
    client, app = install()
    unsynced = (
        forge.GOOD.claim(forge.OBJECT_GUID, forge.guid64(forge.WS04))
        .claim(forge.PRIMARY_SID, forge.WS04_SID)
        .claim(forge.IMMUTABLE_ID, forge.guid64(forge.WS04))
    )

    reply = client.join(client.access_token(unsynced))

    assert extension(issued(reply), 2) == forge.WS04.bytes_le
    assert app.state.tenant.device(forge.WS04).synced is None


def test_a_refused_assertion_comes_back_in_the_very_shape_that_windows_prints(install: Install) -> None:
    client, _ = install()

    reply = client.token(forge.GOOD.renamed(forge.ACCOUNT_TYPE, ("http://example.test", "accounttype")))

    document = reply.json()
    trace, stamp = document["trace_id"], document["timestamp"]
    words = (
        f"AADSTS51004: The user account {{EUII Hidden}} does not exist in the {forge.TENANT_ID} directory. To sign "
        f"into this application, the account must be added to the directory. Trace ID: {trace} Correlation ID: "
        f"{REQUEST_ID} Timestamp: {stamp}"
    )
    assert reply.status_code == 400
    assert reply.text == (
        f'{{"error":"invalid_grant","error_description":"{words}","error_codes":[51004],"timestamp":"{stamp}",'
        f'"trace_id":"{trace}","correlation_id":"{REQUEST_ID}",'
        '"error_uri":"https://login.microsoftonline.com/error?code=51004"}'
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ", stamp)
    assert reply.headers["request-id"] == trace


def test_a_synchronized_join_ends_with_a_certificate_too(install: Install) -> None:
    client, app = install()

    reply = client.sync_join(forge.WS01)

    assert reply.status_code == 200
    assert extension(issued(reply), 2) == forge.WS01.bytes_le
    assert reply.json()["MembershipChanges"]
    assert app.state.tenant.device(forge.WS01).joined_by is JoinKind.SYNCHRONIZED


def test_a_device_that_is_not_synced_is_not_found(install: Install) -> None:
    client, _ = install()

    reply = client.sync_join(forge.WS04)

    document = reply.json()
    assert reply.status_code == 400
    assert list(document) == ["ErrorType", "Message", "TraceId", "Time"]
    assert document["ErrorType"] == "DirectoryError"
    assert document["Message"] == f"The device object by the given id ({forge.WS04}) is not found."
    assert re.fullmatch(r"\d\d-\d\d-\d{4} \d\d:\d\d:\d\dZ", document["Time"])


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


def test_a_registration_outlives_the_computer_in_the_directory(install: Install) -> None:
    client, app = install()
    client.join(client.access_token())
    tenant = app.state.tenant
    directory = [tenant.sync()]
    emptied = Tenant(tenant.config, lambda: directory[0])
    emptied.sync()
    emptied.register(tenant.device(forge.WS01))
    directory[0] = replace(directory[0], computers=())

    emptied.sync()

    assert [(device.device_id, device.synced) for device in emptied.devices] == [(forge.WS01, None)]


def test_the_audit_names_rules_and_devices_and_holds_no_token(install: Install) -> None:
    client, app = install()
    token = client.access_token()
    client.join(token)
    client.token(forge.GOOD.claim(forge.PRIMARY_SID))

    entries = app.state.audit.entries

    assert [(entry.endpoint, entry.status) for entry in entries] == [("token", 200), ("join", 200), ("token", 400)]
    assert [entry.device_id for entry in entries] == [str(forge.WS01), str(forge.WS01), ""]
    assert (entries[2].rule, entries[2].code) == ("primarysid-missing", "AADSTS51004")
    assert entries[0].correlation_id == REQUEST_ID
    assert token not in repr(entries)


def test_a_cloud_sid_is_made_of_the_ids_little_endian_words() -> None:
    # A pair seen in public: an object id and the SID that a joined Windows shows for it.
    assert cloud_sid(uuid.UUID("73d664e4-0886-4a73-b745-c694da45ddb4")) == (
        "S-1-12-1-1943430372-1249052806-2496021943-3034400218"
    )


def test_ten_years_from_a_leap_day_is_a_day_that_exists() -> None:
    _, end = validity(datetime(2028, 2, 29, 12, tzinfo=UTC))

    assert end == datetime(2038, 2, 28, 12, tzinfo=UTC)
