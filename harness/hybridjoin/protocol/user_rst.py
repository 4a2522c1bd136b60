"""The RequestSecurityToken of a person, as a library of the table writes it; every value is escaped by lxml."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from lxml import etree

from hybridjoin.errors import PeerError
from hybridjoin.protocol import names, xml
from hybridjoin.protocol.client_shape import ClientShape
from hybridjoin.protocol.wsdl import Trust
from hybridjoin.protocol.xml import Element

LIFETIME: Final = timedelta(minutes=10)
_BEARER: Final = {Trust.V13: f"{names.TRUST_13}/Bearer", Trust.FEB2005: names.NO_PROOF_KEY}
_SPACES: Final = {"soap": names.SOAP_12, "wsa": names.WSA, "wsu": names.WSU, "wsse": names.WSSE, "wsp": names.WSP}
_UNDERSTOOD: Final = xml.name(names.SOAP_12, "mustUnderstand")
_ID: Final = xml.name(names.WSU, "Id")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPassword:
    """A name with its password, when it is sent, and the GUID that some libraries give the token."""

    name: str
    password: str = field(repr=False)
    created: datetime
    token_guid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRequest:
    """What is asked for: by which version, where, for whom, under which MessageID."""

    trust: Trust
    to: str
    applies_to: str
    message_id: str


def build_user_rst(shape: ClientShape, asked: UserRequest, typed: TypedPassword | None = None) -> bytes:
    """Write the request; without a password the caller shows a ticket.

    Raises:
        PeerError: a value cannot stand in XML.
    """
    spaces = {shape.prefixes[key]: space for key, space in _SPACES.items() if key in {"soap", "wsa", "wsu"}}
    root = etree.Element(xml.name(names.SOAP_12, "Envelope"), nsmap=spaces)
    header = etree.SubElement(root, xml.name(names.SOAP_12, "Header"))
    try:
        for part in shape.header:
            _header(header, part, shape, asked, typed)
        _request(etree.SubElement(root, xml.name(names.SOAP_12, "Body")), shape, asked)
    except ValueError as error:
        raise PeerError(
            f"expected address, realm, name and password that XML can hold: {error}", where="RST"
        ) from error
    return etree.tostring(root, encoding="utf-8", xml_declaration=shape.declaration)


def _header(header: Element, part: str, shape: ClientShape, asked: UserRequest, typed: TypedPassword | None) -> None:
    """Write one block of the SOAP header."""
    match part:
        case "Action":
            _add(header, names.WSA, "Action", f"{asked.trust.namespace}/RST/Issue", understood=True)
        case "MessageID":
            _add(header, names.WSA, shape.message_id, asked.message_id)
        case "ReplyTo":
            reply_to = etree.SubElement(header, xml.name(names.WSA, "ReplyTo"))
            _add(reply_to, names.WSA, "Address", f"{names.WSA}/anonymous")
        case "To":
            _add(header, names.WSA, "To", asked.to, understood=True)
        case "Security":
            _security(header, shape, asked.trust, typed)


def _security(header: Element, shape: ClientShape, trust: Trust, typed: TypedPassword | None) -> None:
    if typed is None and not shape.empty_security:
        return
    prefixes = {shape.prefixes["wsse"]: names.WSSE}
    security = etree.SubElement(header, xml.name(names.WSSE, "Security"), nsmap=prefixes)
    security.set(_UNDERSTOOD, "1")
    if typed is None:
        return
    stamp = etree.SubElement(security, xml.name(names.WSU, "Timestamp"))
    stamp.set(_ID, shape.stamp_id)
    for local, moment in (("Created", typed.created), ("Expires", typed.created + LIFETIME)):
        _add(stamp, names.WSU, local, shape.moment(moment))
    token = etree.SubElement(security, xml.name(names.WSSE, "UsernameToken"))
    token.set(_ID, shape.token_id_for(trust, typed.token_guid))
    _add(token, names.WSSE, "Username", typed.name)
    _add(token, names.WSSE, "Password", typed.password)


def _request(body: Element, shape: ClientShape, asked: UserRequest) -> None:
    space = asked.trust.namespace
    prefixes = {shape.prefixes["wst"]: space}
    request = etree.SubElement(body, xml.name(space, "RequestSecurityToken"), nsmap=prefixes)
    if shape.request_id:
        request.set("Id", shape.request_id)
    for part in shape.body:
        if part == "AppliesTo":
            wsp = {shape.prefixes["wsp"]: names.WSP}
            applies_to = etree.SubElement(request, xml.name(names.WSP, "AppliesTo"), nsmap=wsp)
            reference = etree.SubElement(applies_to, xml.name(names.WSA, "EndpointReference"))
            _add(reference, names.WSA, "Address", asked.applies_to)
        else:
            value = _BEARER[asked.trust] if part == "KeyType" else f"{space}/Issue"
            _add(request, space, part, value)


def _add(parent: Element, space: str, local: str, value: str, *, understood: bool = False) -> None:
    element = etree.SubElement(parent, xml.name(space, local))
    if understood:
        element.set(_UNDERSTOOD, "1")
    element.text = value
