"""The messages that came along, judged by the very checks, against whatever else came along: no lab is needed."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from hybridjoin import checks
from hybridjoin.checks.rules import BOOK
from hybridjoin.cli.explain.assertion_limits import (
    asked_of,
    forgiving_indentation,
    not_known,
    without_what_is_not_known,
)
from hybridjoin.cli.explain.mex_work import metadata_findings
from hybridjoin.errors import PeerError
from hybridjoin.evidence.documents import assertion_parts, federation_parts, metadata_parts
from hybridjoin.evidence.facts import DirectoryFacts
from hybridjoin.intake.asserted_person import AssertedPerson, person_of
from hybridjoin.intake.captured_token import CapturedToken, read_token
from hybridjoin.intake.case.case import CustomerCase
from hybridjoin.intake.case.objects import computer_of_facts, moment_of_facts, settings_of_facts
from hybridjoin.intake.case.view import FactView
from hybridjoin.intake.federation import FederationSettings
from hybridjoin.intake.files import bases
from hybridjoin.intake.files.part import PartKind, RawPart
from hybridjoin.model.verdict import BROKEN, Outcome, Verdict
from hybridjoin.protocol.computer import Computer
from hybridjoin.protocol.mex import MexDocument, parse_mex


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedPart:
    """A message or a domain's settings with all answers of the checks; `against` says what it was compared with."""

    title: str
    place: str
    findings: tuple[Verdict, ...]
    against: tuple[str, ...] = ()

    @property
    def broken(self) -> tuple[Verdict, ...]:
        """The sentences that are not kept, the loudest first."""
        order = list(BROKEN)
        told = [item for item in self.findings if item.outcome in order]
        return tuple(sorted(told, key=lambda item: order.index(item.outcome)))

    @property
    def kept(self) -> int:
        """How many sentences hold."""
        return sum(item.outcome is Outcome.PASSED for item in self.findings)


def judged_parts(case: CustomerCase) -> Iterator[JudgedPart]:
    """Yield the settings, the metadata and the tokens of a case with their verdicts."""
    view = FactView(case.facts)
    settings, computer = tuple(settings_of_facts(view)), computer_of_facts(view)
    documents = [(item, parse_mex(item.body)) for item in case.parts if item.kind is PartKind.MEX]
    tokens = [(item, found) for item in case.parts if item.kind is PartKind.TOKEN and (found := _token(item.body))]
    document = documents[0][1] if documents else None
    now = moment_of_facts(view) or datetime.now(UTC)
    whole = [item for item in settings if item.domain not in _known_in_part(view)]
    for item in whole:
        yield _settings(item, now, document, tokens[0][1] if tokens else None)
    for part, metadata in documents:
        yield JudgedPart(title="metadata", place=part.place, findings=metadata_findings(metadata_parts(metadata)))
    for part, token in tokens:
        person = _person(view, part, token)
        against = settings[0] if len(settings) == 1 else None
        yield _judged_token(token, part.place, against, None if person is not None else computer, person)


def _person(view: FactView, part: RawPart, token: CapturedToken) -> AssertedPerson | None:
    """Return whose a token is: a record of ours knows who came, else the token tells, or the message it was in."""
    asserted = person_of(token, part.body)
    named = next((fact for fact in view.of("flow.person") if part.file.startswith(f"{fact.file}/")), None)
    if named is None:
        return asserted
    return asserted or AssertedPerson(name=named.value, by_password=False)


def _known_in_part(view: FactView) -> set[str]:
    """Return the domains whose settings a record of ours tells: those that a join needs, which is not all there is."""
    told = view.of("federation.issuer_uri")
    return {fact.of for fact in told} - {fact.of for fact in told if fact.basis is not bases.RECORD}


def _token(body: bytes) -> CapturedToken | None:
    try:
        found = read_token(body)
    except PeerError:
        return None
    return found if isinstance(found, CapturedToken) else None


def _settings(
    item: FederationSettings, now: datetime, document: MexDocument | None, token: CapturedToken | None
) -> JudgedPart:
    response = token.response if token is not None and token.response.assertion is not None else None
    parts = federation_parts(item, now=now, document=document, response=response)
    requirements = sorted(BOOK.select("FED-*"), key=lambda one: one.id)
    against = [*(["the metadata"] if document else []), *(["the assertion"] if response else [])]
    title = f"federation settings of {item.domain or 'a domain'}"
    return JudgedPart(title=title, place=item.place, findings=checks.judge(parts, requirements), against=tuple(against))


def _judged_token(
    token: CapturedToken,
    place: str,
    settings: FederationSettings | None,
    computer: Computer | None,
    person: AssertedPerson | None,
) -> JudgedPart:
    """Judge as `hybridjoin assertion` does, with the domain's settings and the computer's object where they came."""
    certificates = _certificates(settings)
    assertion = token.assertion
    parts = assertion_parts(
        token,
        trusted=certificates,
        issuer=settings.issuer_uri if settings is not None else "",
        facts=DirectoryFacts(computer=computer) if computer is not None else None,
        person=person,
        at=assertion.issue_instant if assertion is not None else None,
    )
    silent = dict(not_known(parts, token, computer, judged_at=None, certificates=certificates))
    findings = without_what_is_not_known(checks.judge(parts, asked_of(person)), silent)
    against = [*(["the federation settings"] if settings else []), *(["the computer's object"] if computer else [])]
    return JudgedPart(
        title="assertion" if person is None else f"assertion of {person.name or 'a person'}",
        place=place,
        findings=forgiving_indentation(findings, token, certificates),
        against=tuple(against),
    )


def _certificates(settings: FederationSettings | None) -> tuple[bytes, ...]:
    """Return the certificates of the settings; one that was cut short by a document is none."""
    found = []
    for text in (settings.signing_certificate, settings.next_signing_certificate) if settings is not None else ():
        try:
            octets = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            continue
        if octets.startswith(b"\x30\x82"):
            found.append(octets)
    return tuple(found)
