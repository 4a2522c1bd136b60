"""An independent witness: xmlsec verifies the same signature."""

from __future__ import annotations

from hybridjoin.checks.places import in_response
from hybridjoin.checks.requirement import Finding, expect, not_applicable, requirement
from hybridjoin.checks.rules.sig.signature import require_signed
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.saml11 import Assertion
from hybridjoin.protocol.second_verifier import is_usual
from hybridjoin.protocol.signature import SignatureReading


@requirement(
    "SIG-14",
    Level.MUST,
    "XMLDSIG 3.2",
    remedy="Compare both readings with the signer's own log of what it signed.",
    verified=True,
)
def second_verifier_agrees(reading: SignatureReading, assertion: Assertion) -> Finding:
    """A second, independent implementation of XML signatures comes to the same result as the first."""
    require_signed(reading)
    if not is_usual(reading, assertion.assertion_id):
        return not_applicable("the signature refers to something beside the assertion, or transforms it unusually")
    if reading.second_opinion is None:
        return not_applicable("there is no certificate to verify with")
    words = {True: "it verifies", False: "it does not verify"}
    found = reading.second_opinion
    where = in_response("ds:Signature", reader="xmlsec")
    expected = f"signxml: {words[reading.valid]}"
    return expect(found is reading.valid, expected=expected, found=f"xmlsec: {words[found]}", where=where)
