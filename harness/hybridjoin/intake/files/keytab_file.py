"""A keytab: principals, key versions and encryption types are read, the keys are passed over."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Fact

MAGIC: Final = b"\x05\x02"
_ETYPES: Final = {1: "des", 3: "des", 17: "aes128", 18: "aes256", 23: "rc4"}


def keytab_facts(body: bytes, *, file: str) -> Iterator[Fact]:
    """Yield a fact for each entry; one that was deleted, or that is cut off, ends or leaves out nothing else."""
    at = 2
    while at + 4 <= len(body):
        (size,) = struct.unpack_from(">i", body, at)
        at += 4
        if size > 0:
            try:
                principal, kvno, etype = _entry(body[at : at + size])
            except (struct.error, UnicodeDecodeError):
                return
            value = f"kvno {kvno} {_ETYPES.get(etype, f'etype {etype}')}"
            yield Fact(
                about="keytab", name="entry", value=value, file=file, line=0, basis=bases.KEYTAB_FILE, of=principal
            )
        at += abs(size)


def _entry(octets: bytes) -> tuple[str, int, int]:
    (count,) = struct.unpack_from(">H", octets, 0)
    at, names = 2, []
    for _ in range(count + 1):
        (length,) = struct.unpack_from(">H", octets, at)
        names.append(octets[at + 2 : at + 2 + length].decode("utf-8"))
        at += 2 + length
    _, _, kvno, etype, length = struct.unpack_from(">IIBHH", octets, at)
    at += 13 + length
    if len(octets) - at >= 4:
        (kvno,) = struct.unpack_from(">I", octets, at)
    return f"{'/'.join(names[1:])}@{names[0]}", kvno, etype
