"""A signing certificate as settings carry it: base64 DER in a text, which may also be anything else."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from hybridjoin.protocol.signing_certificate import public_key, rsa_bits, subject, thumbprint

_BEGIN, _END = "-----BEGINCERTIFICATE-----", "-----ENDCERTIFICATE-----"
_UNREADABLE = (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateReading:
    """What a text holds; `key` is the SubjectPublicKeyInfo by which signing keys are compared, `bits` an RSA key's."""

    der: bytes
    key: bytes
    bits: int | None
    thumbprint: str
    subject: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoCertificate:
    """Why a text is no certificate; `found` says what it is instead."""

    found: str


def read_certificate(text: str) -> CertificateReading | NoCertificate:
    """Read base64 of a DER certificate, with or without PEM's two lines around it."""
    plain = "".join(text.split()).removeprefix(_BEGIN).removesuffix(_END)
    if plain.endswith(("...", "…")):
        return NoCertificate(found=f"a value cut short after {len(plain.rstrip('.…'))} characters")
    if "PRIVATEKEY" in plain:
        return NoCertificate(found="a private key, which belongs nowhere but in the IdP: replace it now")
    try:
        der = base64.b64decode(plain, validate=True)
    except (binascii.Error, ValueError):
        return NoCertificate(found=f"{len(plain)} characters that are no base64")
    try:
        certificate = x509.load_der_x509_certificate(der)
        return CertificateReading(
            der=der,
            key=public_key(certificate),
            bits=rsa_bits(certificate) if isinstance(certificate.public_key(), RSAPublicKey) else None,
            thumbprint=thumbprint(certificate),
            subject=subject(certificate),
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
        )
    except _UNREADABLE:
        return NoCertificate(found=f"{len(der)} bytes that are no X.509 certificate")
