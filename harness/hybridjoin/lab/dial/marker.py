"""A question to the KDC whose only purpose is its line in the log: what stands before it has been written down."""

from __future__ import annotations

import socket
import struct
from typing import Final

ANSWER_WITHIN_S: Final = 5.0
_AES256: Final = 18
_PRINCIPAL, _SERVICE_INSTANCE = 1, 2
_NEVER: Final = b"20370913024805Z"


def mark(kdc: tuple[str, int], realm: str, name: str) -> None:
    """Ask for a ticket for somebody of that name whom nobody knows (RFC 4120, 5.4.1); any answer will do.

    Raises:
        OSError: the KDC does not answer.
    """
    question = as_request(realm, name)
    with socket.create_connection(kdc, timeout=ANSWER_WITHIN_S) as connection:
        connection.sendall(struct.pack(">I", len(question)) + question)
        connection.recv(4)


def as_request(realm: str, name: str) -> bytes:
    """Return an AS-REQ without pre-authentication."""
    body = _tagged(
        0x30,
        _tagged(0xA0, _tagged(0x03, bytes(5))),
        _tagged(0xA1, _principal(_PRINCIPAL, name)),
        _tagged(0xA2, _text(realm)),
        _tagged(0xA3, _principal(_SERVICE_INSTANCE, "krbtgt", realm)),
        _tagged(0xA5, _tagged(0x18, _NEVER)),
        _tagged(0xA7, _number(1)),
        _tagged(0xA8, _tagged(0x30, _number(_AES256))),
    )
    return _tagged(0x6A, _tagged(0x30, _tagged(0xA1, _number(5)), _tagged(0xA2, _number(10)), _tagged(0xA4, body)))


def _principal(kind: int, *parts: str) -> bytes:
    return _tagged(0x30, _tagged(0xA0, _number(kind)), _tagged(0xA1, _tagged(0x30, *map(_text, parts))))


def _text(text: str) -> bytes:
    return _tagged(0x1B, text.encode())


def _number(number: int) -> bytes:
    return _tagged(0x02, bytes([number]))


def _tagged(tag: int, *parts: bytes) -> bytes:
    """Write a DER element of less than 65,536 octets."""
    content = b"".join(parts)
    size = len(content)
    length = (
        bytes([size]) if size < 0x80 else bytes([0x81, size]) if size < 0x100 else b"\x82" + struct.pack(">H", size)
    )
    return bytes([tag]) + length + content
