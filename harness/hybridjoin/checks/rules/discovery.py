"""Where the device learns who it is, its tenant and its domain's IdP: directory, SCP, Discover, user realm."""

from __future__ import annotations

from hybridjoin.checks.missing import reached
from hybridjoin.checks.places import answer_to, in_answer, in_directory
from hybridjoin.checks.requirement import Finding, broken, expect, holds, not_applicable, requirement
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.model.flows import MANAGED_JOIN
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.model.where import Where
from hybridjoin.protocol.computer import Computer
from hybridjoin.protocol.discovery import DrsDiscovery
from hybridjoin.protocol.realm import UserRealm
from hybridjoin.protocol.scp import Scp


@requirement(
    "AD-01",
    Level.MUST,
    "RFC4120 3.1",
    remedy="See that the computer account is enabled and its password (or keytab) current, that the device's clock is "
    "within five minutes of the domain controller's, and that a domain controller can be reached.",
)
def computer_finds_itself_in_the_directory(computer: Computer | None, outcome: FlowOutcome) -> Finding:
    """The computer signs in to Active Directory with its own account and finds its own object."""
    where = in_directory(Step.COMPUTER)
    words = outcome.unreadable_at(Step.COMPUTER) or outcome.failed_at(Step.COMPUTER)
    if words:
        return broken(expected="the computer's own object", found=words, where=where)
    return holds(reached(computer, outcome, Step.COMPUTER).dn, where=where)


@requirement(
    "SCP-01",
    Level.MUST,
    "MS-HYBRID Configure a service connection point",
    remedy="Let Microsoft Entra Connect write the service connection point (Configure device options), "
    "or set azureADName and azureADId in its keywords.",
    verified=True,
)
def forest_names_its_tenant(scp: Scp | None, outcome: FlowOutcome) -> Finding:
    """The forest has a service connection point whose keywords name one tenant by name and by id."""
    where = in_directory(Step.SCP)
    words = outcome.unreadable_at(Step.SCP) or outcome.failed_at(Step.SCP)
    if words:
        return broken(expected="azureADName and azureADId, once each", found=words, where=where)
    found = reached(scp, outcome, Step.SCP)
    words = f"{found.tenant_name} ({found.tenant_id})"
    return holds(words, where=Where(document="registry") if found.client_side else where)


@requirement(
    "DISC-01",
    Level.MUST,
    "MS-TROUBLE Discover phase",
    remedy="Let the device reach enterpriseregistration.windows.net; a proxy that asks for a password or opens TLS "
    "stops it here.",
    verified=True,
)
def discovery_is_served(discovery: DrsDiscovery | None, outcome: FlowOutcome) -> Finding:
    """The registration service answers Discover with the endpoint at which devices join."""
    words = outcome.unreadable_at(Step.DISCOVER) or outcome.failed_at(Step.DISCOVER)
    if words:
        where = answer_to(Step.DISCOVER, outcome)
        return broken(expected="a Discover document with a join endpoint", found=words, where=where)
    found = reached(discovery, outcome, Step.DISCOVER)
    return holds(found.join.endpoint, where=in_answer(Step.DISCOVER, "JoinEndpoint"))


@requirement(
    "DISC-02",
    Level.MUST,
    "MS-HYBRID Configure a service connection point",
    remedy="Write the tenant's id into azureADId of the service connection point.",
    verified=True,
)
def discovery_and_scp_name_one_tenant(scp: Scp, discovery: DrsDiscovery) -> Finding:
    """The tenant id that Discover answers with is the one of the service connection point."""
    found = discovery.tenant_id
    same = found.lower() == scp.tenant_id.lower()
    where = in_answer(Step.DISCOVER, "TenantId" if found else "")
    return expect(same, expected=scp.tenant_id, found=found or "no tenant id", where=where)


@requirement(
    "REALM-01",
    Level.MUST,
    "MS-HYBRID Configure a service connection point",
    remedy="Let azureADName of the service connection point name a domain that is federated in Entra.",
    verified=True,
)
def domain_is_federated(realm: UserRealm | None, outcome: FlowOutcome) -> Finding:
    """The domain that the device signs in for is federated."""
    words = outcome.unreadable_at(Step.REALM) or ("" if realm is not None else outcome.failed_at(Step.REALM))
    if words:
        return broken(expected="a user realm", found=words, where=answer_to(Step.REALM, outcome))
    found = reached(realm, outcome, Step.REALM)
    if outcome.flow == MANAGED_JOIN.name:
        return not_applicable("the computer joins as one of a managed domain, which asks no IdP")
    where = in_answer(Step.REALM, "account_type")
    return expect(found.federated, expected="Federated", found=found.account_type, where=where)


@requirement(
    "REALM-02",
    Level.MUST,
    "MS-ADAL 0xCAA90020",
    remedy="Set the domain's metadataExchangeUri to an https URL.",
    verified=True,
)
def metadata_address_is_https(realm: UserRealm) -> Finding:
    """The address of the IdP's metadata that the user realm names is https."""
    if not realm.federated:
        return not_applicable(f"the domain is {realm.account_type}, so there is no metadata to fetch")
    url = realm.metadata_url
    secure = url.lower().startswith("https://")
    where = in_answer(Step.REALM, "federation_metadata_url" if url else "account_type")
    return expect(secure, expected="https://…", found=url or "no URL", where=where)


@requirement(
    "REALM-03",
    Level.MUST,
    "MS-ADAL 0xCAA90017",
    remedy="Set the domain's PreferredAuthenticationProtocol to wsFed; one that is federated by SAML has no WS-Trust.",
    verified=True,
)
def protocol_is_ws_trust(realm: UserRealm) -> Finding:
    """The user realm names WS-Trust as the federation protocol."""
    if not realm.federated:
        return not_applicable(f"the domain is {realm.account_type}, so it has no federation protocol")
    found = realm.federation_protocol
    same = found.replace("-", "").lower() == "wstrust"
    where = in_answer(Step.REALM, "federation_protocol" if found else "account_type")
    return expect(same, expected="WSTrust", found=found or "none", where=where)
