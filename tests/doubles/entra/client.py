"""A device's side of the conversation, told with requests: real keys, real TLS."""

from __future__ import annotations

import base64
import json
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.x509.oid import NameOID

from tests.doubles.entra import forge

REQUEST_ID = "7b690c51-7ff3-4900-8875-18a409e1053e"
GRANT = {
    "grant_type": "urn:ietf:params:oauth:grant-type:saml1_1-bearer",
    "client_id": "dd762716-544d-4aeb-a526-687b73838a22",
    "resource": "urn:ms-drs:enterpriseregistration.windows.net",
    "scope": "openid",
}


def current(forgery: forge.Forgery) -> forge.Forgery:
    """Make an assertion valid now, for the server's clock is the machine's."""
    now = datetime.now(UTC)
    return forgery.but(
        issue_instant=f"{now:%Y-%m-%dT%H:%M:%SZ}",
        not_before=f"{now - timedelta(seconds=2):%Y-%m-%dT%H:%M:%SZ}",
        not_on_or_after=f"{now + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
    )


def csr(key: RSAPrivateKey, *, name: str = "7E980AD9-B86D-4306-9425-9AC066FB014A", sha512: bool = False) -> str:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    algorithm = hashes.SHA512() if sha512 else hashes.SHA256()
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, algorithm)
    return base64.b64encode(request.public_bytes(serialization.Encoding.DER)).decode()


def blob(key: RSAPublicKey) -> str:
    numbers = key.public_numbers()
    modulus = numbers.n.to_bytes(key.key_size // 8, "big")
    header = struct.pack("<4s5L", b"RSA1", key.key_size, 3, len(modulus), 0, 0)
    return base64.b64encode(header + numbers.e.to_bytes(3, "big") + modulus).decode()


def facts(**changes: object) -> dict[str, object]:
    return {
        "TransportKey": blob(forge.key("transport").public_key()),
        "TargetDomain": "hybridjoin.test",
        "DeviceType": "Windows",
        "OSVersion": "10.0.19045.4046",
        "DeviceDisplayName": "WS01",
        **changes,
    }


def join_body(**changes: object) -> dict[str, object]:
    return {
        "CertificateRequest": {"Type": "pkcs10", "Data": csr(forge.key("device"))},
        **facts(),
        "JoinType": 6,
        "Attributes": {"ReuseDevice": "true", "ReturnClientSid": "true"},
        **changes,
    }


def identity(sid: str = forge.WS01_SID, signed_by: str = "WS01", **changes: object) -> dict[str, object]:
    text = f"{sid}.2026-03-14 12:00:00Z"
    signature = forge.key(signed_by).sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return {"Type": "sha256signed", "Sid": text, "SignedBlob": base64.b64encode(signature).decode(), **changes}


def sync_body(**changes: object) -> dict[str, object]:
    inside = facts(TargetDomain=forge.TENANT_ID, TargetDomainId=forge.TENANT_ID, ClientIdentity=identity())
    return {
        "CertificateRequest": {"Type": "pkcs10", "Data": csr(forge.key("device"))},
        "ServerAdJoinData": {**inside, **changes},
        "JoinType": 6,
        "attributes": {"ReuseDevice": "true", "ReturnClientSid": "true"},
    }


class Client:
    """Requests against the running double, verified TLS throughout."""

    def __init__(self, base: str, ca_file: Path) -> None:
        self.base = base
        self.session = requests.Session()
        self.session.verify = str(ca_file)
        self.session.trust_env = False
        self.session.headers["client-request-id"] = REQUEST_ID

    def get(self, path: str, **parameters: str) -> requests.Response:
        return self.session.get(self.base + path, params=parameters, timeout=20)

    def token(self, forgery: forge.Forgery = forge.GOOD, *, tenant: str = "common") -> requests.Response:
        form = {**GRANT, "assertion": current(forgery).encoded()}
        return self.session.post(f"{self.base}/{tenant}/oauth2/token", data=form, timeout=20)

    def access_token(self, forgery: forge.Forgery = forge.GOOD) -> str:
        reply = self.token(forgery)
        assert reply.status_code == 200, reply.text
        return str(reply.json()["access_token"])

    def join(self, token: str, body: object = None, *, query: str = "?api-version=2.0") -> requests.Response:
        return self.session.post(
            f"{self.base}/EnrollmentServer/device/{query}",
            data=body if isinstance(body, bytes) else json.dumps(body or join_body()).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            timeout=20,
        )

    def sync_join(self, device_id: object, body: object = None) -> requests.Response:
        return self.session.put(
            f"{self.base}/EnrollmentServer/device/{device_id}?api-version=2.0",
            json=body or sync_body(),
            timeout=20,
        )


def issued(reply: requests.Response) -> x509.Certificate:
    return x509.load_der_x509_certificate(base64.b64decode(reply.json()["Certificate"]["RawBody"]))


def extension(certificate: x509.Certificate, number: int) -> bytes:
    """Return what the OCTET STRING of a device extension holds (MS-DVRJ 4.1: tag, long length, octets)."""
    oid = x509.ObjectIdentifier(f"1.2.840.113556.1.5.284.{number}")
    value = certificate.extensions.get_extension_for_oid(oid).value
    assert isinstance(value, x509.UnrecognizedExtension)
    assert value.value[:2] == b"\x04\x81"
    assert value.value[2] == len(value.value) - 3
    return value.value[3:]
