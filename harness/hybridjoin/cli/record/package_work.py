"""What `hybridjoin package` and `hybridjoin verify` do once their arguments are understood."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from hybridjoin.bundle.differing import finding_text
from hybridjoin.bundle.keys import LIMIT_BYTES as KEY_LIMIT_BYTES
from hybridjoin.bundle.keys import load_public, load_signer, own_signer
from hybridjoin.bundle.package import LeakRefused, Refused, build_package, write_package
from hybridjoin.bundle.recognise import read_package
from hybridjoin.bundle.verification import Verification
from hybridjoin.bundle.verify import verify
from hybridjoin.cli.exits import ExitCode, mistake
from hybridjoin.cli.output import say, say_json
from hybridjoin.given import read_given
from hybridjoin.report.json_report import read_record


def make(run: Path, output: Path, *, key: Path | None, as_json: bool, anonymise: bool = False) -> ExitCode:
    """Pack a run; return the exit code."""
    record = read_record(run)
    if anonymise:
        from hybridjoin.bundle.anonymise import anonymised

        record = anonymised(record)
    signer = load_signer(key) if key else own_signer()
    try:
        package = build_package(record, signer, created_at=datetime.now(UTC))
    except Refused as refusal:
        click.echo("hybridjoin: refused, this run is not packed:", err=True)
        for reason in refusal.reasons:
            say(f"  {reason.partition(chr(10))[0]}", err=True)
        return ExitCode.SECRET if isinstance(refusal, LeakRefused) else ExitCode.PEER_FAILED
    write_package(package, output)
    manifest = package.manifest
    if signer.made:
        click.echo(f"made a key pair of yours: {signer.path}", err=True)
    if as_json:
        say_json(asdict(manifest))
    else:
        say(f"{output}: {len(manifest.members)} files of run {manifest.run_id}, {len(package.body)} bytes")
    click.echo(f"signed ({manifest.signature_algorithm}) by {manifest.public_key_sha256}", err=as_json)
    click.echo("tell those who verify it this fingerprint by another way than the package", err=True)
    return ExitCode.AS_EXPECTED


def check(package: Path, *, public_key: Path | None, fingerprint: str | None, as_json: bool) -> ExitCode:
    """Verify a package and print what was found; return the exit code."""
    known = _fingerprint(fingerprint) if fingerprint is not None else ""
    pem = read_given(public_key, limit_bytes=KEY_LIMIT_BYTES) if public_key else None
    key = load_public(pem, place=str(public_key)) if pem is not None else None
    done = verify(read_package(package), place=str(package), key=key, known=known)
    if as_json:
        say_json(_json(done))
    else:
        _tell(package, done)
    # Nobody under test failed, and nobody mistyped: what is here differs from what was signed.
    return ExitCode.AS_EXPECTED if done.holds else ExitCode.DIFFERENT


def _fingerprint(text: str) -> str:
    plain = re.sub(r"[\s:]", "", text.removeprefix("SHA256:")).lower()
    if not re.fullmatch("[0-9a-f]{64}", plain):
        raise mistake("--fingerprint", f"expected 64 hex digits, found {text!r}", "`hybridjoin package` prints it")
    return plain


def _json(done: Verification) -> dict[str, Any]:
    manifest = done.manifest
    return {
        "format": "hybridjoin-verification/1",
        "holds": done.holds,
        "vouched": done.vouched and done.holds,
        "fingerprint": done.fingerprint,
        "algorithm": done.algorithm,
        "run_id": manifest.run_id if manifest else "",
        "site": manifest.site if manifest else "",
        "created_at": manifest.created_at if manifest else "",
        "findings": [asdict(item) for item in done.findings],
        "remarks": list(done.remarks),
    }


def _tell(package: Path, done: Verification) -> None:
    if not done.holds or done.manifest is None:
        say(f"✕ {package} is not what was signed")
        for item in done.findings:
            say(f"  {finding_text(item)}")
        return
    manifest = done.manifest
    profile = f", profile {manifest.profile}" if manifest.profile else ""
    say(f"✓ {package} is what was signed")
    say(f"  run {manifest.run_id} at {manifest.site}{profile}, packed {manifest.created_at}")
    click.echo(f"  signed ({done.algorithm}) by {done.fingerprint}")
    for remark in done.remarks:
        say(f"! {remark}", err=True)
    if not done.vouched:
        click.echo(
            "! the key came with the package: compare the fingerprint with the signer's, or give --fingerprint",
            err=True,
        )
