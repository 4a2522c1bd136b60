"""An independent witness: xmlsec verifies the same signature."""

from __future__ import annotations

from hybridjoin.checks.places import in_response
from hybridjoin.checks.requirement import Finding, expect, not_applicable, requirement, review
from hybridjoin.checks.rules.sig.signature import require_computed
from hybridjoin.checks.silence import judged_elsewhere
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.signature import SignatureReading


@requirement(
    "SIG-14",
    Level.MUST,
    "XMLDSIG 3.2",
    remedy="Compare both readings with the signer's own log of what it signed.",
    verified=True,
)
def second_verifier_agrees(reading: SignatureReading) -> Finding:
    """A second, independent implementation of XML signatures comes to the same result as the first."""
    require_computed(reading)
    if reading.signatures != 1:
        raise judged_elsewhere("SIG-13", "there are several signatures, and each reader may choose another")
    if reading.second_opinion is None:
        return not_applicable("there is no certificate to verify with")
    words = {True: "it verifies", False: "it does not verify"}
    found = reading.second_opinion
    where = in_response("ds:Signature", reader="xmlsec")
    if reading.doubt:
        return review(expected="both compute it", found=f"xmlsec: it verifies; signxml: {reading.doubt}", where=where)
    expected = f"signxml: {words[reading.valid]}"
    return expect(found is reading.valid, expected=expected, found=f"xmlsec: {words[found]}", where=where)
