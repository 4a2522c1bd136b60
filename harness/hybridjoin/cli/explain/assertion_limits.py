"""What a captured file cannot tell, and what whoever kept it may have done to it: no fault of the one who issued it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from hybridjoin.checks.requirement import Requirement
from hybridjoin.checks.rules import BOOK
from hybridjoin.evidence.documents import signature_of
from hybridjoin.evidence.parts import Parts
from hybridjoin.intake.asserted_person import AssertedPerson
from hybridjoin.intake.captured_token import CapturedToken
from hybridjoin.model.reading import SignatureReading
from hybridjoin.model.verdict import BROKEN, NotTested, Outcome, Untested, Verdict
from hybridjoin.protocol.computer import Computer
from hybridjoin.protocol.indentation import without_indentation
from hybridjoin.protocol.signature import UNREADABLE_CERTIFICATE

_OF_THE_EXCHANGE = {"RSTR-01", "RSTR-02", "RSTR-03", "RSTR-07"}
_MASKED = re.compile(rb"SignatureValue(?:\s[^<>]*)?>\s*\[masked")
_KEEP = (
    "Save the reply as it came, before an editor or a viewer indents it. If it came like this, who sent it indents "
    "the assertion after it is signed, and Entra refuses it."
)


def asked_of(person: AssertedPerson | None) -> list[Requirement]:
    """Return the requirements that an assertion is held against: a person's, or a computer's."""
    own = "CLAIM-*" if person is None else "USER-*"
    return [item for area in (own, "SAML-*", "SIG-*", "RSTR-*") for item in BOOK.select(area)]


def without_what_is_not_known(findings: tuple[Verdict, ...], silent: Mapping[str, str]) -> tuple[Verdict, ...]:
    """Silence the requirements that `silent` names, each with its reason; what has a reason of its own keeps it."""
    return tuple(_silenced(item, silent.get(item.requirement)) for item in findings)


def _silenced(verdict: Verdict, words: str | None) -> Verdict:
    if verdict.requirement in _OF_THE_EXCHANGE:
        words = words or "the answer alone was captured, not the request and how it was answered"
    elif verdict.outcome is Outcome.SKIPPED:
        return verdict
    if words is None:
        return verdict
    reason = NotTested(reason=Untested.NOT_GIVEN, detail=words)
    return replace(verdict, outcome=Outcome.SKIPPED, expected="", found="", where=None, remedy="", not_tested=reason)


def not_known(
    parts: Parts,
    captured: CapturedToken,
    computer: Computer | None,
    *,
    judged_at: datetime | None,
    certificates: tuple[bytes, ...],
) -> Iterator[tuple[str, str]]:
    """Yield the requirements whose parts are there and still do not hold what they ask about, with the reason."""
    if judged_at is None:
        yield "SAML-06", "it is judged at the time that it says itself; --at TIME tells another"
    if computer is not None and not computer.dn and not computer.user_principal_name:
        yield "CLAIM-13", "no user principal name was given to compare with"
    if not captured.bare:
        yield "RSTR-16", "the HTTP headers of the reply were not captured"
    if not captured.bare and captured.response.soap_version == "none":
        words = "the envelope that the response came in was not captured"
        yield from {"RSTR-02": words, "RSTR-03": words, "RSTR-05": words, "RSTR-06": words}.items()
    signature = parts.get(SignatureReading)
    words = "" if signature is None or certificates else _no_key(signature)
    if words:
        yield from {"SIG-02": words, "SIG-06": words}.items()
    if _MASKED.search(captured.response.assertion_xml or b""):
        yield "SIG-02", "the signature's value was masked by whoever kept the message"
    if signature is not None and signature.key_info == UNREADABLE_CERTIFICATE:
        yield "SIG-09", "the certificate in KeyInfo cannot be read, masked perhaps"


def _no_key(signature: SignatureReading) -> str:
    """Say why there is no key to verify with, nothing where there is one, or where the form alone was enough."""
    if not signature.present or signature.refused:
        return ""
    if signature.certificate_thumbprint or signature.key_info == "KeyValue":
        return ""
    if signature.key_info == UNREADABLE_CERTIFICATE:
        return "the certificate in KeyInfo cannot be read, masked perhaps; --signing-certificate FILE brings another"
    return "KeyInfo names no key, and no signing certificate was given to verify with"


def forgiving_indentation(
    findings: tuple[Verdict, ...], captured: CapturedToken, certificates: tuple[bytes, ...]
) -> tuple[Verdict, ...]:
    """Have somebody look at what is wrong for nothing but the indentation of the file, which anybody may have made."""
    plain = without_indentation(captured.response.assertion_xml) if captured.response.assertion is not None else None
    if plain is None:
        return findings
    made_by_it = {
        "RSTR-21": "white space, behind an assertion that is indented as a whole",
        "SIG-11": "line breaks, in an assertion that is indented as a whole",
    }
    if _holds(captured, plain, certificates):
        made_by_it["SIG-02"] = "a signature that holds once the indentation between the elements is taken out"
    return tuple(_looked_at(item, made_by_it.get(item.requirement)) for item in findings)


def _looked_at(verdict: Verdict, words: str | None) -> Verdict:
    if words is None or verdict.outcome not in BROKEN:
        return verdict
    return replace(verdict, outcome=Outcome.REVIEW, found=words, remedy=_KEEP)


def _holds(captured: CapturedToken, octets: bytes, certificates: tuple[bytes, ...]) -> bool:
    assertion = captured.response.assertion
    return assertion is not None and signature_of(assertion, octets, trusted=certificates).valid
