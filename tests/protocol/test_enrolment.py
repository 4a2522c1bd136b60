from __future__ import annotations

import base64
import json
import struct
import uuid
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from hybridjoin.errors import PeerError
from hybridjoin.model.exchange import HttpReply
from hybridjoin.protocol.enrolment import (
    DeviceFacts,
    EnrolmentError,
    Registration,
    build_join,
    build_sync_join,
    certificate_problems,
    is_for,
    parse_join_reply,
)
from tests.protocol.documents import GUID, NOW, SID, signer

TENANT = uuid.UUID("6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f")
ARC = "1.2.840.113556.1.5.284"
DEVICE = DeviceFacts(display_name="WS01", os_version="10.0.19045.4046", target_domain="hybridjoin.test")
KEY, TRANSPORT, USER_CERTIFICATE = (signer(name).key for name in ("device", "transport", "userCertificate"))


def test_the_join_request_is_what_the_protocol_says() -> None:
    message = json.loads(build_join(key=KEY, transport_key=TRANSPORT, device=DEVICE))

    request = x509.load_der_x509_csr(base64.b64decode(message["CertificateRequest"]["Data"]))
    assert message["CertificateRequest"]["Type"] == "pkcs10"
    assert request.is_signature_valid
    assert request.subject.rfc4514_string() == "CN=7E980AD9-B86D-4306-9425-9AC066FB014A"
    assert request.public_key() == KEY.public_key()
    assert message["JoinType"] == 6
    assert message["TargetDomain"] == "hybridjoin.test"
    assert message["DeviceType"] == "Windows"
    assert message["Attributes"] == {"ReuseDevice": "true", "ReturnClientSid": "true"}


def test_the_transport_key_is_a_bcrypt_blob() -> None:
    message = json.loads(build_join(key=KEY, transport_key=TRANSPORT, device=DEVICE))

    assert message["TransportKey"].startswith("UlNBMQAIAAAD")
    blob = base64.b64decode(message["TransportKey"])
    assert struct.unpack("<4s5I", blob[:24]) == (b"RSA1", 2048, 3, 256, 0, 0)
    assert blob[24:27] == b"\x01\x00\x01"
    assert int.from_bytes(blob[27:], "big") == TRANSPORT.public_key().public_numbers().n


def test_the_synchronized_join_is_signed_with_the_user_certificates_key() -> None:
    message = json.loads(
        build_sync_join(
            key=KEY,
            transport_key=TRANSPORT,
            signing_key=USER_CERTIFICATE,
            device=DEVICE,
            sid=SID,
            now=NOW,
            tenant_id=str(TENANT),
            domain_controller="dc1.hybridjoin.test",
        )
    )

    identity = message["ServerAdJoinData"]["ClientIdentity"]
    assert identity["Type"] == "sha256signed"
    assert identity["Sid"] == f"{SID}.2025-07-09 02:14:21Z"
    USER_CERTIFICATE.public_key().verify(
        base64.b64decode(identity["SignedBlob"]), identity["Sid"].encode(), PKCS1v15(), hashes.SHA256()
    )
    assert message["ServerAdJoinData"]["TargetDomainId"] == str(TENANT)
    assert message["ServerAdJoinData"]["SourceDomainController"] == "dc1.hybridjoin.test"
    assert message["JoinType"] == 6


def issue(
    *,
    key: RSAPrivateKey = KEY,
    device: uuid.UUID | None = GUID,
    tenant: uuid.UUID | None = TENANT,
    name: str = str(GUID),
    start: datetime = NOW - timedelta(minutes=30),
    wrap: bytes = b"",
) -> bytes:
    authority = signer("MS-Organization-Access")
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "MS-Organization-Access")]))
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=3650))
    )
    for number, value in ((2, device), (5, tenant)):
        if value is not None:
            oid = x509.ObjectIdentifier(f"{ARC}.{number}")
            builder = builder.add_extension(x509.UnrecognizedExtension(oid, wrap + value.bytes_le), critical=False)
    return builder.sign(authority.key, hashes.SHA256()).public_bytes(Encoding.DER)


def granted(certificate: bytes, *, thumbprint: str = "", status: int = 200) -> Registration:
    body = {
        "Certificate": {"Thumbprint": thumbprint, "RawBody": base64.b64encode(certificate).decode()},
        "User": {"Upn": "x@hybridjoin.test"},
        "MembershipChanges": [{"LocalSID": "S-1-5-32-544", "AddSIDs": ["S-1-12-1-1", "S-1-12-1-2"]}],
    }
    headers = (("date", "Wed, 09 Jul 2025 02:14:22 GMT"), ("request-id", "2b1b97b0"))
    answer = parse_join_reply(HttpReply(status=status, headers=headers, body=json.dumps(body).encode()))
    assert isinstance(answer, Registration)
    return answer


def problems(registration: Registration, *, now: datetime = NOW) -> tuple[str, ...]:
    return certificate_problems(
        registration,
        ours=is_for(registration.certificate, KEY),
        device_id=str(GUID),
        tenant_id=str(TENANT),
        now=now,
    )


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize("wrap", [b"", b"\x04\x10", b"\x04\x81\x10"])
def test_a_registration_is_read(status: int, wrap: bytes) -> None:
    registration = granted(issue(wrap=wrap), status=status)

    assert registration.device_id == str(GUID)
    assert registration.tenant_id == str(TENANT)
    assert registration.issuer == "CN=MS-Organization-Access"
    assert registration.membership_sids == ("S-1-12-1-1", "S-1-12-1-2")
    assert registration.response_date == "Wed, 09 Jul 2025 02:14:22 GMT"
    assert registration.request_id == "2b1b97b0"
    assert registration.user_upn == "x@hybridjoin.test"
    assert problems(registration) == ()


@pytest.mark.parametrize(
    ("certificate", "now", "words"),
    [
        pytest.param(issue(key=TRANSPORT), NOW, "not for the key of our request", id="another key"),
        pytest.param(issue(device=TENANT, name=str(TENANT)), NOW, f"expected device id {GUID}", id="another device"),
        pytest.param(issue(device=None, name="x"), NOW, "found x", id="no device id"),
        pytest.param(issue(name="x"), NOW, f"expected the subject CN={GUID}", id="another subject"),
        pytest.param(issue(tenant=GUID), NOW, f"expected tenant {TENANT}", id="another tenant"),
        pytest.param(issue(tenant=None), NOW, "expected the tenant id in extension", id="no tenant"),
        pytest.param(issue(), NOW - timedelta(hours=1), "expected a certificate valid at", id="not yet valid"),
        pytest.param(issue(), NOW + timedelta(days=4000), "expected a certificate valid at", id="expired"),
    ],
)
def test_a_certificate_that_is_not_ours_is_described(certificate: bytes, now: datetime, words: str) -> None:
    assert any(words in problem for problem in problems(granted(certificate), now=now))


def test_a_thumbprint_that_is_not_the_certificates_is_described() -> None:
    registration = granted(issue(), thumbprint="AB" * 20)

    assert registration.claimed_thumbprint == "AB" * 20
    assert problems(registration) == (
        f"expected the thumbprint {registration.thumbprint} in the reply, found {'AB' * 20}",
    )


@pytest.mark.parametrize("member", ["ErrorDetails", None])
def test_the_services_refusal_is_read(member: str | None) -> None:
    details = {"ErrorType": "DirectoryError", "Message": "not found", "TraceId": "t", "Time": "07-09-2025 02:14:21Z"}
    body = json.dumps({member: details} if member else details).encode()

    error = parse_join_reply(HttpReply(status=400, body=body, headers=(("Date", "d"),)))

    assert error == EnrolmentError(
        http_status=400,
        error_type="DirectoryError",
        message="not found",
        trace_id="t",
        time="07-09-2025 02:14:21Z",
        response_date="d",
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html/>", "expected JSON, found an HTML page"),
        (b"{}", "expected Certificate or ErrorType, found no members"),
        (b'{"Certificate": {"RawBody": "!"}}', "expected base64 of a certificate"),
        (b'{"Certificate": {"RawBody": "AAAA"}}', "expected a DER certificate"),
        (b'{"Certificate": 1}', "expected a DER certificate"),
    ],
)
def test_a_reply_that_is_neither_is_refused_in_words(body: bytes, words: str) -> None:
    with pytest.raises(PeerError) as caught:
        parse_join_reply(HttpReply(status=200, body=body))

    assert words in caught.value.problem


def test_the_device_key_is_compared_and_never_shown() -> None:
    public = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    assert public.hex() not in repr(granted(issue()))


def test_a_key_of_an_unknown_kind_is_not_ours() -> None:
    rsa_encryption = bytes.fromhex("06092a864886f70d010101")
    odd = issue().replace(rsa_encryption, rsa_encryption[:-1] + b"\x63")

    assert problems(granted(odd)) == ("the certificate is not for the key of our request",)
