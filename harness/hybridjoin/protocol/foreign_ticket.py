"""A Kerberos token that no KDC of the site ever issued: of another realm, for the right service, and without its key.

All of it is well-formed (RFC 4120, 5.3 and 5.5.1; RFC 4121, 4.1), so that nothing but the missing key can be why it
is refused; what should be encrypted are digests, the same each time.
"""

from __future__ import annotations

import base64
import hashlib

__all__ = ["REALM", "foreign_ticket"]

REALM = "FOREIGN.INVALID"
_KERBEROS_OID = bytes.fromhex("06092a864886f712010202")
_AP_REQ = b"\x01\x00"
_NT_SRV_INST, _AES256 = b"\x02", b"\x12"
_CIPHER_OCTETS = 192


def foreign_ticket(host: str) -> str:
    """Return the token for `HTTP/host` of a realm that there cannot be, in base64."""
    names = b"".join(_der(0x1B, part.encode("ascii", "replace")) for part in ("HTTP", host))
    service = _der(0x30, _field(0, _der(2, _NT_SRV_INST)), _field(1, _der(0x30, names)))
    ticket = _der(
        0x61,
        _der(
            0x30,
            _field(0, _der(2, b"\x05")),
            _field(1, _der(0x1B, REALM.encode("ascii"))),
            _field(2, service),
            _field(3, _encrypted("ticket")),
        ),
    )
    request = _der(
        0x6E,
        _der(
            0x30,
            _field(0, _der(2, b"\x05")),
            _field(1, _der(2, b"\x0e")),
            _field(2, _der(3, bytes(5))),
            _field(3, ticket),
            _field(4, _encrypted("authenticator")),
        ),
    )
    return base64.b64encode(_der(0x60, _KERBEROS_OID, _AP_REQ, request)).decode("ascii")


def _encrypted(what: str) -> bytes:
    """Write EncryptedData of AES-256 whose octets nobody can decrypt."""
    octets = b"".join(hashlib.sha256(f"{what} {number}".encode()).digest() for number in range(_CIPHER_OCTETS // 32))
    return _der(0x30, _field(0, _der(2, _AES256)), _field(1, _der(2, b"\x01")), _field(2, _der(4, octets)))


def _field(number: int, content: bytes) -> bytes:
    return _der(0xA0 | number, content)


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes((tag, len(content))) + content
    size = len(content).to_bytes(2, "big").lstrip(b"\0")
    return bytes((tag, 0x80 | len(size))) + size + content
