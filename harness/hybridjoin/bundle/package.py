"""Evidence to hand over: the record and what is drawn from it, a manifest of digests, and a signature over that.

Layout, in this order: `manifest.json`, `manifest.sig` (raw signature over the manifest's bytes), `public-key.pem`,
the record and its pictures (what the catalogue of formats packs), `coverage.json` (of a certification), and `copies/`:
every file but the first two in one compressed `files.xz`, and the manifest and its signature once more. The copies are
why `verify` can name the first byte that differs: a digest says that something was changed, never where.
"""

from __future__ import annotations

import lzma
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from hybridjoin.bundle.drawn_again import draw_files, tool
from hybridjoin.bundle.keys import LIMIT_BYTES as KEY_BYTES
from hybridjoin.bundle.keys import Signer, algorithm, fingerprint, public_pem
from hybridjoin.bundle.leaks import Leak, scan_member, scan_value
from hybridjoin.bundle.manifest import (
    FORMAT,
    Manifest,
    encode_manifest,
    member,
    plan_digest,
    reasons_against,
)
from hybridjoin.bundle.manifest import LIMIT_BYTES as MANIFEST_BYTES
from hybridjoin.bundle.zip_layout import LIMIT_BYTES, entry, write_zip
from hybridjoin.errors import HarnessError, LabError
from hybridjoin.model.leaving import secrets_in
from hybridjoin.model.record import JoinRecord, ProbeRow, RunRecord, ScenarioRecord
from hybridjoin.model.recorded import mask_again
from hybridjoin.report.formats.catalogue import RECORD
from hybridjoin.report.json_report import decode_record, encode_record

MANIFEST, SIGNATURE, PUBLIC_KEY = "manifest.json", "manifest.sig", "public-key.pem"
COPY_OF_MANIFEST, COPY_OF_SIGNATURE, COPIES = "copies/manifest.json", "copies/manifest.sig", "copies/files.xz"
UNSIGNED = (MANIFEST, SIGNATURE, COPY_OF_MANIFEST, COPY_OF_SIGNATURE)
# What is read before a signature holds, which says how long the rest may be; one byte more tells that it is too long.
LONGEST: Final = {
    MANIFEST: MANIFEST_BYTES + 1,
    COPY_OF_MANIFEST: MANIFEST_BYTES + 1,
    SIGNATURE: KEY_BYTES,
    COPY_OF_SIGNATURE: KEY_BYTES,
    PUBLIC_KEY: KEY_BYTES,
}
_XZ = [{"id": lzma.FILTER_LZMA2, "preset": 1, "dict_size": 32 * 1024 * 1024}]
_PIECE = 1024 * 1024
_MANY = 20
_WhoSpoke = TypeVar("_WhoSpoke", JoinRecord, ProbeRow)


class Refused(HarnessError):
    """A record that is no evidence, or may not leave; `reasons` says why."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


class LeakRefused(Refused):
    """A record, or a picture of it, that holds a secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package that was made: its bytes and what the signature covers."""

    body: bytes
    manifest: Manifest


def build_package(record: RunRecord, signer: Signer, *, created_at: datetime) -> Package:
    """Make a package of a record; same record, key and time, same bytes (an EC signature aside).

    Raises:
        Refused: something was interrupted, a deviation is past its date, or a secret would leave.
    """
    reasons = reasons_against(record, created_at.date())
    if reasons:
        raise Refused(reasons)
    # Drawn from what is packed: `verify` draws it again from there.
    record = decode_record(encode_record(masked(record)), place=RECORD.file_name)
    files = {PUBLIC_KEY: public_pem(signer.public), **dict(draw_files(record))}
    _refuse_leaks(record, files)
    if sum(map(len, files.values())) > LIMIT_BYTES:
        raise Refused((f"the package would unpack to more than {LIMIT_BYTES} bytes, which nobody takes",))
    entries = [entry(name, body) for name, body in files.items()]
    copies = entry(COPIES, pack_copies(files.values()), compress=False)
    manifest = Manifest(
        format=FORMAT,
        tool=tool(),
        created_at=created_at.astimezone(UTC).isoformat(timespec="seconds"),
        run_id=record.run_id,
        site=record.site,
        profile=record.certification.profile if record.certification else "",
        record_tool=record.tool,
        started_at=record.started_at.isoformat(),
        plan_sha256=plan_digest(record),
        signature_algorithm=algorithm(signer.public),
        public_key_sha256=fingerprint(signer.public),
        members=(*(member(item, files[item.name]) for item in entries), member(copies, copies.packed)),
    )
    signed = encode_manifest(manifest)
    signature = signer.sign(signed)
    first = [entry(MANIFEST, signed, compress=False), entry(SIGNATURE, signature, compress=False)]
    last = [entry(COPY_OF_MANIFEST, signed, compress=False), entry(COPY_OF_SIGNATURE, signature, compress=False)]
    return Package(body=write_zip([*first, *entries, copies, *last], FORMAT), manifest=manifest)


def pack_copies(files: Iterable[bytes]) -> bytes:
    """Return the second copy of every file: one after another, compressed."""
    return lzma.compress(b"".join(files), filters=_XZ)


def unpacked_copies(body: bytes) -> Iterator[bytes]:
    """Yield the copies piece by piece, as they stand one after another, to the end or to where they are broken.

    Raises:
        lzma.LZMAError: they are broken here.
    """
    reader = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=256 * 1024 * 1024)
    while not reader.eof and (piece := reader.decompress(body, _PIECE)):
        yield piece
        body = b""


def write_package(package: Package, path: Path) -> None:
    """Put a package on disk whole or not at all.

    Raises:
        LabError: the disk or the rights do not allow it.
    """
    draft = path.with_name(f".{path.name}-{secrets.token_hex(6)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # For this user alone, until he hands it on: a customer's hosts and names stand in it.
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as opened:
            opened.write(package.body)
        draft.replace(path)
    except OSError as error:
        raise LabError(
            f"the package could not be written to {path}: {error.strerror}", remedy="name a file you may write with -o"
        ) from error
    finally:
        draft.unlink(missing_ok=True)


def masked(record: RunRecord) -> RunRecord:
    """Mask every message once more; what was masked on entry stays as it is."""
    scenarios = tuple(_scenario(item) for item in record.scenarios)
    certified = record.certification
    if certified is not None:
        certified = replace(certified, probes=tuple(_said(item) for item in certified.probes))
    return replace(record, scenarios=scenarios, certification=certified)


def _scenario(item: ScenarioRecord) -> ScenarioRecord:
    if item.join is None:
        return item
    return replace(item, join=_said(item.join))


def _said(item: _WhoSpoke) -> _WhoSpoke:
    """Mask the exchanges of a join or a probe."""
    return replace(item, exchanges=tuple(map(mask_again, item.exchanges)))


def _refuse_leaks(record: RunRecord, files: Mapping[str, bytes]) -> None:
    leaks = [*scan_value(record)]
    for name, body in files.items():
        leaks += scan_member(name, body)
        leaks += (Leak(place=f"{name}, {place}", kind=kind) for place, kind in secrets_in(body))
    if leaks:
        told = [f"a secret would leave with {leak}" for leak in leaks[:_MANY]]
        more = len(leaks) - len(told)
        raise LeakRefused((*told, *([f"and {more} more places"] if more else [])))
