"""The documents that requirements come from: a short prefix, a title, and where to read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One document."""

    title: str
    url: str


_LEARN = "https://learn.microsoft.com"

SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        "WSDL11": Source(
            title="Web Services Description Language (WSDL) 1.1", url="https://www.w3.org/TR/2001/NOTE-wsdl-20010315"
        ),
        "WSP15": Source(title="Web Services Policy 1.5 - Framework", url="https://www.w3.org/TR/ws-policy/"),
        "WSPA15": Source(title="Web Services Policy 1.5 - Attachment", url="https://www.w3.org/TR/ws-policy-attach/"),
        "WSSP12": Source(
            title="WS-SecurityPolicy 1.2",
            url="http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702/ws-securitypolicy-1.2-spec-os.html",
        ),
        "WST13": Source(
            title="WS-Trust 1.3", url="http://docs.oasis-open.org/ws-sx/ws-trust/200512/ws-trust-1.3-os.html"
        ),
        "WSA10": Source(title="Web Services Addressing 1.0 - Core", url="https://www.w3.org/TR/ws-addr-core/"),
        "SOAP12": Source(title="SOAP 1.2 Part 1: Messaging Framework", url="https://www.w3.org/TR/soap12-part1/"),
        "SOAP12-2": Source(title="SOAP 1.2 Part 2: Adjuncts", url="https://www.w3.org/TR/soap12-part2/"),
        "SAML11": Source(
            title="Assertions and Protocol for SAML 1.1",
            url="https://www.oasis-open.org/committees/download.php/3406/oasis-sstc-saml-core-1.1.pdf",
        ),
        "XMLDSIG": Source(title="XML Signature Syntax and Processing 1.1", url="https://www.w3.org/TR/xmldsig-core1/"),
        "WST2005": Source(
            title="Web Services Trust Language (WS-Trust), February 2005",
            url="http://specs.xmlsoap.org/ws/2005/02/trust/WS-Trust.pdf",
        ),
        "WSA10-SOAP": Source(
            title="Web Services Addressing 1.0 - SOAP Binding", url="https://www.w3.org/TR/ws-addr-soap/"
        ),
        "WSMEX": Source(
            title="Web Services Metadata Exchange (September 2004)",
            url="http://specs.xmlsoap.org/ws/2004/09/mex/WS-MetadataExchange.pdf",
        ),
        "WSTRANSFER": Source(
            title="Web Services Transfer (WS-Transfer)", url="https://www.w3.org/Submission/WS-Transfer/"
        ),
        "WSS11": Source(
            title="Web Services Security: SOAP Message Security 1.1",
            url="http://docs.oasis-open.org/wss/v1.1/wss-v1.1-spec-os-SOAPMessageSecurity.pdf",
        ),
        "RFC3902": Source(
            title='RFC 3902, The "application/soap+xml" media type', url="https://www.rfc-editor.org/rfc/rfc3902"
        ),
        "RFC2743": Source(
            title="RFC 2743, Generic Security Service Application Program Interface",
            url="https://www.rfc-editor.org/rfc/rfc2743",
        ),
        "RFC4178": Source(
            title="RFC 4178, The Simple and Protected GSS-API Negotiation Mechanism",
            url="https://www.rfc-editor.org/rfc/rfc4178",
        ),
        "RFC5929": Source(title="RFC 5929, Channel Bindings for TLS", url="https://www.rfc-editor.org/rfc/rfc5929"),
        "RFC7303": Source(title="RFC 7303, XML Media Types", url="https://www.rfc-editor.org/rfc/rfc7303"),
        "RFC9110": Source(title="RFC 9110, HTTP Semantics", url="https://www.rfc-editor.org/rfc/rfc9110"),
        "MS-N2HT": Source(
            title="[MS-N2HT] Negotiate and Nego2 HTTP Authentication Protocol",
            url=f"{_LEARN}/openspecs/windows_protocols/ms-n2ht/",
        ),
        "MS-SPNG": Source(
            title="[MS-SPNG] Simple and Protected GSS-API Negotiation Mechanism (SPNEGO) Extension",
            url=f"{_LEARN}/openspecs/windows_protocols/ms-spng/",
        ),
        "MS-KILE": Source(
            title="[MS-KILE] Kerberos Protocol Extensions", url=f"{_LEARN}/openspecs/windows_protocols/ms-kile/"
        ),
        "MS-MAXTOKEN": Source(
            title="Problems with Kerberos authentication when a user belongs to many groups",
            url=f"{_LEARN}/troubleshoot/windows-server/windows-security/"
            "kerberos-authentication-problems-if-user-belongs-to-groups",
        ),
        "MSAL-GO": Source(
            title="MSAL for Go, wstrust/defs/wstrust_endpoint.go",
            url="https://github.com/AzureAD/microsoft-authentication-library-for-go",
        ),
        "DSREGTOOL": Source(
            title="Device Registration Troubleshooter, DSRegTool.ps1", url="https://github.com/mzmaili/DSRegTool"
        ),
        "ROADTOOLS": Source(title="ROADtools, roadlib", url="https://github.com/dirkjanm/ROADtools"),
        "CWE": Source(title="Common Weakness Enumeration", url="https://cwe.mitre.org/"),
        "RFC4120": Source(
            title="RFC 4120, The Kerberos Network Authentication Service (V5)",
            url="https://www.rfc-editor.org/rfc/rfc4120",
        ),
        "RFC4559": Source(
            title="RFC 4559, SPNEGO-based Kerberos and NTLM HTTP Authentication",
            url="https://www.rfc-editor.org/rfc/rfc4559",
        ),
        "RFC6749": Source(
            title="RFC 6749, The OAuth 2.0 Authorization Framework", url="https://www.rfc-editor.org/rfc/rfc6749"
        ),
        "MS-DVRJ": Source(
            title="[MS-DVRJ] Device Registration Join Protocol",
            url=f"{_LEARN}/openspecs/windows_protocols/ms-dvrj/",
        ),
        "MS-HYBRID": Source(
            title="Configure Microsoft Entra hybrid join manually",
            url=f"{_LEARN}/entra/identity/devices/hybrid-join-manual",
        ),
        "MS-TROUBLE": Source(
            title="Troubleshoot Microsoft Entra hybrid joined devices",
            url=f"{_LEARN}/entra/identity/devices/troubleshoot-hybrid-join-windows-current",
        ),
        "MS-ADFS": Source(
            title="Manage AD FS trust with Microsoft Entra ID using Entra Connect",
            url=f"{_LEARN}/entra/identity/hybrid/connect/how-to-connect-azure-ad-trust",
        ),
        "MS-ERRORS": Source(
            title="Microsoft Entra authentication and authorization error codes",
            url=f"{_LEARN}/entra/identity-platform/reference-error-codes",
        ),
        "MS-ADAL": Source(
            title="WebProviderError.ErrorCode (the codes of Windows' token client)",
            url=f"{_LEARN}/uwp/api/windows.security.authentication.web.provider.webprovidererror.errorcode",
        ),
        "MS-FEDERATION": Source(
            title="internalDomainFederation resource type (Microsoft Graph)",
            url=f"{_LEARN}/graph/api/resources/internaldomainfederation",
        ),
        "MS-RENEW": Source(
            title="Renew federation certificates for Microsoft 365 and Microsoft Entra ID",
            url=f"{_LEARN}/entra/identity/hybrid/connect/how-to-connect-fed-o365-certs",
        ),
        "MSAL": Source(
            title="MSAL.NET, WsTrust/MexDocument.cs",
            url="https://github.com/AzureAD/microsoft-authentication-library-for-dotnet",
        ),
        "PINGONE": Source(
            title="PingOne: reference and troubleshooting for Microsoft Entra hybrid join",
            url="https://docs.pingidentity.com/pingone/use_cases/p1_microsoft_hybrid_join_troubleshooting.html",
        ),
        "PINGFED": Source(
            title="PingFederate: Microsoft Entra ID and Office 365 integration",
            url="https://docs.pingidentity.com/integrations/azure/pingfederate-azuread-office365-integration",
        ),
    }
)
