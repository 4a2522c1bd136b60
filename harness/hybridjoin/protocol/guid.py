"""A GUID as Entra wants it in a claim, and how a directory keeps it (MS-DTYP 2.3.4.2)."""

from __future__ import annotations

import base64
import binascii
import uuid


def encode_guid(guid: uuid.UUID) -> str:
    """Write a GUID as base64 of its 16 bytes in the directory's order, first three groups little-endian."""
    return encode_bytes(guid.bytes_le)


def encode_bytes(raw: bytes) -> str:
    """Write raw octets, such as mS-DS-ConsistencyGuid's, in the padded standard alphabet."""
    return base64.b64encode(raw).decode("ascii")


def decode_guid(text: str) -> uuid.UUID | None:
    """Read what `encode_guid` writes; None where the text is not exactly that."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return uuid.UUID(bytes_le=raw) if len(raw) == 16 else None
