"""What `hybridjoin assertion` does once its arguments are understood."""

from __future__ import annotations

import base64
import re
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from hybridjoin import checks
from hybridjoin.checks.claims import claim_rows
from hybridjoin.cli.exits import ExitCode, mistake
from hybridjoin.cli.explain.assertion_limits import (
    asked_of,
    forgiving_indentation,
    not_known,
    without_what_is_not_known,
)
from hybridjoin.cli.explain.assertion_screen import show
from hybridjoin.cli.output import say_json
from hybridjoin.errors import PeerError
from hybridjoin.evidence.documents import assertion_parts
from hybridjoin.evidence.facts import DirectoryFacts
from hybridjoin.given import read_given
from hybridjoin.intake.asserted_person import AssertedPerson, person_of
from hybridjoin.intake.captured_token import CapturedToken, read_token
from hybridjoin.intake.certificate_text import NoCertificate, read_certificate
from hybridjoin.intake.computer_facts import computer_of_ldif, computer_of_values, read_guid
from hybridjoin.model.reading import SignatureReading
from hybridjoin.model.verdict import Outcome
from hybridjoin.protocol import limits
from hybridjoin.protocol.computer import Computer
from hybridjoin.protocol.rstr import SoapFault
from hybridjoin.protocol.times import parse_instant
from hybridjoin.report.documents.assertion import AssertionView, assertion_json, claim_lines
from hybridjoin.report.terminal import console

_SID = re.compile(r"S-1(-\d{1,15}){2,16}", re.ASCII)
_DER = b"\x30\x82"
_READ_AT_MOST = 4 * limits.XML_BYTES.most  # UTF-16 and base64 make of a document more than it is


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputerGiven:
    """What the command line says of the computer: a file, or values, or nothing."""

    computer_file: Path | None
    object_guid: str
    sid: str
    anchor: str
    upn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertionRequest:
    """What the command line named."""

    source: str
    issuer: str
    certificates: tuple[Path, ...]
    computer: ComputerGiven
    user: str
    at: str

    @classmethod
    def of(
        cls,
        *,
        computer_file: Path | None,
        object_guid: str,
        sid: str,
        anchor: str,
        upn: str,
        **rest: Any,  # noqa: ANN401 - click's own values
    ) -> AssertionRequest:
        """Sort the options of the command line: those of the computer belong together."""
        computer = ComputerGiven(computer_file=computer_file, object_guid=object_guid, sid=sid, anchor=anchor, upn=upn)
        return cls(computer=computer, **rest)


def carry_out(given: AssertionRequest, *, as_json: bool) -> ExitCode:
    """Read, judge and print; return the exit code.

    Raises:
        UsageError: the file is no assertion, or an option is not what it should be.
    """
    certificates = tuple(_certificate(path) for path in given.certificates)
    computer, moment = _computer(given.computer), _moment(given.at)
    if computer is not None and given.user:
        raise click.UsageError("--user and the options about a computer exclude each other: whose assertion is it?")
    captured = _read(given.source)
    view = _judged(given, captured, certificates, computer, moment)
    if as_json:
        say_json(assertion_json(view))
    else:
        show(console(), view)
    broken = any(item.outcome is Outcome.FAILED for item in view.findings)
    return ExitCode.PEER_FAILED if broken else ExitCode.AS_EXPECTED


def _judged(
    given: AssertionRequest,
    captured: CapturedToken,
    certificates: tuple[bytes, ...],
    computer: Computer | None,
    moment: datetime | None,
) -> AssertionView:
    assertion = captured.assertion
    own = assertion.issue_instant if assertion is not None else None
    facts = DirectoryFacts(computer=computer) if computer is not None else None
    at = moment or own
    named = AssertedPerson(name=given.user, by_password=True) if given.user else None
    person = named or (person_of(captured) if computer is None else None)
    parts = assertion_parts(captured, trusted=certificates, issuer=given.issuer, facts=facts, person=person, at=at)
    silent = dict(not_known(parts, captured, computer, judged_at=moment, certificates=certificates))
    findings = without_what_is_not_known(checks.judge(parts, asked_of(person)), silent)
    findings = forgiving_indentation(findings, captured, certificates)
    return AssertionView(
        source="standard input" if given.source == "-" else given.source,
        captured=captured,
        signature=parts.get(SignatureReading),
        judged_at=at,
        own_time=moment is None,
        person=person,
        by_itself=person is not None and named is None,
        claims=tuple(claim_lines(assertion, claim_rows(parts))) if assertion is not None else (),
        findings=findings,
        not_given=tuple(_not_given(given, computer, person)),
    )


def _not_given(given: AssertionRequest, computer: Computer | None, person: AssertedPerson | None) -> Iterator[str]:
    if not given.issuer:
        yield "--issuer URI"
    if not given.certificates:
        yield "--signing-certificate FILE"
    if computer is None and person is None:
        yield "--computer FILE, or --object-guid and --sid (--user UPN where it is a person's)"
    if not given.at:
        yield "--at TIME"


def _read(source: str) -> CapturedToken:
    place = "standard input" if source == "-" else source
    body = _octets(source)
    try:
        found = read_token(body)
    except PeerError as error:
        advice = "an assertion, a token response or an envelope is read, bare or in base64"
        raise mistake(place, error.problem, advice) from error
    if isinstance(found, SoapFault):
        name = found.subcode or found.code
        words = f"expected an assertion, found the SOAP fault {name}: {found.reason!r}"
        raise mistake(place, words, f"hybridjoin explain {name}")
    if not found.response.token_elements:
        raise mistake(place, "expected an assertion, found a token response without any token")
    return found


def _octets(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read(_READ_AT_MOST)
    return _file(Path(source))


def _file(path: Path) -> bytes:
    return read_given(path, limit_bytes=_READ_AT_MOST)


def _certificate(path: Path) -> bytes:
    body = _file(path)
    text = base64.b64encode(body).decode() if body.startswith(_DER) else body.decode("utf-8", "replace")
    found = read_certificate(text.strip())
    if isinstance(found, NoCertificate):
        raise mistake(str(path), f"expected one X.509 certificate in PEM, base64 or DER, found {found.found}")
    return found.der


def _computer(given: ComputerGiven) -> Computer | None:
    values = (given.object_guid, given.sid, given.anchor, given.upn)
    if given.computer_file is not None and any(values):
        raise click.UsageError("--computer and --object-guid, --sid, --anchor, --upn are two ways to give the same.")
    if given.computer_file is not None:
        try:
            return computer_of_ldif(_file(given.computer_file), where=str(given.computer_file))
        except PeerError as error:
            raise mistake(str(given.computer_file), error.problem) from error
    if not any(values):
        return None
    if not given.object_guid or not given.sid:
        raise click.UsageError("--object-guid and --sid are needed together to say which computer it is.")
    if _SID.fullmatch(given.sid) is None:
        raise mistake("--sid", f"expected a SID as S-1-5-21-…, found {given.sid!r}")
    anchor = _guid("--anchor", given.anchor) if given.anchor else None
    return computer_of_values(
        object_guid=_guid("--object-guid", given.object_guid), sid=given.sid, anchor=anchor, upn=given.upn
    )


def _guid(option: str, text: str) -> uuid.UUID:
    found = read_guid(text)
    if found is None:
        raise mistake(option, f"expected a GUID, or the base64 of one, found {text!r}")
    return found


def _moment(text: str) -> datetime | None:
    found = parse_instant(text) if text else None
    if text and found is None:
        raise mistake("--at", f"expected a time as 2025-07-09T02:14:21Z, found {text!r}")
    return found
