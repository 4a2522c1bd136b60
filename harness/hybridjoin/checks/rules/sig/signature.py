"""The assertion's signature: that it holds, whose key it is, and what it is made of."""

from __future__ import annotations

from hybridjoin.checks.readings import assertion_of, signature_of, signed_of
from hybridjoin.checks.requirement import Finding, broken, expect, holds, not_applicable, requirement
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.verdict import Level
from hybridjoin.protocol import names

_SHA2 = ("sha256", "sha384", "sha512")
_ENVELOPED = f"{names.DSIG}enveloped-signature"
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_SHA256 = "Set the secure hash algorithm of the relying party to SHA-256."
_WHERE = "RSTR, ds:Signature"


@requirement(
    "SIG-01", Level.MUST, "MS-MWBF 2.2.4.2.2", remedy="Sign the assertion itself, not only the message.", verified=True
)
def assertion_is_signed(evidence: JoinEvidence) -> Finding:
    """The assertion carries an XML signature of its own."""
    present = signature_of(evidence).present
    return expect(present, expected="ds:Signature", found="a signature" if present else "none", where=_WHERE)


@requirement(
    "SIG-02",
    Level.MUST,
    "XMLDSIG 3.2",
    remedy="Nothing may touch the assertion after it is signed: no re-indenting, no re-encoding, no added attribute.",
    verified=True,
)
def signature_verifies(evidence: JoinEvidence) -> Finding:
    """The signature verifies with the key it names, and what it covers is the assertion."""
    reading = signed_of(evidence)
    if not reading.valid:
        return broken(expected="a signature that holds", found=reading.problem, where=_WHERE)
    return holds(f"signed {reading.signed_assertion_id}", where=_WHERE)


@requirement(
    "SIG-03",
    Level.MUST,
    "MS-RENEW Overview",
    remedy="Write the certificate that signs into the domain's SigningCertificate "
    "(Update-MgDomainFederationConfiguration) or, before a change, into NextSigningCertificate.",
    verified=True,
)
def key_is_the_domains(evidence: JoinEvidence) -> Finding:
    """The key that signs is one of the domain's signing certificates in Entra."""
    reading = signed_of(evidence)
    if not evidence.signing_certificates:
        return not_applicable("no signing certificate of the domain is known to compare with")
    found = f"{reading.certificate_subject or reading.key_info or 'a key'} {reading.certificate_thumbprint}".strip()
    expected = "SigningCertificate or NextSigningCertificate of the domain"
    return expect(reading.trusted, expected=expected, found=found, where="RSTR, ds:KeyInfo")


@requirement(
    "SIG-04", Level.SHOULD, "MS-ADFS Settings controlled by Microsoft Entra Connect", remedy=_SHA256, verified=True
)
def signature_algorithm_is_sha2(evidence: JoinEvidence) -> Finding:
    """The signature method is RSA or ECDSA with a hash of the SHA-2 family."""
    found = signed_of(evidence).signature_algorithm
    expected = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    return expect(found.endswith(_SHA2), expected=expected, found=found or "none", where="RSTR, ds:SignatureMethod")


@requirement(
    "SIG-05", Level.SHOULD, "MS-ADFS Settings controlled by Microsoft Entra Connect", remedy=_SHA256, verified=True
)
def digest_algorithm_is_sha2(evidence: JoinEvidence) -> Finding:
    """Every digest is of the SHA-2 family."""
    digests = signed_of(evidence).digest_algorithms
    right = digests and all(item.endswith(_SHA2) for item in digests)
    found = ", ".join(digests) or "none"
    expected = "http://www.w3.org/2001/04/xmlenc#sha256"
    return expect(right, expected=expected, found=found, where="RSTR, ds:DigestMethod")


@requirement("SIG-06", Level.MUST, "SAML11 5.4.2", remedy="Sign with one Reference to #<AssertionID>.", verified=True)
def one_reference_to_the_assertion(evidence: JoinEvidence) -> Finding:
    """The signature has exactly one reference, and it names the AssertionID."""
    wanted = f"#{assertion_of(evidence).assertion_id}"
    references = signed_of(evidence).references
    found = ", ".join(item or "the whole document" for item in references) or "none"
    return expect(references == (wanted,), expected=wanted, found=found, where="RSTR, ds:Reference")


@requirement(
    "SIG-07",
    Level.SHOULD,
    "SAML11 5.4.3",
    remedy="Canonicalize SignedInfo with http://www.w3.org/2001/10/xml-exc-c14n#.",
    verified=True,
)
def canonicalization_is_exclusive(evidence: JoinEvidence) -> Finding:
    """SignedInfo is canonicalized exclusively, so that the signature survives being cut out."""
    found = signed_of(evidence).canonicalization
    right = found.startswith(_EXCLUSIVE)
    return expect(right, expected=_EXCLUSIVE, found=found or "none", where="RSTR, ds:CanonicalizationMethod")


@requirement(
    "SIG-08",
    Level.SHOULD,
    "SAML11 5.4.4",
    remedy="Sign with two transforms: enveloped-signature, then exclusive canonicalization.",
    verified=True,
)
def transforms_are_the_two_known_ones(evidence: JoinEvidence) -> Finding:
    """The reference's transforms are enveloped-signature and exclusive canonicalization, and no others."""
    transforms = signed_of(evidence).transforms
    odd = [item for item in transforms if item != _ENVELOPED and not item.startswith(_EXCLUSIVE)]
    right = not odd and _ENVELOPED in transforms and len(transforms) == 2
    found = ", ".join(transforms) or "none"
    return expect(right, expected=f"{_ENVELOPED}, {_EXCLUSIVE}", found=found, where="RSTR, ds:Transforms")


@requirement(
    "SIG-09",
    Level.SHOULD,
    "MS-MWBF 2.2.4.2.2",
    remedy="Send the signing certificate in KeyInfo/X509Data.",
    verified=True,
)
def certificate_is_sent_along(evidence: JoinEvidence) -> Finding:
    """KeyInfo carries the signing certificate, by which Entra finds the key."""
    found = signed_of(evidence).key_info
    right = found == "X509Certificate"
    return expect(right, expected="X509Certificate", found=found or "no KeyInfo", where="RSTR, ds:KeyInfo")


@requirement(
    "SIG-10",
    Level.SHOULD,
    "MS-RENEW Step 3: Check if your certificate is about to expire",
    remedy="Renew the signing certificate, and register it.",
    verified=True,
)
def certificate_was_valid_at_issue(evidence: JoinEvidence) -> Finding:
    """The signing certificate was within its period when the assertion was issued."""
    reading = signed_of(evidence)
    if reading.certificate_expired_at_issue is None:
        return not_applicable("there is no certificate, or no readable IssueInstant")
    expected = f"issued before {reading.certificate_not_after}"
    found = "outside of the period" if reading.certificate_expired_at_issue else "inside"
    return expect(
        not reading.certificate_expired_at_issue, expected=expected, found=found, where="RSTR, ds:X509Certificate"
    )


@requirement(
    "SIG-11",
    Level.SHOULD,
    "PINGFED org.apache.xml.security.ignoreLineBreaks",
    remedy="In PingFederate set org.apache.xml.security.ignoreLineBreaks=true.",
)
def signature_has_no_line_breaks(evidence: JoinEvidence) -> Finding:
    """SignatureValue, DigestValue and X509Certificate are single lines of base64."""
    broken_up = signed_of(evidence).has_line_breaks
    return expect(not broken_up, expected="one line", found="line breaks" if broken_up else "one line", where=_WHERE)


@requirement(
    "SIG-12",
    Level.SHOULD,
    "MS-ADFS Settings controlled by Microsoft Entra Connect",
    remedy="Sign with an RSA key of 2048 bits or more, and publish its certificate to Entra first.",
)
def key_is_long_enough(evidence: JoinEvidence) -> Finding:
    """The RSA key that signs has at least 2048 bits."""
    bits = signed_of(evidence).key_bits
    if bits is None:
        return not_applicable("the key is not an RSA key of a certificate")
    return expect(bits >= 2048, expected="2048", found=str(bits), where="RSTR, ds:KeyInfo")


@requirement("SIG-13", Level.MUST, "SAML11 2.3.2", remedy="Sign the assertion once.", verified=True)
def assertion_has_one_signature(evidence: JoinEvidence) -> Finding:
    """The assertion carries one signature, not several to choose from."""
    count = signed_of(evidence).signatures
    return expect(count == 1, expected="1", found=str(count), where=_WHERE)
