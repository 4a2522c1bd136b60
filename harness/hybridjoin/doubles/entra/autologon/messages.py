"""The messages of Entra's own token service: what is read of a request, and the answers, as public captures show them.

A fault carries what Entra would say in `psf:text`; a response carries an element `DesktopSsoToken` of no namespace in
the place of an assertion's statements.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from lxml import etree

SAML = "urn:oasis:names:tc:SAML:1.0:assertion"
TRUST = "http://schemas.xmlsoap.org/ws/2005/02/trust"
_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_WSA = "http://www.w3.org/2005/08/addressing"
_PSF = "http://schemas.microsoft.com/Passport/SoapServices/SOAPFault"
_GOOD_FOR = timedelta(hours=1)
_OPEN = (
    f'<?xml version="1.0" encoding="utf-8"?><S:Envelope xmlns:wsa="{_WSA}" xmlns:wsse="{_WSSE}" '
    'xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" '
    f'xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy" xmlns:wst="{TRUST}" xmlns:S="{_SOAP}"><S:Header>'
)
_RESPONSE = (
    '{open}<wsa:Action S:mustUnderstand="1" wsu:Id="Action">{trust}/RSTR/Issue</wsa:Action>'
    "<wsa:RelatesTo>{message_id}</wsa:RelatesTo></S:Header>"
    "<S:Body><wst:RequestSecurityTokenResponse><wst:TokenType>{saml}</wst:TokenType><wsp:AppliesTo>"
    "<wsa:EndpointReference><wsa:Address>{applies_to}</wsa:Address></wsa:EndpointReference></wsp:AppliesTo>"
    "<wst:Lifetime><wsu:Created>{created}</wsu:Created><wsu:Expires>{expires}</wsu:Expires></wst:Lifetime>"
    '<wst:RequestedSecurityToken><saml:Assertion xmlns:saml="{saml}"><DesktopSsoToken>{token}</DesktopSsoToken>'
    "</saml:Assertion></wst:RequestedSecurityToken></wst:RequestSecurityTokenResponse></S:Body></S:Envelope>"
)
_FAULT = (
    '{open}<psf:pp xmlns:psf="{psf}"><psf:serverVersion>1</psf:serverVersion><psf:authstate>0x80048800</psf:authstate>'
    '<psf:reqstatus>{status}</psf:reqstatus><psf:serverInfo ServerTime="{now}">double rid:{rid}</psf:serverInfo>'
    "</psf:pp></S:Header><S:Body><S:Fault><S:Code><S:Value>S:Sender</S:Value><S:Subcode>"
    "<S:Value>wst:FailedAuthentication</S:Value></S:Subcode></S:Code><S:Reason>"
    '<S:Text xml:lang="en-US">Authentication Failure</S:Text></S:Reason><S:Detail><psf:error xmlns:psf="{psf}">'
    "<psf:value>{status}</psf:value><psf:internalerror><psf:code>{status}</psf:code><psf:text>{words}</psf:text>"
    "</psf:internalerror></psf:error></S:Detail></S:Fault></S:Body></S:Envelope>"
)
_STATUS = "0x80048821"  # seen beside AADSTS50126; what stands there beside other numbers is not published


@dataclass(frozen=True, slots=True, kw_only=True)
class DesktopRequest:
    """What a RequestSecurityToken asks for, and the name and the password in it, if any."""

    message_id: str
    applies_to: str
    username: str = ""
    password: str = field(default="", repr=False)


class UnreadableRequest(Exception):
    """The message is no RequestSecurityToken."""


def read_request(body: bytes) -> DesktopRequest:
    """Read a RequestSecurityToken of February 2005.

    Raises:
        UnreadableRequest: it is none.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise UnreadableRequest from None
    if root.getroottree().docinfo.doctype or root.find(f".//{{{TRUST}}}RequestSecurityToken") is None:
        raise UnreadableRequest
    named = f".//{{{_WSSE}}}UsernameToken/{{{_WSSE}}}"
    return DesktopRequest(
        message_id=root.findtext(f".//{{{_WSA}}}MessageID", default="").strip(),
        applies_to=root.findtext(f".//{{{_WSA}}}EndpointReference/{{{_WSA}}}Address", default="").strip(),
        username=root.findtext(f"{named}Username", default="").strip(),
        password=root.findtext(f"{named}Password", default=""),
    )


def response(asked: DesktopRequest, token: str, *, now: datetime) -> bytes:
    """Write the response that carries a token."""
    return _RESPONSE.format(
        open=_OPEN,
        trust=TRUST,
        saml=SAML,
        message_id=escape(asked.message_id),
        applies_to=escape(asked.applies_to),
        created=_instant(now),
        expires=_instant(now + _GOOD_FOR),
        token=token,
    ).encode("utf-8", "replace")


def fault(words: str, *, now: datetime) -> bytes:
    """Write a refusal in Entra's words."""
    return _FAULT.format(
        open=_OPEN, psf=_PSF, status=_STATUS, now=_instant(now), rid=uuid.uuid4(), words=escape(words)
    ).encode("utf-8", "replace")


def token_in(assertion: etree._Element) -> str:
    """Return the token that an assertion holds in the place of its statements; empty where it is an ordinary one."""
    found = assertion.find("DesktopSsoToken")
    return "" if found is None else (found.text or "").strip()


def _instant(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
