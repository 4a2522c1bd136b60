"""The certificates of a domain's federation settings: what Entra verifies an assertion with, now and next."""

from __future__ import annotations

from datetime import timedelta

from hybridjoin.checks.places import in_response, in_settings
from hybridjoin.checks.requirement import Finding, broken, expect, holds, not_applicable, requirement
from hybridjoin.checks.rules.fed.settings import UPDATE
from hybridjoin.checks.silence import absent, judged_elsewhere
from hybridjoin.evidence.facts import GatheredAt
from hybridjoin.intake.certificate_text import CertificateReading, NoCertificate, read_certificate
from hybridjoin.intake.federation import FederationSettings
from hybridjoin.intake.federation_commands import DomainCommand
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.rstr import TokenResponse
from hybridjoin.protocol.saml11 import Assertion
from hybridjoin.protocol.signature import SignatureReading, read_signature
from hybridjoin.protocol.signing_certificate import key_digests

ROLLOVER = timedelta(days=35)
_NEXT = f"{UPDATE} -NextSigningCertificate <base64>, before the IdP starts to sign with it."


def registered_certificates(settings: FederationSettings) -> tuple[bytes, ...]:
    """Return the certificates that Entra verifies with, in DER: the present one and the next."""
    texts = (settings.signing_certificate, settings.next_signing_certificate)
    readings = (read_certificate(text) for text in texts if text)
    return tuple(item.der for item in readings if isinstance(item, CertificateReading))


def _certificate(settings: FederationSettings) -> CertificateReading:
    in_settings(settings, "SigningCertificate")
    reading = read_certificate(settings.signing_certificate)
    if isinstance(reading, NoCertificate):
        raise judged_elsewhere("FED-09", "SigningCertificate is not a certificate")
    return reading


def _next(settings: FederationSettings) -> CertificateReading | None:
    reading = read_certificate(settings.next_signing_certificate)
    return None if isinstance(reading, NoCertificate) else reading


@requirement(
    "FED-09",
    Level.MUST,
    "MS-FEDERATION signingCertificate",
    remedy=f"{UPDATE} -SigningCertificate <base64 of the DER certificate, no PEM lines>.",
    verified=True,
)
def signing_certificate_is_one(settings: FederationSettings, command: DomainCommand | None) -> Finding:
    """SigningCertificate is base64 of an X.509 certificate."""
    where = in_settings(settings, "SigningCertificate")
    if not settings.signing_certificate and command is not None and not command.retired:
        raise judged_elsewhere("FED-28", "the command that federates the domain gives none")
    if not settings.signing_certificate:
        return broken(expected="base64 of an X.509 certificate", found="nothing", where=where)
    reading = read_certificate(settings.signing_certificate)
    if isinstance(reading, NoCertificate):
        return broken(expected="base64 of an X.509 certificate", found=reading.found, where=where)
    return holds(f"{reading.subject}, thumbprint {reading.thumbprint}", where=where)


@requirement(
    "FED-10",
    Level.SHOULD,
    "MS-RENEW Step 3: Check if your certificate is about to expire",
    remedy=f"Renew it in the IdP, then {UPDATE} -SigningCertificate …",
    verified=True,
)
def signing_certificate_is_within_its_period(settings: FederationSettings, gathered: GatheredAt) -> Finding:
    """SigningCertificate is within its period of validity."""
    reading, now = _certificate(settings), gathered.at
    inside = reading.not_before <= now <= reading.not_after
    expected = f"a period that holds {now:%Y-%m-%d}"
    found = f"{reading.not_before:%Y-%m-%d} to {reading.not_after:%Y-%m-%d}"
    return expect(inside, expected=expected, found=found, where=in_settings(settings, "SigningCertificate"))


@requirement(
    "FED-11", Level.SHOULD, "MS-RENEW Step 3: Check if your certificate is about to expire", remedy=_NEXT, verified=True
)
def rollover_is_prepared(settings: FederationSettings, gathered: GatheredAt) -> Finding:
    """Thirty-five days before SigningCertificate ends, NextSigningCertificate is there to follow it."""
    reading = _certificate(settings)
    left = reading.not_after - gathered.at
    days = left.days
    if left > ROLLOVER:
        return holds(f"{days} days left", where=in_settings(settings, "SigningCertificate"))
    words = f"{days} days left" if days >= 0 else f"ended {-days} days ago"
    found = f"{words}, no NextSigningCertificate"
    there = bool(settings.next_signing_certificate)
    where = in_settings(settings, "NextSigningCertificate")
    return expect(there, expected="the certificate that follows", found=words if there else found, where=where)


@requirement("FED-12", Level.SHOULD, "MS-FEDERATION nextSigningCertificate", remedy=_NEXT)
def next_certificate_can_follow(settings: FederationSettings) -> Finding:
    """NextSigningCertificate, where there is one, is a certificate of another key that outlives the present one."""
    where, expected = in_settings(settings, "NextSigningCertificate"), "a later certificate of another key"
    if not settings.next_signing_certificate:
        return not_applicable("there is no NextSigningCertificate")
    following = read_certificate(settings.next_signing_certificate)
    if isinstance(following, NoCertificate):
        return broken(expected=expected, found=following.found, where=where)
    present = _certificate(settings)
    if following.key == present.key:
        return broken(expected=expected, found="the key of the present one", where=where)
    later = following.not_after > present.not_after
    return expect(later, expected=expected, found=f"one that ends on {following.not_after:%Y-%m-%d}", where=where)


@requirement(
    "FED-13",
    Level.SHOULD,
    "MS-ADFS Settings controlled by Microsoft Entra Connect",
    remedy="Sign with an RSA key of 2048 bits or more.",
)
def signing_key_is_long_enough(settings: FederationSettings) -> Finding:
    """The key of SigningCertificate is an RSA key of at least 2048 bits."""
    bits = _certificate(settings).bits
    found = "no RSA key" if bits is None else f"RSA with {bits} bits"
    where = in_settings(settings, "SigningCertificate")
    return expect((bits or 0) >= 2048, expected="RSA with 2048 bits or more", found=found, where=where)


@requirement(
    "FED-17",
    Level.MUST,
    "MS-RENEW Overview",
    remedy=f"{UPDATE} -SigningCertificate <base64 of the certificate that signs>.",
    verified=True,
)
def signing_certificate_is_the_one_that_signs(
    settings: FederationSettings, assertion: Assertion, response: TokenResponse, read: SignatureReading | None
) -> Finding:
    """The certificate that signs the assertion is SigningCertificate or NextSigningCertificate."""
    for name in ("SigningCertificate", "NextSigningCertificate"):
        in_settings(settings, name)  # of an expression nothing is known to compare with
    registered = registered_certificates(settings)
    reading = read
    if reading is None or (reading.present and not reading.key_info):
        # Without KeyInfo the key that was verified with is one of the certificates that were handed to the reader.
        reading = read_signature(
            response.assertion_xml,
            assertion_id=assertion.assertion_id,
            trusted_certificates=registered,
            issued_at=assertion.issue_instant,
        )
    if not reading.present:
        raise absent("the assertion is not signed", step=Step.RST)
    if reading.refused:
        raise judged_elsewhere("SIG-02", "the signature's form is refused, and no key was tried")
    where = in_response("ds:KeyInfo" if reading.key_info else "ds:Signature")
    if reading.key_sha256 in key_digests(registered):
        following = _next(settings)
        rolled = following is not None and following.thumbprint == reading.certificate_thumbprint
        return holds("NextSigningCertificate" if rolled else "SigningCertificate", where=where)
    present = read_certificate(settings.signing_certificate)
    expected = present.thumbprint if isinstance(present, CertificateReading) else "the registered certificate"
    return broken(expected=expected, found=reading.certificate_thumbprint or reading.problem, where=where)
