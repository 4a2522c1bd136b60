"""Seamless single sign-on: a managed domain whose people show Kerberos tickets to Entra itself, as to a token service.

Libraries that name themselves (`x-client-SKU`) are told that such a domain is federated, with metadata at a host of
Entra's own; whoever names none is told that it is managed. What is made of a ticket there is in `entra.autologon`.
"""

from __future__ import annotations

from hybridjoin.doubles.entra.answer import Answer
from hybridjoin.doubles.entra.config import Domain, EntraConfig

AUTOLOGON = "autologon.microsoftazuread-sso.com"
_DOCUMENT = """<?xml version="1.0" encoding="utf-8"?>
<wsdl:definitions name="SecurityTokenService" targetNamespace="http://tempuri.org/" \
xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:tns="http://tempuri.org/" \
xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy" \
xmlns:wsa10="http://www.w3.org/2005/08/addressing" xmlns:sp="http://schemas.xmlsoap.org/ws/2005/07/securitypolicy" \
xmlns:http="http://schemas.microsoft.com/ws/06/2004/policy/http" \
xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">
<wsp:Policy wsu:Id="WinAuth_policy"><wsp:ExactlyOne><wsp:All><http:NegotiateAuthentication/><sp:TransportBinding>\
<wsp:Policy><sp:TransportToken><wsp:Policy><sp:HttpsToken RequireClientCertificate="false"/></wsp:Policy>\
</sp:TransportToken></wsp:Policy></sp:TransportBinding></wsp:All></wsp:ExactlyOne></wsp:Policy>
<wsp:Policy wsu:Id="UserName_policy"><wsp:ExactlyOne><wsp:All><sp:TransportBinding>\
<wsp:Policy><sp:TransportToken><wsp:Policy><sp:HttpsToken RequireClientCertificate="false"/></wsp:Policy>\
</sp:TransportToken></wsp:Policy></sp:TransportBinding><sp:SignedSupportingTokens><wsp:Policy>\
<sp:UsernameToken sp:IncludeToken="http://schemas.xmlsoap.org/ws/2005/07/securitypolicy/IncludeToken/AlwaysToRecipient">\
<wsp:Policy><sp:WssUsernameToken10/></wsp:Policy></sp:UsernameToken></wsp:Policy></sp:SignedSupportingTokens>\
</wsp:All></wsp:ExactlyOne></wsp:Policy>
<wsdl:portType name="IWSTrust"><wsdl:operation name="Issue"/></wsdl:portType>
<wsdl:binding name="WinAuth" type="tns:IWSTrust"><wsp:PolicyReference URI="#WinAuth_policy"/>\
<soap12:binding transport="http://schemas.xmlsoap.org/soap/http"/><wsdl:operation name="Issue">\
<soap12:operation soapAction="http://schemas.xmlsoap.org/ws/2005/02/trust/RST/Issue" style="document"/>\
</wsdl:operation></wsdl:binding>
<wsdl:binding name="UserName" type="tns:IWSTrust"><wsp:PolicyReference URI="#UserName_policy"/>\
<soap12:binding transport="http://schemas.xmlsoap.org/soap/http"/><wsdl:operation name="Issue">\
<soap12:operation soapAction="http://schemas.xmlsoap.org/ws/2005/02/trust/RST/Issue" style="document"/>\
</wsdl:operation></wsdl:binding>
<wsdl:service name="SecurityTokenService"><wsdl:port name="WinAuth" binding="tns:WinAuth">\
<soap12:address location="{tickets}"/><wsa10:EndpointReference><wsa10:Address>{tickets}</wsa10:Address>\
</wsa10:EndpointReference></wsdl:port><wsdl:port name="UserName" binding="tns:UserName">\
<soap12:address location="{passwords}"/><wsa10:EndpointReference><wsa10:Address>{passwords}</wsa10:Address>\
</wsa10:EndpointReference></wsdl:port></wsdl:service>
</wsdl:definitions>
"""


def shown_as_federated(domain: Domain | None, sku: str) -> bool:
    """Tell whether a client that names itself is told that a managed domain is federated."""
    return domain is not None and not domain.federated and domain.seamless and bool(sku)


def realm_members(config: EntraConfig) -> dict[str, object]:
    """Return what such a client's realm says in the place of Managed."""
    base = f"https://{AUTOLOGON}/{config.tenant_id}/winauth/trust"
    return {
        "account_type": "Federated",
        "federation_protocol": "WSTrust",
        "federation_metadata_url": f"{base}/mex",
        "federation_active_auth_url": f"{base}/2005/usernamemixed",
    }


def metadata(config: EntraConfig) -> Answer:
    """Return the metadata of Entra's own token service: an endpoint for tickets, and the realm's for passwords.

    Both addresses are known; the form of the document is not published, and is AD FS' here.
    """
    base = f"https://{AUTOLOGON}/{config.tenant_id}/winauth/trust/2005"
    text = _DOCUMENT.format(tickets=f"{base}/windowstransport", passwords=f"{base}/usernamemixed")
    return Answer(status=200, body=text.encode(), media_type="text/xml; charset=utf-8")
