"""Keys that sign evidence: one of the user's, or a pair made once and kept where only the user reads it.

Signatures can be checked without this program: Ed25519 with `openssl pkeyutl -rawin`, RSA (PKCS #1 v1.5) and EC (DER)
with `openssl dgst -sha256`.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from hybridjoin.errors import LabError, Mistake, UsageError
from hybridjoin.given import read_given

CONFIG_VARIABLE = "HYBRIDJOIN_CONFIG"
PASSPHRASE_VARIABLE = "HYBRIDJOIN_KEY_PASSPHRASE"
KEY_FILE = "evidence-key.pem"
LEAST_RSA_BITS = 2048
LIMIT_BYTES = 64 * 1024
"""What a key in PEM is never longer than."""
ALGORITHMS = ("Ed25519", "RSA-PKCS1v15-SHA256", "ECDSA-SHA256")

PrivateKey = ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey = ed25519.Ed25519PublicKey | rsa.RSAPublicKey | ec.EllipticCurvePublicKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A private key that may sign; `made` says that it was made just now."""

    key: PrivateKey
    path: Path
    made: bool = False

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return self.key.public_key()

    def sign(self, message: bytes) -> bytes:
        """Return the signature."""
        match self.key:
            case ed25519.Ed25519PrivateKey():
                return self.key.sign(message)
            case rsa.RSAPrivateKey():
                return self.key.sign(message, padding.PKCS1v15(), hashes.SHA256())
            case _:
                return self.key.sign(message, ec.ECDSA(hashes.SHA256()))


def signature_holds(key: PublicKey, signature: bytes, message: bytes) -> bool:
    """Tell whether a signature is the key's over the message."""
    try:
        match key:
            case ed25519.Ed25519PublicKey():
                key.verify(signature, message)
            case rsa.RSAPublicKey():
                key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
            case _:
                key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def algorithm(key: PublicKey) -> str:
    """Name how a key signs."""
    match key:
        case ed25519.Ed25519PublicKey():
            return ALGORITHMS[0]
        case rsa.RSAPublicKey():
            return ALGORITHMS[1]
        case _:
            return ALGORITHMS[2]


def public_pem(key: PublicKey) -> bytes:
    """Write a public key (SubjectPublicKeyInfo, PEM)."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: PublicKey) -> str:
    """Return the SHA-256 of the key's SubjectPublicKeyInfo (DER) in hex."""
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def load_public(pem: bytes, *, place: str) -> PublicKey:
    """Read a public key.

    Raises:
        UsageError: it is none that signs evidence.
    """
    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        hint = "openssl pkey -in KEY -pubout writes one"
        raise UsageError(Mistake(place=place, problem="expected a public key in PEM, found none", hint=hint)) from error
    if isinstance(key, PublicKey):
        _refuse_weak(key, place)
        return key
    raise UsageError(Mistake(place=place, problem="expected an Ed25519, RSA or EC key, found another kind"))


def load_signer(path: Path) -> Signer:
    """Read the user's private key; an encrypted one is opened with HYBRIDJOIN_KEY_PASSPHRASE.

    Raises:
        UsageError: the file is no key that signs, or its passphrase is wrong.
    """
    pem = read_given(path, limit_bytes=LIMIT_BYTES)
    words = os.environ.get(PASSPHRASE_VARIABLE)
    try:
        key = serialization.load_pem_private_key(pem, words.encode() if words and b"ENCRYPTED" in pem else None)
    except TypeError as error:
        problem, hint = "the key is encrypted", f"set {PASSPHRASE_VARIABLE}"
        raise UsageError(Mistake(place=str(path), problem=problem, hint=hint)) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        problem = "expected a private key in PEM, found none that can be read"
        hint = f"is {PASSPHRASE_VARIABLE} the right one?" if words else "openssl genpkey -algorithm ed25519 makes one"
        raise UsageError(Mistake(place=str(path), problem=problem, hint=hint)) from error
    if not isinstance(key, PrivateKey):
        raise UsageError(Mistake(place=str(path), problem="expected an Ed25519, RSA or EC key, found another kind"))
    _refuse_weak(key.public_key(), str(path))
    return Signer(key=key, path=path)


def own_signer() -> Signer:
    """Return the key pair of this user, made where there is none yet.

    Raises:
        LabError: it cannot be kept safe.
    """
    chosen = os.environ.get(CONFIG_VARIABLE)
    root = Path(chosen).absolute() if chosen else platformdirs.user_config_path("hybridjoin")
    path = root / KEY_FILE
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = _make_key(path)
        status = path.stat()
    except OSError as error:
        raise LabError(
            f"the signing key {path} cannot be kept: {error.strerror}",
            remedy=f"set {CONFIG_VARIABLE} to a directory of yours, or sign with --key",
        ) from error
    if status.st_uid != os.geteuid() or status.st_mode & 0o077:
        raise LabError(f"others may read or change the signing key {path}", remedy=f"chmod 600 {path}, or sign anew")
    signer = load_signer(path)
    return Signer(key=signer.key, path=path, made=made)


def _make_key(path: Path) -> bool:
    """Make the key where there is none: written beside, then linked, so that two at once agree on one."""
    if path.exists():
        return False
    pem = ed25519.Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    draft = path.with_name(f".{KEY_FILE}-{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
        path.hardlink_to(draft)
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True


def _refuse_weak(key: PublicKey, place: str) -> None:
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < LEAST_RSA_BITS:
        problem = f"expected an RSA key of {LEAST_RSA_BITS} bits or more, found {key.key_size}"
        raise UsageError(Mistake(place=place, problem=problem))
