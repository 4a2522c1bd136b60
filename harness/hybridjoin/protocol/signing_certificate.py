"""Signing certificates as a signature is judged by them: by key, and at the token's own time."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def load_certificates(certificates: Iterable[bytes]) -> Iterator[x509.Certificate]:
    """Load DER certificates, passing over what is none, or has no readable key or period."""
    for der in certificates:
        try:
            certificate = x509.load_der_x509_certificate(der)
            certificate.public_key()
            certificate.not_valid_after_utc  # noqa: B018 a certificate whose period cannot be read is none
        except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion):
            continue
        yield certificate


def public_key(certificate: x509.Certificate) -> bytes:
    """Return the key as SubjectPublicKeyInfo, by which certificates are compared."""
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def key_digest(key: bytes) -> str:
    """Return the SHA-256 (hex) of a SubjectPublicKeyInfo, empty without one."""
    return hashlib.sha256(key).hexdigest() if key else ""


def key_digests(certificates: Iterable[bytes]) -> frozenset[str]:
    """Return the digests of the keys of DER certificates."""
    return frozenset(key_digest(public_key(item)) for item in load_certificates(certificates))


def public_key_of_pem(pem: bytes) -> bytes:
    """Return the SubjectPublicKeyInfo in a PEM block."""
    body = b"".join(line for line in pem.splitlines() if not line.startswith(b"-----"))
    return base64.b64decode(body)


def within_period(certificate: x509.Certificate | None, moment: datetime | None) -> datetime | None:
    """Bring the moment inside the certificate's period: the period is a finding of its own."""
    if certificate is None:
        return None
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return min(max(moment or start, start), end)


def thumbprint(certificate: x509.Certificate | None) -> str:
    """Return the SHA-1 fingerprint that Windows shows, empty without a certificate."""
    if certificate is None:
        return ""
    return certificate.fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303 thumbprints are SHA-1 by name


def outside_period(certificate: x509.Certificate | None, issued_at: datetime | None) -> bool | None:
    """Say whether the certificate was out of its period; None where there is nothing to judge by."""
    if certificate is None or issued_at is None:
        return None
    return not certificate.not_valid_before_utc <= issued_at <= certificate.not_valid_after_utc


def rsa_bits(certificate: x509.Certificate | None) -> int | None:
    """Return the size of an RSA key; None for another kind or no certificate."""
    key = None if certificate is None else certificate.public_key()
    return key.key_size if isinstance(key, RSAPublicKey) else None


def subject(certificate: x509.Certificate | None) -> str:
    """Return the subject as RFC 4514 writes it, empty where it cannot be read."""
    if certificate is None:
        return ""
    try:
        return certificate.subject.rfc4514_string()
    except (ValueError, TypeError):
        return ""
