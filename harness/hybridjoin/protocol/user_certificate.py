"""The certificate of a computer's own making, by which Entra knows it before it is registered (userCertificate)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from hybridjoin.errors import PeerError

VALID_FOR = timedelta(days=3652)
BEGUN_BEFORE = timedelta(days=1)
_UNREADABLE = (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCertificate:
    """What a value of userCertificate says; `self_issued` says that the issuer is the subject.

    `key_bits` is None where the key is not RSA.
    """

    der: bytes = field(repr=False)
    common_name: str
    self_issued: bool
    key_bits: int | None
    not_before: datetime
    not_after: datetime

    def valid_at(self, at: datetime) -> bool:
        """Whether a moment is in its period."""
        return self.not_before <= at <= self.not_after


def make_user_certificate(key: RSAPrivateKey, object_guid: uuid.UUID, *, now: datetime, serial: uuid.UUID) -> bytes:
    """Make the self-signed certificate (DER) whose subject is the computer's objectGUID."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, str(object_guid))])
    start = now.astimezone(UTC).replace(microsecond=0) - BEGUN_BEFORE
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(serial.int)
        .not_valid_before(start)
        .not_valid_after(start + VALID_FOR)
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def read_user_certificate(der: bytes) -> OwnCertificate:
    """Read a value of userCertificate.

    Raises:
        PeerError: it is no certificate.
    """
    try:
        certificate = x509.load_der_x509_certificate(der)
        key = certificate.public_key()
        names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return OwnCertificate(
            der=der,
            common_name=str(names[0].value) if names else "",
            self_issued=certificate.issuer == certificate.subject,
            key_bits=key.key_size if isinstance(key, RSAPublicKey) else None,
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
        )
    except _UNREADABLE as error:
        problem = f"expected an X.509 certificate, found something else: {type(error).__name__}"
        raise PeerError(problem, where="userCertificate") from error
