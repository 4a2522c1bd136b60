"""Is a package what was signed? Answered offline, with the first byte named that is otherwise.

The signature covers the manifest, the manifest covers every file and how it is packed, and the zip has one spelling
only: so every byte of the package is covered. Where a digest does not match, the copy inside the package says where,
for the copy that matches the signed digest is the original.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import product

from hybridjoin.bundle.differing import TWICE, Departure, block, difference, of_names
from hybridjoin.bundle.drawn_again import held_against
from hybridjoin.bundle.keys import PublicKey, algorithm, fingerprint, load_public, signature_holds
from hybridjoin.bundle.manifest import (
    FORMAT,
    Manifest,
    ManifestError,
    Member,
    day_of,
    decode_manifest,
    digest,
    plan_digest,
    reasons_against,
)
from hybridjoin.bundle.originals import Originals, copied
from hybridjoin.bundle.package import (
    COPIES,
    COPY_OF_MANIFEST,
    COPY_OF_SIGNATURE,
    LONGEST,
    MANIFEST,
    PUBLIC_KEY,
    SIGNATURE,
    UNSIGNED,
)
from hybridjoin.bundle.recognise import refuse_foreign
from hybridjoin.bundle.verification import Verification
from hybridjoin.bundle.zip_layout import (
    DEFLATED,
    LIMIT_BYTES,
    LOCAL_BYTES,
    STORED,
    Damage,
    ZipMember,
    consists_of,
    entry,
    laid_out,
    read_zip,
    sums,
    unpack,
)
from hybridjoin.errors import UsageError
from hybridjoin.model.record import RunRecord
from hybridjoin.report.json_report import FILE_NAME as RECORD
from hybridjoin.report.json_report import decode_record


def verify(body: bytes, *, place: str, key: PublicKey | None = None, known: str = "") -> Verification:
    """Check a package; `key` is the public key expected to have signed it, `known` such a key's fingerprint.

    Raises:
        UsageError: it is no package, or one of a newer format.
    """
    refuse_foreign(body, place)
    entries, damage = read_zip(body, FORMAT)
    findings = tuple(of_names(entries))
    if any(item.problem == TWICE for item in findings):
        return Verification(findings=findings)
    done = _PackageReader(body, entries, place).check(key, known, damage)
    return replace(done, findings=(*findings, *done.findings))


class _PackageReader:
    """One package being checked: its members by name, and their original bytes where a copy proves them."""

    def __init__(self, body: bytes, entries: tuple[ZipMember, ...], place: str) -> None:
        self._whole = body
        self._entries = {item.name: item for item in entries}
        self._place = place

    def check(self, key: PublicKey | None, known: str, damage: Damage | None) -> Verification:
        """Check the signature, then everything that it covers."""
        held = self._held([key] if key else [*self._keys()])
        if held is None:
            return Verification(findings=tuple(self._why_unsigned(key, damage)), vouched=bool(key or known))
        signer, signed, signature = held
        told = fingerprint(signer)
        done = Verification(findings=(), fingerprint=told, algorithm=algorithm(signer), vouched=bool(key or known))
        findings: list[Departure] = []
        if known and known != told:
            findings.append(Departure(problem="signed by another key", member=SIGNATURE, expected=known, found=told))
        try:
            manifest = decode_manifest(signed)
            originals = Originals(manifest, self._body)
            findings += [*self._of_copies(signed, signature), *self._against(manifest, originals)]
            findings += self._of_layout(self._written(manifest, originals, signed, signature), damage)
            record = None if findings else self._record(manifest, told, findings)
            if record is not None and not findings:
                drawn, remarks = held_against(record, manifest)
                findings += drawn
                done = replace(done, remarks=remarks)
        except ManifestError as error:
            findings.append(Departure(problem=str(error), member=MANIFEST))
            return replace(done, findings=tuple(findings))
        return replace(done, findings=tuple(findings), manifest=manifest, record=record)

    def _keys(self) -> Iterator[PublicKey]:
        """Yield the key in the package, and the key as the copies have it: one of them may have been changed."""
        pems = [self._body(PUBLIC_KEY)]
        for name in (MANIFEST, COPY_OF_MANIFEST):
            with suppress(ManifestError):
                pems.append(self._copied_key(decode_manifest(self._body(name))))
        for pem in dict.fromkeys(pems):
            with suppress(UsageError):
                yield load_public(pem, place=PUBLIC_KEY)

    def _copied_key(self, manifest: Manifest) -> bytes:
        """Return the copy of the key, which is the first file: nothing is believed, nor unpacked, before it signs."""
        for first in manifest.members[:1]:
            if first.name == PUBLIC_KEY and first.size <= LONGEST[PUBLIC_KEY]:
                return copied(self._body(COPIES), 0, first.size)
        return b""

    def _held(self, keys: Iterable[PublicKey]) -> tuple[PublicKey, bytes, bytes] | None:
        """Return the key, manifest and signature that belong together; both copies of both are tried."""
        manifests = [self._body(name) for name in (MANIFEST, COPY_OF_MANIFEST)]
        signatures = [self._body(name) for name in (SIGNATURE, COPY_OF_SIGNATURE)]
        for key, manifest, signature in product(keys, manifests, signatures):
            if signature_holds(key, signature, manifest):
                return key, manifest, signature
        return None

    def _why_unsigned(self, key: PublicKey | None, damage: Damage | None) -> Iterator[Departure]:
        """Say why no signature holds: another key, or damage that leaves nothing to hold on to."""
        own = next(self._keys(), None)
        if key is not None and own is not None and fingerprint(own) != fingerprint(key):
            expected, found = fingerprint(key), fingerprint(own)
            yield Departure(problem="signed by another key", member=PUBLIC_KEY, expected=expected, found=found)
        else:
            long = "it is over too long a manifest" * (len(self._body(MANIFEST)) == LONGEST[MANIFEST])
            yield Departure(problem=long or "the signature does not hold", member=SIGNATURE)
        if damage is not None:
            yield _of_damage(damage)

    def _of_copies(self, signed: bytes, signature: bytes) -> Iterator[Departure]:
        """Compare both copies of the manifest and of its signature with those that hold."""
        pairs = ((MANIFEST, signed), (COPY_OF_MANIFEST, signed), (SIGNATURE, signature), (COPY_OF_SIGNATURE, signature))
        for name, good in pairs:
            if name not in self._entries:
                yield Departure(problem="missing", member=name)
            elif self._body(name) != good:
                yield difference(name, self._body(name), good)

    def _of_layout(self, written: list[bytes] | None, damage: Damage | None) -> Iterator[Departure]:
        """Compare the file with the one that was written, where that can be had again; else tell what reading met."""
        if written is None:
            if damage is not None:
                yield _of_damage(damage)
            return
        if not consists_of(self._whole, written):
            told = difference("", self._whole, b"".join(written))
            yield replace(told, problem="the zip file differs", line=None, column=None)

    def _written(self, manifest: Manifest, originals: Originals, signed: bytes, signature: bytes) -> list[bytes] | None:
        """Return the parts of the file as it was written, where the manifest says and with what the copies hold."""
        begin = [entry(MANIFEST, signed, compress=False), entry(SIGNATURE, signature, compress=False)]
        at = sum(LOCAL_BYTES + len(item.name) + len(item.packed) for item in begin)
        members: list[ZipMember] = []
        for item in manifest.members:
            at += LOCAL_BYTES + len(item.name)
            tried = self._packed(item, originals, at)
            packed = next((data for data in tried if digest(data) == item.packed_sha256), None)
            if packed is None:
                return None
            found = ZipMember(name=item.name, method=_method(item), packed=packed, size=item.size, crc=0)
            summed = sums(found, item.size)
            members.append(replace(found, crc=summed.crc if summed else 0))
            at += item.packed_size
        end = [entry(COPY_OF_MANIFEST, signed, compress=False), entry(COPY_OF_SIGNATURE, signature, compress=False)]
        return laid_out([*begin, *members, *end], FORMAT)

    def _packed(self, item: Member, originals: Originals, at: int) -> Iterator[bytes]:
        """Yield what may be the packed form of a member: as it is named, where it lay, made anew of its copy."""
        if item.name in self._entries:
            yield self._entries[item.name].packed
        yield self._whole[at : at + item.packed_size]
        original = originals.of(item.name)
        if original is not None:
            yield entry(item.name, original, compress=item.name != COPIES).packed

    def _against(self, manifest: Manifest, originals: Originals) -> Iterator[Departure]:
        names = {item.name for item in manifest.members}
        for name in self._entries:
            if name not in names and name not in UNSIGNED:
                yield Departure(problem="not in the manifest", member=name)
        if sum(item.size for item in manifest.members) > LIMIT_BYTES:
            yield Departure(problem=f"unpacks to more than {LIMIT_BYTES} bytes", member=MANIFEST)
            return
        for item in manifest.members:
            if item.name not in self._entries:
                yield Departure(problem="missing", member=item.name, expected=item.sha256)
            else:
                yield from self._of_member(item, originals)

    def _of_member(self, item: Member, originals: Originals) -> Iterator[Departure]:
        found = self._entries[item.name]
        summed = sums(found, item.size)
        if summed is not None and summed.sha256 == item.sha256:
            if digest(found.packed) != item.packed_sha256:
                yield Departure(problem="packed in another way, its content is the same", member=item.name)
            return
        body, trouble = unpack(found, item.size)
        original = originals.of(item.name)
        told = difference(item.name, body, original) if original is not None else block(item, body)
        yield replace(told, problem=f"{told.problem}; {trouble}") if trouble else told

    def _record(self, manifest: Manifest, key: str, findings: list[Departure]) -> RunRecord | None:
        """Return the record of a package that is whole, having looked whether the manifest speaks of it."""
        if RECORD not in {item.name for item in manifest.members}:
            findings.append(Departure(problem="missing", member=RECORD))
            return None
        record = decode_record(self._body(RECORD), place=f"{self._place}: {RECORD}")
        told = (
            ("run id", manifest.run_id, record.run_id),
            ("site", manifest.site, record.site),
            ("key", manifest.public_key_sha256, key),
            ("plan digest", manifest.plan_sha256, plan_digest(record)),
        )
        for what, expected, found in told:
            if expected != found:
                problem = f"the manifest speaks of another {what}"
                findings.append(Departure(problem=problem, member=MANIFEST, expected=found, found=expected))
        reasons = reasons_against(record, day_of(manifest.created_at))
        findings += [Departure(problem=f"no evidence: {reason}", member=RECORD) for reason in reasons]
        return record

    def _body(self, name: str) -> bytes:
        found = self._entries.get(name)
        return unpack(found, LONGEST.get(name, LIMIT_BYTES))[0] if found else b""


def _method(item: Member) -> int:
    return STORED if item.name == COPIES else DEFLATED


def _of_damage(damage: Damage) -> Departure:
    return Departure(problem=f"the zip is not as it was written: {damage.problem}", offset=damage.offset)
