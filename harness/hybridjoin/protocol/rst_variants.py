"""Requests bent in one place: what other clients send, and what a token service has to refuse.

Each function takes a good request and returns it with one change; a change that finds nothing to change raises
ValueError, so that no probe ever sends the good request by mistake.
"""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from hybridjoin.protocol import names, xml
from hybridjoin.protocol.xml import Element

UNKNOWN_TOKEN_TYPE = "urn:hybridjoin:probe:no-such-token-type"
UNKNOWN_RELYING_PARTY = "urn:hybridjoin:probe:no-such-relying-party"
REPLY_ELSEWHERE = "https://reply-elsewhere.invalid/"
UNKNOWN_ENVELOPE = "urn:hybridjoin:probe:no-such-envelope"
OVERSIZE_OCTETS = 3 * 1024 * 1024
_MUST_UNDERSTAND = xml.name(names.SOAP_12, "mustUnderstand")


def asking_for_token_type(body: bytes, token_type: str) -> bytes:
    """Name the token type in so many words."""
    root = _root(body)
    request = _request(root)
    etree.SubElement(request, xml.name(xml.namespace(request), "TokenType")).text = token_type
    return _bytes(root)


def asking_for_nothing_known(body: bytes) -> bytes:
    """Put a request type in the body that no version of WS-Trust has."""
    root = _root(body)
    request = _request(root)
    kind = _found(xml.first(request, xml.name(xml.namespace(request), "RequestType")), "RequestType")
    kind.text = f"{xml.namespace(request)}/NoSuchRequest"
    return _bytes(root)


def with_action_of_renewal(body: bytes) -> bytes:
    """Let the header say Renew where the body says Issue."""
    root = _root(body)
    action = _found(xml.first(root, _SOAP_HEADER, xml.name(names.WSA, "Action")), "Action")
    action.text = f"{xml.namespace(_request(root))}/RST/Renew"
    return _bytes(root)


def with_timestamp(body: bytes, created: datetime, expires: datetime, *, understood: bool) -> bytes:
    """Add a WS-Security header with a Timestamp; `understood` says that it must be (SOAP 1.2 part 1, 5.2.3)."""
    root = _root(body)
    security = _security(root)
    if understood:
        security.set(_MUST_UNDERSTAND, "1")
    stamp = etree.SubElement(security, xml.name(names.WSU, "Timestamp"))
    for local, moment in (("Created", created), ("Expires", expires)):
        etree.SubElement(stamp, xml.name(names.WSU, local)).text = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return _bytes(root)


def with_lower_case_message_id(body: bytes) -> bytes:
    """Write `messageID` with a small m, as MSAL for Java and Go and ADAL for Python do."""
    root = _root(body)
    message_id = _found(xml.first(root, _SOAP_HEADER, xml.name(names.WSA, "MessageID")), "MessageID")
    message_id.tag = xml.name(names.WSA, "messageID")
    return _bytes(root)


def with_unknown_header(body: bytes) -> bytes:
    """Add a header block that nobody knows and that must be understood (SOAP 1.2 part 1, 5.2.3)."""
    root = _root(body)
    header = _found(xml.first(root, _SOAP_HEADER), "Header")
    block = etree.SubElement(header, "{urn:hybridjoin:probe}Unknown", nsmap={"p": "urn:hybridjoin:probe"})
    block.set(_MUST_UNDERSTAND, "1")
    return _bytes(root)


def with_reply_elsewhere(body: bytes) -> bytes:
    """Let ReplyTo and FaultTo name a host that nobody can have (RFC 6761, 6.4), where Windows says anonymous."""
    root = _root(body)
    header = _found(xml.first(root, _SOAP_HEADER), "Header")
    for local in ("ReplyTo", "FaultTo"):
        for found in list(header.iterchildren(xml.name(names.WSA, local))):
            header.remove(found)
        reference = etree.SubElement(header, xml.name(names.WSA, local))
        etree.SubElement(reference, xml.name(names.WSA, "Address")).text = REPLY_ELSEWHERE
    return _bytes(root)


def in_unknown_envelope(body: bytes) -> bytes:
    """Put the message into an envelope of a SOAP version that does not exist."""
    return _replaced(body, names.SOAP_12.encode(), UNKNOWN_ENVELOPE.encode())


def malformed(body: bytes) -> bytes:
    """Leave out the end tag of the Body, so that the message is not XML."""
    end = body.rindex(b"</", 0, body.rindex(b"</"))
    return body[:end] + body[body.index(b">", end) + 1 :]


def with_dtd(body: bytes) -> bytes:
    """Declare an entity and let the realm that is asked for be that entity."""
    realm = names.MICROSOFT_ONLINE
    declared = f'<!DOCTYPE s [<!ENTITY realm "{realm}">]>'.encode()
    plain = body[body.index(b"?>") + 2 :].lstrip() if body.startswith(b"<?xml") else body
    return declared + _replaced(plain, realm.encode(), b"&realm;")


def oversize(body: bytes) -> bytes:
    """Pad the message with a comment to three megabytes, far beyond any that a client sends, and well-formed."""
    end = body.rindex(b"</")
    return b"".join((body[:end], b"<!--", b" " * OVERSIZE_OCTETS, b"-->", body[end:]))


_SOAP_HEADER = xml.name(names.SOAP_12, "Header")
_SOAP_BODY = xml.name(names.SOAP_12, "Body")


def _root(body: bytes) -> Element:
    return xml.parse(body, where="RST")


def _bytes(root: Element) -> bytes:
    return etree.tostring(root, encoding="utf-8")


def _request(root: Element) -> Element:
    body = _found(xml.first(root, _SOAP_BODY), "Body")
    return _found(next(xml.children(body), None), "RequestSecurityToken")


def _security(root: Element) -> Element:
    """Add the WS-Security header; the requests that are bent here have none."""
    header = _found(xml.first(root, _SOAP_HEADER), "Header")
    space = {"wsse": names.WSSE, "wsu": names.WSU}
    return etree.SubElement(header, xml.name(names.WSSE, "Security"), nsmap=space)


def _found(element: Element | None, local: str) -> Element:
    if element is None:
        raise ValueError(f"the request has no {local} to change")
    return element


def _replaced(body: bytes, old: bytes, new: bytes) -> bytes:
    if old not in body:
        raise ValueError(f"the request does not hold {old!r}")
    return body.replace(old, new)
