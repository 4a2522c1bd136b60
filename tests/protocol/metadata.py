"""A WS-Trust metadata document of our own, in pieces that tests put together differently."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tests.protocol.documents import STS_HOST, T13, T2005

NAMESPACES = {
    "wsdl": "http://schemas.xmlsoap.org/wsdl/",
    "soap12": "http://schemas.xmlsoap.org/wsdl/soap12/",
    "soap11": "http://schemas.xmlsoap.org/wsdl/soap/",
    "wsp": "http://schemas.xmlsoap.org/ws/2004/09/policy",
    "wsu": "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd",
    "wsa": "http://www.w3.org/2005/08/addressing",
    "sp": "http://schemas.xmlsoap.org/ws/2005/07/securitypolicy",
    "http": "http://schemas.microsoft.com/ws/06/2004/policy/http",
    "other": "urn:hybridjoin:test:other",
    "id": "http://schemas.xmlsoap.org/ws/2006/02/addressingidentity",
    "xsd": "http://www.w3.org/2001/XMLSchema",
    "t13": T13,
    "t05": T2005,
    "tns": "urn:hybridjoin:test:sts",
}
TRANSPORT = (
    f'<sp:TransportBinding xmlns:sp="{NAMESPACES["sp"]}">'
    "<wsp:Policy><sp:TransportToken><wsp:Policy>"
    '<sp:HttpsToken RequireClientCertificate="{client}"/>'
    "</wsp:Policy></sp:TransportToken></wsp:Policy></sp:TransportBinding>"
)
HTTPS = TRANSPORT.format(client="false")
NEGOTIATE = "<http:NegotiateAuthentication/>"
USERNAME = (
    "<sp:SignedSupportingTokens><wsp:Policy><sp:UsernameToken><wsp:Policy><sp:WssUsernameToken10/></wsp:Policy>"
    "</sp:UsernameToken></wsp:Policy></sp:SignedSupportingTokens>"
)


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way in: a policy, a binding that refers to it, and a port."""

    name: str
    path: str
    trust: str = T13
    assertions: str = NEGOTIATE + HTTPS
    spn: str | None = f"host/{STS_HOST}"
    scheme: str = "https"
    host: str = STS_HOST
    soap: str = "soap12"
    transport: str = "http://schemas.xmlsoap.org/soap/http"
    action: str | None = None
    prefix: str = "tns:"
    reference: str | None = None
    policy: str | None = None
    epr: str | None = None

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}{self.path}"

    def policy_text(self) -> str:
        if self.policy is not None:
            return self.policy
        body = f"<wsp:ExactlyOne><wsp:All>{self.assertions}</wsp:All></wsp:ExactlyOne>"
        return f'<wsp:Policy wsu:Id="{self.name}_policy">{body}</wsp:Policy>'

    def binding_text(self) -> str:
        reference = self.reference
        if reference is None:
            reference = f'<wsp:PolicyReference URI="#{self.name}_policy"/>'
        action = f"{self.trust}/RST/Issue" if self.action is None else self.action
        return (
            f'<wsdl:binding name="{self.name}" type="tns:{self._port_type()}">{reference}'
            f'<{self.soap}:binding transport="{self.transport}"/><wsdl:operation name="Issue">'
            f'<{self.soap}:operation soapAction="{action}" style="document"/>'
            f'<wsdl:input><{self.soap}:body use="literal"/></wsdl:input>'
            f'<wsdl:output><{self.soap}:body use="literal"/></wsdl:output></wsdl:operation></wsdl:binding>'
        )

    def _port_type(self) -> str:
        return "Issue13" if self.trust == T13 else "Issue2005"

    def port_text(self) -> str:
        identity = f"<id:Identity><id:Spn>{self.spn}</id:Spn></id:Identity>" if self.spn else ""
        epr = f"<wsa:EndpointReference><wsa:Address>{self.url}</wsa:Address>{identity}</wsa:EndpointReference>"
        return (
            f'<wsdl:port name="{self.name}" binding="{self.prefix}{self.name}">'
            f'<{self.soap}:address location="{self.url}"/>{epr if self.epr is None else self.epr}</wsdl:port>'
        )


WINDOWS_13 = Way(name="Windows13", path="/trust/13/windowstransport")
WINDOWS_2005 = Way(name="Windows2005", path="/trust/2005/windowstransport", trust=T2005)
USERNAME_13 = Way(name="Username13", path="/trust/13/usernamemixed", assertions=HTTPS + USERNAME, spn=None)
CERTIFICATE_13 = Way(
    name="Certificate13",
    path="/trust/13/certificatemixed",
    assertions=HTTPS
    + "<sp:EndorsingSupportingTokens><wsp:Policy><sp:X509Token/></wsp:Policy></sp:EndorsingSupportingTokens>",
    spn=None,
)
WAYS = (WINDOWS_2005, USERNAME_13, WINDOWS_13)

_MESSAGES = (
    '<wsdl:types><xsd:schema targetNamespace="urn:hybridjoin:test:imports">'
    f'<xsd:import schemaLocation="https://{STS_HOST}/mex?xsd=0" namespace="{T13}"/>'
    f'<xsd:import schemaLocation="https://{STS_HOST}/mex?xsd=1" namespace="{T2005}"/></xsd:schema></wsdl:types>'
    + "".join(
        f'<wsdl:message name="{name}"><wsdl:part name="body" element="{element}"/></wsdl:message>'
        for name, element in (
            ("In13", "t13:RequestSecurityToken"),
            ("Out13", "t13:RequestSecurityTokenResponseCollection"),
            ("In2005", "t05:RequestSecurityToken"),
            ("Out2005", "t05:RequestSecurityTokenResponse"),
        )
    )
    + "".join(
        f'<wsdl:portType name="Issue{version}"><wsdl:operation name="Issue"><wsdl:input message="tns:In{version}"/>'
        f'<wsdl:output message="tns:Out{version}"/></wsdl:operation></wsdl:portType>'
        for version in ("13", "2005")
    )
)


def declarations() -> str:
    return "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())


def definitions(ways: Iterable[Way] = WAYS, *, messages: str = _MESSAGES, policies: str | None = None) -> str:
    chosen = tuple(ways)
    written = "".join(way.policy_text() for way in chosen) if policies is None else policies
    return (
        f'<wsdl:definitions name="STS" targetNamespace="{NAMESPACES["tns"]}"{declarations()}>'
        f"{written}{messages}{''.join(way.binding_text() for way in chosen)}"
        f'<wsdl:service name="STS">{"".join(way.port_text() for way in chosen)}</wsdl:service></wsdl:definitions>'
    )


def metadata(ways: Iterable[Way] = WAYS, *, messages: str = _MESSAGES, policies: str | None = None) -> bytes:
    return definitions(ways, messages=messages, policies=policies).encode()


def in_metadata(body: str) -> str:
    space = "http://schemas.xmlsoap.org/ws/2004/09/mex"
    section = '<m:MetadataSection Dialect="http://schemas.xmlsoap.org/wsdl/">'
    return f'<m:Metadata xmlns:m="{space}">{section}{body}</m:MetadataSection></m:Metadata>'


def in_soap(body: str) -> str:
    space = "http://www.w3.org/2003/05/soap-envelope"
    return f'<e:Envelope xmlns:e="{space}"><e:Body>{body}</e:Body></e:Envelope>'
