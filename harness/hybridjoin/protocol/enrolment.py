"""Device registration: the join request, the synchronized join, and the replies (MS-DVRJ 2.2 and 3.1)."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from hybridjoin.errors import PeerError
from hybridjoin.model.exchange import HttpReply
from hybridjoin.protocol import device_certificate, json_text
from hybridjoin.protocol.device_certificate import Registration, certificate_problems, is_for

__all__ = [
    "CONTENT_TYPE",
    "REQUEST_SUBJECT",
    "DeviceFacts",
    "EnrolmentError",
    "JoinType",
    "Registration",
    "build_join",
    "build_sync_join",
    "certificate_problems",
    "certificate_request",
    "client_identity",
    "is_for",
    "parse_join_reply",
    "rsa_public_blob",
]

CONTENT_TYPE = "application/json"
REQUEST_SUBJECT = "7E980AD9-B86D-4306-9425-9AC066FB014A"
_REQUEST_ID_HEADERS = ("request-id", "x-ms-request-id", "client-request-id")


class JoinType(IntEnum):
    """What a device is registered as: by a person, as joined to Entra or registered alone; or by a computer, hybrid."""

    JOINED = 0
    REGISTERED = 4
    HYBRID = 6

    @property
    def word(self) -> str:
        """What scenario files and screens call it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentError:
    """The service's ErrorDetails: `error_type` as `DirectoryError`.

    `subcode` and `operation` are what newer clients print besides; empty where the service says neither.
    """

    http_status: int
    error_type: str
    message: str
    trace_id: str
    time: str
    response_date: str = ""
    request_id: str = ""
    subcode: str = ""
    operation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFacts:
    """What the device says of itself; `target_domain` is the tenant's domain (its id in a synchronized join)."""

    display_name: str
    os_version: str
    target_domain: str


def certificate_request(key: RSAPrivateKey) -> bytes:
    """Build the PKCS#10 request (DER) for the device key; its common name is fixed (MS-DVRJ 3.1.5.1.1.1)."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, REQUEST_SUBJECT)])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def rsa_public_blob(key: RSAPublicKey) -> bytes:
    """Write a public key as Windows' BCRYPT_RSAPUBLIC_BLOB: header, exponent and modulus, big-endian."""
    numbers = key.public_numbers()
    exponent = numbers.e.to_bytes((numbers.e.bit_length() + 7) // 8, "big")
    modulus = numbers.n.to_bytes((key.key_size + 7) // 8, "big")
    header = struct.pack("<4s5I", b"RSA1", key.key_size, len(exponent), len(modulus), 0, 0)
    return header + exponent + modulus


def build_join(
    *,
    key: RSAPrivateKey,
    transport_key: RSAPrivateKey,
    device: DeviceFacts,
    reuse_device: bool = True,
    join_type: JoinType = JoinType.HYBRID,
) -> bytes:
    """Build the JSON of a join by token, which goes into the Authorization header.

    Who administers the device is asked for of a join alone: one that is registered belongs to whom it did before.
    """
    attributes = _attributes(reuse_device=reuse_device)
    if join_type is JoinType.REGISTERED:
        del attributes["ReturnClientSid"]
    message = {
        "CertificateRequest": {"Type": "pkcs10", "Data": _base64(certificate_request(key))},
        **_facts(device, transport_key),
        "JoinType": join_type.value,
        "Attributes": attributes,
    }
    return json.dumps(message).encode("utf-8")


def build_sync_join(
    *,
    key: RSAPrivateKey,
    transport_key: RSAPrivateKey,
    signing_key: RSAPrivateKey,
    device: DeviceFacts,
    sid: str,
    now: datetime,
    tenant_id: str,
    domain_controller: str,
) -> bytes:
    """Build the JSON of the synchronized join; `signing_key` belongs to the certificate in userCertificate.

    The tools that talk to the service put the tenant id into TargetDomain here.
    """
    message = {
        "CertificateRequest": {"Type": "pkcs10", "Data": _base64(certificate_request(key))},
        "ServerAdJoinData": {
            **_facts(device, transport_key),
            "SourceDomainController": domain_controller,
            "TargetDomainId": tenant_id,
            "ClientIdentity": client_identity(sid=sid, now=now, signing_key=signing_key),
        },
        "JoinType": JoinType.HYBRID.value,
        "Attributes": _attributes(reuse_device=True),
    }
    return json.dumps(message).encode("utf-8")


def _facts(device: DeviceFacts, transport_key: RSAPrivateKey) -> dict[str, str]:
    return {
        "TransportKey": _base64(rsa_public_blob(transport_key.public_key())),
        "TargetDomain": device.target_domain,
        "DeviceType": "Windows",
        "OSVersion": device.os_version,
        "DeviceDisplayName": device.display_name,
    }


def client_identity(*, sid: str, now: datetime, signing_key: RSAPrivateKey) -> dict[str, str]:
    """Sign the computer's SID and the time, so that the service can check it against the synced certificate."""
    signed = f"{sid}.{now.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}"
    signature = signing_key.sign(signed.encode("utf-8"), PKCS1v15(), hashes.SHA256())
    return {"Type": "sha256signed", "Sid": signed, "SignedBlob": _base64(signature)}


def _attributes(*, reuse_device: bool) -> dict[str, str]:
    return {"ReuseDevice": "true" if reuse_device else "false", "ReturnClientSid": "true"}


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A device that is gone; `empty` says that nothing was said besides, as the specification wants it."""

    http_status: int
    response_date: str = ""
    empty: bool = True


def parse_join_reply(reply: HttpReply) -> Registration | EnrolmentError:
    """Read the certificate or the ErrorDetails.

    Raises:
        PeerError: the reply is neither.
    """
    where = f"device registration (HTTP {reply.status})"
    answer = json_text.read_object(reply.body, where=where)
    request_id = next((value for name in _REQUEST_ID_HEADERS if (value := reply.header(name))), "")
    if reply.status in {200, 201} and json_text.member(answer, "Certificate") is not None:
        return device_certificate.read_registration(
            reply.status,
            raw=json_text.text(answer, "Certificate", "RawBody"),
            thumbprint=json_text.text(answer, "Certificate", "Thumbprint"),
            user_upn=json_text.text(answer, "User", "Upn") or None,
            membership_sids=_membership_sids(answer),
            response_date=reply.header("Date") or "",
            request_id=request_id,
        )
    return _refusal(reply, answer, where=where, expected="Certificate or ErrorType")


def parse_leave_reply(reply: HttpReply) -> Removal | EnrolmentError:
    """Read what came of a removal: 200 says that the device is gone, whatever stands beside it ([MS-DVRJ] 3.1.5.1.2.2).

    Raises:
        PeerError: the reply is no removal, and names no error.
    """
    where = f"device removal (HTTP {reply.status})"
    if reply.status == 200:
        if reply.body.lstrip()[:1] not in {b"", b"{"}:
            raise PeerError("expected no body, or a JSON object, found something else", where=where)
        return Removal(http_status=reply.status, response_date=reply.header("Date") or "", empty=not reply.body)
    return _refusal(reply, json_text.read_object(reply.body, where=where), where=where, expected="ErrorType")


def _refusal(reply: HttpReply, answer: Mapping[str, Any], *, where: str, expected: str) -> EnrolmentError:
    """Read ErrorDetails; raise PeerError where there are none."""
    request_id = next((value for name in _REQUEST_ID_HEADERS if (value := reply.header(name))), "")
    details: Any = json_text.member(answer, "ErrorDetails")
    details = details if details is not None else answer
    error_type = json_text.text(details, "ErrorType") or json_text.text(details, "Code")
    if not error_type:
        found = json_text.member_names(answer)
        raise PeerError(f"expected {expected}, found {found}", where=where)
    return EnrolmentError(
        http_status=reply.status,
        error_type=error_type,
        message=json_text.text(details, "Message"),
        trace_id=json_text.text(details, "TraceId"),
        time=json_text.text(details, "Time"),
        response_date=reply.header("Date") or "",
        request_id=request_id,
        subcode=json_text.text(details, "ErrorSubCode"),
        operation=json_text.text(details, "Operation"),
    )


def _membership_sids(answer: object) -> tuple[str, ...]:
    """Collect AddSIDs; the schema shows one object, the service sends an array of them."""
    changes = json_text.member(answer, "MembershipChanges")
    found: list[str] = []
    for change in changes if isinstance(changes, list) else [changes]:
        sids = json_text.member(change, "AddSIDs")
        found += [json_text.text(sid) for sid in sids if isinstance(sid, str)] if isinstance(sids, list) else []
    return tuple(found)
