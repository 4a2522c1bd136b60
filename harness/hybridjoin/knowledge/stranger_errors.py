"""What clients said at token services of other houses, and at ours where it errs alike.

Each was seen here, with the client unchanged (`docs/strangers.md`).
"""

from __future__ import annotations

from functools import partial

from hybridjoin.knowledge.article import Article, ArticleKind, cause, field_failure

_said = partial(field_failure, kind=ArticleKind.CLIENT)


STRANGER_ERRORS: tuple[Article, ...] = (
    _said(
        "F57",
        "No address nodes on port",
        "MSAL for Java looks for a port's address in its EndpointReference, and there is none.",
        "MSAL for Java 1.24.1, MexParser, at Metro 2.4.10 in Tomcat",
        cause(
            "The ports of the metadata have soap:address alone.",
            "wsdl:port in the metadata: wsa:EndpointReference with wsa:Address.",
            "Write the address into an EndpointReference of each port too; where the product cannot, serve a file.",
            checks="MEX-12",
            related="MEX-15",
        ),
        see="0xcaa90023",
    ),
    _said(
        "F58",
        'Cannot invoke "org.w3c.dom.Node.getNodeValue()" because "id" is null',
        "MSAL for Java looks for the attribute wsu:Id by the letter.",
        "MSAL for Java 1.24.1, MexParser, at the reference identity provider",
        cause(
            "Another prefix than wsu stands before the policies' Id.",
            "The attribute of wsp:Policy in the metadata.",
            "Write it as wsu:Id.",
            checks="MEX-37",
        ),
        aliases=("NullPointerException in MexParser",),
    ),
    _said(
        "F59",
        "AADSTS90107 from MSAL for Java alone",
        "The library posted the assertion twice, one behind the other.",
        "MSAL for Java 1.24.1, WSTrustResponse, at SimpleSAMLphp 1.19.7's AD FS module",
        cause(
            "Blanks or line feeds stand beside the Assertion in RequestedSecurityToken.",
            "The response as it came: whether the answer is indented.",
            "Write RequestedSecurityToken with the Assertion alone in it.",
            checks="RSTR-21",
        ),
        see="AADSTS90107",
    ),
    _said(
        "F60",
        "couldn't parse SAML assertion, version unknown",
        "MSAL for Go reads SAML's version from the declaration xmlns:saml, and there is none on the Assertion.",
        "MSAL for Go 1.10.1, wstrust.go, at the reference identity provider",
        cause(
            "The Assertion has another prefix than saml, or none, or inherits the declaration from above.",
            "The start tag of the Assertion.",
            'Declare xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion" on the Assertion, and write its elements so.',
            checks="USER-21",
        ),
    ),
    _said(
        "F61",
        "no policies for mex document",
        "MSAL for Go takes a policy for one where its TransportBinding itself declares the prefix sp.",
        "MSAL for Go 1.10.1, wstrust_mex_document.go, at the reference identity provider",
        cause(
            "The prefix of WS-SecurityPolicy is declared above the TransportBinding, or is another one.",
            "sp:TransportBinding in each policy: whether xmlns:sp stands in its own start tag.",
            "Declare xmlns:sp on each TransportBinding, as AD FS does.",
            checks="USER-27",
        ),
        aliases=("problem getting mex doc from federated url",),
    ),
    _said(
        "F62",
        "AttributeError: 'NoneType' object has no attribute 'text' in wstrust_response",
        "MSAL for Python reads the Subcode of a fault, and there is none.",
        "MSAL for Python 1.39, wstrust_response.py; JAX-WS' faults, as of Metro 2.4.10",
        cause(
            "The token service answers whatever was thrown in it with a fault of the receiver, without a Subcode.",
            "The fault's Code: env:Receiver alone, with an exception's text as Reason.",
            "Answer a refusal with WS-Trust's own fault codes; the exception's text belongs into the log.",
            checks="FAULT-02? FAULT-06 USER-24?",
        ),
        see="FailedAuthentication",
    ),
)
