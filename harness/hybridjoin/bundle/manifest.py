"""The manifest of an evidence package: what is in it, down to digests of blocks, and what it is evidence of."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from hybridjoin.bundle.keys import ALGORITHMS
from hybridjoin.bundle.zip_layout import ZipMember
from hybridjoin.model.record import CertificationRecord, RunRecord
from hybridjoin.model.shown import harmless
from hybridjoin.model.verdict import Outcome
from hybridjoin.report.reason_text import reason_json, reason_text

FORMAT = "hybridjoin-package/1"
COVERAGE_FORMAT = "hybridjoin-coverage/1"
BLOCK_BYTES = 64 * 1024
LIMIT_BYTES = 1024 * 1024
"""The longest manifest; of the largest package, with the digest of each of its blocks, it has half of that."""
_PROBE_COLUMNS = ("id", "sentence", "hostile", "outcome", "note", "sent_digest")


class ManifestError(ValueError):
    """A manifest that is none, although it is signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of a package: digests of its bytes, of each 64 KiB of them, and of how they are packed."""

    name: str
    size: int
    sha256: str
    packed_size: int
    packed_sha256: str
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What the signature covers."""

    format: str
    tool: str
    created_at: str
    run_id: str
    site: str
    profile: str
    record_tool: str
    started_at: str
    plan_sha256: str
    signature_algorithm: str
    public_key_sha256: str
    members: tuple[Member, ...]


def digest(body: bytes) -> str:
    """Return the SHA-256 in hex."""
    return hashlib.sha256(body).hexdigest()


def member(item: ZipMember, body: bytes) -> Member:
    """Describe one file."""
    return Member(
        name=item.name,
        size=len(body),
        sha256=digest(body),
        packed_size=len(item.packed),
        packed_sha256=digest(item.packed),
        blocks=blocks(body),
    )


def blocks(body: bytes) -> tuple[str, ...]:
    """Return the digest of each 64 KiB."""
    return tuple(digest(body[at : at + BLOCK_BYTES]) for at in range(0, len(body), BLOCK_BYTES))


def encode_manifest(manifest: Manifest) -> bytes:
    """Write a manifest; `format` comes first, for that is where a reader looks."""
    return json.dumps(asdict(manifest), indent=1, ensure_ascii=True).encode() + b"\n"


def decode_manifest(body: bytes) -> Manifest:
    """Read a manifest whose signature holds.

    Raises:
        ManifestError: it is not of this format.
    """
    if len(body) > LIMIT_BYTES:
        raise ManifestError(f"expected a manifest of at most {LIMIT_BYTES} bytes, found {len(body)}")
    try:
        data = json.loads(body, object_pairs_hook=_each_once)
        rows = tuple(Member(**{**row, "blocks": tuple(row["blocks"])}) for row in data["members"])
        manifest = Manifest(**{**data, "members": rows})
    except ManifestError:
        raise
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ManifestError("expected the fields of a manifest, found others") from error
    texts = [getattr(manifest, name) for name in data if name != "members"]
    texts += [text for row in rows for text in (row.name, row.sha256, row.packed_sha256, *row.blocks)]
    sizes = [size for row in rows for size in (row.size, row.packed_size)]
    if not all(isinstance(text, str) for text in texts) or not all(type(size) is int and size >= 0 for size in sizes):
        raise ManifestError("expected texts and sizes in the manifest, found something else")
    if manifest.format != FORMAT or manifest.signature_algorithm not in ALGORITHMS:
        raise ManifestError(f"expected the format {FORMAT}, found {manifest.format!r}")
    return manifest


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object's members; of two of one name another reader may believe the other one."""
    members = dict(pairs)
    if len(members) != len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise ManifestError(f"the manifest has the member {twice!r} twice")
    return members


def plan_digest(record: RunRecord) -> str:
    """Digest what was asked, whatever came of it: two runs of one plan have the same."""
    certified = record.certification
    plan = {
        "scenarios": [item.id for item in record.scenarios],
        "profile": certified.profile if certified else "",
        "adapter": certified.adapter if certified else "",
        "requirements": [(row.id, row.level) for row in certified.requirements] if certified else [],
        "probes": [row.id for row in certified.probes] if certified else [],
    }
    return digest(json.dumps(plan, separators=(",", ":"), ensure_ascii=True).encode())


def encode_coverage(certified: CertificationRecord) -> bytes:
    """Write the coverage sheet: every requirement, tested or why not, and every sentence that nobody tests."""
    source = ("specification", "section", "url", "verified")
    columns = ("id", "level", "area", *source, "sentence", "outcome", "tested")
    rows = certified.requirements
    counts = Counter(row.outcome for row in rows)
    sheet: dict[str, Any] = {
        "format": COVERAGE_FORMAT,
        "profile": certified.profile,
        "adapter": certified.adapter,
        "complete": certified.complete,
        "tested": sum(row.tested for row in rows),
        "not_tested": sum(not row.tested for row in rows),
        "outcomes": {outcome: counts[outcome] for outcome in Outcome},
        "requirements": [
            {
                **{name: getattr(row, name) for name in columns},
                "why_not": reason_text(row.not_tested),
                "not_tested": reason_json(row.not_tested),
                "deviation": row.deviation,
            }
            for row in rows
        ],
        "deviations": [{**asdict(row), "expires": row.expires.isoformat()} for row in certified.deviations],
        "probes": [{name: getattr(row, name) for name in _PROBE_COLUMNS} for row in certified.probes],
        "doors": [asdict(row) for row in certified.doors],
        "untested": [asdict(row) for row in certified.untested],
    }
    return harmless(json.dumps(sheet, indent=1, ensure_ascii=False)).encode("utf-8") + b"\n"


def reasons_against(record: RunRecord, today: date) -> tuple[str, ...]:
    """Say why a record is no evidence: something was not found out, or a deviation is forgiven no longer."""
    reasons = [f"the run was interrupted: {record.interrupted}"] if record.interrupted else []
    for item in record.scenarios:
        if item.outcome is Outcome.INTERRUPTED:
            reasons.append(f"scenario {item.id} was interrupted: {item.error}")
        reasons += [
            f"requirement {verdict.requirement} was interrupted in {item.id}: {reason_text(verdict.not_tested)}"
            for verdict in (item.join.verdicts if item.join else ())
            if verdict.outcome is Outcome.INTERRUPTED
        ]
    certified = record.certification
    if certified is not None:
        reasons += _reasons_of_certification(certified, today)
    return tuple(dict.fromkeys(reason.strip().removesuffix(":") for reason in reasons))


def _reasons_of_certification(certified: CertificationRecord, today: date) -> list[str]:
    lost = [row for row in certified.requirements if row.outcome is Outcome.INTERRUPTED]
    reasons = [f"requirement {row.id} was interrupted: {reason_text(row.not_tested)}" for row in lost]
    reasons += [
        f"probe {row.id} was interrupted: {row.note}" for row in certified.probes if row.outcome is Outcome.INTERRUPTED
    ]
    reasons += [
        f"the {row.list} deviation {row.requirement} of {row.owner} is past its date, {row.expires.isoformat()}"
        for row in certified.deviations
        if row.expires < today
    ]
    if not certified.complete and not reasons:
        reasons.append("the certification is not complete")
    return reasons


def day_of(moment: str) -> date:
    """Return the day of a manifest's time.

    Raises:
        ManifestError: it is none.
    """
    try:
        return datetime.fromisoformat(moment).date()
    except ValueError as error:
        raise ManifestError(f"expected a time, found {moment!r}") from error
