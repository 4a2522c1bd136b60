"""The keys that are published: by them Entra and applications follow a certificate that is renewed."""

from __future__ import annotations

from hybridjoin.checks.places import in_publication
from hybridjoin.checks.requirement import Finding, expect, requirement
from hybridjoin.checks.rules.fedmeta.described import service_of
from hybridjoin.checks.rules.sig.signature import require_computed
from hybridjoin.checks.silence import judged_elsewhere
from hybridjoin.evidence.browser import PublishedMetadata
from hybridjoin.evidence.facts import GatheredAt
from hybridjoin.model.reading import SignatureReading
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.federation_metadata import FederationRole
from hybridjoin.protocol.signing_certificate import key_digests, load_certificates, outside_period, thumbprint


@requirement(
    "FEDMETA-08",
    Level.SHOULD,
    "MS-RENEW Renewal notification from the Microsoft 365 admin center or an email",
    remedy="Publish the certificate of the key that signs the assertions, in a KeyDescriptor for signing; before a "
    "change the next one beside it.",
    verified=True,
)
def the_key_that_signs_is_published(published: PublishedMetadata, reading: SignatureReading) -> Finding:
    """The key that signs the assertions is among those that are published for signing."""
    require_computed(reading)
    if not reading.valid:
        raise judged_elsewhere("SIG-02", "the assertion's signature does not hold, so that no key signed it")
    known = _signing_certificates(service_of(published))
    found = ", ".join(thumbprint(item) for item in load_certificates(known))
    expected = reading.certificate_thumbprint or "the key that signs"
    right = reading.key_sha256 in key_digests(known)
    return expect(right, expected=expected, found=found, where=in_publication("md:KeyDescriptor"))


@requirement(
    "FEDMETA-09",
    Level.SHOULD,
    "IDENTITYMODEL WsFederationMetadataSerializer",
    remedy="Write each certificate as base64 of its DER into X509Certificate, without PEM's armour.",
    verified=True,
)
def its_certificates_can_be_read(published: PublishedMetadata) -> Finding:
    """Every certificate that is published for signing can be read."""
    wrong = sum(key.unreadable for key in service_of(published).keys if key.signs)
    total = wrong + len(service_of(published).signing_certificates)
    found = f"{wrong} of {total} cannot be read" if wrong else f"{total} certificates"
    where = in_publication("md:KeyDescriptor" if service_of(published).keys else "md:RoleDescriptor")
    return expect(not wrong, expected="certificates", found=found, where=where)


@requirement(
    "FEDMETA-10",
    Level.SHOULD,
    "DJADFS config",
    remedy='Publish the signing certificate in KeyDescriptor use="signing", below KeyInfo and X509Data.',
    verified=True,
)
def a_key_is_published_for_signing(published: PublishedMetadata) -> Finding:
    """A certificate is published, and its KeyDescriptor says that it is for signing."""
    keys = service_of(published).keys
    if not any(key.certificates for key in keys) and any(key.unreadable for key in keys):
        raise judged_elsewhere("FEDMETA-09", "no certificate that is published can be read")
    right = any(key.use == "signing" and key.certificates for key in keys)
    found = ", ".join(f"use={key.use}" if key.use else "a KeyDescriptor without use" for key in keys)
    where = in_publication("md:KeyDescriptor" if keys else "md:RoleDescriptor")
    return expect(right, expected='a certificate with use="signing"', found=found or "no KeyDescriptor", where=where)


@requirement(
    "FEDMETA-11",
    Level.SHOULD,
    "MS-FEDERATION signingCertificate",
    remedy="Publish the certificate that is in use now; Entra looks here for it from 30 days before the registered one "
    "ends, each day.",
    verified=True,
)
def a_published_certificate_is_good_today(published: PublishedMetadata, now: GatheredAt) -> Finding:
    """At least one of the certificates that are published for signing is within its period."""
    known = tuple(load_certificates(_signing_certificates(service_of(published))))
    good = any(not outside_period(item, now.at) for item in known)
    found = ", ".join(f"{item.not_valid_before_utc:%Y-%m-%d} to {item.not_valid_after_utc:%Y-%m-%d}" for item in known)
    expected = f"a period with {now.at:%Y-%m-%d} in it"
    return expect(good, expected=expected, found=found, where=in_publication("md:KeyDescriptor"))


def _signing_certificates(service: FederationRole) -> tuple[bytes, ...]:
    """Return what is published for signing.

    Raises:
        Silence: nothing that could be read is.
    """
    found = service.signing_certificates
    if not found:
        raise judged_elsewhere("FEDMETA-10", "no certificate for signing is published that can be read")
    return found
