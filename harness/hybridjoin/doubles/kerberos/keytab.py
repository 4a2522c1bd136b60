"""What keys a keytab holds (MIT Kerberos, file format version 0x502), as `klist -e -k` tells it: never the keys."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from hybridjoin.doubles.kerberos.spnego_token import ETYPE_NAMES

_VERSION = b"\x05\x02"


def keys_held(keytab: Path) -> str:
    """Say in words which versions and encryption types there are, whatever the principal."""
    try:
        kinds = sorted(set(_kinds(keytab.read_bytes())))
    except (OSError, struct.error):
        return "nothing that can be read"
    words = (f"kvno {kvno} {ETYPE_NAMES.get(etype, f'etype {etype}')}" for kvno, etype in kinds)
    return ", ".join(words) or "no key"


def _kinds(body: bytes) -> Iterator[tuple[int, int]]:
    """Yield version and encryption type of each entry; a negative size is a hole where one was taken out.

    Raises:
        struct.error: the file ends inside an entry, or is of another form.
    """
    if not body.startswith(_VERSION):
        raise struct.error("no keytab")
    at = len(_VERSION)
    while at < len(body):
        (size,) = struct.unpack_from(">i", body, at)
        at += 4
        if size > 0:
            yield _kind(body[at : at + size])
        at += abs(size)


def _kind(entry: bytes) -> tuple[int, int]:
    """Read past realm, components, name type and time; the version's four octets, if any, stand behind the key."""
    (components,) = struct.unpack_from(">H", entry, 0)
    at = 2
    for _ in range(components + 1):
        (size,) = struct.unpack_from(">H", entry, at)
        at += 2 + size
    at += 4 + 4
    kvno, etype, size = struct.unpack_from(">BHH", entry, at)
    at += 5 + size
    if len(entry) >= at + 4:
        (kvno,) = struct.unpack_from(">I", entry, at)
    return kvno, etype
