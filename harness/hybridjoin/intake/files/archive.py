"""Archives: what is in one is read where it lies, and nothing is ever unpacked to a disk.

A member that could be anything but a file of reasonable size is refused, with the words that say why.
"""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

LIMIT_MEMBERS: Final = 20_000
LIMIT_UNPACKED: Final = 2 * 1024**3
"""Octets that all members together may hold."""
LIMIT_RATIO: Final = 200
"""How many octets one packed octet may become."""
LIMIT_DEPTH: Final = 2
"""How deep archives may lie in one another."""

_SMALL: Final = 1024 * 1024
_ENCRYPTED: Final = 0x1
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_SESSION: Final = re.compile(r"raw/(\d+)_([csm])\.(?:txt|xml)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveMember:
    """A member; `refused` says why it is not read, empty where it is. `name` has forward slashes."""

    info: zipfile.ZipInfo
    name: str
    refused: str = ""


def members_of(archive: zipfile.ZipFile) -> Iterator[ArchiveMember]:
    """Yield the files of an archive, each read or refused."""
    total = 0
    for number, info in enumerate(archive.infolist()):
        name = info.filename.replace("\\", "/")
        if name.endswith("/"):
            continue
        total += info.file_size
        yield ArchiveMember(info=info, name=name, refused=_refused(info, name, number, total))


def _refused(info: zipfile.ZipInfo, name: str, number: int, total: int) -> str:
    if number >= LIMIT_MEMBERS:
        return f"expected at most {LIMIT_MEMBERS} members, found more"
    if info.header_offset < 0:
        return "expected a member inside the archive, found one that begins before it"
    if ".." in name.split("/") or name.startswith("/") or _DRIVE.match(name):
        return "expected a name inside the archive, found one that leads out of it"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "expected a file, found a link"
    if info.flag_bits & _ENCRYPTED:
        return "expected a member without a password, found an encrypted one: save the archive without a password"
    if info.file_size > _SMALL and info.file_size > LIMIT_RATIO * max(info.compress_size, 1):
        return (
            f"expected at most {LIMIT_RATIO} octets for each packed one, found {info.file_size} of {info.compress_size}"
        )
    if total > LIMIT_UNPACKED:
        return f"expected at most {LIMIT_UNPACKED} octets in all members, found more"
    return ""


def session_of(name: str) -> tuple[str, str] | None:
    """Return number and side (c for the client's, s for the server's) of a member of Fiddler's; None of any other."""
    found = _SESSION.fullmatch(name)
    return (found[1], found[2]) if found is not None else None
