"""The security token service that the document describes: its type, its addresses, and what it offers."""

from __future__ import annotations

from hybridjoin.checks.places import in_publication
from hybridjoin.checks.requirement import Finding, broken, expect, requirement
from hybridjoin.checks.rules.fedmeta.described import document_of, service_of
from hybridjoin.checks.silence import inapplicable
from hybridjoin.evidence.browser import PublishedMetadata
from hybridjoin.model.verdict import Level
from hybridjoin.model.where import Where
from hybridjoin.protocol import names
from hybridjoin.protocol.address import split_address
from hybridjoin.protocol.passive import PassiveRequest

_TYPE = "fed:SecurityTokenServiceType"
_SAML_11 = (
    names.SAML_11,
    names.SAML_11_PROFILE,
    "http://schemas.microsoft.com/ws/2006/05/identitymodel/tokens/Saml",
)
_HTTPS_PORT = 443


def _role() -> Where:
    return in_publication("md:RoleDescriptor")


@requirement(
    "FEDMETA-03",
    Level.SHOULD,
    "WSFED 3.1.2.2",
    remedy=f'Describe the service in a RoleDescriptor with xsi:type="{_TYPE}", as AD FS does; an IDPSSODescriptor is '
    "for SAML 2.0 alone.",
    verified=True,
)
def it_describes_a_token_service(published: PublishedMetadata) -> Finding:
    """The document describes a security token service: it has a RoleDescriptor of that type."""
    document = document_of(published)
    found = ", ".join(role.spelt or "a role without a type" for role in document.roles) or "no RoleDescriptor"
    where = _role() if document.roles else in_publication("md:EntityDescriptor")
    return expect(document.token_service, expected=_TYPE, found=found, where=where)


@requirement(
    "FEDMETA-04",
    Level.SHOULD,
    "DJADFS config",
    remedy=f'Spell the type xsi:type="{_TYPE}", with the prefix fed: there are readers that look for it.',
    verified=True,
)
def its_type_is_spelt_as_readers_look_for_it(published: PublishedMetadata) -> Finding:
    """The role's type is spelt with the prefix fed."""
    spelt = service_of(published).spelt
    return expect(spelt == _TYPE, expected=_TYPE, found=spelt, where=_role())


@requirement(
    "FEDMETA-05",
    Level.SHOULD,
    "WSFED 3.1.2.2",
    remedy="Name the token service's address in fed:SecurityTokenServiceEndpoint; an identity provider without "
    "WS-Trust names its passive address there too.",
    verified=True,
)
def it_names_its_active_address(published: PublishedMetadata) -> Finding:
    """The role has a SecurityTokenServiceEndpoint with an address."""
    addresses = service_of(published).active
    found = ", ".join(addresses) or "none"
    where = in_publication("fed:SecurityTokenServiceEndpoint") if addresses else _role()
    return expect(any(addresses), expected="an address", found=found, where=where)


@requirement(
    "FEDMETA-06",
    Level.MAY,
    "WSFED 3.1.13",
    remedy="Name the address of the passive endpoint in fed:PassiveRequestorEndpoint, or correct the domain's "
    "passiveSignInUri.",
)
def its_passive_address_is_the_one_in_use(published: PublishedMetadata, request: PassiveRequest) -> Finding:
    """Where passive endpoints are published, the address that Entra sends browsers to is one of them."""
    addresses = _passive(published)
    there = any(_place(item) == _place(request.address) for item in addresses)
    where = in_publication("fed:PassiveRequestorEndpoint")
    return expect(there, expected=request.address, found=", ".join(addresses), where=where)


@requirement(
    "FEDMETA-07",
    Level.SHOULD,
    "MS-MWBF 2.1",
    remedy="Publish the https address of the passive endpoint.",
    verified=True,
)
def its_passive_addresses_are_https(published: PublishedMetadata) -> Finding:
    """Every passive address that is published begins with https."""
    wrong = [item for item in _passive(published) if split_address(item).scheme.lower() != "https"]
    where = in_publication("fed:PassiveRequestorEndpoint")
    return expect(not wrong, expected="https://…", found=", ".join(wrong) or "https alone", where=where)


@requirement(
    "FEDMETA-15",
    Level.MAY,
    "WSFED 3.1.8",
    remedy="Offer SAML 1.1 among the token types (urn:oasis:names:tc:SAML:1.0:assertion): Entra takes no other from a "
    "domain that is federated by WS-Federation.",
)
def it_offers_the_token_that_entra_takes(published: PublishedMetadata) -> Finding:
    """Where token types are offered, SAML 1.1 is one of them."""
    offered = service_of(published).token_types
    if not offered:
        raise inapplicable("no token types are offered by name")
    where = in_publication("fed:TokenTypesOffered")
    right = any(item in _SAML_11 for item in offered)
    return expect(right, expected=_SAML_11[0], found=", ".join(item or "no Uri" for item in offered), where=where)


@requirement(
    "FEDMETA-16",
    Level.MAY,
    "WSFED 3.1.9",
    remedy="Give each auth:ClaimType its Uri: namespace and name of the claim.",
)
def its_claim_types_have_names(published: PublishedMetadata) -> Finding:
    """Each claim type that is offered says which one it is, by its Uri."""
    offered = service_of(published).claim_types
    if not offered:
        raise inapplicable("no claim types are offered by name")
    nameless = sum(not item for item in offered)
    where = in_publication("fed:ClaimTypesOffered")
    found = f"{nameless} of {len(offered)} without a Uri" if nameless else f"{len(offered)} claim types"
    return expect(not nameless, expected="a Uri for each", found=found, where=where)


@requirement(
    "FEDMETA-17",
    Level.SHOULD,
    "SAML-META 2.4.1",
    remedy=f"Name {names.FEDERATION} in the role's protocolSupportEnumeration.",
)
def it_says_that_it_speaks_ws_federation(published: PublishedMetadata) -> Finding:
    """The role says which protocols it supports, and WS-Federation is one of them."""
    protocols = service_of(published).protocols
    if not protocols:
        return broken(expected=names.FEDERATION, found="no protocolSupportEnumeration", where=_role())
    right = names.FEDERATION in protocols
    return expect(right, expected=names.FEDERATION, found=" ".join(protocols), where=_role())


def _passive(published: PublishedMetadata) -> tuple[str, ...]:
    addresses = service_of(published).passive
    if not addresses:
        raise inapplicable("no passive endpoint is published, which is optional")
    return addresses


def _place(url: str) -> tuple[str, int, str]:
    """Return host, port and path, by which addresses are compared; the scheme is another requirement's."""
    parts = split_address(url)
    return (parts.hostname or "").lower(), parts.port or _HTTPS_PORT, parts.path.rstrip("/").lower()
