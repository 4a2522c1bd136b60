"""Replies of token services that nobody here wrote, in the shapes in which they were seen, and what is said of each.

Seen: Eclipse Metro 2.4.10, gokrb5 8.4.4, and SimpleSAMLphp 1.19.7 and node's saml 4.0.0 behind Apache httpd with
mod_auth_gssapi, certified with their own directory; Apache CXF 3.6.10 by its answers to probes. `docs/strangers.md`
tells them for readers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from hybridjoin.evidence.probe import ProbeAnswer
from hybridjoin.model.exchange import Proof, ServerProof
from hybridjoin.model.verdict import Level, Outcome
from tests.checks.probe_factory import REFUSED, fault, page, token
from tests.documents.shapes import Findings, Said
from tests.protocol.documents import (
    ANCHOR,
    ASSERTION_ID,
    CLAIMS,
    ISSUER,
    MESSAGE_ID,
    NOW,
    REALM,
    T13,
    T2005,
    AssertionText,
    ReplyText,
    base64_guid,
    instant,
    sign,
    with_claim,
)

GOOD_PROOF = ServerProof(proof=Proof.GOOD)


def warned(reason: str) -> Said:
    return Said(level=Level.SHOULD, outcome=Outcome.WARNING, reason=reason)


def noted(reason: str) -> Said:
    return Said(level=Level.MAY, outcome=Outcome.REVIEW, reason=reason)


def failed(reason: str) -> Said:
    """A MUST that the makers would admit: the reason says why they would."""
    return Said(level=Level.MUST, outcome=Outcome.FAILED, reason=reason)


def metro(*, trust: str = T13, line_breaks: bool = False, wsdl: bool = False) -> bytes:
    """Metro: no KeyType, SHA-1, no AuthenticationStatement, and no addressing headers until it was given a WSDL."""
    text = str(AssertionText(authentication=False, claims=with_claim("UPN")))
    text = text.replace(f' Format="{AssertionText.name_format}"', ' NameQualifier=""')
    text = text.replace("</saml:Conditions>", "</saml:Conditions><saml:Advice/>")
    signed = sign(text, sha1=True, compact=True)
    if line_breaks:
        signed = broken_into_lines(signed)
    addressed = ReplyText(tokens=(signed,), trust=trust, reverse=True)
    body = bytes(addressed if wsdl else replace(addressed, relates_to=None)).decode()
    if not wsdl:
        start, end = body.index("<e:Header>"), body.index("</e:Header>") + len("</e:Header>")
        body = body[:start] + body[end:]
    start, end = body.index("<x:RequestType>"), body.index("</x:RequestType>") + len("</x:RequestType>")
    body = body[:start] + body[end:]
    start, end = body.index("<x:KeyType>"), body.index("</x:KeyType>") + len("</x:KeyType>")
    return (body[:start] + body[end:]).encode()


def broken_into_lines(signed: str) -> str:
    """The certificate as Java writes base64: 76 letters a line, each line's end escaped."""
    head, tag, rest = signed.partition("X509Certificate>")
    value, close, tail = rest.partition("<")
    lines = "&#13;\n".join(value[at : at + 76] for at in range(0, len(value), 76))
    return head + tag + lines + close + tail


def simplesamlphp() -> bytes:
    """SimpleSAMLphp's AD FS module, wrapped into an envelope: signed as it is laid out, in February 2005 alone."""
    name = f'<saml:NameIdentifier Format="http://schemas.xmlsoap.org/claims/UPN">{base64_guid(ANCHOR)}</saml:NameIdentifier>'
    subject = f"<saml:Subject>\n          {name}\n        </saml:Subject>"
    stated = "".join(
        f'        <saml:Attribute AttributeNamespace="{space}" AttributeName="{claim}">\n'
        f"          <saml:AttributeValue>{values[0]}</saml:AttributeValue>\n        </saml:Attribute>\n"
        for space, claim, values in CLAIMS
        if claim != "UPN"
    )
    text = f"""<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion" Issuer="{ISSUER}"
      IssueInstant="{instant(NOW)}" AssertionID="{ASSERTION_ID}" MinorVersion="1" MajorVersion="1">
      <saml:Conditions NotOnOrAfter="2025-07-09T03:14:21Z" NotBefore="2025-07-09T02:13:51Z">
        <saml:AudienceRestrictionCondition>
          <saml:Audience>{REALM}</saml:Audience>
        </saml:AudienceRestrictionCondition>
      </saml:Conditions>
      <saml:AuthenticationStatement AuthenticationMethod="urn:oasis:names:tc:SAML:2.0:ac:classes:Password"
        AuthenticationInstant="{instant(NOW)}">
        {subject}
      </saml:AuthenticationStatement>
      <saml:AttributeStatement>
        {subject}
{stated}      </saml:AttributeStatement>
    </saml:Assertion>"""
    return f"""<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing">\
<s:Header><a:Action>{T2005}/RSTR/Issue</a:Action><a:RelatesTo>{MESSAGE_ID}</a:RelatesTo></s:Header>\
<s:Body><wst:RequestSecurityTokenResponse xmlns:wst="{T2005}">
    <wst:RequestedSecurityToken>
    {sign(text)}
    </wst:RequestedSecurityToken>
    <wsp:AppliesTo xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy">
      <wsa:EndpointReference xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing">
        <wsa:Address>{REALM}</wsa:Address>
      </wsa:EndpointReference>
    </wsp:AppliesTo>
<wst:TokenType>urn:oasis:names:tc:SAML:1.0:assertion</wst:TokenType></wst:RequestSecurityTokenResponse>\
</s:Body></s:Envelope>""".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """A service's reply to Windows' request, its answers to probes where they are not a healthy one's, and the list."""

    reply: Callable[[], bytes] | None = None
    only_2005: bool = False
    server_proof: ServerProof = GOOD_PROOF
    answers: Mapping[str, tuple[ProbeAnswer, ...]] = field(default_factory=dict)
    findings: Findings = field(default_factory=dict)


_RECEIVER = fault("", code="Receiver", reason="java.lang.RuntimeException")
_METRO: Findings = {
    "RSTR-06": warned("without a WSDL Metro knows no Action, and its log says so"),
    "RSTR-07": failed("WS-Addressing 3.4 asks a reply for it; Metro leaves it out until its endpoint is given a WSDL"),
    "RSTR-11": noted("Metro writes no KeyType, and nobody is known to read it"),
    "SAML-11": warned("Metro states no authentication as soon as it states attributes"),
    "SIG-04": warned("Metro signs with SHA-1 unless the request names an algorithm"),
    "SIG-05": warned("Metro's digest is SHA-1 whatever the request names"),
    "FAULT-06": warned("JAX-WS' own fault has no Subcode"),
    "FAULT-09": warned("JAX-WS blames the receiver for whatever was thrown"),
    "FAULT-10": warned("JAX-WS' own fault names none of WS-Trust's"),
    "FAULT-11": warned("JAX-WS' own fault names none of WS-Trust's"),
    "NEG-07": failed("its reader stops after the request, and never sees that the document has no end, as XML asks"),
    "NEG-19": warned("JAX-WS answers 202 where ReplyTo names another address; the token that is made goes nowhere"),
}
_METRO_ANSWERS = {
    "rst-malformed": (token(),),
    "rst-reply-elsewhere": (page(202, body=b""),),
    "rst-applies-to": (_RECEIVER,),
    "rst-request-type": (_RECEIVER,),
    "rst-unknown-token-type": (_RECEIVER,),
}
_TOMCAT: Findings = {
    **{name: said for name, said in _METRO.items() if name not in {"RSTR-06", "RSTR-07", "NEG-07"}},
    "HTTP-12": warned("JAX-WS answers a GET at the token endpoint with a page about its services"),
    "RST-05": warned("given a WSDL, Metro wants a MessageID, and MSAL for Java writes messageID"),
    "NEG-03": warned("Metro looks at the RequestType alone, whatever the Action says"),
    "NEG-05": failed("given a WSDL, Metro processes a request with a header block that it does not know"),
    "FAULT-12": warned("Metro's security calls a stale Timestamp an InvalidSecurityToken"),
    "FAULT-15": failed(
        "given a WSDL, Metro's security reads the envelope first, and Metro blames itself for its version"
    ),
}
_TOMCAT_ANSWERS = {
    **{name: answers for name, answers in _METRO_ANSWERS.items() if name != "rst-malformed"},
    "rst-get": (page(200, body=b"<html/>"),),
    "rst-lower-case-message-id": (fault("MessageAddressingHeaderRequired"),),
    "rst-action-mismatch": (token(),),
    "rst-must-understand": (token(),),
    "rst-stale": (fault("InvalidSecurityToken"),),
    "rst-envelope": (_RECEIVER,),
}
STRANGERS: dict[str, Stranger] = {
    "Metro 2.4.10, 1.3": Stranger(reply=metro, answers=_METRO_ANSWERS, findings=_METRO),
    "Metro 2.4.10, February 2005": Stranger(
        reply=lambda: metro(trust=T2005), only_2005=True, answers=_METRO_ANSWERS, findings=_METRO
    ),
    "Metro 2.4.10, Java's line breaks": Stranger(
        reply=lambda: metro(line_breaks=True),
        answers=_METRO_ANSWERS,
        findings={**_METRO, "SIG-11": warned("Java breaks base64 into lines until a property forbids it")},
    ),
    "Metro 2.4.10 in Tomcat": Stranger(reply=lambda: metro(wsdl=True), answers=_TOMCAT_ANSWERS, findings=_TOMCAT),
    "SimpleSAMLphp 1.19.7 behind httpd": Stranger(
        reply=simplesamlphp,
        only_2005=True,
        answers={
            "rst-request-type": (token(),),
            "rst-must-understand": (token(),),
            "rst-envelope": (token(),),
            "rst-applies-to": (token(),),
            "rst-unknown-token-type": (token(),),
            "rst-dtd": (token(),),
            "rst-garbage": (page(401, headers=(("Server", "Apache/2.4.71 (Debian)"),)),),
        },
        findings={
            "NEG-08": failed("what stands around the module takes a DTD, which SOAP forbids"),
            "NEG-21": noted("httpd tells its whole version until ServerTokens is shortened"),
            "NEG-02": failed("what stands around the module reads no RequestType; WS-Trust asks to"),
            "NEG-05": failed("what stands around the module reads no mustUnderstand; SOAP forbids to process then"),
            "NEG-06": failed("what stands around the module reads no SOAP version; SOAP forbids to process then"),
            "NEG-01": warned("what stands around the module issues for every AppliesTo"),
            "NEG-04": warned("what stands around the module reads no TokenType"),
            "RSTR-11": noted("the module writes no KeyType, and nobody is known to read it"),
            "RSTR-21": warned("the module writes text behind the assertion, for which MSAL for Java was refused"),
            "RSTR-13": warned("the module writes no Lifetime, which WS-Trust recommends"),
            "SAML-09": warned("the module writes no SubjectConfirmation, which [MS-MWBF] allows"),
            "SAML-11": warned("the module names a class of SAML 2.0 as the method"),
            "SAML-12": warned("the module calls the NameIdentifier's format a UPN whatever it is"),
        },
    ),
    "Go on gokrb5 8.4.4": Stranger(
        reply=lambda: bytes(ReplyText(tokens=(sign(str(AssertionText())),))),
        server_proof=ServerProof(proof=Proof.OTHER_MECHANISM, words="expected supportedMech 1.2.840.48018.1.2.2"),
        findings={
            "HTTP-08": failed(
                "gokrb5 answers every ticket with one constant token: no AP-REP, and RFC 4121's mechanism where "
                "Windows offered Microsoft's"
            )
        },
    ),
    "node's saml 4.0.0 behind httpd": Stranger(
        reply=lambda: bytes(
            ReplyText(tokens=(sign(str(AssertionText(method="urn:oasis:names:tc:SAML:1.0:am:password"))),))
        ),
        answers={"rst-garbage": (page(401, headers=(("Server", "Apache/2.4.71 (Debian)"),)),)},
        findings={
            "NEG-21": noted("httpd tells its whole version until ServerTokens is shortened"),
            "SAML-11": warned("saml says that a password was used, whatever was, and has no option for another method"),
        },
    ),
    "CXF 3.6.10": Stranger(
        answers={
            "rst-stale": (fault("", code="MustUnderstand"),),
            "rst-applies-to": (fault("RequestFailed"),),
            "rst-unknown-token-type": (REFUSED,),
        },
        reply=lambda: bytes(ReplyText(tokens=(sign(str(AssertionText())),))).replace(
            f"<x:KeyType>{T13}/Bearer</x:KeyType>".encode(), b""
        ),
        findings={"RSTR-11": noted("CXF writes no KeyType unless it was asked for a key")},
    ),
}
