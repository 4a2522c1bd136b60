"""The values of events and their octets, each by its type in [MS-EVEN6] 2.2.12."""

from __future__ import annotations

import struct
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from types import MappingProxyType
from typing import Final

_EPOCH: Final = datetime(1601, 1, 1, tzinfo=UTC)
_SID_HEAD: Final = 2  # `S-1`


class ValueType(IntEnum):
    """The types that events of ours have."""

    STRING = 0x01
    UINT8 = 0x04
    UINT16 = 0x06
    INT32 = 0x07
    UINT32 = 0x08
    UINT64 = 0x0A
    GUID = 0x0F
    FILETIME = 0x11
    SID = 0x13
    HEX64 = 0x15


@dataclass(frozen=True, slots=True, kw_only=True)
class EventValue:
    """A value as XML writes it, and the type that a binary log keeps it in."""

    text: str
    type: ValueType = ValueType.STRING

    @property
    def octets(self) -> bytes:
        """The value as a binary log holds it.

        Raises:
            ValueError: the text is none of that type.
            struct.error: the number is too large for it.
        """
        return _OCTETS[self.type](self.text)


def filetime(moment: datetime) -> int:
    """Return a time as Windows counts it: tenths of a microsecond since 1601."""
    past = moment.astimezone(UTC) - _EPOCH
    return (past.days * 86_400 + past.seconds) * 10_000_000 + past.microseconds * 10


def system_time(moment: datetime) -> str:
    """Write a time as event XML does: UTC, seven digits after the point."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}0Z"


def _number(form: str) -> Callable[[str], bytes]:
    return lambda text: struct.pack(f"<{form}", int(text, 0))


def _sid(text: str) -> bytes:
    """Return a SID's octets ([MS-DTYP] 2.4.2.2)."""
    authority, *rest = map(int, text.split("-")[_SID_HEAD:])
    return struct.pack("<BB", 1, len(rest)) + authority.to_bytes(6, "big") + struct.pack(f"<{len(rest)}I", *rest)


def _filetime(text: str) -> bytes:
    return struct.pack("<Q", filetime(datetime.fromisoformat(text)))


_OCTETS: Final[Mapping[ValueType, Callable[[str], bytes]]] = MappingProxyType(
    {
        ValueType.STRING: lambda text: text.encode("utf-16-le", "surrogatepass"),
        ValueType.UINT8: _number("B"),
        ValueType.UINT16: _number("H"),
        ValueType.INT32: _number("i"),
        ValueType.UINT32: _number("I"),
        ValueType.UINT64: _number("Q"),
        ValueType.GUID: lambda text: uuid.UUID(text).bytes_le,
        ValueType.FILETIME: _filetime,
        ValueType.SID: _sid,
        ValueType.HEX64: _number("Q"),
    }
)
