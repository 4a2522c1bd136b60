"""The keys in a keytab (MIT Kerberos, file format version 0x502), so that none of them leaves unseen."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

_VERSION: Final = b"\x05\x02"


def keys_in(keytab: Path) -> tuple[bytes, ...]:
    """Return every key of a keytab; of a file that is none, or cannot be read, nothing: libkrb5 says what is wrong."""
    try:
        return _keys(keytab, keytab.stat().st_mtime_ns)
    except OSError:
        return ()


@lru_cache(maxsize=64)
def _keys(keytab: Path, _changed_at: int) -> tuple[bytes, ...]:
    body = keytab.read_bytes()
    return tuple(_entries(body)) if body.startswith(_VERSION) else ()


def _entries(body: bytes) -> Iterator[bytes]:
    """Yield the key of each entry; a negative size is a hole where one was taken out."""
    at = len(_VERSION)
    while at + 4 <= len(body):
        (size,) = struct.unpack_from(">i", body, at)
        at += 4
        if size > 0:
            try:
                yield _key(body[at : at + size])
            except struct.error:
                return
        at += abs(size)


def _key(entry: bytes) -> bytes:
    """Read the key behind the realm, the components, name type, time, version and encryption type."""
    (components,) = struct.unpack_from(">H", entry, 0)
    at = 2
    for _ in range(components + 1):
        (size,) = struct.unpack_from(">H", entry, at)
        at += 2 + size
    (size,) = struct.unpack_from(">H", entry, at + 4 + 4 + 1 + 2)
    start = at + 4 + 4 + 1 + 2 + 2
    return entry[start : start + size]
