"""What the commands say of a document: the findings that somebody is told of, by id."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hybridjoin import checks
from hybridjoin.evidence.documents import metadata_parts
from hybridjoin.model.verdict import BROKEN, Level, Outcome, Verdict
from hybridjoin.protocol.mex import MexDocument
from tests.checks.evidence_factory import COMPUTER
from tests.cli.conftest import Run
from tests.documents.adfs_replies import ISSUER
from tests.documents.shapes import Findings
from tests.intake.test_computer_facts import ldif
from tests.protocol.documents import GUID

Told = Mapping[str, tuple[Level, Outcome]]
_TOLD = {*BROKEN, Outcome.INTERRUPTED}


def listed(findings: Findings) -> Told:
    """What a shape's list says, without the reasons."""
    return {name: (said.level, said.outcome) for name, said in findings.items()}


def metadata_told(document: MexDocument) -> Told:
    """What the whole book of requirements says of a metadata document."""
    return told(checks.judge(metadata_parts(document)))


def told(verdicts: Iterable[Verdict]) -> Told:
    """What is told of verdicts, those that were kept or could not be asked left out."""
    return {item.requirement: (item.level, item.outcome) for item in verdicts if item.outcome in _TOLD}


def assertion_findings(run: Run, path: Path, *, user: str, **options: str | Path) -> dict[str, dict[str, Any]]:
    """What `hybridjoin assertion` finds in a file: each requirement's finding, by its id.

    A computer's is judged with all that AD FS' administrator can hand in; of a person's that is the name.
    """
    given: list[str | Path] = [f"--user={user}"] if user else []
    given += [item for name, value in options.items() for item in (f"--{name.replace('_', '-')}", value)]
    done = run("assertion", path, "--json", *given)
    assert done.err == ""
    return {item["id"]: item for item in json.loads(done.out)["findings"]}


def told_of(findings: Mapping[str, Mapping[str, Any]]) -> Told:
    """What is told of the findings of a command's JSON."""
    read = {name: (Level(item["level"]), Outcome(item["outcome"])) for name, item in findings.items()}
    return {name: pair for name, pair in read.items() if pair[1] in _TOLD}


def of_the_computer(folder: Path, certificate: Path) -> dict[str, str | Path]:
    """All that the command can be told of the computer of these tests and its domain."""
    path = folder / "ws01.ldif"
    upn = b"WS01$@contoso.example"
    path.write_bytes(ldif(**{"mS-DS-ConsistencyGuid": GUID.bytes_le, "userPrincipalName": upn}))
    assert COMPUTER.object_guid == GUID
    return {"computer": path, "issuer": ISSUER, "signing_certificate": certificate}


def metadata_findings_of(run: Run, path: Path) -> tuple[Told, bool]:
    """What `hybridjoin mex` tells of a file, readable or not, and whether Windows finds an endpoint in it."""
    data = json.loads(run("mex", path, "--json").out)
    outcomes = {Level.MUST: Outcome.FAILED, Level.SHOULD: Outcome.WARNING, Level.MAY: Outcome.REVIEW}
    said = {item["id"]: Level(item["level"]) for item in data["findings"]}
    return {name: (level, outcomes[level]) for name, level in said.items()}, data["chosen"]["windows"] is not None
