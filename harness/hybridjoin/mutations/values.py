"""The values that operators move and respell: instants as XML Schema writes them, GUIDs as claims carry them."""

from __future__ import annotations

import base64
import binascii
import uuid
from datetime import UTC, datetime


def read_instant(text: str | None) -> datetime | None:
    """Read an instant; one without a zone is UTC, and what is none is None."""
    try:
        moment = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def write_instant(moment: datetime, *, like: str | None = None) -> str:
    """Write an instant with whole seconds, or with milliseconds where the one it stands for has a fraction."""
    fraction = f".{moment.microsecond // 1000:03d}" if "." in (like or "") else ""
    return f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def encode(raw: bytes) -> str:
    """Write octets as base64."""
    return base64.b64encode(raw).decode("ascii")


def read_guid(text: str) -> uuid.UUID | None:
    """Read base64 of a GUID's sixteen octets in the directory's order; what is none is None."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return uuid.UUID(bytes_le=raw) if len(raw) == 16 else None
