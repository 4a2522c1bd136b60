"""Token responses in the shapes in which AD FS has sent them, written and signed for these tests.

AD FS answers with a Timestamp header, with both references to the token, a signature without line breaks, and no
RelatesTo where the request spelled its messageID in lower case, as many libraries do.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import timedelta

from lxml import etree

from tests.documents.adfs_metadata import HOST
from tests.protocol.documents import (
    DJ,
    GUID,
    IDENTITY,
    LIVE_ID,
    MESSAGE_ID,
    NOW,
    REALM,
    SID,
    T13,
    T2005,
    UPN,
    WS2008,
    Claim,
    Signer,
    base64_guid,
    instant,
    sign,
    signer,
)

ISSUER = f"http://{HOST}/adfs/services/trust"
ALICE = "alice@contoso.example"
OLD_REALM = "https://login.microsoftonline.com/extSTS.srf"
PASSWORD = "urn:oasis:names:tc:SAML:1.0:am:password"
WINDOWS = "urn:federation:authentication:windows"
UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
_ANCHOR = base64_guid(GUID)
_END = instant(NOW + timedelta(hours=1))
_REFERENCE = (
    '<o:SecurityTokenReference k:TokenType="http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1" '
    'xmlns:k="http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd" '
    'xmlns:o="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><o:KeyIdentifier '
    'ValueType="http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.0#SAMLAssertionID">{id}</o:KeyIdentifier>'
    "</o:SecurityTokenReference>"
)
_TIMES = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
_ID = "_3f6a1f0e-8a57-4f0c-9d0e-6c1a2b7d9e44"

ALICE_CLAIMS: tuple[Claim, ...] = (
    (UPN, "UPN", (ALICE,)),
    (LIVE_ID, "ImmutableID", (_ANCHOR,)),
)
NUMBERED_CLAIMS: tuple[Claim, ...] = (
    (UPN, "UPN", (ALICE,)),
    (UPN, "PersonnelNumber", ("104711",)),
    (LIVE_ID, "ImmutableID", ("104711",)),
    (DJ, "insidecorporatenetwork", ("true",)),
    ("http://schemas.microsoft.com/2014/03", "psso", ("true",)),
    ("http://schemas.microsoft.com/claims", "authnmethodsreferences", (f"{WS2008}/authenticationmethod/password",)),
    (DJ, "passwordchangeurl", (f"https://{HOST}/adfs/portal/updatepassword/",)),
)
COMPUTER_CLAIMS: tuple[Claim, ...] = (
    (DJ, "accounttype", ("DJ",)),
    (IDENTITY, "onpremobjectguid", (_ANCHOR,)),
    (WS2008, "primarysid", (SID,)),
    (UPN, "UPN", (f"WS01$@{HOST.partition('.')[2]}",)),
    (LIVE_ID, "ImmutableID", (_ANCHOR,)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdfsReply:
    """A reply; a `name_identifier` of None leaves the element out, as AD FS does where no rule issues one."""

    trust: str = T13
    relates_to: str | None = None
    claims: tuple[Claim, ...] = ALICE_CLAIMS
    name_identifier: str | None = _ANCHOR
    method: str = PASSWORD
    realm: str = REALM
    issuer: str = ISSUER
    sha1: bool = False
    by: Signer | None = None
    action: str = ""

    def __bytes__(self) -> bytes:
        return self.around(self.token())

    def token(self) -> str:
        """The signed assertion."""
        return sign(self._assertion(), self.by or signer(), sha1=self.sha1, compact=True)

    def around(self, token: str) -> bytes:
        """The envelope around an assertion."""
        newer = self.trust == T13
        final = f"{T13}/RSTRC/IssueFinal" if newer else f"{T2005}/RSTR/Issue"
        relates = f"<a:RelatesTo>{self.relates_to}</a:RelatesTo>" if self.relates_to else ""
        response = f'<t:RequestSecurityTokenResponse xmlns:t="{self.trust}">{self._parts(token)}'
        response += "</t:RequestSecurityTokenResponse>"
        if newer:
            name = "RequestSecurityTokenResponseCollection"
            response = f'<trust:{name} xmlns:trust="{T13}">{response}</trust:{name}>'
        return (
            '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
            f'xmlns:a="http://www.w3.org/2005/08/addressing" xmlns:u="{_TIMES}"><s:Header>'
            f'<a:Action s:mustUnderstand="1">{self.action or final}</a:Action>{relates}'
            '<o:Security s:mustUnderstand="1" '
            'xmlns:o="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">'
            f'<u:Timestamp u:Id="_0"><u:Created>{instant(NOW)}</u:Created>'
            f"<u:Expires>{instant(NOW + timedelta(minutes=5))}</u:Expires></u:Timestamp></o:Security></s:Header>"
            f"<s:Body>{response}</s:Body></s:Envelope>"
        ).encode()

    def _parts(self, token: str) -> str:
        key = f"{T13}/Bearer" if self.trust == T13 else "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey"
        reference = _REFERENCE.format(id=_ID)
        return (
            f'<t:Lifetime><w:Created xmlns:w="{_TIMES}">{instant(NOW)}</w:Created>'
            f'<w:Expires xmlns:w="{_TIMES}">{_END}</w:Expires></t:Lifetime>'
            '<wsp:AppliesTo xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy">'
            '<wsa:EndpointReference xmlns:wsa="http://www.w3.org/2005/08/addressing">'
            f"<wsa:Address>{self.realm}</wsa:Address></wsa:EndpointReference></wsp:AppliesTo>"
            f"<t:RequestedSecurityToken>{token}</t:RequestedSecurityToken>"
            f"<t:RequestedAttachedReference>{reference}</t:RequestedAttachedReference>"
            f"<t:RequestedUnattachedReference>{reference}</t:RequestedUnattachedReference>"
            "<t:TokenType>urn:oasis:names:tc:SAML:1.0:assertion</t:TokenType>"
            f"<t:RequestType>{self.trust}/Issue</t:RequestType><t:KeyType>{key}</t:KeyType>"
        )

    def _assertion(self) -> str:
        named = (
            f'<saml:NameIdentifier Format="{UNSPECIFIED}">{self.name_identifier}</saml:NameIdentifier>'
            if self.name_identifier
            else ""
        )
        subject = (
            f"<saml:Subject>{named}<saml:SubjectConfirmation><saml:ConfirmationMethod>"
            "urn:oasis:names:tc:SAML:1.0:cm:bearer</saml:ConfirmationMethod></saml:SubjectConfirmation></saml:Subject>"
        )
        stated = "".join(
            f'<saml:Attribute AttributeName="{name}" AttributeNamespace="{space}">'
            f"{''.join(f'<saml:AttributeValue>{value}</saml:AttributeValue>' for value in values)}</saml:Attribute>"
            for space, name, values in self.claims
        )
        return (
            '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion" MajorVersion="1" MinorVersion="1" '
            f'AssertionID="{_ID}" Issuer="{self.issuer}" IssueInstant="{instant(NOW)}">'
            f'<saml:Conditions NotBefore="{instant(NOW)}" NotOnOrAfter="{_END}"><saml:AudienceRestrictionCondition>'
            f"<saml:Audience>{self.realm}</saml:Audience></saml:AudienceRestrictionCondition></saml:Conditions>"
            f"<saml:AttributeStatement>{subject}{stated}</saml:AttributeStatement>"
            f'<saml:AuthenticationStatement AuthenticationMethod="{self.method}" '
            f'AuthenticationInstant="{instant(NOW)}">{subject}</saml:AuthenticationStatement></saml:Assertion>'
        )


def of_computer(**changes: object) -> AdfsReply:
    """A reply for the computer of these tests, by the rules that Microsoft documents for AD FS, to its ticket."""
    given: dict[str, object] = {"claims": COMPUTER_CLAIMS, "method": WINDOWS, "relates_to": MESSAGE_ID, **changes}
    return AdfsReply(**given)  # type: ignore[arg-type] # the fields of AdfsReply


def indented(reply: bytes) -> bytes:
    """The reply as an editor lays it out, the signed assertion too."""
    root = etree.fromstring(reply)
    etree.indent(root, space="    ")
    return etree.tostring(root)


def masked(reply: bytes) -> bytes:
    """The reply as people publish it: the certificate in it overwritten, so that it is base64 of nothing."""
    head, tag, rest = reply.partition(b"X509Certificate>")
    value, _, tail = rest.partition(b"<")
    return head + tag + base64.b64encode(b"masked" * (len(value) // 12)) + b"<" + tail


def refused(reason: str, subcode: str, *, trust: str = T13) -> bytes:
    """AD FS' fault: Sender, a subcode of WS-Trust, a reason that begins with MSIS and a number."""
    return (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing">'
        '<s:Header><a:Action s:mustUnderstand="1">http://www.w3.org/2005/08/addressing/soap/fault</a:Action>'
        f"<a:RelatesTo>{MESSAGE_ID}</a:RelatesTo></s:Header><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value>"
        f'<s:Subcode><s:Value xmlns:a="{trust}">a:{subcode}</s:Value></s:Subcode></s:Code>'
        f'<s:Reason><s:Text xml:lang="en-US">{reason}</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>'
    ).encode()
