"""What libraries that sign people in say of a failure, in their own words: each with what really happened.

A library tells a wrong password as an answer that cannot be parsed, and an address without a query string as a partner
that is not known. An article has the words that people paste as its id, and what stands in reports of them as source.
"""

from __future__ import annotations

from functools import partial

from hybridjoin.knowledge.article import Article, ArticleKind, cause, field_failure

_PASSWORD = cause(
    "The password is wrong or over, or the account is locked: the token service answered with a fault and HTTP 500.",
    "The IdP's log at that second; the Reason of the fault, which the library leaves out.",
    "Sign in with the right password, or unlock the account; count the attempts, for directories lock accounts out.",
    checks="USER-23? USER-24?",
    related="FAULT-01",
)
_PAGE = cause(
    "Something before the token service answered with a page.",
    "The body of the answer: HTML instead of a SOAP envelope.",
    "Let the proxy or firewall pass answers of the token service as they are.",
    checks="USER-23?",
    related="RSTR-02",
)
_NO_PORT = cause(
    "The metadata has no endpoint for user name and password, or its policy is not the one that the port refers to.",
    "`hybridjoin mex URL`: which endpoint takes a UsernameToken.",
    "Publish usernamemixed, with a policy that asserts a UsernameToken over HTTPS.",
    checks="USER-01",
    related="MEX-09 MEX-16",
)
_CONSUMER = cause(
    "The name is a consumer's: its realm names Microsoft's own token service for consumers.",
    "federation_active_auth_url of the user realm: login.live.com.",
    "Sign in with a work account.",
)
_PREFIX = cause(
    "The metadata writes the policies' Id with another prefix than wsu, which MSAL for Java looks for by the letter.",
    "The attribute of wsp:Policy in the metadata.",
    "Write it as wsu:Id.",
    related="MEX-15",
)
_NO_REALM = cause(
    "The program never asks whose the name is, and shows the password of a federated user to Entra itself.",
    "No request to the IdP at that time; the token request has grant_type=password.",
    "Use another flow, or allow cloud password validation in a home realm discovery policy, with hashes synchronized.",
)
_KEPT = cause(
    "MSAL for Python remembers a 5xx answer of an address for a minute: the first refusal comes back each time.",
    "One request in the IdP's log, where two were made.",
    "Make a new application object for the next try; an IdP that answers a wrong password with 400 is not remembered.",
)
_QUERY = cause(
    "MSAL for Go leaves the query string of an address out.",
    "The IdP's log: the request has no ?PartnerSpId=….",
    "Serve metadata and token service at addresses without a query string.",
    checks="USER-17 USER-18",
)
_MARKUP = cause(
    "The address of the token service, or in older versions the name, holds a character of XML's that is not escaped.",
    "An & in the published address, or in the user name.",
    "Publish an address with one parameter at most; use MSAL for Python 1.39 or later.",
    checks="USER-19",
)
_SKU = cause(
    "The user realm depends on x-client-SKU: with it, a managed user with Seamless single sign-on is called federated.",
    "The realm asked for with and without that header.",
    "Federate the domain really, or use a flow that needs no federation.",
)
_SPN = cause(
    "HTTP/<host of the IdP> is at no account, at two, or at another one than the IdP's.",
    "setspn -Q HTTP/<host>",
    "Leave the name at the IdP's account alone: setspn -S.",
    checks="KRB-02?",
)
_TICKET = cause(
    "The ticket is for another service than the one that reads it, or the IdP does not take who it names.",
    "The ticket's server name against the address; the IdP's log of that second.",
    "Mend name, keytab and load balancer; let people pass the IdP's policy.",
    related="NEG-01",
)
_ENTRA_ISSUED = cause(
    "The assertion is Entra's own, of an application: the grant serves federated domains alone.",
    "Its Issuer is https://sts.windows.net/….",
    "Use the on-behalf-of flow in its place.",
    related="SAML-02",
)
_NET = "AzureAD/microsoft-authentication-library-for-dotnet issue"


_said = partial(field_failure, kind=ArticleKind.CLIENT)


CLIENT_ERRORS: tuple[Article, ...] = (
    _said(
        "F01",
        "works in MSAL for Python, AADSTS7500514 in MSAL for .NET and Java",
        "The libraries choose the grant by TokenType, and two of them know one name of SAML 1.1 alone.",
        f"{_NET} 1871; AzureAD/azure-activedirectory-library-for-dotnet issues 420, 893",
        cause(
            "TokenType of the response is the Token Profile's …#SAMLV1.1.",
            "TokenType in the RSTR.",
            "Write urn:oasis:names:tc:SAML:1.0:assertion.",
            checks="USER-04",
        ),
        see="AADSTS7500514",
    ),
    _said(
        "F02",
        "There was an error parsing WS-Trust response from the endpoint",
        "MSAL for .NET says so of every fault: of a wrong password as of a broken service.",
        f"{_NET} 2833; Azure/azure-powershell issue 13560; MicrosoftDocs/azure-docs issue 54100",
        _PASSWORD,
        _PAGE,
        see="FailedAuthentication",
        aliases=("parsing_wstrust_response_failed",),
    ),
    _said(
        "F03",
        "Unable to find wstrust endpoint from MEX",
        "MSAL for Python found no endpoint for user name and password in the metadata.",
        "AzureAD/microsoft-authentication-library-for-python issue 507",
        _NO_PORT,
        _CONSUMER,
        see="0xcaa90023",
    ),
    _said(
        "F04",
        "WsTrust endpoint not found in metadata document",
        "MSAL for Java found no endpoint for user name and password in the metadata.",
        "Azure-Samples/ms-identity-java-desktop issue 22; MSAL for Java, MexParser",
        _PREFIX,
        _NO_PORT,
        see="0xcaa90023",
    ),
    _said(
        "F05",
        "AADSTS50126 for a federated user from Node or curl",
        "The password of a federated user was shown to Entra, which does not have it.",
        "AzureAD/microsoft-authentication-library-for-js issues 3247, 7558; …-for-java issue 834",
        _NO_REALM,
        see="AADSTS50126",
    ),
    _said(
        "F06",
        "the right password fails for a minute after a wrong one",
        "The library answers from what it keeps, and asks nobody.",
        "MSAL for Python 1.39, throttled_http_client.py",
        _KEPT,
    ),
    _said(
        "F07",
        "MSAL for Go gets 404 or an unknown partner from the metadata address",
        "The address was asked for without its query string.",
        "MSAL for Go, apps/internal/oauth/ops/internal/comm/comm.go",
        _QUERY,
    ),
    _said(
        "F08",
        "the token service calls the request invalid XML",
        "MSAL for Python writes the address into the request as it is, and older versions the name as well.",
        "MSAL for Python 1.31 and 1.39, wstrust_request.py",
        _MARKUP,
        see="InvalidRequest",
    ),
    _said(
        "F09",
        "integrated_windows_auth_not_supported_managed_user",
        "One tool is told that the domain is managed, and another that it is federated.",
        f"{_NET}s 1860, 1228, 1690, 1737, 2295",
        _SKU,
    ),
    _said(
        "F10",
        "The target principal name is incorrect",
        "The ticket's name belongs to no account, to two, or to one whose key the IdP does not have.",
        f"{_NET} 2159",
        _SPN,
        see="KDC_ERR_S_PRINCIPAL_UNKNOWN",
    ),
    _said(
        "F11",
        "ID3242: The security token could not be authenticated or authorized",
        "The token service took neither the ticket nor whom it names; Windows prints 0xcaa90014, events 1098 and 1088.",
        "MicrosoftDocs/azure-docs issue 47428",
        _TICKET,
        see="0xcaa90014",
        aliases=("ID3242",),
    ),
    _said(
        "F12",
        "AADSTS50107 for the people of one domain",
        "The Issuer of the assertion is not the issuerUri of the domain: a subdomain, a slash, http for https, or new.",
        "Microsoft: Multiple domain support for federating with Microsoft Entra ID; AADInternals",
        cause(
            "The Issuer is written for the subdomain, or differs by a slash or by its scheme.",
            "Issuer of the assertion against IssuerUri in Get-MgDomainFederationConfiguration.",
            "Let the rule of issuerid strip subdomains; wait half an hour after a domain was federated.",
            checks="SAML-02",
            related="USER-13",
        ),
        see="AADSTS50107",
    ),
    _said(
        "F13",
        "AADSTS50107 for an assertion of an Entra application",
        "An assertion that Entra itself issued was posted to the grant for federated domains.",
        "MicrosoftDocs/azure-docs issue 44932",
        _ENTRA_ISSUED,
        see="AADSTS50107",
    ),
)
