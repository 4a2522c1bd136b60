"""The RequestSecurityToken, in the shapes that Windows and MSAL send; every value escaped by lxml."""

from __future__ import annotations

from lxml import etree

from hybridjoin.errors import PeerError
from hybridjoin.protocol import names, xml
from hybridjoin.protocol.wsdl import Trust
from hybridjoin.protocol.xml import Element

CONTENT_TYPE = "application/soap+xml; charset=utf-8"
ANONYMOUS = f"{names.WSA}/anonymous"
_BEARER_KEY = {Trust.V13: f"{names.TRUST_13}/Bearer", Trust.FEB2005: names.NO_PROOF_KEY}
_PREFIXES_13 = {"s": names.SOAP_12, "a": names.WSA, "u": names.WSU}
_PREFIXES_2005 = {
    "s": names.SOAP_12,
    "wsse": names.WSSE,
    "saml": names.SAML_11,
    "wsp": names.WSP,
    "wsu": names.WSU,
    "wsa": names.WSA,
    "wst": names.TRUST_2005,
}
_MUST_UNDERSTAND = xml.name(names.SOAP_12, "mustUnderstand")


def soap_action(trust: Trust) -> str:
    """Return the Issue action of a WS-Trust version (WS-Trust 1.3, 4.1; February 2005, 6)."""
    return f"{trust.namespace}/RST/Issue"


def build_rst(*, trust: Trust, shape: str, to: str, applies_to: str, message_id: str) -> bytes:
    """Build the request for a bearer token.

    `shape` is `windows` or `msal`; `message_id` is the whole URI, `urn:uuid:…`. A value that no XML document can hold
    (it came from the peer) raises PeerError.

    Raises:
        PeerError: a value cannot stand in XML.
    """
    try:
        if shape == "msal":
            root = _msal(trust, to, applies_to, message_id)
        elif trust is Trust.V13:
            root = _windows_13(to, applies_to, message_id)
        else:
            root = _windows_2005(to, applies_to, message_id)
    except ValueError as error:
        raise PeerError(f"expected an address and a realm that XML can hold: {error}", where="RST") from error
    return etree.tostring(root, encoding="utf-8")


def _windows_13(to: str, applies_to: str, message_id: str) -> Element:
    """Write the 1.3 shape: ReplyTo anonymous; AppliesTo, KeyType, RequestType."""
    header, body, root = _envelope(_PREFIXES_13)
    _add(header, names.WSA, "Action", soap_action(Trust.V13), understood=True)
    _add(header, names.WSA, "MessageID", message_id)
    _reply_to(header)
    _add(header, names.WSA, "To", to, understood=True)
    request = etree.SubElement(body, xml.name(names.TRUST_13, "RequestSecurityToken"), nsmap={"trust": names.TRUST_13})
    _applies_to(request, applies_to)
    _add(request, names.TRUST_13, "KeyType", _BEARER_KEY[Trust.V13])
    _add(request, names.TRUST_13, "RequestType", f"{names.TRUST_13}/Issue")
    return root


def _windows_2005(to: str, applies_to: str, message_id: str) -> Element:
    """Write the 2005/02 shape: no ReplyTo, no Security; RequestType, AppliesTo, KeyType; Id RST0."""
    header, body, root = _envelope(_PREFIXES_2005)
    _add(header, names.WSA, "Action", soap_action(Trust.FEB2005), understood=True)
    _add(header, names.WSA, "To", to, understood=True)
    _add(header, names.WSA, "MessageID", message_id)
    request = etree.SubElement(body, xml.name(names.TRUST_2005, "RequestSecurityToken"), Id="RST0")
    _add(request, names.TRUST_2005, "RequestType", f"{names.TRUST_2005}/Issue")
    _applies_to(request, applies_to)
    _add(request, names.TRUST_2005, "KeyType", _BEARER_KEY[Trust.FEB2005])
    return root


def _msal(trust: Trust, to: str, applies_to: str, message_id: str) -> Element:
    """Write MSAL's shape, the same for both versions but for the namespace; no TokenType."""
    space = trust.namespace
    header, body, root = _envelope({"s": names.SOAP_12, "wsa": names.WSA, "wsu": names.WSU})
    _add(header, names.WSA, "Action", soap_action(trust), understood=True)
    _add(header, names.WSA, "MessageID", message_id)
    _reply_to(header)
    _add(header, names.WSA, "To", to, understood=True)
    request = etree.SubElement(body, xml.name(space, "RequestSecurityToken"), nsmap={"wst": space})
    _applies_to(request, applies_to)
    _add(request, space, "KeyType", _BEARER_KEY[trust])
    _add(request, space, "RequestType", f"{space}/Issue")
    return root


def _envelope(prefixes: dict[str, str]) -> tuple[Element, Element, Element]:
    root = etree.Element(xml.name(names.SOAP_12, "Envelope"), nsmap=dict(prefixes))
    header = etree.SubElement(root, xml.name(names.SOAP_12, "Header"))
    body = etree.SubElement(root, xml.name(names.SOAP_12, "Body"))
    return header, body, root


def _add(parent: Element, space: str, local: str, value: str, *, understood: bool = False) -> None:
    element = etree.SubElement(parent, xml.name(space, local))
    if understood:
        element.set(_MUST_UNDERSTAND, "1")
    element.text = value


def _reply_to(header: Element) -> None:
    _add(etree.SubElement(header, xml.name(names.WSA, "ReplyTo")), names.WSA, "Address", ANONYMOUS)


def _applies_to(request: Element, realm: str) -> None:
    """Scope the token to a relying party (WS-PolicyAttachment, 3.3)."""
    applies_to = etree.SubElement(request, xml.name(names.WSP, "AppliesTo"), nsmap={"wsp": names.WSP})
    reference = etree.SubElement(applies_to, xml.name(names.WSA, "EndpointReference"))
    _add(reference, names.WSA, "Address", realm)
