"""The answer of the IdP's security token service: a token response, a collection, or a fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from hybridjoin.errors import PeerError
from hybridjoin.protocol import limits, names, soap, xml
from hybridjoin.protocol.saml11 import ASSERTIONS, Assertion, parse_assertion
from hybridjoin.protocol.times import parse_instant
from hybridjoin.protocol.wsdl import Trust
from hybridjoin.protocol.xml import Element


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenResponse:
    """What one RSTR (or the collection's first with a token) carried.

    `assertion_xml` is the assertion cut out with its own namespace declarations, ready to be sent on;
    it is not octet-identical to the envelope's bytes, but its exclusive-C14N signature still verifies.
    `assertions` are all SAML assertions of any version found; `assertion` is the first SAML 1.1 one, and it is read
    from `assertion_xml`: what is judged, what is verified and what is sent on are the same octets.

    `assertion_number` says which of several elements called Assertion in the whole message that one is, from 1; 0 where
    there are not several.

    `borrowed_namespaces` are prefixes that the assertion uses and only an ancestor declares; `encrypted` says that a
    token came as EncryptedData; `token_elements` are the names of what stood in RequestedSecurityToken, and
    `behind_assertion` is the text there that follows the assertion; `timestamp` is the WS-Security Timestamp of the
    header (created, expires).

    `desktop_sso` says that what stood in an assertion's place holds Entra's own DesktopSsoToken and says nothing of
    anybody: it is sent on, and there is nothing in it to be judged.
    """

    trust: Trust | None
    soap_version: str
    action: str | None
    relates_to: str | None
    in_collection: bool
    responses: int
    token_type: str | None
    request_type: str | None
    key_type: str | None
    applies_to: str | None
    lifetime_created: datetime | None
    lifetime_expires: datetime | None
    assertions: tuple[Assertion, ...]
    assertion: Assertion | None
    assertion_xml: bytes = field(repr=False)
    attached_reference: str | None
    unattached_reference: str | None
    child_order: tuple[str, ...]
    borrowed_namespaces: tuple[str, ...] = ()
    encrypted: bool = False
    token_elements: tuple[str, ...] = ()
    behind_assertion: str = ""
    timestamp: tuple[datetime | None, datetime | None] | None = None
    http_status: int = 200
    content_type: str = ""
    line: int = 0
    assertion_number: int = 0
    desktop_sso: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SoapFault:
    """A SOAP 1.1 or 1.2 fault; `subcode` is the local name, as `FailedAuthentication`.

    `own_words` are what Entra says of an AADSTS number where it is the token service itself.
    """

    soap_version: str
    code: str
    subcode: str | None
    subcode_namespace: str | None
    reason: str
    detail: str
    http_status: int
    relates_to: str | None = None
    own_words: str = ""


_SPACES = {trust.namespace: trust for trust in (Trust.V13, Trust.FEB2005)}
_RESPONSES = tuple(xml.name(space, "RequestSecurityTokenResponse") for space in _SPACES)
_COLLECTIONS = tuple(xml.name(space, "RequestSecurityTokenResponseCollection") for space in _SPACES)
_DESKTOP_SSO = "DesktopSsoToken"  # of no namespace
_ENCRYPTED = "{http://www.w3.org/2001/04/xmlenc#}EncryptedData"
_ADDRESSING = (names.WSA, names.WSA_2004)
_POLICIES = (names.WSP, names.WSP_15)


def parse_reply(body: bytes, *, http_status: int, content_type: str) -> TokenResponse | SoapFault:
    """Read the service's reply, whatever its HTTP status.

    Raises:
        PeerError: it is neither token nor fault.
    """
    where = f"RSTR (HTTP {http_status}, {content_type or 'no Content-Type'})"
    root = xml.parse(body, where=where)
    if root.tag in _RESPONSES or root.tag in _COLLECTIONS:
        return _read_response(root, None, http_status, content_type)
    envelope = soap.open_envelope(root, where=where)
    fault = soap.find_fault(envelope)
    if fault is not None:
        return SoapFault(
            soap_version=envelope.version,
            code=fault.code,
            subcode=fault.subcode,
            subcode_namespace=fault.subcode_namespace,
            reason=fault.reason,
            detail=fault.detail,
            http_status=http_status,
            relates_to=envelope.relates_to,
            own_words=fault.own_words,
        )
    payload = next(xml.children(envelope.body, *_RESPONSES, *_COLLECTIONS), None)
    if payload is None:
        found = ", ".join(xml.local_name(child) for child in xml.children(envelope.body)) or "nothing"
        raise PeerError(f"expected a RequestSecurityTokenResponse in the Body, found {found}", where=where)
    return _read_response(payload, envelope, http_status, content_type)


def _read_response(payload: Element, envelope: soap.Envelope | None, status: int, content_type: str) -> TokenResponse:
    """Read the response that carries a SAML 1.1 assertion, else any token, else the first."""
    space, in_collection = xml.namespace(payload), payload.tag in _COLLECTIONS
    responses = list(payload.iterchildren(*_RESPONSES)) if in_collection else [payload]
    found = [element for response in responses for element in _tokens(response, space)]
    chosen = next((item for item in found if item.tag == ASSERTIONS[0]), None)
    response = _response_of(chosen, responses, found)
    assertions = _assertions(found)
    carried = _of_desktop(chosen) or next((item for item in assertions if item.element is chosen), _NONE)
    fields = _ResponseFields(response, space)
    return TokenResponse(
        trust=_SPACES.get(space),
        soap_version=envelope.version if envelope is not None else "none",
        action=envelope.action if envelope is not None else None,
        relates_to=envelope.relates_to if envelope is not None else None,
        in_collection=in_collection,
        responses=len(responses),
        token_type=fields.text("TokenType"),
        request_type=fields.text("RequestType"),
        key_type=fields.text("KeyType"),
        applies_to=fields.applies_to(),
        lifetime_created=fields.lifetime("Created"),
        lifetime_expires=fields.lifetime("Expires"),
        assertions=tuple(item.reading for item in assertions if item.reading is not None),
        assertion=carried.reading,
        assertion_xml=carried.cut.octets,
        attached_reference=fields.reference("RequestedAttachedReference"),
        unattached_reference=fields.reference("RequestedUnattachedReference"),
        child_order=fields.order(),
        borrowed_namespaces=carried.cut.borrowed,
        encrypted=any(item.tag == _ENCRYPTED or xml.local_name(item) == "EncryptedAssertion" for item in found),
        token_elements=tuple(xml.local_name(item) for item in found),
        behind_assertion=(chosen.tail or "") if chosen is not None else "",
        timestamp=_timestamp(envelope),
        http_status=status,
        content_type=content_type,
        line=(response if response is not None else payload).sourceline or 0,
        assertion_number=_number(chosen),
        desktop_sso=carried.element is not None and carried.reading is None,
    )


def _number(chosen: Element | None) -> int:
    """Return which of several twins in the message was chosen, from 1, wherever the others hide."""
    twins = list(chosen.getroottree().iter("{*}Assertion")) if chosen is not None else []
    return twins.index(chosen) + 1 if chosen is not None and len(twins) > 1 else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Carried:
    """One assertion of the answer: the element, its octets cut out of the answer, and what those octets say."""

    element: Element | None = None
    cut: xml.CutElement = field(default_factory=lambda: xml.CutElement(octets=b""))
    reading: Assertion | None = None


_NONE = _Carried()


def _assertions(found: list[Element]) -> list[_Carried]:
    carriers = [item for item in found if item.tag in ASSERTIONS and item.find(_DESKTOP_SSO) is None]
    limits.TOKENS.hold(len(carriers), where="RSTR")
    return [_assertion(item) for item in carriers]


def _of_desktop(chosen: Element | None) -> _Carried | None:
    """Return what is to be sent on where Entra's own token stands in an assertion's place; nothing in it is read."""
    if chosen is None or chosen.find(_DESKTOP_SSO) is None:
        return None
    return _Carried(element=chosen, cut=xml.cut(chosen))


def _assertion(element: Element) -> _Carried:
    """Cut an assertion and read it from the cut, whose octets are verified and sent on.

    Nothing is read from the answer's own tree: whatever stands around the assertion there has no say in its claims.
    """
    cut = xml.cut(element)
    limits.ASSERTION_BYTES.hold(len(cut.octets), where="RSTR")
    limits.ASSERTION_ELEMENTS.hold(sum(1 for _ in element.iter("*")), where="RSTR")
    return _Carried(element=element, cut=cut, reading=parse_assertion(xml.read_alone(cut, element, where="RSTR")))


def _tokens(response: Element, space: str) -> Iterator[Element]:
    """Yield whatever stands in the response's RequestedSecurityToken elements."""
    for requested in response.iterchildren(xml.name(space, "RequestedSecurityToken")):
        yield from xml.children(requested)


def _response_of(chosen: Element | None, responses: list[Element], found: list[Element]) -> Element | None:
    token = chosen if chosen is not None else (found[0] if found else None)
    if token is None:
        return responses[0] if responses else None
    return next((item for item in responses if item in token.iterancestors()), None)


class _ResponseFields:
    """The optional parts of one RSTR, by name."""

    def __init__(self, response: Element | None, space: str) -> None:
        self._response = response
        self._space = space

    def _child(self, local: str) -> Element | None:
        return xml.first(self._response, xml.name(self._space, local))

    def text(self, local: str) -> str | None:
        child = self._child(local)
        return None if child is None else xml.text(child)

    def lifetime(self, local: str) -> datetime | None:
        return parse_instant(xml.text(xml.first(self._child("Lifetime"), xml.name(names.WSU, local))))

    def applies_to(self) -> str | None:
        """Return the endpoint reference's address; AppliesTo may also hold a bare URI element."""
        for space in _POLICIES:
            scope = xml.first(self._response, xml.name(space, "AppliesTo"))
            if scope is not None:
                addresses = (xml.name(item, "Address") for item in _ADDRESSING)
                return xml.text(next(scope.iter(*addresses), scope)) or None
        return None

    def reference(self, local: str) -> str | None:
        """Return the key identifier or the URI by which the token is referred to (WS-Security 1.1, 7)."""
        holder = xml.first(self._child(local), xml.name(names.WSSE, "SecurityTokenReference"))
        identifier = xml.first(holder, xml.name(names.WSSE, "KeyIdentifier"))
        if identifier is not None:
            return xml.text(identifier)
        direct = xml.first(holder, xml.name(names.WSSE, "Reference"))
        return None if direct is None else direct.get("URI")

    def order(self) -> tuple[str, ...]:
        if self._response is None:
            return ()
        return tuple(xml.local_name(child) for child in xml.children(self._response))


def _timestamp(envelope: soap.Envelope | None) -> tuple[datetime | None, datetime | None] | None:
    header = envelope.header if envelope is not None else None
    stamp = xml.first(header, xml.name(names.WSSE, "Security"), xml.name(names.WSU, "Timestamp"))
    if stamp is None:
        return None
    created, expires = (xml.first(stamp, xml.name(names.WSU, local)) for local in ("Created", "Expires"))
    return parse_instant(xml.text(created)), parse_instant(xml.text(expires))
