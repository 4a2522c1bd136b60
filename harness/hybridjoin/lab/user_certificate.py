"""The certificate a computer writes into its userCertificate before Entra Connect takes notice of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

YEARS_VALID = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class UserCertificate:
    """A self-signed certificate in DER and its private key in PEM."""

    certificate: bytes
    private_key: bytes


def make_user_certificate(object_guid: UUID) -> UserCertificate:
    """Make the self-signed certificate of a computer: its subject is the computer's objectGUID."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, str(object_guid))])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS_VALID))
        .sign(key, hashes.SHA256())
    )
    return UserCertificate(
        certificate=certificate.public_bytes(serialization.Encoding.DER),
        private_key=key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )
