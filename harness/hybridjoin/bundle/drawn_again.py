"""What a package draws of its record, and whether the pictures in it are those: a signer can sign anything."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

import hybridjoin
from hybridjoin.bundle.differing import Departure
from hybridjoin.bundle.manifest import Manifest, encode_coverage
from hybridjoin.model.record import RunRecord
from hybridjoin.report.formats.catalogue import FORMATS
from hybridjoin.shipped import PACKAGE

COVERAGE: Final = "coverage.json"
_DRAWING: Final = frozenset({".py", ".j2", ".css", ".js"})
_SHARED: Final = "_share"


@cache
def tool() -> str:
    """Return what draws: the version, and a digest of all our files, for one version may draw in several ways."""
    parts = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        name = path.relative_to(PACKAGE).as_posix()
        if path.suffix in _DRAWING and not name.startswith(_SHARED):
            parts.update(f"{name}\0".encode() + path.read_bytes())
    return f"hybridjoin {hybridjoin.__version__} build {parts.hexdigest()[:12]}"


def draw_files(record: RunRecord) -> Iterator[tuple[str, bytes]]:
    """Draw every file from the record, one after another, so that none of them can say something else."""
    yield from ((name, b"".join(parts)) for name, parts in _drawn(record))


def _drawn(record: RunRecord) -> Iterator[tuple[str, Iterable[bytes]]]:
    for item in FORMATS:
        if item.packed:
            yield item.file_name, item.parts(record)
    if record.certification is not None:
        yield COVERAGE, [encode_coverage(record.certification)]


def held_against(record: RunRecord, manifest: Manifest) -> tuple[tuple[Departure, ...], tuple[str, ...]]:
    """Draw every picture again; return those that are not drawn from the record, and what could not be found out.

    Another build draws otherwise, and in good faith: its pictures are only said not to have been held against it.
    """
    signed = {item.name: item.sha256 for item in manifest.members}
    other = [name for name, parts in _drawn(record) if _digest(parts) != signed.get(name)]
    if not other:
        return (), ()
    if manifest.tool == tool():
        return tuple(Departure(problem="is not drawn from the record", member=name) for name in other), ()
    words = f"{', '.join(other)}: drawn by {manifest.tool}, and this is {tool()}, which draws otherwise"
    return (), (f"{words}; what they show was not held against the record",)


def _digest(parts: Iterable[bytes]) -> str:
    """Return the digest of a picture that is never held whole: the page of a large run is half of its package."""
    found = hashlib.sha256()
    for part in parts:
        found.update(part)
    return found.hexdigest()
