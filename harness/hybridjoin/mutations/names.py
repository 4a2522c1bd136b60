"""The names that operators look for in an assertion: the namespaces of its parts, and the claims of a computer."""

from __future__ import annotations

Claim = tuple[str, str]
"""A claim's AttributeNamespace and AttributeName."""

SAML_11 = "urn:oasis:names:tc:SAML:1.0:assertion"
DSIG = "http://www.w3.org/2000/09/xmldsig#"

ACCOUNT_TYPE: Claim = ("http://schemas.microsoft.com/ws/2012/01", "accounttype")
OBJECT_GUID: Claim = ("http://schemas.microsoft.com/identity/claims", "onpremobjectguid")
PRIMARY_SID: Claim = ("http://schemas.microsoft.com/ws/2008/06/identity/claims", "primarysid")
IMMUTABLE_ID: Claim = ("http://schemas.microsoft.com/LiveID/Federation/2008/05", "ImmutableID")
ISSUER_ID: Claim = ("http://schemas.microsoft.com/ws/2008/06/identity/claims", "issuerid")
UPN: Claim = ("http://schemas.xmlsoap.org/claims", "UPN")
XMLSOAP = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
