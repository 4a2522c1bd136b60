"""The document: that it can be read, whose it is, until when, and whether it is signed."""

from __future__ import annotations

from hybridjoin.checks.places import in_publication
from hybridjoin.checks.requirement import Finding, broken, expect, holds, requirement
from hybridjoin.checks.rules.fedmeta.described import document_of
from hybridjoin.checks.silence import inapplicable
from hybridjoin.evidence.browser import PublishedMetadata
from hybridjoin.evidence.facts import GatheredAt, TrustedIssuer
from hybridjoin.evidence.sign_in import SignedInUser
from hybridjoin.model.reading import SignatureReading
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.address import split_address

_TYPES = ("application/xml", "text/xml")


@requirement(
    "FEDMETA-01",
    Level.SHOULD,
    "MS-CERTSTATUS certificateUpdateResult status",
    remedy="Serve the document to everybody, without a sign-in and whole; or, where there is none, leave "
    "idp.federation_metadata_url out of the site file, and tell Entra of each new certificate by hand.",
    verified=True,
)
def it_can_be_read(published: PublishedMetadata) -> Finding:
    """Federation metadata that is named, or that stands at the usual address, can be read without a sign-in."""
    if published.document is None and (published.named or published.meant):
        return broken(expected="federation metadata", found=published.problem, where=in_publication())
    document = document_of(published)
    return holds(f"{document.entity_id or 'an entity'} with {len(document.roles)} roles", where=in_publication())


@requirement(
    "FEDMETA-02",
    Level.SHOULD,
    "IDENTITYMODEL WsFederationMetadataSerializer",
    remedy="Write the Issuer of the assertions into entityID; readers take it for the issuer that they have to expect.",
    verified=True,
)
def the_entity_is_the_issuer(published: PublishedMetadata, issuer: TrustedIssuer, user: SignedInUser) -> Finding:
    """The entityID is the issuer of the domain's assertions."""
    document = document_of(published)
    domain = user.name.rpartition("@")[2].lower()
    if document.entity_id != issuer.uri and split_address(issuer.uri).hostname == domain:
        raise inapplicable("the issuer is the domain's own, as where several domains share one identity provider")
    found = document.entity_id or "no entityID"
    return expect(found == issuer.uri, expected=issuer.uri, found=found, where=in_publication("md:EntityDescriptor"))


@requirement(
    "FEDMETA-12",
    Level.SHOULD,
    "SAML-META 2.3.2",
    remedy="Write the document anew before its validUntil, or leave that attribute out.",
)
def it_has_not_expired(published: PublishedMetadata, now: GatheredAt) -> Finding:
    """Where the document says until when it holds (validUntil), that time has not passed."""
    document = document_of(published)
    if not document.valid_until:
        raise inapplicable("the document does not say until when it holds")
    good = document.ends_at is not None and document.ends_at > now.at
    expected = f"an instant after {now.at:%Y-%m-%d}"
    return expect(good, expected=expected, found=document.valid_until, where=in_publication("md:EntityDescriptor"))


@requirement(
    "FEDMETA-13",
    Level.MAY,
    "WSFED 3.1.15",
    remedy="Sign the document with the key that signs the assertions, as AD FS does.",
)
def it_is_signed(published: PublishedMetadata) -> Finding:
    """The document is signed."""
    signature = _signature_of(published)
    found = "a signature" if signature.present else "none"
    where = in_publication("ds:Signature" if signature.present else "")
    return expect(signature.present, expected="ds:Signature", found=found, where=where)


@requirement(
    "FEDMETA-14",
    Level.SHOULD,
    "XMLDSIG 3.2",
    remedy="Nothing may touch the document after it is signed: no re-indenting, no re-encoding, no added attribute.",
    verified=True,
)
def its_signature_verifies(published: PublishedMetadata) -> Finding:
    """Where the document is signed, the signature verifies with the key it names, and covers the document."""
    signature = _signature_of(published)
    if not signature.present:
        raise inapplicable("the document is not signed")
    found = signature.problem or f"signed {signature.signed_assertion_id}"
    return expect(signature.valid, expected="a signature that holds", found=found, where=in_publication("ds:Signature"))


@requirement(
    "FEDMETA-18",
    Level.MAY,
    "RFC7303 4",
    remedy="Serve the document as application/samlmetadata+xml, or as application/xml.",
)
def it_is_served_as_xml(published: PublishedMetadata) -> Finding:
    """The document is served as XML."""
    document_of(published)
    kind = published.content_type.partition(";")[0].strip().lower()
    right = kind in _TYPES or kind.endswith("+xml")
    expected = "application/samlmetadata+xml"
    return expect(right, expected=expected, found=kind or "no Content-Type", where=in_publication())


def _signature_of(published: PublishedMetadata) -> SignatureReading:
    document_of(published)
    if published.signature is None:
        raise inapplicable("the document is too large for its signature to be looked at")
    return published.signature
