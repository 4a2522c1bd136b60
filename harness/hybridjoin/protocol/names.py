"""Every URI of the wire, spelled once, as its specification spells it."""

SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
WSA = "http://www.w3.org/2005/08/addressing"
WSA_2004 = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
WSDL = "http://schemas.xmlsoap.org/wsdl/"
WSDL_SOAP_11 = "http://schemas.xmlsoap.org/wsdl/soap/"
WSDL_SOAP_12 = "http://schemas.xmlsoap.org/wsdl/soap12/"
WSP = "http://schemas.xmlsoap.org/ws/2004/09/policy"
WSP_15 = "http://www.w3.org/ns/ws-policy"
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSSE_11 = "http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd"
MEX = "http://schemas.xmlsoap.org/ws/2004/09/mex"
TRUST_2005 = "http://schemas.xmlsoap.org/ws/2005/02/trust"
TRUST_13 = "http://docs.oasis-open.org/ws-sx/ws-trust/200512"
SP_2005 = "http://schemas.xmlsoap.org/ws/2005/07/securitypolicy"
SP_12 = "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702"
HTTP_POLICY = "http://schemas.microsoft.com/ws/06/2004/policy/http"
IDENTITY = "http://schemas.xmlsoap.org/ws/2006/02/addressingidentity"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
FEDERATION = "http://docs.oasis-open.org/wsfed/federation/200706"
AUTHORIZATION = "http://docs.oasis-open.org/wsfed/authorization/200706"
SAML_METADATA = "urn:oasis:names:tc:SAML:2.0:metadata"
SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
SAML_11 = "urn:oasis:names:tc:SAML:1.0:assertion"
SAML_20 = "urn:oasis:names:tc:SAML:2.0:assertion"
SAML_11_PROFILE = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1"
# What an IdP says where name and password were shown, in SAML 1.1's word and in that of SAML 2.0 which AD FS writes.
PASSWORD_METHODS = (
    "urn:oasis:names:tc:SAML:1.0:am:password",
    "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
)
BEARER = "urn:oasis:names:tc:SAML:1.0:cm:bearer"
NO_PROOF_KEY = "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey"
MICROSOFT_ONLINE = "urn:federation:MicrosoftOnline"
MICROSOFT_ONLINE_STS = "https://login.microsoftonline.com/extSTS.srf"
# What Windows itself sends with a computer's assertion nobody has published. AADInternals and ROADtools use this pair
# for people's registration tokens; for a computer's, AADInternals uses 1b730954-1685-4b74-9bfd-dac224a7b894 with
# 01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9, which is the same service by its id. Observed, weakly: assumed for the join.
DRS_RESOURCE = "urn:ms-drs:enterpriseregistration.windows.net"
DRS_CLIENT_ID = "dd762716-544d-4aeb-a526-687b73838a22"

CLAIM_ACCOUNT_TYPE = ("http://schemas.microsoft.com/ws/2012/01", "accounttype")
CLAIM_OBJECT_GUID = ("http://schemas.microsoft.com/identity/claims", "onpremobjectguid")
CLAIM_PRIMARY_SID = ("http://schemas.microsoft.com/ws/2008/06/identity/claims", "primarysid")
CLAIM_ISSUER_ID = ("http://schemas.microsoft.com/ws/2008/06/identity/claims", "issuerid")
CLAIM_IMMUTABLE_ID = ("http://schemas.microsoft.com/LiveID/Federation/2008/05", "ImmutableID")
CLAIM_IMMUTABLE_ID_XMLSOAP = ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims", "ImmutableID")
CLAIM_UPN = ("http://schemas.xmlsoap.org/claims", "UPN")
AUTOLOGON = "autologon.microsoftazuread-sso.com"
