"""The IdP's WS-Trust metadata: WSDL 1.1 with WS-Policy, by WS-MetadataExchange or a plain GET."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Trust(StrEnum):
    """The WS-Trust version a binding speaks."""

    FEB2005 = "2005"
    V13 = "1.3"


class Credential(StrEnum):
    """What a policy asks the caller for."""

    WINDOWS = "windows"
    USERNAME = "username"
    CERTIFICATE = "certificate"
    KERBEROS = "kerberos"
    ISSUED = "issued"
    UNKNOWN = "unknown"


class Wrapper(StrEnum):
    """What the WSDL came wrapped in; all three are real."""

    BARE = "wsdl:definitions"
    METADATA = "mex:Metadata"
    SOAP = "SOAP envelope"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One `wsp:Policy` with its `wsu:Id`; `negotiate` is true where it asserts http:NegotiateAuthentication."""

    id: str
    credential: Credential
    negotiate: bool
    https: bool
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One `wsdl:binding`; `policies` are the references as written, `transport` the soap binding's."""

    name: str
    port_type: str
    policies: tuple[str, ...]
    transport: str | None
    soap_version: str | None
    soap_action: str | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """One `wsdl:port`; `binding` as written (`tns:Name`), `spn` and `upn` from its endpoint identity."""

    name: str
    binding: str
    address: str | None
    epr_address: str | None
    spn: str | None
    line: int


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
    """A MEX document as it came: duplicates and dangling references included."""

    wrapper: Wrapper
    target_namespace: str
    policies: tuple[Policy, ...]
    bindings: tuple[Binding, ...]
    ports: tuple[Port, ...]
    endpoints: tuple[MexEndpoint, ...]
