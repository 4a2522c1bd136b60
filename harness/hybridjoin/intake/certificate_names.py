"""Whom a certificate names."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from cryptography import x509


def named_in(text: str) -> Iterator[str]:
    """Yield every value in subject and issuer of a certificate in base64; nothing where it is none, or is cut short."""
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode(text + "=" * (-len(text) % 4)))
        told = [str(item.value) for name in (certificate.subject, certificate.issuer) for item in name]
    except (binascii.Error, ValueError, TypeError, x509.InvalidVersion):
        return
    yield from told
