"""The throw-away keys that the vectors are signed with: made for this, published with them, good for nothing else."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

FOLDER = Path(__file__).parent / "data" / "keys"
TRUSTED = "signing"
AGAIN = "signing-again"
STRANGER = "stranger"
LOOKALIKE = "lookalike"
STRANGER_EC = "stranger-ec"


@cache
def certificate(name: str) -> x509.Certificate:
    """Return a certificate: the trusted one, another one of its key, a stranger's, or one that bears its names."""
    return x509.load_pem_x509_certificate((FOLDER / f"{name}.pem").read_bytes())


def der(name: str) -> bytes:
    """Return a certificate as DER."""
    return certificate(name).public_bytes(serialization.Encoding.DER)


def base64_der(name: str) -> str:
    """Return a certificate as KeyInfo holds it: base64 of its DER in one line."""
    return base64.b64encode(der(name)).decode("ascii")


def pem(name: str) -> str:
    """Return a certificate as PEM."""
    return (FOLDER / f"{name}.pem").read_text("ascii")


def private_pem(name: str) -> str:
    """Return a private key as PEM."""
    return (FOLDER / f"{name}.key.pem").read_text("ascii")


@cache
def private(name: str) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    """Return a private key.

    Raises:
        TypeError: The file holds a key of another kind.
    """
    key = serialization.load_pem_private_key(private_pem(name).encode("ascii"), password=None)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise TypeError(f"{name}.key.pem: expected an RSA or EC key, found {type(key).__name__}")
    return key


def public_der(name: str) -> bytes:
    """Return a certificate's SubjectPublicKeyInfo as DER."""
    return (
        certificate(name)
        .public_key()
        .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def rsa_numbers(name: str) -> tuple[str, str]:
    """Return modulus and exponent as RSAKeyValue holds them.

    Raises:
        TypeError: The certificate's key is not RSA.
    """
    key = certificate(name).public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise TypeError(f"{name}.pem: expected an RSA key, found {type(key).__name__}")
    numbers = key.public_numbers()
    octets = (item.to_bytes((item.bit_length() + 7) // 8, "big") for item in (numbers.n, numbers.e))
    modulus, exponent = (base64.b64encode(item).decode("ascii") for item in octets)
    return modulus, exponent
