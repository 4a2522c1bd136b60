"""Metadata in the shapes in which AD FS has published it, written for these tests.

AD FS gives each version of WS-Trust policies in a security policy namespace of its own, imports its schemas, and writes
an Identity into the windowstransport ports alone: the SPN of the farm, that of the node that answered, or the user name
of the service account.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.protocol.documents import T13, T2005

HOST = "sts.contoso.example"
MEX_URL = f"https://{HOST}/adfs/services/trust/mex"
_SP_2005 = "http://schemas.xmlsoap.org/ws/2005/07/securitypolicy"
_SP_13 = "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702"
_SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
_DECLARED = (
    'xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
    f'xmlns:t="{T2005}" xmlns:trust="{T13}" '
    'xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" '
    'xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" '
    'xmlns:tns="http://schemas.microsoft.com/ws/2008/06/identity/securitytokenservice" '
    'xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy" xmlns:wsa10="http://www.w3.org/2005/08/addressing" '
    'xmlns:wsaw="http://www.w3.org/2006/05/addressing/wsdl"'
)
_USERNAME = (
    "<sp:SignedSupportingTokens><wsp:Policy>"
    '<sp:UsernameToken sp:IncludeToken="{sp}/IncludeToken/AlwaysToRecipient"><wsp:Policy><sp:WssUsernameToken10/>'
    "</wsp:Policy></sp:UsernameToken></wsp:Policy></sp:SignedSupportingTokens>"
)
_CERTIFICATE = (
    "<sp:EndorsingSupportingTokens><wsp:Policy>"
    '<sp:X509Token sp:IncludeToken="{sp}/IncludeToken/AlwaysToRecipient"><wsp:Policy><sp:RequireThumbprintReference/>'
    "<sp:WssX509V3Token10/></wsp:Policy></sp:X509Token></wsp:Policy></sp:EndorsingSupportingTokens>"
)
_KERBEROS = (
    "<sp:EndorsingSupportingTokens><wsp:Policy>"
    '<sp:KerberosToken sp:IncludeToken="{sp}/IncludeToken/Once"><wsp:Policy><sp:WssGssKerberosV5ApReqToken11/>'
    "</wsp:Policy></sp:KerberosToken></wsp:Policy></sp:EndorsingSupportingTokens>"
)
_ISSUED = (
    "<sp:EndorsingSupportingTokens><wsp:Policy>"
    '<sp:IssuedToken sp:IncludeToken="{sp}/IncludeToken/AlwaysToRecipient"><sp:RequestSecurityTokenTemplate/>'
    "<wsp:Policy><sp:RequireInternalReference/></wsp:Policy></sp:IssuedToken></wsp:Policy></sp:EndorsingSupportingTokens>"
)
_NEGOTIATE = '<http:NegotiateAuthentication xmlns:http="http://schemas.microsoft.com/ws/06/2004/policy/http"/>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One port of AD FS: the last part of its path, and what its policy asserts beside the transport."""

    path: str
    asserts: str = ""
    negotiate: bool = False
    client_certificate: bool = False
    port: str = ""


WINDOWS = Door(path="windowstransport", negotiate=True)
CERTIFICATE_MIXED = Door(path="certificatemixed", asserts=_CERTIFICATE)
CERTIFICATE = Door(path="certificatetransport", client_certificate=True, port=":49443")
USERNAME = Door(path="usernamemixed", asserts=_USERNAME)
KERBEROS = Door(path="kerberosmixed", asserts=_KERBEROS)
ISSUED = Door(path="issuedtokenmixedasymmetricbasic256", asserts=_ISSUED)
IN_2005 = (WINDOWS, CERTIFICATE_MIXED, CERTIFICATE, USERNAME, KERBEROS, ISSUED)
IN_13 = (KERBEROS, CERTIFICATE_MIXED, USERNAME, ISSUED, WINDOWS)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdfsMetadata:
    """A document; `identity` stands in the endpoint references of windowstransport.

    `certificate_host` is where clients with a certificate are sent: port 49443 up to AD FS 2012 R2, from 2016 on a host
    of its own too. With `cut_13_policies` those of WS-Trust 1.3 are referred to and left out, as an editor did.
    """

    in_2005: tuple[Door, ...] = IN_2005
    in_13: tuple[Door, ...] = IN_13
    identity: str = f"<Spn>host/{HOST}</Spn>"
    certificate_host: str = f"{HOST}:49443"
    cut_13_policies: bool = False

    def __bytes__(self) -> bytes:
        return f'<?xml version="1.0" encoding="utf-8"?>{self}'.encode()

    def __str__(self) -> str:
        ports = [_Port(door=door, trust=T2005, names=self) for door in self.in_2005]
        newer = [_Port(door=door, trust=T13, names=self) for door in self.in_13]
        written = ports if self.cut_13_policies else ports + newer
        everything = ports + newer
        return (
            '<wsdl:definitions name="SecurityTokenService" targetNamespace='
            f'"http://schemas.microsoft.com/ws/2008/06/identity/securitytokenservice" {_DECLARED}>'
            f"{''.join(item.policy() for item in written)}{_types()}{_messages()}"
            f"{''.join(item.binding() for item in everything)}"
            f'<wsdl:service name="SecurityTokenService">{"".join(item.port() for item in everything)}</wsdl:service>'
            "</wsdl:definitions>"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Port:
    """A door in one version of WS-Trust."""

    door: Door
    trust: str
    names: AdfsMetadata

    @property
    def _year(self) -> str:
        return "2005" if self.trust == T2005 else "13"

    @property
    def _name(self) -> str:
        return f"{self.door.path}_IWSTrust{'Feb' if self.trust == T2005 else ''}{self._year}Async"

    @property
    def _url(self) -> str:
        host = self.names.certificate_host if self.door.port else HOST
        return f"https://{host}/adfs/services/trust/{self._year}/{self.door.path}"

    def policy(self) -> str:
        space = _SP_2005 if self.trust == T2005 else _SP_13
        required = "true" if self.door.client_certificate else "false"
        token = (
            f'<sp:HttpsToken RequireClientCertificate="{required}"/>'
            if self.trust == T2005 or not self.door.client_certificate
            else "<sp:HttpsToken><wsp:Policy><sp:RequireClientCertificate/></wsp:Policy></sp:HttpsToken>"
        )
        stamp = "<sp:IncludeTimestamp/>" if self.door.asserts else ""
        return (
            f'<wsp:Policy wsu:Id="{self._name}_policy"><wsp:ExactlyOne><wsp:All>'
            f"{_NEGOTIATE if self.door.negotiate else ''}"
            f'<sp:TransportBinding xmlns:sp="{space}"><wsp:Policy><sp:TransportToken><wsp:Policy>{token}</wsp:Policy>'
            "</sp:TransportToken><sp:AlgorithmSuite><wsp:Policy><sp:Basic256/></wsp:Policy></sp:AlgorithmSuite>"
            f"<sp:Layout><wsp:Policy><sp:Strict/></wsp:Policy></sp:Layout>{stamp}</wsp:Policy></sp:TransportBinding>"
            f"{self._supporting(space)}<wsaw:UsingAddressing/></wsp:All></wsp:ExactlyOne></wsp:Policy>"
        )

    def _supporting(self, space: str) -> str:
        if not self.door.asserts:
            return ""
        return self.door.asserts.format(sp=space).replace("Tokens>", f'Tokens xmlns:sp="{space}">', 1)

    def binding(self) -> str:
        action = f"{self.trust}/RST/Issue"
        kind = "Feb2005" if self.trust == T2005 else "13"
        return (
            f'<wsdl:binding name="{self._name}" type="tns:IWSTrust{kind}Async">'
            f'<wsp:PolicyReference URI="#{self._name}_policy"/>'
            '<soap12:binding transport="http://schemas.xmlsoap.org/soap/http"/>'
            f'<wsdl:operation name="Trust{kind}IssueAsync"><soap12:operation soapAction="{action}" style="document"/>'
            '<wsdl:input><soap12:body use="literal"/></wsdl:input>'
            '<wsdl:output><soap12:body use="literal"/></wsdl:output>'
            "</wsdl:operation></wsdl:binding>"
        )

    def port(self) -> str:
        identity = ""
        if self.door.negotiate and self.names.identity:
            space = "http://schemas.xmlsoap.org/ws/2006/02/addressingidentity"
            identity = f'<Identity xmlns="{space}">{self.names.identity}</Identity>'
        return (
            f'<wsdl:port name="{self._name}" binding="tns:{self._name}"><soap12:address location="{self._url}"/>'
            f"<wsa10:EndpointReference><wsa10:Address>{self._url}</wsa10:Address>{identity}</wsa10:EndpointReference>"
            "</wsdl:port>"
        )


def _types() -> str:
    imports = "".join(
        f'<xsd:import schemaLocation="{MEX_URL}?xsd=xsd{number}" namespace="{space}"/>'
        for number, space in enumerate((T2005, T13))
    )
    target = "http://schemas.microsoft.com/ws/2008/06/identity/securitytokenservice/Imports"
    return f'<wsdl:types><xsd:schema targetNamespace="{target}">{imports}</xsd:schema></wsdl:types>'


def _messages() -> str:
    """Messages and port types, whose parts AD FS names by the elements that the imported schemas hold."""
    kinds = (
        ("Feb2005", "t", "RequestSecurityTokenResponse"),
        ("13", "trust", "RequestSecurityTokenResponseCollection"),
    )
    written = ""
    for kind, prefix, reply in kinds:
        name = f"IWSTrust{kind}Async_Trust{kind}IssueAsync"
        written += (
            f'<wsdl:message name="{name}_InputMessage">'
            f'<wsdl:part name="request" element="{prefix}:RequestSecurityToken"/></wsdl:message>'
            f'<wsdl:message name="{name}_OutputMessage"><wsdl:part name="result" element="{prefix}:{reply}"/>'
            "</wsdl:message>"
        )
    for kind, _, _ in kinds:
        name = f"IWSTrust{kind}Async_Trust{kind}IssueAsync"
        written += (
            f'<wsdl:portType name="IWSTrust{kind}Async"><wsdl:operation name="Trust{kind}IssueAsync">'
            f'<wsdl:input message="tns:{name}_InputMessage"/><wsdl:output message="tns:{name}_OutputMessage"/>'
            "</wsdl:operation></wsdl:portType>"
        )
    return written


def in_metadata_section(document: AdfsMetadata) -> bytes:
    """The document as the answer to a WS-Transfer Get holds it, without the envelope."""
    return (
        '<Metadata xmlns="http://schemas.xmlsoap.org/ws/2004/09/mex">'
        f'<MetadataSection Dialect="http://schemas.xmlsoap.org/wsdl/">{document}</MetadataSection></Metadata>'
    ).encode()


def in_envelope(document: AdfsMetadata, *, soap: str = _SOAP_12) -> bytes:
    """The document right below a SOAP body, as services beside AD FS send it."""
    return f'<s:Envelope xmlns:s="{soap}"><s:Header/><s:Body>{document}</s:Body></s:Envelope>'.encode()
