"""The IdP's WS-Trust metadata: WSDL 1.1 with WS-Policy, by WS-MetadataExchange or a plain GET."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from hybridjoin.errors import PeerError
from hybridjoin.protocol import limits, names, policy, soap, wsdl, xml
from hybridjoin.protocol.address import host_of
from hybridjoin.protocol.policy import Credential, Policy
from hybridjoin.protocol.wsdl import ISSUE_ACTIONS, Binding, Port, Trust
from hybridjoin.protocol.xml import Element

__all__ = [
    "ISSUE_ACTIONS",
    "SOAP_OVER_HTTP",
    "Binding",
    "Credential",
    "MexDocument",
    "MexEndpoint",
    "Policy",
    "Port",
    "Trust",
    "Wrapper",
    "choose",
    "choose_msal",
    "choose_windows",
    "parse_mex",
]

SOAP_OVER_HTTP = "http://schemas.xmlsoap.org/soap/http"


class Wrapper(StrEnum):
    """What the WSDL came wrapped in; the first three are real."""

    BARE = "wsdl:definitions"
    METADATA = "mex:Metadata"
    SOAP = "SOAP envelope"
    OTHER = "another element"


@dataclass(frozen=True, slots=True, kw_only=True)
class MexEndpoint:
    """A port followed to its binding and policy; `trust` is None for an unknown soap action."""

    url: str
    trust: Trust | None
    credential: Credential
    soap_action: str | None
    binding: str
    port: str
    spn: str | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MexDocument:
    """A MEX document as it came: duplicates and dangling references included.

    `body` holds the octets, for readers that want to form an opinion of their own. `named` are the bindings by name,
    the first of several of one name.
    """

    wrapper: Wrapper
    target_namespace: str
    policies: tuple[Policy, ...]
    bindings: tuple[Binding, ...]
    ports: tuple[Port, ...]
    endpoints: tuple[MexEndpoint, ...]
    body: bytes = field(default=b"", repr=False)
    named: Mapping[str, Binding] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the bindings: ports and endpoints ask for them by name, again and again."""
        object.__setattr__(self, "named", {item.name: item for item in reversed(self.bindings)})

    def binding_of(self, port: Port) -> Binding | None:
        """Return the binding a port names, whatever the prefix; the first of several of that name."""
        return self.named.get(port.binding.rpartition(":")[2])


def parse_mex(body: bytes) -> MexDocument:
    """Read a MEX document, bare or wrapped; raise PeerError where it holds no WSDL."""
    root = xml.parse(body, where="MEX")
    definitions = _definitions(root)
    outer = policy.find_policies(root)
    _hold_limits(root, definitions, outer)
    known: dict[str, Element] = {}
    for element in outer:
        known.setdefault(policy.policy_id(element), element)
    known.pop("", None)
    policies = tuple(policy.read_policy(item, known) for item in outer if policy.policy_id(item))
    document = MexDocument(
        wrapper=_wrapper(root),
        target_namespace=next((space for item in definitions if (space := item.get("targetNamespace"))), ""),
        policies=policies,
        bindings=tuple(binding for item in definitions for binding in wsdl.read_bindings(item)),
        ports=tuple(port for item in definitions for port in wsdl.read_ports(item)),
        endpoints=(),
        body=body,
    )
    return replace(document, endpoints=tuple(_endpoints(document)))


def _hold_limits(root: Element, definitions: tuple[Element, ...], policies: tuple[Element, ...]) -> None:
    """Refuse what would be read once for each of something else: such costs are products, whatever the octets."""
    limits.BINDINGS.hold(sum(1 for item in definitions for _ in wsdl.bindings(item)), where="MEX")
    limits.PORTS.hold(sum(1 for item in definitions for _ in wsdl.ports(item)), where="MEX")
    limits.POLICIES.hold(len(policies), where="MEX")
    limits.POLICY_REFERENCES.hold(wsdl.count_references(root), where="MEX")
    elements = sum(1 for item in policies for _ in item.iter("*"))
    limits.POLICIES_BY_ELEMENTS.hold(len(policies) * elements, where="MEX")


def _definitions(root: Element) -> tuple[Element, ...]:
    """Return every wsdl:definitions of the document; say what came instead where there is none."""
    found = tuple(root.iter(wsdl.DEFINITIONS))
    if found:
        return found
    if soap.is_envelope(root):
        fault = soap.find_fault(soap.open_envelope(root, where="MEX"))
        if fault is not None:
            raise PeerError(f"expected wsdl:definitions, found the SOAP fault {fault.reason!r}", where="MEX")
    reference = next(root.iter(xml.name(names.MEX, "MetadataReference"), xml.name(names.MEX, "Location")), None)
    if reference is not None:
        raise PeerError(f"expected the WSDL itself, found only a mex:{xml.local_name(reference)} to it", where="MEX")
    space = f" of the namespace {xml.namespace(root)!r}" if xml.local_name(root) == "definitions" else " without any"
    raise PeerError(f"expected wsdl:definitions, found <{xml.local_name(root)}>{space}", where="MEX")


def _wrapper(root: Element) -> Wrapper:
    if root.tag == wsdl.DEFINITIONS:
        return Wrapper.BARE
    if root.tag == xml.name(names.MEX, "Metadata"):
        return Wrapper.METADATA
    return Wrapper.SOAP if soap.is_envelope(root) else Wrapper.OTHER


def _endpoints(document: MexDocument) -> Iterator[MexEndpoint]:
    """Follow each port with an address to its binding and policies; one endpoint for each kind of caller."""
    by_id: dict[str, Policy] = {}
    for item in document.policies:
        by_id.setdefault(item.id, item)
    for port in document.ports:
        url = port.address or port.epr_address
        if url is None:
            continue
        binding = document.binding_of(port)
        action = binding.soap_action if binding is not None else None
        for credential in _callers(port, binding, by_id):
            yield MexEndpoint(
                url=url,
                trust=ISSUE_ACTIONS.get(action or ""),
                credential=credential,
                soap_action=action,
                binding=port.binding.rpartition(":")[2],
                port=port.name,
                spn=port.spn,
                line=port.line,
            )


def _callers(port: Port, binding: Binding | None, by_id: Mapping[str, Policy]) -> tuple[Credential, ...]:
    """Merge the policies of the port and its binding (WS-PolicyAttachment, 4.1.2: the endpoint's effective policy)."""
    references = port.policies + (binding.policies if binding is not None else ())
    policies = [by_id[key] for reference in references if (key := reference.removeprefix("#")) in by_id]
    policies += binding.inline if binding is not None else ()
    found = {credential for item in policies for credential in item.credentials} - {Credential.UNKNOWN}
    return tuple(item for item in Credential if item in found) or (Credential.UNKNOWN,)


def choose_windows(document: MexDocument, trust: Trust | None = None) -> MexEndpoint | None:
    """Choose the endpoint as Windows does: https, Negotiate, SOAP 1.2 over HTTP; 1.3 before 2005/02.

    `trust` restricts the choice to one version. The error list of Windows' client (WebProviderError, 0x8AA90024 to
    0x8AA9002A) says what makes it pass a port over: no address, an insecure one, no binding, no soap action.
    """
    return choose(document, Credential.WINDOWS, trust)


def choose(document: MexDocument, credential: Credential, trust: Trust | None = None) -> MexEndpoint | None:
    """Choose the https endpoint for a kind of caller, SOAP 1.2 over HTTP; 1.3 before 2005/02.

    `trust` restricts the choice to one version; None is returned where the document offers none.
    """
    fitting = [item for item in document.endpoints if _fits(document, item, credential)]
    order = (Trust.V13, Trust.FEB2005) if trust is None else (trust,)
    return next((item for version in order for item in fitting if item.trust is version), None)


def _fits(document: MexDocument, endpoint: MexEndpoint, credential: Credential) -> bool:
    secure = endpoint.url.lower().startswith("https://") and host_of(endpoint.url)
    if endpoint.credential is not credential or not secure:
        return False
    binding = document.named.get(endpoint.binding)
    if binding is None:
        return False
    return binding.soap_version == "1.2" and binding.transport in {None, SOAP_OVER_HTTP}


def choose_msal(document: MexDocument) -> MexEndpoint | None:
    """Choose the Windows endpoint as MSAL does, which is stricter about the shape; None where it finds none.

    MSAL keys policies by `#wsu:Id` and bindings by name (a second one of either ends in an exception), wants the
    policy referred to by the binding itself, a prefix on the port's `binding`, and the address in a WS-Addressing 1.0
    EndpointReference. It does not ask for https (MSAL.NET, WsTrust/MexDocument.cs).
    """
    keyed = [item for item in document.policies if _msal_reads(item)]
    if len({item.id for item in keyed}) != len(keyed):
        return None
    chosen: list[MexEndpoint] = []
    for item in keyed:
        if item.negotiate:
            chosen += _msal_endpoints(document, item)
    names_read = [binding.name for binding in document.bindings if _msal_bound(binding, keyed)]
    if len(set(names_read)) != len(names_read):
        return None
    newest = (endpoint for endpoint in chosen if endpoint.trust is Trust.V13)
    return next(newest, chosen[0] if chosen else None)


def _msal_reads(item: Policy) -> bool:
    known = item.negotiate or Credential.USERNAME in item.credentials
    return bool(item.id) and item.namespace == names.WSP and item.exactly_one and item.transport_binding and known


def _msal_bound(binding: Binding, keyed: list[Policy]) -> bool:
    references = {f"#{item.id}" for item in keyed}
    action_known = (binding.soap_action or "") in ISSUE_ACTIONS
    return action_known and binding.transport == SOAP_OVER_HTTP and any(uri in references for uri in binding.policies)


def _msal_endpoints(document: MexDocument, item: Policy) -> list[MexEndpoint]:
    """Return the endpoints of the ports whose binding refers to this policy, read as MSAL reads a port."""
    found = []
    for port in document.ports:
        binding = document.binding_of(port)
        if binding is None or ":" not in port.binding or port.epr_address is None:
            continue
        if f"#{item.id}" in binding.policies and _msal_bound(binding, [item]):
            found += [
                replace(endpoint, url=port.epr_address)
                for endpoint in document.endpoints
                if endpoint.port == port.name and endpoint.credential is Credential.WINDOWS
            ]
    return found
