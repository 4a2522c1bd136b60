"""The domain's federation settings in Entra, on their own and against the IdP's metadata and assertion."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hybridjoin.checks.places import in_metadata, in_response, in_settings
from hybridjoin.checks.requirement import Finding, expect, not_applicable, requirement, review
from hybridjoin.checks.silence import judged_elsewhere
from hybridjoin.intake.federation import FederationSettings
from hybridjoin.intake.federation_commands import DomainCommand
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.address import host_of, split_address
from hybridjoin.protocol.mex import MexEndpoint
from hybridjoin.protocol.saml11 import Assertion

UPDATE = "Update-MgDomainFederationConfiguration -DomainId <domain> -InternalDomainFederationId <Id>"
_MEX13 = (
    "In PingOne, Microsoft 365 application, Configuration tab, enable 'Show WS-Trust 1.3 Metadata Exchange URL in "
    f"Powershell cmdlets'; then {UPDATE} -MetadataExchangeUri https://…/wsf/mex13/<appId>."
)
_PINGONE = re.compile(r"/(?:applications|wsf/(?:mex13|mex|sts|prp))/([0-9A-Za-z-]+)/?$")
_AD_FS_SUFFIX = "/adfs/services/trust/"


def _listed(pairs: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{name} {value}" for name, value in pairs)


@requirement(
    "FED-01",
    Level.MUST,
    "MS-MULTI Multiple top-level domain support",
    remedy=f"{UPDATE} -IssuerUri <issuer>.",
    verified=True,
)
def issuer_is_set(settings: FederationSettings) -> Finding:
    """The domain names an IssuerUri, by which Entra finds the domain of an assertion."""
    found = settings.issuer_uri
    return expect(
        found, expected="the IdP's issuer", found=found or "nothing", where=in_settings(settings, "IssuerUri")
    )


@requirement(
    "FED-02",
    Level.MUST,
    "MS-FEDERATION metadataExchangeUri",
    remedy=f"{UPDATE} -MetadataExchangeUri <URL>; Windows reads it from the user realm and has no other way.",
    verified=True,
)
def metadata_address_is_set(settings: FederationSettings) -> Finding:
    """The domain names a MetadataExchangeUri, by whose metadata rich clients sign in, Windows among them."""
    found = settings.metadata_exchange_uri
    where = in_settings(settings, "MetadataExchangeUri")
    return expect(found, expected="the address of the WS-Trust metadata", found=found or "nothing", where=where)


@requirement("FED-03", Level.SHOULD, "MSAL-PY application", remedy=f"{UPDATE} -ActiveSignInUri <URL>.", verified=True)
def active_address_is_set(settings: FederationSettings) -> Finding:
    """The domain names an ActiveSignInUri, which clients without metadata dial."""
    found = settings.active_sign_in_uri
    where = in_settings(settings, "ActiveSignInUri")
    return expect(found, expected="the token service's address", found=found or "nothing", where=where)


@requirement("FED-04", Level.MUST, "MS-ADAL 0xCAA90020", remedy="Publish the IdP over https and write https here.")
def addresses_are_https(settings: FederationSettings) -> Finding:
    """Every address of the domain that somebody dials is https."""
    if not settings.addresses:
        return not_applicable("the domain names no address")
    odd = [(name, value) for name, value in settings.addresses if split_address(value).scheme.lower() != "https"]
    where = in_settings(settings, (odd or settings.addresses)[0][0])
    return expect(not odd, expected="https://…", found=_listed(odd) or "https everywhere", where=where)


@requirement("FED-05", Level.MUST, "PINGONE Federated IdP settings", remedy=_MEX13, verified=True)
def pingone_metadata_is_mex13(settings: FederationSettings) -> Finding:
    """A PingOne domain's MetadataExchangeUri is the one for WS-Trust 1.3, /wsf/mex13/, and not /wsf/mex/."""
    path = split_address(settings.metadata_exchange_uri).path
    if "/wsf/" not in path:
        return not_applicable("the metadata is not PingOne's")
    found = settings.metadata_exchange_uri
    where = in_settings(settings, "MetadataExchangeUri")
    return expect("/wsf/mex13/" in path, expected="…/wsf/mex13/<appId>", found=found, where=where)


@requirement(
    "FED-06",
    Level.MUST,
    "PINGONE Federated IdP settings",
    remedy="Compare with the Overview tab of the Microsoft 365 application in PingOne; copy all of them anew.",
    verified=True,
)
def pingone_addresses_are_of_one_application(settings: FederationSettings) -> Finding:
    """IssuerUri and addresses of a PingOne domain all belong to one and the same application."""
    pairs = (("IssuerUri", settings.issuer_uri), *settings.addresses)
    found = [(name, match[1]) for name, value in pairs if (match := _PINGONE.search(split_address(value).path))]
    if len(found) < 2:
        return not_applicable("the addresses are not PingOne's")
    odd = [(name, value) for name, value in found if value != found[0][1]]
    where = in_settings(settings, (odd or found)[0][0])
    return expect(not odd, expected=f"application {found[0][1]}", found=_listed(odd) or found[0][1], where=where)


@requirement("FED-07", Level.MAY, "MS-FEDERATION Properties", remedy="Write the same host in every address.")
def addresses_are_at_onehost_of(settings: FederationSettings) -> Finding:
    """The metadata, active and passive addresses are all at one host."""
    hosts = [(name, host_of(value)) for name, value in settings.addresses if name != "PasswordResetUri"]
    if len(hosts) < 2:
        return not_applicable("the domain names fewer than two addresses")
    odd = [(name, host) for name, host in hosts if host != hosts[0][1]]
    where = in_settings(settings, (odd or settings.addresses)[0][0])
    return expect(not odd, expected=hosts[0][1], found=_listed(odd) or hosts[0][1], where=where)


@requirement(
    "FED-08",
    Level.MAY,
    "MS-ERRORS AADSTS50107",
    remedy="Entra compares the issuer to the last character: take over the IdP's issuer as it is, blanks removed.",
)
def issuer_has_no_odd_end(settings: FederationSettings) -> Finding:
    """IssuerUri does not end in a slash, unless AD FS made it for several domains, and hides no blank."""
    found, where = settings.issuer_uri, in_settings(settings, "IssuerUri")
    if not found:
        raise judged_elsewhere("FED-01", "there is no IssuerUri")
    slash = found.endswith("/") and not found.lower().endswith(_AD_FS_SUFFIX)
    hidden = any(letter.isspace() or not letter.isprintable() for letter in found)
    plain = "".join(letter for letter in found if letter.isprintable() and not letter.isspace())
    return expect(
        not (slash or hidden),
        expected=plain.rstrip("/") if slash else plain,
        found=ascii(found) if hidden else found,
        where=where,
    )


@requirement(
    "FED-14",
    Level.MUST,
    "MS-ADAL 0xCAA90017",
    remedy=f"{UPDATE} -PreferredAuthenticationProtocol wsFed.",
)
def protocol_is_ws_federation(settings: FederationSettings, command: DomainCommand | None) -> Finding:
    """PreferredAuthenticationProtocol is wsFed, for a SAML domain has no WS-Trust in its user realm."""
    found = settings.preferred_authentication_protocol
    where = in_settings(settings, "PreferredAuthenticationProtocol")
    if not found and command is not None and not command.retired:
        raise judged_elsewhere("FED-24", "the command that federates the domain names no protocol")
    if not found:
        return review(expected="wsFed", found="nothing", where=where)
    return expect(found.lower() == "wsfed", expected="wsFed", found=found, where=where)


@requirement(
    "FED-15",
    Level.MAY,
    "MS-FEDERATION federatedIdpMfaBehavior",
    remedy=f"{UPDATE} -FederatedIdpMfaBehavior acceptIfMfaDoneByFederatedIdp, or enforce… or reject…, as you mean it.",
    verified=True,
)
def multifactor_behaviour_is_said(settings: FederationSettings, command: DomainCommand | None) -> Finding:
    """FederatedIdpMfaBehavior says whose multifactor authentication counts; no device needs it, its users do."""
    found = settings.federated_idp_mfa_behavior
    where = in_settings(settings, "FederatedIdpMfaBehavior")
    if not found and command is not None and not command.retired:
        raise judged_elsewhere("FED-25", "the command that federates the domain does not say it")
    known = {"acceptifmfadonebyfederatedidp", "enforcemfabyfederatedidp", "rejectmfabyfederatedidp"}
    expected = "accept…, enforce… or rejectMfaByFederatedIdp"
    return expect(found.lower() in known, expected=expected, found=found or "nothing", where=where)


@requirement(
    "FED-16",
    Level.MUST,
    "MS-MULTI SupportMultipleDomain Parameter",
    remedy=f"{UPDATE} -IssuerUri <the assertion's Issuer>, or correct the issuer in the IdP.",
    verified=True,
)
def issuer_is_the_assertions(settings: FederationSettings, assertion: Assertion) -> Finding:
    """IssuerUri is the Issuer of the assertion, character by character."""
    in_settings(settings, "IssuerUri")  # of an expression nothing is known to compare with
    found, expected = assertion.issuer, settings.issuer_uri or "(none)"
    return expect(found == settings.issuer_uri, expected=expected, found=found, where=in_response("saml:Assertion"))


@requirement("FED-18", Level.MAY, "MS-FEDERATION Properties", remedy="Let both name the same host.")
def endpoint_is_at_the_domainshost_of(settings: FederationSettings, endpoint: MexEndpoint) -> Finding:
    """The endpoint that Windows chooses in the metadata is at the host that the domain names."""
    expected = host_of(settings.active_sign_in_uri or settings.metadata_exchange_uri)
    if not expected:
        return not_applicable("the domain names no address")
    where = in_metadata("wsdl:port", label=endpoint.port, line=endpoint.line)
    return expect(host_of(endpoint.url) == expected, expected=expected, found=endpoint.url, where=where)
