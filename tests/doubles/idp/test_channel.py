"""What a certificate's TLS channel is called (RFC 5929, 4.1), for each kind of signature it may have."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding

from hybridjoin.device.adapters.negotiate_auth import end_point as of_the_device
from hybridjoin.doubles.idp.channel import end_point, expected_channel

Hash = hashes.SHA256 | hashes.SHA384 | hashes.SHA512
NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sts.example")])


def certificate(algorithm: Hash | None) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1()) if algorithm else ed25519.Ed25519PrivateKey.generate()
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(NAME, NAME, key.public_key(), 1, now, now + timedelta(days=1))
    return builder.sign(key, algorithm)


@pytest.mark.parametrize(
    ("algorithm", "digest"),
    [(hashes.SHA256(), "sha256"), (hashes.SHA384(), "sha384"), (hashes.SHA512(), "sha512"), (None, "sha256")],
    ids=["SHA-256", "SHA-384", "SHA-512", "Ed25519"],
)
def test_the_end_point_is_the_certificates_hash_by_its_own_signature(algorithm: Hash | None, digest: str) -> None:
    made = certificate(algorithm)
    der = made.public_bytes(Encoding.DER)

    found = end_point(made.public_bytes(Encoding.PEM).decode())

    assert found == b"tls-server-end-point:" + hashlib.new(digest, der).digest()
    assert found == of_the_device(der), "two independent readings of one specification"


def test_without_a_certificate_nobody_looks() -> None:
    assert expected_channel({}, ()) is None
