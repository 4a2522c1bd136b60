"""WSDL 1.1 bindings and ports, as far as a WS-Trust client follows them (WSDL 1.1, 2.5 and 2.6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from hybridjoin.protocol import names, policy, xml
from hybridjoin.protocol.policy import Policy
from hybridjoin.protocol.xml import Element


class Trust(StrEnum):
    """The WS-Trust version a binding speaks."""

    FEB2005 = "2005"
    V13 = "1.3"

    @property
    def namespace(self) -> str:
        """The namespace of its elements, Actions and faults."""
        return names.TRUST_13 if self is Trust.V13 else names.TRUST_2005


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One `wsdl:binding`; `policies` are the references as written, `transport` the soap binding's.

    `inline` are the policies written inside the binding instead of being referred to.
    """

    name: str
    port_type: str
    policies: tuple[str, ...]
    transport: str | None
    soap_version: str | None
    soap_action: str | None
    line: int
    inline: tuple[Policy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """One `wsdl:port`; `binding` as written (`tns:Name`), `spn` and `upn` from its endpoint identity."""

    name: str
    binding: str
    address: str | None
    epr_address: str | None
    spn: str | None
    line: int
    upn: str | None = None
    policies: tuple[str, ...] = ()


ISSUE_ACTIONS = {
    f"{names.TRUST_2005}/RST/Issue": Trust.FEB2005,
    f"{names.TRUST_13}/RST/Issue": Trust.V13,
}
DEFINITIONS = xml.name(names.WSDL, "definitions")
_BINDING = xml.name(names.WSDL, "binding")
_OPERATION = xml.name(names.WSDL, "operation")
_SERVICE = xml.name(names.WSDL, "service")
_PORT = xml.name(names.WSDL, "port")
_SOAP = {names.WSDL_SOAP_12: "1.2", names.WSDL_SOAP_11: "1.1"}
_POLICY_URIS = tuple(xml.every_attribute(space, "PolicyURIs") for space in (names.WSP, names.WSP_15))
_EPR_SPACES = (names.WSA, names.WSA_2004)


def bindings(definitions: Element) -> Iterator[Element]:
    """Yield the binding elements in the order of the document."""
    return definitions.iterchildren(_BINDING)


def ports(definitions: Element) -> Iterator[Element]:
    """Yield the port elements of all services in the order of the document."""
    for service in definitions.iterchildren(_SERVICE):
        yield from service.iterchildren(_PORT)


def read_bindings(definitions: Element) -> tuple[Binding, ...]:
    """Read the bindings in the order of the document."""
    return tuple(_read_binding(element) for element in bindings(definitions))


def read_ports(definitions: Element) -> tuple[Port, ...]:
    """Read the ports of all services in the order of the document."""
    return tuple(_read_port(element) for element in ports(definitions))


def _read_binding(element: Element) -> Binding:
    space, soap = _soap_child(element, "binding")
    operation, action = _issue_operation(element)
    attached = (element, *((operation,) if operation is not None else ()))
    return Binding(
        name=element.get("name", ""),
        port_type=element.get("type", ""),
        policies=tuple(uri for place in attached for uri in references(place)),
        transport=None if soap is None else soap.get("transport"),
        soap_version=_SOAP.get(space),
        soap_action=action,
        line=element.sourceline or 0,
        inline=tuple(policy.read_policy(item, {}) for place in attached for item in place.iterchildren(*policy.POLICY)),
    )


def _issue_operation(binding: Element) -> tuple[Element | None, str | None]:
    """Choose the operation that issues tokens: the first with a WS-Trust Issue action, else the first at all."""
    chosen: tuple[Element | None, str | None] = (None, None)
    for operation in binding.iterchildren(_OPERATION):
        _, soap = _soap_child(operation, "operation")
        action = None if soap is None else soap.get("soapAction")
        if action is not None and action.strip() in ISSUE_ACTIONS:
            return operation, action.strip()
        if chosen[0] is None:
            chosen = (operation, action)
    return chosen


def _soap_child(element: Element, local: str) -> tuple[str, Element | None]:
    for space in _SOAP:
        found = xml.first(element, xml.name(space, local))
        if found is not None:
            return space, found
    return "", None


def references(element: Element) -> tuple[str, ...]:
    """Return the policy references of an element: PolicyReference children and the PolicyURIs attribute."""
    children = tuple(item.get("URI", "") for item in element.iterchildren(*policy.REFERENCE))
    attributes = (element.get(xml.name(space, "PolicyURIs"), "") for space in (names.WSP, names.WSP_15))
    return children + tuple(uri for value in attributes for uri in value.split())


def count_references(root: Element) -> int:
    """Count the policy references of a whole document, without reading them element by element."""
    children = sum(1 for _ in root.iter(*policy.REFERENCE))
    return children + sum(len(str(value).split()) for written in _POLICY_URIS for value in written(root))


def _read_port(element: Element) -> Port:
    _, soap = _soap_child(element, "address")
    reference, space = _endpoint_reference(element)
    identity = xml.first(reference, xml.name(names.IDENTITY, "Identity"))
    return Port(
        name=element.get("name", ""),
        binding=element.get("binding", ""),
        address=(soap.get("location") or "").strip() or None if soap is not None else None,
        epr_address=xml.text(xml.first(reference, xml.name(space, "Address"))) or None,
        spn=xml.text(xml.first(identity, xml.name(names.IDENTITY, "Spn"))) or None,
        line=element.sourceline or 0,
        upn=xml.text(xml.first(identity, xml.name(names.IDENTITY, "Upn"))) or None,
        policies=references(element),
    )


def _endpoint_reference(port: Element) -> tuple[Element | None, str]:
    for space in _EPR_SPACES:
        found = xml.first(port, xml.name(space, "EndpointReference"))
        if found is not None:
            return found, space
    return None, names.WSA
