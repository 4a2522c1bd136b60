"""What a package's files were as they were signed: each from its copy, or the file itself, whichever has its digest.

Only what was changed is looked for, one file at a time: all of them together may be the largest package twice.
"""

from __future__ import annotations

import lzma
from collections.abc import Callable, Iterator
from contextlib import suppress

from hybridjoin.bundle.manifest import Manifest, Member, digest
from hybridjoin.bundle.package import COPIES, pack_copies, unpacked_copies

AGAIN_AT_MOST = 16 * 1024 * 1024
"""How much is compressed again to find where the copies were changed: that takes seven times the memory."""


def copied(copies: bytes, at: int, size: int) -> bytes:
    """Return so many octets of the copies from a place on; fewer where they are broken."""
    kept, passed = bytearray(), 0
    with suppress(lzma.LZMAError, EOFError):  # what came before the damage may be all that was asked for
        for piece in unpacked_copies(copies):
            kept += piece[max(at - passed, 0) : max(at + size - passed, 0)]
            passed += len(piece)
            if passed >= at + size:
                break
    return bytes(kept)


class Originals:
    """The files of a package by name, as the manifest has them; `body_of` returns a file as it is now."""

    def __init__(self, manifest: Manifest, body_of: Callable[[str], bytes]) -> None:
        self._rows = tuple(item for item in manifest.members if item.name != COPIES)
        self._copies = next((item for item in manifest.members if item.name == COPIES), None)
        self._body_of = body_of
        self._found: dict[str, bytes | None] = {}

    def of(self, name: str) -> bytes | None:
        """Return a file as it was signed, or None where nothing in the package is that any more."""
        if name not in self._found:
            self._found[name] = self._copies_again() if name == COPIES else self._one(name)
        return self._found[name]

    def _one(self, name: str) -> bytes | None:
        at = 0
        for item in self._rows:
            if item.name == name:
                return next((body for body in self._tried(item, at) if digest(body) == item.sha256), None)
            at += item.size
        return None

    def _tried(self, item: Member, at: int) -> Iterator[bytes]:
        yield copied(self._body_of(COPIES), at, item.size)
        yield self._body_of(item.name)

    def _copies_again(self) -> bytes | None:
        """Return the copies made anew, where the ones in the package are broken and every file is whole."""
        row = self._copies
        if row is None or sum(item.size for item in self._rows) > AGAIN_AT_MOST:
            return None
        bodies = [self._body_of(item.name) for item in self._rows]
        if any(digest(body) != item.sha256 for body, item in zip(bodies, self._rows, strict=True)):
            return None
        again = pack_copies(bodies)
        return again if digest(again) == row.sha256 else None
