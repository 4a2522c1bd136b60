"""What a domain's federation settings do to people: browsers, first logons, and other domains of the same tenant."""

from __future__ import annotations

from hybridjoin.checks.places import in_settings
from hybridjoin.checks.requirement import Finding, expect, not_applicable, requirement
from hybridjoin.checks.rules.fed.settings import UPDATE
from hybridjoin.checks.silence import inapplicable, judged_elsewhere
from hybridjoin.intake.federation import DOMAIN, FederationSettings
from hybridjoin.intake.handed_out import SiblingDomains
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.address import host_of

_INITIAL = (".onmicrosoft.com", ".onmicrosoft.us", ".partner.onmschina.cn")
_ACCEPT = "acceptIfMfaDoneByFederatedIdp"


@requirement(
    "FED-19",
    Level.SHOULD,
    "MS-FEDERATION passiveSignInUri",
    remedy=f"{UPDATE} -PassiveSignInUri <URL of the IdP's sign-in page>.",
    verified=True,
)
def passive_address_is_set(settings: FederationSettings) -> Finding:
    """The domain names a PassiveSignInUri, where browsers, modern Office and a computer's first set-up are sent."""
    found, where = settings.passive_sign_in_uri, in_settings(settings, "PassiveSignInUri")
    return expect(found, expected="the address of the sign-in page", found=found or "nothing", where=where)


@requirement(
    "FED-20",
    Level.SHOULD,
    "GSUITE Issue: ActiveLogonURL",
    remedy=f"{UPDATE} -ActiveSignInUri <the same address as PassiveSignInUri>.",
    verified=True,
)
def saml_domain_has_one_address(settings: FederationSettings) -> Finding:
    """A SAML domain's ActiveSignInUri is its PassiveSignInUri; otherwise a sign-in ends in a user who is not known."""
    if settings.preferred_authentication_protocol.lower() != "saml":
        return not_applicable("the domain is not a SAML one")
    passive, where = settings.passive_sign_in_uri, in_settings(settings, "ActiveSignInUri")
    if not passive:
        raise judged_elsewhere("FED-19", "there is no PassiveSignInUri")
    found = settings.active_sign_in_uri
    return expect(found == passive, expected=passive, found=found or "nothing", where=where)


@requirement(
    "FED-21",
    Level.MUST,
    "MS-MULTI Multiple top-level domain support",
    remedy="Give each domain an IssuerUri of its own, and let the IdP issue issuerid by the user's domain.",
    verified=True,
)
def issuer_is_of_one_domain(settings: FederationSettings, siblings: SiblingDomains) -> Finding:
    """No other domain of the tenant has the same IssuerUri: Entra finds the domain by it, and refuses a second one."""
    where, issuer = in_settings(settings, "IssuerUri"), settings.issuer_uri
    if not issuer:
        raise judged_elsewhere("FED-01", "there is no IssuerUri")
    twins = [name for name, other in siblings.issuers if other == issuer]
    found = f"the IssuerUri of {', '.join(twins)} too" if twins else issuer
    return expect(not twins, expected="an IssuerUri of this domain alone", found=found, where=where)


@requirement(
    "FED-22",
    Level.MUST,
    "MS-SAML-IDP Set up a trust between your SAML identity provider and Microsoft Entra ID",
    remedy="Federate a custom domain that is verified, and leave the initial one as the tenant's default.",
    verified=True,
)
def domain_is_a_custom_one(settings: FederationSettings) -> Finding:
    """The domain is a custom one: the initial domain of a tenant, which Microsoft provides, cannot be federated."""
    if not settings.domain:
        return not_applicable("the settings do not name their domain")
    found = settings.domain
    initial = found.lower().endswith(_INITIAL)
    return expect(not initial, expected="a custom domain", found=found, where=in_settings(settings, DOMAIN))


@requirement(
    "FED-26",
    Level.MAY,
    "MS-FEDERATION federatedIdpMfaBehavior values",
    remedy=f"{UPDATE} -FederatedIdpMfaBehavior {_ACCEPT}, unless the other is meant: enforce… loops where the IdP "
    "never sends the multipleauthn claim, reject… asks everybody twice.",
    verified=True,
)
def multifactor_asks_nobody_twice(settings: FederationSettings) -> Finding:
    """FederatedIdpMfaBehavior is acceptIfMfaDoneByFederatedIdp, by which nobody is asked twice nor sent in a circle."""
    found, where = settings.federated_idp_mfa_behavior, in_settings(settings, "FederatedIdpMfaBehavior")
    if not found:
        raise judged_elsewhere("FED-15", "there is no FederatedIdpMfaBehavior")
    return expect(found.lower() == _ACCEPT.lower(), expected=_ACCEPT, found=found, where=where)


@requirement(
    "FED-29",
    Level.SHOULD,
    "JUMPCLOUD Adding a new M365 Application",
    remedy="In JumpCloud, SSO Applications, Microsoft 365 application: set IdP Entity ID to the domain's name. Then "
    "copy the commands anew.",
    verified=True,
)
def jumpcloud_is_called_as_the_domain(settings: FederationSettings) -> Finding:
    """A JumpCloud domain's IssuerUri, which is the application's IdP Entity ID, is the name of the domain."""
    hosts = {host_of(value) for _, value in settings.addresses}
    if not any(host == "jumpcloud.com" or host.endswith(".jumpcloud.com") for host in hosts):
        return not_applicable("the addresses are not JumpCloud's")
    where, found = in_settings(settings, "IssuerUri"), settings.issuer_uri
    if not found:
        raise judged_elsewhere("FED-01", "there is no IssuerUri")
    if not settings.domain:
        raise inapplicable("the settings do not name their domain")
    return expect(found.lower() == settings.domain.lower(), expected=settings.domain, found=found, where=where)
