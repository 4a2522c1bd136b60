"""The documents that requirements come from: a short prefix, a title, and where to read it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """One document; `section_url` leads to one section of it, where the document's addresses allow that.

    In it `{section}` stands for the section as it is written, and `{slug}` for the anchor that Microsoft Learn
    makes of a heading.
    """

    title: str
    url: str
    section_url: str = ""

    def address(self, section: str) -> str:
        """Where to read a section: its own address, or else the document's."""
        slug = _NO_SLUG.sub("", section.lower()).replace(" ", "-")
        return self.section_url.format(section=section, slug=slug) if self.section_url else self.url


_NO_SLUG = re.compile(r"[^a-z0-9 -]")
_LEARN = "https://learn.microsoft.com"
_RFC = "https://www.rfc-editor.org/rfc/rfc"
_GITHUB = "https://github.com"
_MSAL4J = (
    f"{_GITHUB}/AzureAD/microsoft-authentication-library-for-java/blob/dev/"
    "msal4j-sdk/src/main/java/com/microsoft/aad/msal4j"
)
_MSAL_GO = f"{_GITHUB}/AzureAD/microsoft-authentication-library-for-go/blob/main/apps/internal/oauth/ops/wstrust/defs"


def _rfc(number: int, title: str) -> Specification:
    url = f"{_RFC}{number}"
    return Specification(title=f"RFC {number}, {title}", url=url, section_url=f"{url}#section-{{section}}")


def _learn(title: str, path: str) -> Specification:
    """A page of Microsoft Learn whose sections are named by their headings."""
    url = f"{_LEARN}/{path}"
    return Specification(title=title, url=url, section_url=f"{url}#{{slug}}")


def _devices(title: str, page: str) -> Specification:
    """A page of Microsoft Learn about devices."""
    return _learn(title, f"entra/identity/devices/{page}")


def _on_github(title: str, path: str) -> Specification:
    return Specification(title=title, url=f"{_GITHUB}/{path}")


SOURCES: Mapping[str, Specification] = MappingProxyType(
    {
        "WSDL11": Specification(
            title="Web Services Description Language (WSDL) 1.1", url="https://www.w3.org/TR/2001/NOTE-wsdl-20010315"
        ),
        "WSP15": Specification(title="Web Services Policy 1.5 - Framework", url="https://www.w3.org/TR/ws-policy/"),
        "WST13": Specification(
            title="WS-Trust 1.3", url="https://docs.oasis-open.org/ws-sx/ws-trust/200512/ws-trust-1.3-os.html"
        ),
        "WSA10": Specification(title="Web Services Addressing 1.0 - Core", url="https://www.w3.org/TR/ws-addr-core/"),
        "SOAP12": Specification(title="SOAP 1.2 Part 1: Messaging Framework", url="https://www.w3.org/TR/soap12-part1"),
        "SOAP12-2": Specification(title="SOAP 1.2 Part 2: Adjuncts", url="https://www.w3.org/TR/soap12-part2/"),
        "SAML11": Specification(
            title="Assertions and Protocol for SAML 1.1",
            url="https://www.oasis-open.org/committees/download.php/3406/oasis-sstc-saml-core-1.1.pdf",
        ),
        "XMLDSIG": Specification(
            title="XML Signature Syntax and Processing 1.1", url="https://www.w3.org/TR/xmldsig-core1/"
        ),
        "WST2005": Specification(
            title="Web Services Trust Language (WS-Trust), February 2005",
            url="http://specs.xmlsoap.org/ws/2005/02/trust/WS-Trust.pdf",
        ),
        "WSA10-SOAP": Specification(
            title="Web Services Addressing 1.0 - SOAP Binding", url="https://www.w3.org/TR/ws-addr-soap/"
        ),
        "WSMEX": Specification(
            title="Web Services Metadata Exchange 1.1 (August 2006; its namespace is of September 2004)",
            url="http://specs.xmlsoap.org/ws/2004/09/mex/WS-MetadataExchange.pdf",
        ),
        "WSS11": Specification(
            title="Web Services Security: SOAP Message Security 1.1",
            url="http://docs.oasis-open.org/wss/v1.1/wss-v1.1-spec-os-SOAPMessageSecurity.pdf",
        ),
        "RFC3902": _rfc(3902, 'The "application/soap+xml" media type'),
        "RFC2743": _rfc(2743, "Generic Security Service Application Program Interface"),
        "RFC4178": _rfc(4178, "The Simple and Protected GSS-API Negotiation Mechanism"),
        "RFC7303": _rfc(7303, "XML Media Types"),
        "RFC7617": _rfc(7617, "The 'Basic' HTTP Authentication Scheme"),
        "RFC9110": _rfc(9110, "HTTP Semantics"),
        "MS-N2HT": Specification(
            title="[MS-N2HT] Negotiate and Nego2 HTTP Authentication Protocol",
            url=f"{_LEARN}/openspecs/windows_protocols/ms-n2ht/",
        ),
        "MS-SPNG": Specification(
            title="[MS-SPNG] Simple and Protected GSS-API Negotiation Mechanism (SPNEGO) Extension",
            url=f"{_LEARN}/openspecs/windows_protocols/ms-spng/",
        ),
        # Written for sign-in by browser, and the only text of Microsoft's on the assertions that AD FS issues.
        "MS-MWBF": Specification(
            title="[MS-MWBF] Microsoft Web Browser Federated Sign-On Protocol",
            url=f"{_LEARN}/openspecs/windows_protocols/ms-mwbf/",
        ),
        "WSFED": Specification(
            title="Web Services Federation Language (WS-Federation) 1.2",
            url="https://docs.oasis-open.org/wsfed/federation/v1.2/os/ws-federation-1.2-spec-os.html",
        ),
        "SAML-META": Specification(
            title="Metadata for SAML 2.0", url="https://docs.oasis-open.org/security/saml/v2.0/saml-metadata-2.0-os.pdf"
        ),
        "MS-CERTSTATUS": _learn(
            "signingCertificateUpdateStatus resource type", "graph/api/resources/signingcertificateupdatestatus"
        ),
        "IDENTITYMODEL": Specification(
            title="IdentityModel for .NET, WS-Federation",
            url=f"{_GITHUB}/AzureAD/azure-activedirectory-identitymodel-extensions-for-dotnet/blob/dev/"
            "src/Microsoft.IdentityModel.Protocols.WsFederation/WsFederationMetadataSerializer.cs",
        ),
        "HTML": Specification(title="HTML, the living standard", url="https://html.spec.whatwg.org/multipage/"),
        "MS-NLMP": Specification(
            title="[MS-NLMP] NT LAN Manager (NTLM) Authentication Protocol",
            url=f"{_LEARN}/openspecs/windows_protocols/ms-nlmp/",
        ),
        "MS-KILE": Specification(
            title="[MS-KILE] Kerberos Protocol Extensions", url=f"{_LEARN}/openspecs/windows_protocols/ms-kile/"
        ),
        "MS-MAXTOKEN": Specification(
            title="Problems with Kerberos authentication when a user belongs to many groups",
            url=f"{_LEARN}/troubleshoot/windows-server/windows-security/"
            "kerberos-authentication-problems-if-user-belongs-to-groups",
        ),
        "DSREGTOOL": _on_github(
            "Device Registration Troubleshooter, DSRegTool.ps1", "mzmaili/DSRegTool/blob/master/DSRegTool.ps1"
        ),
        "ROADTOOLS": Specification(
            title="ROADtools, roadlib",
            url=f"{_GITHUB}/dirkjanm/ROADtools/tree/master/roadlib/roadtools/roadlib",
            section_url=f"{_GITHUB}/dirkjanm/ROADtools/blob/master/roadlib/roadtools/roadlib/{{section}}",
        ),
        "CWE": Specification(
            title="Common Weakness Enumeration",
            url="https://cwe.mitre.org/",
            section_url="https://cwe.mitre.org/data/definitions/{section}.html",
        ),
        "RFC5280": _rfc(5280, "Internet X.509 Public Key Infrastructure Certificate and CRL Profile"),
        "RFC4120": _rfc(4120, "The Kerberos Network Authentication Service (V5)"),
        "RFC4559": _rfc(4559, "SPNEGO-based Kerberos and NTLM HTTP Authentication"),
        "MS-DVRJ": Specification(
            title="[MS-DVRJ] Device Registration Join Protocol",
            url=f"{_LEARN}/openspecs/windows_protocols/ms-dvrj/",
        ),
        "MS-HYBRID": _devices("Configure Microsoft Entra hybrid join manually", "hybrid-join-manual"),
        "MS-DEVREG": _devices("How Microsoft Entra device registration works", "device-registration-how-it-works"),
        "MS-TARGETED": _devices("Targeted deployments of Microsoft Entra hybrid join", "hybrid-join-control"),
        "MS-PRT": _devices(
            "Understanding Primary Refresh Token (PRT) in Microsoft Entra ID", "concept-primary-refresh-token"
        ),
        "MS-SSO": _learn(
            "Microsoft Entra seamless single sign-on: Technical deep dive",
            "entra/identity/hybrid/connect/how-to-connect-sso-how-it-works",
        ),
        "MS-OAPXBC": Specification(
            title="[MS-OAPXBC] OAuth 2.0 Protocol Extensions for Broker Clients",
            url=f"{_LEARN}/openspecs/windows_protocols/ms-oapxbc/",
        ),
        "COMANAGEMENT": _learn("What is co-management?", "mem/configmgr/comanage/overview"),
        "MS-TROUBLE": _devices(
            "Troubleshoot Microsoft Entra hybrid joined devices", "troubleshoot-hybrid-join-windows-current"
        ),
        "MS-ADFS": _learn(
            "Manage AD FS trust with Microsoft Entra ID using Entra Connect",
            "entra/identity/hybrid/connect/how-to-connect-azure-ad-trust",
        ),
        "MS-ANCHOR": _learn(
            "Microsoft Entra Connect: Design concepts", "entra/identity/hybrid/connect/plan-connect-design-concepts"
        ),
        "MS-ERRORS": Specification(
            title="Microsoft Entra authentication and authorization error codes",
            url=f"{_LEARN}/entra/identity-platform/reference-error-codes",
        ),
        "MS-ADAL": Specification(
            title="WebProviderError.ErrorCode (the codes of Windows' token client)",
            url=f"{_LEARN}/uwp/api/windows.security.authentication.web.core.webprovidererror.errorcode",
        ),
        "MS-FEDERATION": Specification(
            title="internalDomainFederation resource type (Microsoft Graph)",
            url=f"{_LEARN}/graph/api/resources/internaldomainfederation#properties",
        ),
        "MS-RENEW": _learn(
            "Renew federation certificates for Microsoft 365 and Microsoft Entra ID",
            "entra/identity/hybrid/connect/how-to-connect-fed-o365-certs",
        ),
        "MS-MULTI": _learn(
            "Multiple domain support for federating with Microsoft Entra ID",
            "entra/identity/hybrid/connect/how-to-connect-install-multiple-domains",
        ),
        "MS-SAML-IDP": _learn(
            "Use a SAML 2.0 identity provider for single sign-on",
            "entra/identity/hybrid/connect/how-to-connect-fed-saml-idp",
        ),
        "MS-POWERSHELL": Specification(
            title="Azure Active Directory PowerShell for Graph (retired, with MSOnline)",
            url=f"{_LEARN}/powershell/azure/active-directory/overview",
        ),
        "GRAPH-PS": _on_github("Microsoft Graph PowerShell SDK", "microsoftgraph/msgraph-sdk-powershell/pulls"),
        "GSUITE": _on_github(
            "Google Workspace as identity provider for Microsoft 365",
            "IAmFrench/GSuite-as-identity-Provider-IdP-for-Office-365-or-Azure-Active-Directory/issues",
        ),
        "MSAL": Specification(
            title="MSAL.NET, Microsoft.Identity.Client/WsTrust",
            url=f"{_GITHUB}/AzureAD/microsoft-authentication-library-for-dotnet/tree/main/"
            "src/client/Microsoft.Identity.Client/WsTrust",
        ),
        "MSAL4J": Specification(
            title="MSAL for Java, com.microsoft.aad.msal4j", url=_MSAL4J, section_url=f"{_MSAL4J}/{{section}}.java"
        ),
        "MSAL-PY": Specification(
            title="MSAL for Python, msal",
            url=f"{_GITHUB}/AzureAD/microsoft-authentication-library-for-python/tree/dev/msal",
            section_url=f"{_GITHUB}/AzureAD/microsoft-authentication-library-for-python/blob/dev/msal/{{section}}.py",
        ),
        "MSAL-GO": Specification(
            title="MSAL for Go, wstrust/defs",
            url=_MSAL_GO,
            section_url=f"{_MSAL_GO}/{{section}}.go",
        ),
        "MSAL-GO-HTTP": Specification(
            title="MSAL for Go, comm",
            url=_MSAL_GO.replace("wstrust/defs", "internal/comm"),
            section_url=f"{_MSAL_GO.replace('wstrust/defs', 'internal/comm')}/{{section}}.go",
        ),
        "MS-MFA": _learn(
            "Satisfy Microsoft Entra ID multifactor authentication (MFA) controls with MFA claims from a federated IdP",
            "entra/identity/authentication/how-to-mfa-expected-inbound-assertions",
        ),
        "ADAL-PY": Specification(
            title="ADAL for Python, adal",
            url=f"{_GITHUB}/AzureAD/azure-activedirectory-library-for-python/tree/dev/adal",
            section_url=f"{_GITHUB}/AzureAD/azure-activedirectory-library-for-python/blob/dev/adal/{{section}}.py",
        ),
        "OKTA-RULES": Specification(
            title="Okta: sign-on policy deny events after federating Office 365",
            url="https://support.okta.com/help/s/article/sign-on-policy-deny-events-in-okta-after-federating-o365-app",
        ),
        "PINGONE": Specification(
            title="PingOne: reference and troubleshooting for Microsoft Entra hybrid join",
            url="https://docs.pingidentity.com/pingone/use_cases/p1_microsoft_hybrid_join_troubleshooting.html",
        ),
        "OIDC": Specification(
            title="OpenID Connect Core 1.0", url="https://openid.net/specs/openid-connect-core-1_0.html"
        ),
        "OIDC-DISC": Specification(
            title="OpenID Connect Discovery 1.0", url="https://openid.net/specs/openid-connect-discovery-1_0.html"
        ),
        "RFC6749": _rfc(6749, "The OAuth 2.0 Authorization Framework"),
        "RFC7517": _rfc(7517, "JSON Web Key (JWK)"),
        "GO-JOSE": _on_github("go-jose", "go-jose/go-jose/blob/main/jwk.go"),
        "MS-REPLY": _learn("Redirect URI (reply URL) outline and restrictions", "entra/identity-platform/reply-url"),
        "MS-CODEFLOW": _learn(
            "Microsoft identity platform and OAuth 2.0 authorization code flow",
            "entra/identity-platform/v2-oauth2-auth-code-flow",
        ),
        "MS-USERINFO": _learn("Microsoft identity platform UserInfo endpoint", "entra/identity-platform/userinfo"),
        "MS-ACCESSTOKEN": _learn(
            "Access token claims reference", "entra/identity-platform/access-token-claims-reference"
        ),
        "MS-OPTIONAL": _learn(
            "Configure and manage optional claims in ID tokens, access tokens, and SAML tokens",
            "entra/identity-platform/optional-claims",
        ),
        "MS-GRAPH": _learn("Overview of Microsoft Graph permissions", "graph/permissions-overview"),
        "P14E": Specification(
            title="PingOne for Enterprise: Connect to Azure",
            url="https://docs.pingidentity.com/pingoneforenterprise/pingone_for_enterprise/p14e_connect_azure.html",
        ),
        "DJADFS": _on_github("django-auth-adfs", "snok/django-auth-adfs/blob/main/django_auth_adfs/config.py"),
        "PINGONE-API": Specification(
            title="PingOne platform API: Create LDAP Gateway",
            url="https://developer.pingidentity.com/pingone-api/platform/gateway-management/gateways/create-ldap-gateway.html",
        ),
        "JUMPCLOUD": Specification(
            title="JumpCloud: Enable Microsoft 365/Entra ID WS-Federation",
            url="https://jumpcloud.com/support/enable-microsoft-365-entra-id-ws-federation",
        ),
        "PINGFED": Specification(
            title="PingFederate: Microsoft Entra ID and Office 365 integration",
            url="https://docs.pingidentity.com/integrations/azure/pingfederate-azuread-office365-integration",
        ),
    }
)
