"""Where the device learns who it is, its tenant and its domain's IdP: directory, SCP, Discover, user realm."""

from __future__ import annotations

from hybridjoin.checks.readings import computer_of, discovery_of, fell_at, realm_of, scp_of, unreadable
from hybridjoin.checks.requirement import Finding, NotReached, broken, expect, holds, requirement
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level


@requirement(
    "AD-01",
    Level.MUST,
    "RFC4120 3.1",
    remedy="See that the computer account is enabled and its password (or keytab) current, that the device's clock is "
    "within five minutes of the domain controller's, and that a domain controller can be reached.",
)
def computer_finds_itself_in_the_directory(evidence: JoinEvidence) -> Finding:
    """The computer signs in to Active Directory with its own account and finds its own object."""
    words = unreadable(evidence, Step.COMPUTER) or fell_at(evidence, Step.COMPUTER)
    if words:
        return broken(expected="the computer's own object", found=words, where="Kerberos and LDAP, computer")
    return holds(computer_of(evidence).dn, where="LDAP, computer")


@requirement(
    "SCP-01",
    Level.MUST,
    "MS-HYBRID Configure a service connection point",
    remedy="Let Microsoft Entra Connect write the service connection point (Configure device options), "
    "or set azureADName and azureADId in its keywords.",
    verified=True,
)
def forest_names_its_tenant(evidence: JoinEvidence) -> Finding:
    """The forest has a service connection point whose keywords name one tenant by name and by id."""
    words = unreadable(evidence, Step.SCP) or fell_at(evidence, Step.SCP)
    if words:
        return broken(expected="azureADName and azureADId, once each", found=words, where="LDAP, SCP")
    scp = scp_of(evidence)
    return holds(f"{scp.tenant_name} ({scp.tenant_id})", where="registry" if scp.client_side else "LDAP, SCP")


@requirement(
    "DISC-01",
    Level.MUST,
    "MS-TROUBLE Discover phase",
    remedy="Let the device reach enterpriseregistration.windows.net; a proxy that asks for a password or opens TLS "
    "stops it here.",
    verified=True,
)
def discovery_is_served(evidence: JoinEvidence) -> Finding:
    """The registration service answers Discover with the endpoint at which devices join."""
    words = unreadable(evidence, Step.DISCOVER) or fell_at(evidence, Step.DISCOVER)
    if words:
        return broken(expected="a Discover document with a join endpoint", found=words, where="Discover")
    return holds(discovery_of(evidence).join.endpoint, where="Discover")


@requirement(
    "DISC-02",
    Level.MUST,
    "MS-HYBRID Configure a service connection point",
    remedy="Write the tenant's id into azureADId of the service connection point.",
    verified=True,
)
def discovery_and_scp_name_one_tenant(evidence: JoinEvidence) -> Finding:
    """The tenant id that Discover answers with is the one of the service connection point."""
    scp, found = scp_of(evidence), discovery_of(evidence).tenant_id
    same = found.lower() == scp.tenant_id.lower()
    return expect(same, expected=scp.tenant_id, found=found or "no tenant id", where="Discover, TenantInfo")


@requirement(
    "REALM-01",
    Level.MUST,
    "MS-HYBRID Configure a service connection point",
    remedy="Let azureADName of the service connection point name a domain that is federated in Entra.",
    verified=True,
)
def domain_is_federated(evidence: JoinEvidence) -> Finding:
    """The domain that the device signs in for is federated."""
    words = unreadable(evidence, Step.REALM) or _lost(evidence)
    if words:
        return broken(expected="a user realm", found=words, where="user realm")
    realm = realm_of(evidence)
    return expect(realm.federated, expected="Federated", found=realm.account_type, where="user realm, account_type")


def _lost(evidence: JoinEvidence) -> str:
    return fell_at(evidence, Step.REALM) if evidence.realm is None else ""


@requirement(
    "REALM-02",
    Level.MUST,
    "MS-ADAL 0xCAA90020",
    remedy="Set the domain's metadataExchangeUri to an https URL.",
    verified=True,
)
def metadata_address_is_https(evidence: JoinEvidence) -> Finding:
    """The address of the IdP's metadata that the user realm names is https."""
    realm = realm_of(evidence)
    if not realm.federated:
        raise NotReached(f"the domain is {realm.account_type}, so there is no metadata to fetch")
    url = realm.metadata_url
    secure = url.lower().startswith("https://")
    return expect(secure, expected="https://…", found=url or "no URL", where="user realm, federation_metadata_url")


@requirement(
    "REALM-03",
    Level.MUST,
    "MS-ADAL 0xCAA90017",
    remedy="Set the domain's PreferredAuthenticationProtocol to wsFed; one that is federated by SAML has no WS-Trust.",
    verified=True,
)
def protocol_is_ws_trust(evidence: JoinEvidence) -> Finding:
    """The user realm names WS-Trust as the federation protocol."""
    realm = realm_of(evidence)
    if not realm.federated:
        raise NotReached(f"the domain is {realm.account_type}, so it has no federation protocol")
    found = realm.federation_protocol
    same = found.replace("-", "").lower() == "wstrust"
    return expect(same, expected="WSTrust", found=found or "none", where="user realm, federation_protocol")
