"""The double's own keys: the certificate authority of device certificates and the key of access tokens."""

from __future__ import annotations

import base64
import functools
import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hybridjoin.doubles.entra.clock import Clock

DEVICE_OIDS = "1.2.840.113556.1.5.284"
REGION = b"EU"
REGISTERED, JOINED = b"0", b"1"
BACKDATED = timedelta(minutes=30)
YEARS = 10


@dataclass(frozen=True, kw_only=True)
class Authority:
    """One server's keys: the CA "MS-Organization-Access" and the token signing key."""

    ca_key: RSAPrivateKey
    ca_certificate: x509.Certificate
    token_key: RSAPrivateKey

    @property
    def ca_pem(self) -> str:
        """The certificate authority's own certificate."""
        return self.ca_certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")

    @functools.cached_property
    def token_key_id(self) -> str:
        """The key id that access tokens name: the SHA-1 of its certificate, as JWK's `x5t` is too (RFC 7517, 4.8)."""
        digest = hashlib.sha1(base64.b64decode(self.token_certificate), usedforsecurity=False).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")

    @functools.cached_property
    def token_certificate(self) -> str:
        """A self-signed certificate of the token signing key, as base64 of its DER: the `x5c` of its JWK.

        It is the same at each making: two threads that ask at once get one certificate, and one key id.
        """
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "accounts.accesscontrol.windows.net")])
        start = self.ca_certificate.not_valid_before_utc
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.token_key.public_key())
            .serial_number(self.ca_certificate.serial_number)
            .not_valid_before(start)
            .not_valid_after(start + timedelta(days=365 * 5))
            .sign(self.token_key, hashes.SHA256())
        )
        return base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode("ascii")


@functools.cache
def process_authority() -> Authority:
    """Make the keys at first use and keep them as long as the process: two RSA keys for each scenario cost too much."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    now = Clock().now()
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.DOMAIN_COMPONENT, "net"),
            x509.NameAttribute(NameOID.DOMAIN_COMPONENT, "windows"),
            x509.NameAttribute(NameOID.COMMON_NAME, "MS-Organization-Access"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, str(uuid.uuid4())),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=366 * (YEARS + 1)))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Authority(
        ca_key=key,
        ca_certificate=certificate,
        token_key=rsa.generate_private_key(public_exponent=65537, key_size=2048),
    )


def issue(
    authority: Authority,
    public_key: RSAPublicKey,
    *,
    device_id: uuid.UUID,
    owner_id: uuid.UUID,
    tenant_id: uuid.UUID,
    not_before: datetime,
    not_after: datetime,
    joined: bool = True,
) -> bytes:
    """Issue a device certificate (DER) shaped as in MS-DVRJ 4.1 with Entra's additional extensions.

    `joined` is false for a device that is registered alone.
    """
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, str(device_id))]))
        .issuer_name(authority.ca_certificate.subject)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=True)
    )
    kind = JOINED if joined else REGISTERED
    contents = {2: device_id.bytes_le, 3: owner_id.bytes_le, 5: tenant_id.bytes_le, 7: kind, 8: REGION}
    for number, content in contents.items():
        oid = x509.ObjectIdentifier(f"{DEVICE_OIDS}.{number}")
        builder = builder.add_extension(x509.UnrecognizedExtension(oid, _octets(content)), critical=False)
    return builder.sign(authority.ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def validity(now: datetime) -> tuple[datetime, datetime]:
    """Return a device certificate's validity: from half an hour ago to this day in ten years."""
    try:
        end = now.replace(year=now.year + YEARS)
    except ValueError:  # the 29th of February
        end = now.replace(year=now.year + YEARS, day=28)
    return now - BACKDATED, end


def _octets(content: bytes) -> bytes:
    """Wrap a value as MS-DVRJ's example has it: an OCTET STRING with its length in two bytes."""
    return bytes((0x04, 0x81, len(content))) + content
