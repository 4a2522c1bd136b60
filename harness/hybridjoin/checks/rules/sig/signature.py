"""The assertion's signature: that it holds, whose key it is, and what it is made of."""

from __future__ import annotations

from hybridjoin.checks.places import in_response
from hybridjoin.checks.requirement import Finding, broken, expect, holds, not_applicable, requirement, review
from hybridjoin.checks.silence import absent, judged_elsewhere
from hybridjoin.evidence.facts import TrustedCertificates
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.model.where import Where
from hybridjoin.protocol import names
from hybridjoin.protocol.saml11 import Assertion
from hybridjoin.protocol.signature import SignatureReading
from hybridjoin.protocol.signing_certificate import load_certificates, thumbprint

_SHA2 = ("sha256", "sha384", "sha512")
_ENVELOPED = f"{names.DSIG}enveloped-signature"
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_SHA256 = "Set the secure hash algorithm of the relying party to SHA-256."
_SIGNATURE = in_response("ds:Signature")


def require_signed(reading: SignatureReading) -> None:
    """Go on only where there is a signature to judge.

    Raises:
        Silence: the assertion is not signed.
    """
    if not reading.present:
        raise absent("the assertion is not signed", step=Step.RST)


def require_computed(reading: SignatureReading) -> None:
    """Go on only where a key was tried: a signature whose form is refused says nothing of its key.

    Raises:
        Silence: the assertion is not signed, or its signature was refused unread.
    """
    require_signed(reading)
    if reading.refused:
        raise judged_elsewhere("SIG-02", "the signature's form is refused, and no key was tried")


def _inside(name: str, value: object) -> Where:
    """An element of the signature; the signature where there is no such element."""
    return in_response(name) if value else _SIGNATURE


@requirement(
    "SIG-01", Level.MUST, "MS-MWBF 2.2.4.2.2", remedy="Sign the assertion itself, not only the message.", verified=True
)
def assertion_is_signed(reading: SignatureReading) -> Finding:
    """The assertion carries an XML signature of its own."""
    present = reading.present
    where = _SIGNATURE if present else in_response("saml:Assertion")
    return expect(present, expected="ds:Signature", found="a signature" if present else "none", where=where)


@requirement(
    "SIG-02",
    Level.MUST,
    "XMLDSIG 3.2",
    remedy="Nothing may touch the assertion after it is signed: no re-indenting, no re-encoding, no added attribute. A "
    "signature that is refused unread holds what a token's has no use for: leave it at one Reference to the assertion, "
    "two transforms, and KeyInfo with the certificate.",
    verified=True,
)
def signature_verifies(reading: SignatureReading) -> Finding:
    """The signature verifies with the key it names, and what it covers is the assertion."""
    require_signed(reading)
    if not reading.valid:
        return broken(expected="a signature that holds", found=reading.problem, where=_SIGNATURE)
    return holds(f"signed {reading.signed_assertion_id}", where=_SIGNATURE)


@requirement(
    "SIG-03",
    Level.MUST,
    "MS-RENEW Overview",
    remedy="Write the certificate that signs into the domain's SigningCertificate "
    "(Update-MgDomainFederationConfiguration) or, before a change, into NextSigningCertificate.",
    verified=True,
)
def key_is_the_domains(reading: SignatureReading, trusted: TrustedCertificates) -> Finding:
    """The key that signs is one of the domain's signing certificates in Entra."""
    require_computed(reading)
    if not trusted.certificates:
        return not_applicable("no signing certificate of the domain is known to compare with")
    found = f"{reading.certificate_subject or reading.key_info or 'a key'} {reading.certificate_thumbprint}".strip()
    expected = "SigningCertificate or NextSigningCertificate of the domain"
    where = _inside("ds:KeyInfo", reading.key_info)
    if reading.trusted and _names_another(reading, trusted.certificates):
        other = f"the domain's key, and in KeyInfo another certificate for it, {reading.certificate_thumbprint}"
        return review(expected=expected, found=other, where=where)
    return expect(reading.trusted, expected=expected, found=found, where=where)


def _names_another(reading: SignatureReading, registered: tuple[bytes, ...]) -> bool:
    """Say whether KeyInfo holds none of the registered certificates, by which a reader may look for the key.

    One that cannot be read is SIG-09's to tell: whoever published the file may have masked it.
    """
    known = {thumbprint(item) for item in load_certificates(registered)}
    return reading.key_info == "X509Certificate" and reading.certificate_thumbprint not in known


@requirement(
    "SIG-04", Level.SHOULD, "MS-ADFS Settings controlled by Microsoft Entra Connect", remedy=_SHA256, verified=True
)
def signature_algorithm_is_sha2(reading: SignatureReading) -> Finding:
    """The signature method is RSA or ECDSA with a hash of the SHA-2 family."""
    require_signed(reading)
    found = reading.signature_algorithm
    expected = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    where = _inside("ds:SignatureMethod", found)
    return expect(found.endswith(_SHA2), expected=expected, found=found or "none", where=where)


@requirement(
    "SIG-05", Level.SHOULD, "MS-ADFS Settings controlled by Microsoft Entra Connect", remedy=_SHA256, verified=True
)
def digest_algorithm_is_sha2(reading: SignatureReading) -> Finding:
    """Every digest is of the SHA-2 family."""
    require_signed(reading)
    digests = reading.digest_algorithms
    right = digests and all(item.endswith(_SHA2) for item in digests)
    found = ", ".join(digests) or "none"
    expected = "http://www.w3.org/2001/04/xmlenc#sha256"
    return expect(right, expected=expected, found=found, where=_inside("ds:DigestMethod", digests))


@requirement("SIG-06", Level.MUST, "SAML11 5.4.2", remedy="Sign with one Reference to #<AssertionID>.", verified=True)
def one_reference_to_the_assertion(reading: SignatureReading, assertion: Assertion) -> Finding:
    """The signature has exactly one reference, and it names the AssertionID."""
    require_signed(reading)
    wanted, references = f"#{assertion.assertion_id}", reading.references
    found = ", ".join(item or "the whole document" for item in references) or "none"
    where = _inside("ds:Reference", references)
    return expect(references == (wanted,), expected=wanted, found=found, where=where)


@requirement(
    "SIG-07",
    Level.SHOULD,
    "SAML11 5.4.3",
    remedy="Canonicalize SignedInfo with http://www.w3.org/2001/10/xml-exc-c14n#.",
    verified=True,
)
def canonicalization_is_exclusive(reading: SignatureReading) -> Finding:
    """SignedInfo is canonicalized exclusively, so that the signature survives being cut out."""
    require_signed(reading)
    found = reading.canonicalization
    where = _inside("ds:CanonicalizationMethod", found)
    return expect(found.startswith(_EXCLUSIVE), expected=_EXCLUSIVE, found=found or "none", where=where)


@requirement(
    "SIG-08",
    Level.SHOULD,
    "SAML11 5.4.4",
    remedy="Sign with two transforms: enveloped-signature, then exclusive canonicalization.",
    verified=True,
)
def transforms_are_the_two_known_ones(reading: SignatureReading) -> Finding:
    """The reference's transforms are enveloped-signature and exclusive canonicalization, and no others."""
    require_signed(reading)
    transforms = reading.transforms
    odd = [item for item in transforms if item != _ENVELOPED and not item.startswith(_EXCLUSIVE)]
    right = not odd and _ENVELOPED in transforms and len(transforms) == 2
    found = ", ".join(transforms) or "none"
    where = _inside("ds:Transforms", transforms)
    return expect(right, expected=f"{_ENVELOPED}, {_EXCLUSIVE}", found=found, where=where)


@requirement(
    "SIG-09",
    Level.SHOULD,
    "MS-MWBF 2.2.4.2.2",
    remedy="Send the signing certificate in KeyInfo/X509Data.",
    verified=True,
)
def certificate_is_sent_along(reading: SignatureReading) -> Finding:
    """KeyInfo carries the signing certificate, by which Entra finds the key."""
    require_signed(reading)
    found = reading.key_info
    right = found == "X509Certificate"
    where = _inside("ds:KeyInfo", found)
    return expect(right, expected="X509Certificate", found=found or "no KeyInfo", where=where)


@requirement(
    "SIG-10",
    Level.SHOULD,
    "MS-RENEW Step 3: Check if your certificate is about to expire",
    remedy="Renew the signing certificate, and register it.",
    verified=True,
)
def certificate_was_valid_at_issue(reading: SignatureReading) -> Finding:
    """The signing certificate was within its period when the assertion was issued."""
    require_computed(reading)
    expired = reading.certificate_expired_at_issue
    if expired is None:
        return not_applicable("there is no certificate, or no readable IssueInstant")
    expected = f"issued before {reading.certificate_not_after}"
    found = "outside of the period" if expired else "inside"
    where = _inside("ds:X509Certificate", reading.key_info == "X509Certificate")
    return expect(not expired, expected=expected, found=found, where=where)


@requirement(
    "SIG-11",
    Level.SHOULD,
    "PINGFED org.apache.xml.security.ignoreLineBreaks",
    remedy="Write base64 of a signature on one line; Java's XML security (PingFederate, Metro) does with "
    "-Dorg.apache.xml.security.ignoreLineBreaks=true.",
)
def signature_has_no_line_breaks(reading: SignatureReading) -> Finding:
    """SignatureValue, DigestValue and X509Certificate are single lines of base64."""
    require_signed(reading)
    broken_up = reading.has_line_breaks
    found = "line breaks" if broken_up else "one line"
    return expect(not broken_up, expected="one line", found=found, where=_SIGNATURE)


@requirement(
    "SIG-12",
    Level.SHOULD,
    "MS-ADFS Settings controlled by Microsoft Entra Connect",
    remedy="Sign with an RSA key of 2048 bits or more, and publish its certificate to Entra first.",
)
def key_is_long_enough(reading: SignatureReading) -> Finding:
    """The RSA key that signs has at least 2048 bits."""
    require_computed(reading)
    bits = reading.key_bits
    if bits is None:
        return not_applicable("the key is not an RSA key of a certificate")
    return expect(bits >= 2048, expected="2048", found=str(bits), where=_inside("ds:KeyInfo", reading.key_info))


@requirement("SIG-13", Level.MUST, "SAML11 2.3.2", remedy="Sign the assertion once.", verified=True)
def assertion_has_one_signature(reading: SignatureReading) -> Finding:
    """The assertion carries one signature, not several to choose from."""
    require_signed(reading)
    count = reading.signatures
    return expect(count == 1, expected="1", found=str(count), where=_SIGNATURE)
