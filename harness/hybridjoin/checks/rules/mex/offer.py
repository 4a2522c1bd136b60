"""The IdP's metadata: what a Windows client needs to find in it, and what other clients trip over."""

from __future__ import annotations

from collections.abc import Iterable

from hybridjoin.checks.missing import reached
from hybridjoin.checks.places import answer_to, in_metadata
from hybridjoin.checks.requirement import Finding, broken, expect, holds, not_applicable, requirement
from hybridjoin.checks.rules.mex.structure import at, at_ports, lost_policies, without_address
from hybridjoin.checks.silence import inapplicable, judged_elsewhere
from hybridjoin.evidence.facts import Asked
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.address import host_of
from hybridjoin.protocol.mex import (
    SOAP_OVER_HTTP,
    Binding,
    Credential,
    MexDocument,
    MexEndpoint,
    Port,
    Trust,
    choose_msal,
    choose_windows,
)
from hybridjoin.protocol.realm import UserRealm

_PUBLISH = (
    "Publish a windowstransport port whose binding's policy asserts http:NegotiateAuthentication; in AD FS: "
    "Set-AdfsEndpoint -TargetAddressPath /adfs/services/trust/13/windowstransport."
)
_MEX13 = (
    "Nothing has to be done for the join. In AD FS: Set-AdfsEndpoint -TargetAddressPath "
    "/adfs/services/trust/13/windowstransport; in PingOne: MetadataExchangeUri …/wsf/mex13/<appId>."
)


def _windows(document: MexDocument) -> tuple[MexEndpoint, ...]:
    return tuple(item for item in document.endpoints if item.credential is Credential.WINDOWS)


def _windows_ports(document: MexDocument) -> tuple[Port, ...]:
    wanted = {item.port for item in _windows(document)}
    return tuple(item for item in document.ports if item.name in wanted)


def _windows_bindings(document: MexDocument) -> tuple[Binding, ...]:
    wanted = {item.binding for item in _windows(document)}
    return tuple(item for item in document.bindings if item.name in wanted)


def _readable(document: MexDocument) -> None:
    """Keep silent where nobody can know whom some port is for, because the document is broken elsewhere."""
    if without_address(document):
        raise judged_elsewhere("MEX-33", "a port has no address")
    if lost_policies(document):
        raise judged_elsewhere("MEX-09", "a policy that is referred to is not in the document")


def _shows_ticket(asked: Asked | None) -> None:
    """Keep silent for a client that shows no ticket; whoever holds a document alone may be asked everything."""
    if asked is not None and asked.credential is not Credential.WINDOWS:
        raise inapplicable("the client shows no ticket, and asks for no such endpoint")


@requirement(
    "MEX-01",
    Level.MUST,
    "MSAL WsTrustWebRequestManager",
    remedy="Open the metadata URL in a browser: it needs no sign-in.",
    verified=True,
)
def metadata_is_served(document: MexDocument | None, outcome: FlowOutcome | None) -> Finding:
    """The IdP serves its WS-Trust metadata to a plain GET without authentication."""
    outcome = outcome or FlowOutcome()
    where = answer_to(Step.MEX, outcome)
    if outcome.timed_out_at(Step.MEX):
        raise judged_elsewhere("MEX-32", "no complete answer came in time")
    if outcome.unreadable_at(Step.MEX):
        return holds("a reply that cannot be read", where=where)
    words = outcome.failed_at(Step.MEX)
    if words and document is None:
        return broken(expected="HTTP 200 with a metadata document", found=words, where=where)
    return holds(reached(document, outcome, Step.MEX).wrapper, where=where)


@requirement(
    "MEX-02",
    Level.MUST,
    "MS-ADAL 0xCAA9002C",
    remedy="Look what the metadata URL really serves; a proxy may answer.",
    verified=True,
)
def metadata_is_wsdl(document: MexDocument | None, outcome: FlowOutcome | None) -> Finding:
    """The metadata is well-formed XML without a DTD and holds a WSDL document."""
    outcome = outcome or FlowOutcome()
    expected = "wsdl:definitions, bare, in mex:Metadata or in a SOAP envelope"
    words = outcome.unreadable_at(Step.MEX)
    if words:
        return broken(expected=expected, found=words, where=in_metadata())
    return holds(reached(document, outcome, Step.MEX).wrapper, where=in_metadata("wsdl:definitions"))


@requirement("MEX-03", Level.MUST, "MS-ADAL 0xCAA90022", remedy=_PUBLISH, verified=True)
def integrated_authentication_is_offered(document: MexDocument, asked: Asked | None) -> Finding:
    """At least one port asks for integrated Windows authentication by http:NegotiateAuthentication."""
    _shows_ticket(asked)
    found = _windows(document)
    if not found:
        _readable(document)
    others = ", ".join(sorted({item.credential for item in document.endpoints})) or "no ports"
    where = at(found[0]) if found else at_ports(document)
    return expect(found, expected="a port for Windows callers", found=_urls(found) or others, where=where)


def _urls(endpoints: Iterable[MexEndpoint]) -> str:
    return ", ".join(dict.fromkeys(item.url for item in endpoints))


@requirement("MEX-04", Level.MUST, "MS-ADAL 0xCAA90022", remedy=_PUBLISH, verified=True)
def windows_finds_an_endpoint(document: MexDocument, asked: Asked | None) -> Finding:
    """Windows can choose an endpoint: https, SOAP 1.2 over HTTP, an Issue action it knows, and Negotiate."""
    _shows_ticket(asked)
    chosen = choose_windows(document)
    if chosen is None:
        found = _urls(_windows(document)) or "none"
        return broken(expected="an endpoint Windows can use", found=found, where=at_ports(document))
    return holds(chosen.url, where=at(chosen))


@requirement(
    "MEX-05", Level.SHOULD, "MS-ADAL 0x8AA90025", remedy="Publish the endpoint with an https address.", verified=True
)
def windows_endpoints_are_https(document: MexDocument) -> Finding:
    """Every endpoint for integrated authentication has an https address."""
    found = _windows(document)
    if not found:
        return not_applicable("the metadata offers no endpoint for integrated authentication")
    insecure = [item for item in found if not item.url.lower().startswith("https://")]
    where = at((insecure or found)[0])
    return expect(not insecure, expected="https://…", found=_urls(insecure) or _urls(found), where=where)


@requirement("MEX-06", Level.MAY, "MS-HYBRID Set up issuance of claims", remedy=_MEX13, verified=True)
def trust_13_is_offered(document: MexDocument) -> Finding:
    """Integrated authentication is offered for WS-Trust 1.3 as well; either version suffices Windows."""
    offered = _windows(document)
    if not offered:
        return not_applicable("the metadata offers no endpoint for integrated authentication")
    versions = {item.trust for item in offered}
    found = ", ".join(sorted(item.value for item in versions if item is not None)) or "an unknown version"
    return expect(Trust.V13 in versions, expected="1.3", found=found, where=at(offered[0]))


@requirement(
    "MEX-11", Level.SHOULD, "MSAL SetPolicyEndpointAddresses", remedy='Write binding="tns:Name".', verified=True
)
def ports_prefix_their_binding(document: MexDocument) -> Finding:
    """Every port for Windows callers names its binding with a prefix, without which MSAL passes it over."""
    ports = _windows_ports(document)
    bare = [item for item in ports if ":" not in item.binding]
    where = at(bare[0]) if bare else at_ports(document)
    words = ", ".join(item.binding for item in bare or ports) or "no port for Windows callers"
    return expect(not bare, expected="prefix:name", found=words, where=where)


@requirement(
    "MEX-12",
    Level.SHOULD,
    "MSAL SetPolicyEndpointAddresses",
    remedy="Write one and the same address into soap:address and wsa:EndpointReference of each port.",
    verified=True,
)
def both_addresses_agree(document: MexDocument) -> Finding:
    """Every port for Windows callers has an EndpointReference with the same address as its soap:address."""
    ports = _windows_ports(document)
    odd = [item for item in ports if item.address is None or item.address != item.epr_address]
    if not odd:
        return holds("the addresses agree", where=at_ports(document))
    found = f"soap:address {odd[0].address or 'missing'}, wsa:Address {odd[0].epr_address or 'missing'}"
    return broken(expected="the same address twice", found=found, where=at(odd[0]))


@requirement(
    "MEX-13",
    Level.MAY,
    "DSREGTOOL windowstransport test",
    remedy="Nothing has to be done for the join: Windows makes its own SPN of the address. Who reads Identity wants "
    "Spn host/<host of the address>; AD FS writes what its service account or node is called.",
)
def windows_ports_name_their_spn(document: MexDocument) -> Finding:
    """Every port for Windows callers names its service principal, and for the host of its address."""
    odd = [item for item in _windows(document) if _spn_host(item.spn) != host_of(item.url)]
    if not odd:
        return holds("each names its host's SPN", where=at_ports(document))
    expected = f"host/{host_of(odd[0].url)} or HTTP/{host_of(odd[0].url)}"
    return broken(expected=expected, found=odd[0].spn or "no Spn", where=at(odd[0]))


def _spn_host(spn: str | None) -> str:
    return (spn or "").partition("/")[2].partition("/")[0].partition(":")[0].lower()


@requirement(
    "MEX-14",
    Level.SHOULD,
    "MSAL ReadPolicyBindings",
    remedy="Give the binding's operation the soapAction of RST/Issue of its WS-Trust version.",
    verified=True,
)
def windows_bindings_know_the_action(document: MexDocument) -> Finding:
    """Every binding for Windows callers declares the Issue action of a WS-Trust version."""
    odd = [item for item in _windows(document) if item.trust is None]
    where = at(odd[0]) if odd else at_ports(document)
    found = (odd[0].soap_action or "no soapAction") if odd else "a known action"
    return expect(not odd, expected="…/RST/Issue of WS-Trust 1.3 or February 2005", found=found, where=where)


@requirement(
    "MEX-15",
    Level.SHOULD,
    "MSAL GetWsTrustWindowsTransportEndpoint",
    remedy="Shape the port as AD FS does: prefixed binding, EndpointReference, one policy reference for each binding.",
    verified=True,
)
def msal_finds_what_windows_finds(document: MexDocument) -> Finding:
    """MSAL, which is stricter about the shape, chooses the same endpoint as Windows."""
    windows, msal = choose_windows(document), choose_msal(document)
    if windows is None:
        return not_applicable("Windows finds no endpoint either")
    found = msal.url if msal is not None else "none"
    return expect(found == windows.url, expected=windows.url, found=found, where=at(windows))


@requirement(
    "MEX-16", Level.SHOULD, "MS-TROUBLE Authentication phase", remedy="Publish a usernamemixed port too.", verified=True
)
def username_endpoint_is_offered(document: MexDocument) -> Finding:
    """A port for user name and password is published as well, which sign-in on the device will ask for."""
    found = [item for item in document.endpoints if item.credential is Credential.USERNAME]
    if not found:
        _readable(document)
    kinds = ", ".join(sorted({item.credential for item in document.endpoints})) or "no ports"
    where = at(found[0]) if found else at_ports(document)
    return expect(found, expected="a port for user name and password", found=_urls(found) or kinds, where=where)


@requirement(
    "MEX-17",
    Level.SHOULD,
    "MSAL ReadPolicyBindings",
    remedy="Use soap12:binding with the SOAP-over-HTTP transport.",
    verified=True,
)
def windows_bindings_are_soap_12_over_http(document: MexDocument) -> Finding:
    """Every binding for Windows callers is SOAP 1.2 over HTTP."""
    bindings = _windows_bindings(document)
    odd = [item for item in bindings if item.soap_version != "1.2" or item.transport != SOAP_OVER_HTTP]
    if not odd:
        return holds("SOAP 1.2 over HTTP", where=at(bindings[0]) if bindings else at_ports(document))
    found = f"SOAP {odd[0].soap_version or 'of no version'} over {odd[0].transport or 'no transport'}"
    return broken(expected=f"SOAP 1.2 over {SOAP_OVER_HTTP}", found=found, where=at(odd[0]))


@requirement(
    "MEX-18",
    Level.SHOULD,
    "MSAL AddPolicy",
    remedy="Assert sp:TransportBinding in the policy of the Windows transport binding.",
    verified=True,
)
def windows_policies_assert_a_transport_binding(document: MexDocument) -> Finding:
    """Every policy for Windows callers asserts a transport binding, without which MSAL passes it over."""
    policies = [item for item in document.policies if item.negotiate]
    odd = [item for item in policies if not item.transport_binding]
    where = at((odd or policies)[0]) if policies else in_metadata()
    words = ", ".join(item.id for item in odd) or "all assert it"
    return expect(not odd, expected="sp:TransportBinding", found=words, where=where)


@requirement(
    "MEX-19",
    Level.MAY,
    "MS-HYBRID Prerequisites",
    remedy="Publish metadata and token service under one host name, the one that clients see.",
)
def endpoint_is_at_the_metadata_host(realm: UserRealm, endpoint: MexEndpoint) -> Finding:
    """The chosen endpoint is at the host that serves the metadata."""
    expected, found = host_of(realm.metadata_url), host_of(endpoint.url)
    return expect(found == expected, expected=expected, found=found, where=at(endpoint))
