"""Reads a RequestSecurityToken of WS-Trust 1.3 or 2005/02, tolerant in form, strict in meaning.

Real clients differ: no SOAPAction, `wsa:messageID` in lower case, an empty `wsse:Security`, headers in any order. What
a token service must not do is guess at *what* is asked; each refusal is the WS-Trust fault made for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lxml import etree

SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
ADDRESSING = "http://www.w3.org/2005/08/addressing"
TRUST_NAMESPACES = {
    "1.3": "http://docs.oasis-open.org/ws-sx/ws-trust/200512",
    "2005": "http://schemas.xmlsoap.org/ws/2005/02/trust",
}
_UNDERSTOOD = {
    ADDRESSING,
    "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
}
BODY_LIMIT_BYTES = 1024 * 1024
SKEW = timedelta(minutes=5)
# The faults of the area `request` that are carried out here: what each lets pass.
LENIENT = (
    "accepts-any-applies-to", "accepts-any-request-type", "accepts-any-action", "accepts-any-token-type",
    "ignores-must-understand", "accepts-any-envelope", "accepts-malformed-xml", "accepts-dtd",
    "accepts-stale-timestamp",
)  # fmt: skip
_BEARER_KEY_TYPES = ("/Bearer", "/NoProofKey")
_SAML_11_TOKEN_TYPES = (
    "urn:oasis:names:tc:SAML:1.0:assertion",
    "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rst:
    """What was asked; absent parts are empty. The password never appears in a representation."""

    trust: str
    soap: str
    action: str = ""
    message_id: str = ""
    to: str = ""
    reply_to: str = ""
    applies_to: str = ""
    request_type: str = ""
    key_type: str = ""
    token_type: str = ""
    username: str = ""
    password: str = ""
    expires: str = ""
    lifetime: tuple[str, str] = ("", "")

    def __repr__(self) -> str:
        return f"Rst(trust={self.trust!r}, message_id={self.message_id!r}, applies_to={self.applies_to!r})"


class RstRefused(Exception):
    """The request gets a SOAP fault: its name, reason and the namespace of the name; `rst` as far as it was read."""

    def __init__(
        self, name: str, reason: str, *, rst: Rst, namespace: str = "", not_understood: tuple[str, str] | None = None
    ) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason
        self.rst = rst
        self.namespace = namespace or TRUST_NAMESPACES[rst.trust]
        self.not_understood = not_understood


def read_rst(body: bytes, *, fallback_trust: str, lenient: frozenset[str] = frozenset()) -> Rst:
    """Read a request. `fallback_trust` names the fault where no version was seen.

    `lenient` names what is passed over all the same, out of LENIENT.

    Raises:
        RstRefused: it is none.
    """
    blank = Rst(trust=fallback_trust, soap=SOAP_12)
    envelope = _parse(body, blank, lenient)
    soap = etree.QName(envelope).namespace or ""
    if etree.QName(envelope).localname != "Envelope":
        raise RstRefused("InvalidRequest", "The message is not a SOAP envelope.", rst=blank)
    if soap not in {SOAP_11, SOAP_12} and "accepts-any-envelope" in lenient:
        soap = SOAP_12
    if soap not in {SOAP_11, SOAP_12}:
        raise RstRefused("VersionMismatch", f"SOAP {soap!r} is not spoken here.", rst=blank, namespace=SOAP_12)
    header, content = _child(envelope, "Header"), _child(envelope, "Body")
    request = _child(content, "RequestSecurityToken")
    versions = {namespace: trust for trust, namespace in TRUST_NAMESPACES.items()}
    trust = versions.get(etree.QName(request).namespace or "") if request is not None else None
    addressed = Rst(
        trust=trust or fallback_trust,
        soap=soap,
        action=_text(header, "Action"),
        message_id=_text(header, "MessageID"),
        to=_text(header, "To"),
    )
    if request is None or trust is None:
        raise RstRefused("InvalidRequest", "The body holds no RequestSecurityToken of a known version.", rst=addressed)
    if "ignores-must-understand" not in lenient:
        _understand(header, addressed)
    return _whole(addressed, header, request)


def _understand(header: etree._Element | None, rst: Rst) -> None:
    """Refuse a header block that must be understood and is not (SOAP 1.2 part 1, 2.6 and 5.4.8)."""
    for block in header if header is not None else ():
        if not isinstance(block.tag, str) or block.get(f"{{{rst.soap}}}mustUnderstand") not in {"1", "true"}:
            continue
        name = etree.QName(block)
        if name.namespace not in _UNDERSTOOD:
            reason = f"The header block {name.localname!r} is not understood."
            unknown = (name.namespace or "", name.localname)
            raise RstRefused("MustUnderstand", reason, rst=rst, namespace=rst.soap, not_understood=unknown)


def check_rst(
    rst: Rst, *, audience: str, trust_versions: tuple[str, ...], now: datetime, lenient: frozenset[str] = frozenset()
) -> None:
    """Refuse what this service does not issue, but for what is passed over.

    Raises:
        RstRefused: it is one; the fault is in it.
    """
    namespace = TRUST_NAMESPACES[rst.trust]
    if rst.trust not in trust_versions:
        raise RstRefused("BadRequest", f"WS-Trust {rst.trust} is not spoken at this address.", rst=rst)
    if rst.action and rst.action != f"{namespace}/RST/Issue" and "accepts-any-action" not in lenient:
        reason = f"The action {rst.action!r} is not supported at this address."
        raise RstRefused("ActionNotSupported", reason, rst=rst, namespace=ADDRESSING)
    if "accepts-any-request-type" not in lenient:
        _check_request_type(rst, namespace)
    _check_scope(rst, audience, lenient)
    if "accepts-stale-timestamp" not in lenient:
        _check_timestamp(rst, now)
    _check_lifetime(rst)


def _check_request_type(rst: Rst, namespace: str) -> None:
    if rst.request_type in {f"{namespace}/Renew", f"{namespace}/RenewTarget"}:
        raise RstRefused("UnableToRenew", "This service renews no tokens.", rst=rst)
    if rst.request_type != f"{namespace}/Issue":
        raise RstRefused("BadRequest", f"The RequestType {rst.request_type!r} is not understood.", rst=rst)


def _check_scope(rst: Rst, audience: str, lenient: frozenset[str]) -> None:
    if not rst.applies_to:
        raise RstRefused("InvalidRequest", "The request names no AppliesTo.", rst=rst)
    if rst.applies_to != audience and "accepts-any-applies-to" not in lenient:
        raise RstRefused("InvalidScope", f"No relying party is registered as {rst.applies_to!r}.", rst=rst)
    if rst.key_type and not rst.key_type.endswith(_BEARER_KEY_TYPES):
        raise RstRefused("RequestFailed", f"Keys of the type {rst.key_type!r} are not issued.", rst=rst)
    odd_type = rst.token_type and rst.token_type not in _SAML_11_TOKEN_TYPES
    if odd_type and "accepts-any-token-type" not in lenient:
        raise RstRefused("RequestFailed", f"Tokens of the type {rst.token_type!r} are not issued.", rst=rst)


def _check_timestamp(rst: Rst, now: datetime) -> None:
    if rst.expires:
        expires = _moment(rst.expires)
        if expires is None or expires + SKEW < now:
            raise RstRefused("ExpiredData", f"The request expired at {rst.expires}.", rst=rst)


def _check_lifetime(rst: Rst) -> None:
    created, expires = (_moment(text) for text in rst.lifetime)
    if any(rst.lifetime) and (expires is None or (created is not None and expires <= created)):
        raise RstRefused("InvalidTimeRange", "The Lifetime asked for is no range of time.", rst=rst)


def _parse(body: bytes, blank: Rst, lenient: frozenset[str]) -> etree._Element:
    with_dtd = "accepts-dtd" in lenient
    parser = etree.XMLParser(
        resolve_entities="internal" if with_dtd else False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        recover="accepts-malformed-xml" in lenient,
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as failure:
        raise RstRefused("InvalidRequest", "The message is not XML.", rst=blank) from failure
    if root.getroottree().docinfo.doctype and not with_dtd:
        raise RstRefused("InvalidRequest", "The message holds a document type declaration.", rst=blank)
    return root


def _whole(rst: Rst, header: etree._Element | None, request: etree._Element) -> Rst:
    security = _child(header, "Security")
    username = _child(security, "UsernameToken")
    applies_to = _child(_child(request, "AppliesTo"), "EndpointReference")
    lifetime = _child(request, "Lifetime")
    return Rst(
        trust=rst.trust,
        soap=rst.soap,
        action=rst.action,
        message_id=rst.message_id,
        to=rst.to,
        reply_to=_text(_child(header, "ReplyTo"), "Address"),
        applies_to=_text(applies_to, "Address"),
        request_type=_text(request, "RequestType"),
        key_type=_text(request, "KeyType"),
        token_type=_text(request, "TokenType"),
        username=_text(username, "Username"),
        password=(password.text or "") if (password := _child(username, "Password")) is not None else "",
        expires=_text(_child(security, "Timestamp"), "Expires"),
        lifetime=(_text(lifetime, "Created"), _text(lifetime, "Expires")),
    )


def _child(parent: etree._Element | None, name: str) -> etree._Element | None:
    """Return the first child of a local name in any case: MSAL for Go writes `messageID`."""
    if parent is None:
        return None
    for child in parent:
        if isinstance(child.tag, str) and etree.QName(child).localname.lower() == name.lower():
            return child
    return None


def _text(parent: etree._Element | None, name: str) -> str:
    child = _child(parent, name)
    return (child.text or "").strip() if child is not None else ""


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
