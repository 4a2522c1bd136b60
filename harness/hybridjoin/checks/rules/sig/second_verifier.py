"""An independent witness: xmlsec verifies the same signature."""

from __future__ import annotations

from hybridjoin.checks.readings import assertion_of, signed_of
from hybridjoin.checks.requirement import Finding, expect, not_applicable, requirement
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.second_verifier import is_usual


@requirement(
    "SIG-14",
    Level.MUST,
    "XMLDSIG 3.2",
    remedy="Compare both readings with the signer's own log of what it signed.",
    verified=True,
)
def second_verifier_agrees(evidence: JoinEvidence) -> Finding:
    """A second, independent implementation of XML signatures comes to the same result as the first."""
    reading, assertion = signed_of(evidence), assertion_of(evidence)
    if not is_usual(reading, assertion.assertion_id):
        return not_applicable("the signature refers to something else than the assertion, or transforms it unusually")
    if reading.second_opinion is None:
        return not_applicable("there is no certificate to verify with")
    words = {True: "it verifies", False: "it does not verify"}
    found = reading.second_opinion
    expected = f"signxml: {words[reading.valid]}"
    return expect(found is reading.valid, expected=expected, found=f"xmlsec: {words[found]}", where="RSTR, by xmlsec")
