"""A keytab made from a password: string-to-key (AES: RFC 3962) and the file format of MIT Kerberos, version 0x502."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import krb5
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_ITERATIONS: Final = 4096
AES256, AES128, RC4 = 18, 17, 23
_LENGTHS: Final = {AES256: 32, AES128: 16}
_PRINCIPAL_TYPE: Final = 1
# The 128-bit n-fold of "kerberos" (RFC 3961, 5.1): the constant that every string-to-key derives with.
_KERBEROS: Final = bytes.fromhex("6b65726265726f737b9b5b2b93132b93")


def computer_salt(name: str, realm: str) -> str:
    """Return the salt of a computer account's keys (MS-KILE 3.1.1.2)."""
    return f"{realm.upper()}host{name.removesuffix('$').lower()}.{realm.lower()}"


def string_to_key(password: str, salt: str, *, length: int) -> bytes:
    """Return the AES key of a password (RFC 3962, section 4)."""
    seed = hashlib.pbkdf2_hmac("sha1", password.encode(), salt.encode(), _ITERATIONS, length)
    # ECB over single blocks is how RFC 3961's derivation chains its constant; no message is ever encrypted here.
    encryptor = Cipher(algorithms.AES(seed), modes.ECB()).encryptor()  # noqa: S305
    block, key = _KERBEROS, b""
    while len(key) < length:
        block = encryptor.update(block)
        key += block
    return key[:length]


def make_keytab(
    *,
    principals: Iterable[str],
    realm: str,
    password: str,
    salt: str,
    keys: Iterable[int] = (AES256, AES128),
    version: int = 1,
) -> bytes:
    """Return a keytab with the AES keys of an account under each of its names.

    `keys` are types, by number; `version` is the keys' own, which counts the account's passwords
    (msDS-KeyVersionNumber).
    """
    made = {etype: _key(etype, password, salt) for etype in keys}
    entries = (_entry(name, realm, etype, key, version) for name in principals for etype, key in made.items())
    return b"\x05\x02" + b"".join(entries)


def _key(etype: int, password: str, salt: str) -> bytes:
    """Return a key of a type; that of RC4 is a digest of MD4 (RFC 4757, 2), which libkrb5 alone still has."""
    if etype == RC4:
        return bytes(krb5.c_string_to_key(krb5.init_context(), RC4, password.encode(), b"").data)
    return string_to_key(password, salt, length=_LENGTHS[etype])


def write_keytab(path: Path, keytab: bytes) -> None:
    """Write a keytab, readable by its owner only."""
    path.touch(mode=0o600)
    path.write_bytes(keytab)


def _entry(principal: str, realm: str, etype: int, key: bytes, version: int) -> bytes:
    parts = principal.split("/")
    body = struct.pack(">H", len(parts)) + b"".join(map(_counted, (realm, *parts)))
    body += struct.pack(">IIB", _PRINCIPAL_TYPE, 0, version & 0xFF) + struct.pack(">HH", etype, len(key)) + key
    body += struct.pack(">I", version)
    return struct.pack(">i", len(body)) + body


def _counted(text: str) -> bytes:
    raw = text.encode()
    return struct.pack(">H", len(raw)) + raw
