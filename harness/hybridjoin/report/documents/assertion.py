"""A captured assertion as a view: what it says, what its values decode to, and what was found in it; plain data."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from hybridjoin.intake.asserted_person import AssertedPerson
from hybridjoin.intake.captured_token import CapturedToken
from hybridjoin.model.reading import SignatureReading
from hybridjoin.model.verdict import ClaimRow, Outcome, Verdict
from hybridjoin.protocol.computer import read_sid
from hybridjoin.protocol.guid import decode_guid
from hybridjoin.protocol.saml11 import Assertion
from hybridjoin.report.reason_text import reason_text
from hybridjoin.report.where_text import where_text

SUBJECT = "Subject"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLine:
    """One value of one claim; `reads_as` is the GUID or SID that base64 in it encodes, empty where there is none.

    `outcome`, `expected` and `mistake` compare it with the computer's object, where one was given.
    """

    name: str
    namespace: str
    value: str
    reads_as: str = ""
    outcome: Outcome | None = None
    expected: str = ""
    mistake: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertionView:
    """What is shown of a captured token; `own_time` says that it was judged at the time that it says it was issued.

    `person` is the one as whose it was judged, None where as a computer's; `by_itself` says that nobody said so, and
    that the assertion tells.
    `not_given` are the options that would have let more be tested.
    """

    source: str
    captured: CapturedToken
    signature: SignatureReading | None
    judged_at: datetime | None
    own_time: bool
    person: AssertedPerson | None
    by_itself: bool
    claims: tuple[ClaimLine, ...]
    findings: tuple[Verdict, ...]
    not_given: tuple[str, ...] = ()

    @property
    def assertion(self) -> Assertion | None:
        """The assertion that was judged, None where the response holds none that can be read."""
        return self.captured.assertion

    @property
    def carrier(self) -> str:
        """What was captured, in words."""
        response = self.captured.response
        if self.captured.bare:
            kind = "a bare assertion"
        elif response.soap_version == "none":
            kind = "a token response without its envelope"
        else:
            kind = f"a token response in SOAP {response.soap_version}"
        trust = f", WS-Trust {response.trust.value}" if response.trust is not None and not self.captured.bare else ""
        wrapping = f" (taken out of {', '.join(self.captured.wrapping)})" if self.captured.wrapping else ""
        return f"{kind}{trust}{wrapping}"


def claim_lines(assertion: Assertion, rows: tuple[ClaimRow, ...]) -> Iterator[ClaimLine]:
    """Yield what an assertion claims, with what `rows` found in comparing it, and then what they miss in it."""
    by_name = {row.name.lower(): row for row in rows}
    subjects = (item.name_identifier for item in assertion.subjects if item.name_identifier is not None)
    said = [(SUBJECT, "", value) for value in dict.fromkeys(subjects)]
    said += [(item.name, item.namespace, value) for item in assertion.attributes for value in item.values or ("",)]
    for name, space, value in said:
        yield _line(name, space, value, by_name.get(name.rpartition("/")[2].lower()))
    for row in rows:
        if not row.found and row.outcome is not Outcome.SKIPPED:
            yield _line(row.name, row.namespace, "", row)


def _line(name: str, space: str, value: str, row: ClaimRow | None) -> ClaimLine:
    return ClaimLine(
        name=name,
        namespace=space,
        value=value,
        reads_as=reads_as(value),
        outcome=None if row is None else row.outcome,
        expected="" if row is None else " or ".join(row.expected),
        mistake="" if row is None else row.mistake,
    )


def reads_as(value: str) -> str:
    """Return the GUID or SID that a value encodes in base64, as text; empty where it encodes none."""
    guid = decode_guid(value)
    if guid is not None:
        return str(guid)
    try:
        return read_sid(base64.b64decode(value, validate=True)) if value else ""
    except (binascii.Error, ValueError):
        return ""


def assertion_json(view: AssertionView) -> dict[str, Any]:
    """Return the view for machines."""
    return {
        "source": view.source,
        "carrier": view.carrier,
        "assertion": _assertion_json(view.assertion),
        "signature": _signature_json(view.signature),
        "judged_as": view.person.name if view.person is not None else "computer",
        "judged_as_by_itself": view.by_itself,
        "judged_at": _time(view.judged_at),
        "judged_at_own_time": view.own_time,
        "claims": [{**asdict(item), "outcome": item.outcome.value if item.outcome else None} for item in view.claims],
        "findings": [_finding_json(item) for item in view.findings],
        "not_given": list(view.not_given),
    }


def _assertion_json(assertion: Assertion | None) -> dict[str, Any] | None:
    if assertion is None:
        return None
    return {
        "id": assertion.assertion_id,
        "version": assertion.version,
        "issuer": assertion.issuer,
        "issue_instant": _time(assertion.issue_instant),
        "not_before": _time(assertion.not_before),
        "not_on_or_after": _time(assertion.not_on_or_after),
        "audiences": list(assertion.audiences),
        "authentication_method": assertion.authentication_method,
    }


def _signature_json(signature: SignatureReading | None) -> dict[str, Any] | None:
    if signature is None:
        return None
    return {
        "present": signature.present,
        "valid": signature.valid,
        "trusted": signature.trusted,
        "problem": signature.problem,
        "algorithm": signature.signature_algorithm,
        "certificate_subject": signature.certificate_subject,
        "certificate_thumbprint": signature.certificate_thumbprint,
    }


def _finding_json(one: Verdict) -> dict[str, Any]:
    return {
        "id": one.requirement,
        "level": one.level.value,
        "outcome": one.outcome.value,
        "sentence": one.sentence,
        "expected": one.expected,
        "found": one.found,
        "where": where_text(one.where),
        "why_not": reason_text(one.not_tested),
        "remedy": one.remedy,
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
