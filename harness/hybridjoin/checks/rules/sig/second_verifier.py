"""An independent witness: xmlsec verifies the same signature."""

from __future__ import annotations

import base64
import binascii

import xmlsec

from hybridjoin.checks.readings import assertion_of, response_of, signed_of
from hybridjoin.checks.requirement import Finding, expect, not_applicable, requirement
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.verdict import Level
from hybridjoin.protocol import names, xml
from hybridjoin.protocol.xml import Element

_SAFE_TRANSFORMS = (
    f"{names.DSIG}enveloped-signature",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
)


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
    usual = reading.signatures == 1 and reading.references == (f"#{assertion.assertion_id}",)
    if not usual or not set(reading.transforms) <= set(_SAFE_TRANSFORMS):
        return not_applicable("the signature refers to something else than the assertion, or transforms it unusually")
    root = xml.parse(response_of(evidence).assertion_xml, where="assertion")
    certificates = [*_embedded(root), *evidence.signing_certificates][:1]
    if not certificates:
        return not_applicable("there is no certificate to verify with")
    found = _verify(root, certificates[0])
    words = {True: "it verifies", False: "it does not verify"}
    expected = f"signxml: {words[reading.valid]}"
    return expect(found is reading.valid, expected=expected, found=f"xmlsec: {words[found]}", where="RSTR, by xmlsec")


def _embedded(root: Element) -> list[bytes]:
    signature = xml.first(root, xml.name(names.DSIG, "Signature"))
    path = (xml.name(names.DSIG, local) for local in ("KeyInfo", "X509Data", "X509Certificate"))
    try:
        raw = base64.b64decode("".join(xml.raw_text(xml.first(signature, *path)).split()), validate=True)
    except (binascii.Error, ValueError):
        return []
    return [raw] if raw else []


def _verify(root: Element, certificate: bytes) -> bool:
    """Verify with a key of our own choosing, so that nothing in KeyInfo is followed."""
    signature = xml.only(root, xml.name(names.DSIG, "Signature"), where="assertion")
    try:
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_memory(certificate, xmlsec.constants.KeyDataFormatCertDer)
        context.register_id(root, "AssertionID")
        context.verify(signature)
    except xmlsec.Error:
        return False
    return True
