"""Metadata asked for by message: a WS-Transfer Get in SOAP 1.2, as WS-MetadataExchange clients send it."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from hybridjoin.protocol import names, soap, xml

GET = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Get"
GET_RESPONSE = f"{GET}Response"
CONTENT_TYPE = "application/soap+xml; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressing:
    """What the header of a reply says of itself; absent parts are empty."""

    soap_version: str
    action: str
    relates_to: str


def build_get(*, to: str, message_id: str, action: str = GET) -> bytes:
    """Build the request; its Body is empty (WS-Transfer, 3.1)."""
    root = etree.Element(xml.name(names.SOAP_12, "Envelope"), nsmap={"s": names.SOAP_12, "a": names.WSA})
    header = etree.SubElement(root, xml.name(names.SOAP_12, "Header"))
    for local, value in (("Action", action), ("MessageID", message_id), ("To", to)):
        element = etree.SubElement(header, xml.name(names.WSA, local))
        element.text = value
        if local != "MessageID":
            element.set(xml.name(names.SOAP_12, "mustUnderstand"), "1")
    reply_to = etree.SubElement(header, xml.name(names.WSA, "ReplyTo"))
    etree.SubElement(reply_to, xml.name(names.WSA, "Address")).text = f"{names.WSA}/anonymous"
    etree.SubElement(root, xml.name(names.SOAP_12, "Body"))
    return etree.tostring(root, encoding="utf-8")


def read_addressing(body: bytes) -> Addressing:
    """Read the header of a reply; raise PeerError where it is no SOAP envelope."""
    envelope = soap.open_envelope(xml.parse(body, where="MEX"), where="MEX")
    return Addressing(soap_version=envelope.version, action=envelope.action or "", relates_to=envelope.relates_to or "")
