"""The reference IdP's token-signing key: RSA as WS-Trust's world expects it, with a self-signed certificate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A key pair as PEM files, and the certificate as the DER that Entra is told."""

    private_key: Path
    certificate: Path
    certificate_der: bytes


def make_signing_key(folder: Path, host: str) -> SigningKey:
    """Make the signing key of the IdP of that name, good for years around now: no bent clock leaves its window."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Token Signing - {host}")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=365))
        .not_valid_after(now + timedelta(days=3 * 365))
        .sign(key, hashes.SHA256())
    )
    key_file, certificate_file = folder / "signing.key.pem", folder / "signing.pem"
    key_file.touch(mode=0o600)
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return SigningKey(
        private_key=key_file,
        certificate=certificate_file,
        certificate_der=certificate.public_bytes(serialization.Encoding.DER),
    )
