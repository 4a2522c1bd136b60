"""A device joins the double over TLS: federated, synchronized, and refused in every way that registration knows."""

from __future__ import annotations

import base64
import json
import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import freezegun
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import NameOID

from hybridjoin.doubles.entra.authority import process_authority, validity
from hybridjoin.doubles.entra.clock import Clock
from hybridjoin.doubles.entra.config import EntraConfig
from hybridjoin.doubles.entra.connect import data_source
from hybridjoin.doubles.entra.registration import cloud_sid
from hybridjoin.doubles.entra.tenant import Device, JoinKind, Tenant
from tests.doubles.entra import forge
from tests.doubles.entra.client import (
    REQUEST_ID,
    Client,
    extension,
    issued,
    join_body,
)
from tests.doubles.entra.conftest import Install


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
    assert list(document) == ["ErrorType", "ErrorSubCode", "Message", "TraceId", "Time"]
    assert document["ErrorSubCode"] == "error_missing_device"
    assert document["ErrorType"] == "DirectoryError"
    assert document["Message"] == f"The device object by the given id ({forge.WS04}) is not found."
    assert re.fullmatch(r"\d\d-\d\d-\d{4} \d\d:\d\d:\d\dZ", document["Time"])


def test_a_cycle_adds_deletes_and_leaves_alone_what_it_never_exported() -> None:
    config = EntraConfig.from_mapping(forge.mapping())
    everything = data_source(config)()
    directory = [everything]
    tenant = Tenant(config, lambda: directory[0])
    tenant.sync()
    tenant.register(replace(tenant.devices[0], display_name="renamed"))
    tenant.register(Device(device_id=forge.WS04, display_name="WS04", sid=forge.WS04_SID))

    directory[0] = replace(everything, computers=everything.computers[1:])
    tenant.sync()
    without = {device.display_name: device.registered for device in tenant.devices}
    directory[0] = everything
    tenant.sync()

    assert without == {"WS02": False, "WS04": True}
    assert {device.display_name for device in tenant.devices} == {"WS01", "WS02", "WS04"}


def test_a_refused_signature_leaves_the_connection_as_it_was(install: Install) -> None:
    client, _ = install()
    liar = forge.GOOD.but(signed_by="stranger")

    replies = [client.token(liar), client.token(), client.token(liar), client.token()]

    assert [reply.status_code for reply in replies] == [400, 200, 400, 200]
    assert [reply.json().get("error_codes") for reply in replies] == [[50006], None, [50006], None]


def test_devices_may_join_at_the_same_time(install: Install) -> None:
    client, app = install()
    token = client.access_token()
    crowd = [Client(client.base, Path(str(client.session.verify))) for _ in range(8)]

    with ThreadPoolExecutor(len(crowd)) as pool:
        replies = list(pool.map(lambda one: one.join(token), crowd))

    for one in crowd:
        one.session.close()
    assert [reply.status_code for reply in replies] == [200] * len(crowd)
    serials = {issued(reply).serial_number for reply in replies}
    assert len(serials) == len(crowd)
    assert len(app.state.audit.of("join")) == len(crowd)


def test_a_clock_that_is_off_is_entras_own(install: Install) -> None:
    client, app = install(clock_offset_s=-7200)

    reply = client.token()

    assert reply.json()["error_codes"] == [500133]
    assert app.state.audit.entries[-1].rule == "not-yet-valid"


def test_a_frozen_python_clock_does_not_stop_entras() -> None:
    before = time.time()
    with freezegun.freeze_time("2001-01-01"):
        found = Clock(60).now()

    assert 60 <= found.timestamp() - before < 90


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
