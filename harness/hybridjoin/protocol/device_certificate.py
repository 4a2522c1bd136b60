"""The device certificate that registration issues, and what can be wrong with it."""

from __future__ import annotations

import base64
import binascii
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from hybridjoin.errors import PeerError

_ARC = "1.2.840.113556.1.5.284"
DEVICE_ID_OID = f"{_ARC}.2"
TENANT_ID_OID = f"{_ARC}.5"
_OCTET_STRING_OF_16 = (b"\x04\x10", b"\x04\x81\x10")
_UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What the service issued; `certificate` is DER, `membership_sids` what ReturnClientSid brought.

    `claimed_thumbprint` is the one the service's JSON names, `thumbprint` the certificate's own SHA-1.
    """

    http_status: int
    certificate: bytes = field(repr=False)
    thumbprint: str
    device_id: str
    tenant_id: str | None
    issuer: str
    not_before: datetime
    not_after: datetime
    user_upn: str | None
    membership_sids: tuple[str, ...]
    response_date: str
    request_id: str
    claimed_thumbprint: str = ""
    subject: str = ""


def read_registration(
    http_status: int,
    *,
    raw: str,
    thumbprint: str,
    user_upn: str | None,
    membership_sids: tuple[str, ...],
    response_date: str,
    request_id: str,
) -> Registration:
    """Read the issued certificate (base64 of DER).

    Raises:
        PeerError: it is not one.
    """
    where = f"device registration (HTTP {http_status}), Certificate.RawBody"
    try:
        der = base64.b64decode(raw, validate=True)
    except (binascii.Error, ValueError) as error:
        raise PeerError(f"expected base64 of a certificate, found other text: {error}", where=where) from error
    try:
        certificate = x509.load_der_x509_certificate(der)
        return Registration(
            http_status=http_status,
            certificate=der,
            thumbprint=certificate.fingerprint(hashes.SHA1()).hex().upper(),  # noqa: S303 Windows' thumbprint is SHA-1
            device_id=_guid_extension(certificate, DEVICE_ID_OID) or _common_name(certificate),
            tenant_id=_guid_extension(certificate, TENANT_ID_OID),
            issuer=certificate.issuer.rfc4514_string(),
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
            user_upn=user_upn,
            membership_sids=membership_sids,
            response_date=response_date,
            request_id=request_id,
            claimed_thumbprint=thumbprint,
            subject=_common_name(certificate),
        )
    except _UNREADABLE as error:
        raise PeerError(f"expected a DER certificate, found octets that are none: {error}", where=where) from error


def _common_name(certificate: x509.Certificate) -> str:
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def _guid_extension(certificate: x509.Certificate, oid: str) -> str | None:
    """Read a GUID extension: 16 octets in the directory's order, bare or as an octet string.

    MS-DVRJ's example writes the octet string's length in two bytes, which BER allows and DER does not.
    """
    try:
        extension = certificate.extensions.get_extension_for_oid(x509.ObjectIdentifier(oid))
    except x509.ExtensionNotFound:
        return None
    value = extension.value
    raw = value.value if isinstance(value, x509.UnrecognizedExtension) else b""
    head = next((head for head in _OCTET_STRING_OF_16 if raw.startswith(head) and len(raw) == len(head) + 16), b"")
    raw = raw[len(head) :]
    return str(uuid.UUID(bytes_le=raw)) if len(raw) == 16 else None


def is_for(certificate: bytes, key: RSAPrivateKey) -> bool:
    """Say whether a certificate (DER) is for a key."""
    ours = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return _public_key(x509.load_der_x509_certificate(certificate)) == ours


def certificate_problems(
    registration: Registration, *, ours: bool, device_id: str, tenant_id: str, now: datetime
) -> tuple[str, ...]:
    """Say what is wrong with the issued certificate, one sentence each; nothing when it is as it should be.

    `ours` says that the certificate is for the key of our request, as `is_for` tells.
    """
    problems = []
    if not ours:
        problems.append("the certificate is not for the key of our request")
    if not _same(registration.device_id, device_id):
        problems.append(f"expected device id {device_id}, found {registration.device_id or 'none'}")
    if not _same(registration.subject, registration.device_id):
        problems.append(f"expected the subject CN={registration.device_id}, found CN={registration.subject}")
    if registration.tenant_id is not None and not _same(registration.tenant_id, tenant_id):
        problems.append(f"expected tenant {tenant_id}, found {registration.tenant_id}")
    if registration.tenant_id is None:
        problems.append(f"expected the tenant id in extension {TENANT_ID_OID}, found none")
    if not registration.not_before <= now <= registration.not_after:
        problems.append(
            f"expected a certificate valid at {now:%Y-%m-%d %H:%M:%S}Z, found "
            f"{registration.not_before:%Y-%m-%d %H:%M:%S}Z to {registration.not_after:%Y-%m-%d %H:%M:%S}Z"
        )
    if registration.claimed_thumbprint and not _same(registration.claimed_thumbprint, registration.thumbprint):
        problems.append(
            f"expected the thumbprint {registration.thumbprint} in the reply, found {registration.claimed_thumbprint}"
        )
    return tuple(problems)


def _public_key(certificate: x509.Certificate) -> bytes:
    try:
        return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except _UNREADABLE:
        return b""


def _same(one: str, other: str) -> bool:
    return one.strip().lower() == other.strip().lower()
