"""What can be read of a Negotiate token before its cryptography: RFC 4178 (SPNEGO), RFC 4121 and RFC 4120 in DER.

GSSAPI says only "accepted" or "refused". An administrator wants to know *what* came: NTLM instead of a ticket, a ticket
for another service, a ticket in RC4. All of that stands in the clear.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

SPNEGO = "1.3.6.1.5.5.2"
KERBEROS = "1.2.840.113554.1.2.2"
KERBEROS_OF_MICROSOFT = "1.2.840.48018.1.2.2"
NTLM = "1.3.6.1.4.1.311.2.2.10"

ETYPE_NAMES = {
    17: "aes128-cts-hmac-sha1-96",
    18: "aes256-cts-hmac-sha1-96",
    19: "aes128-cts-hmac-sha256-128",
    20: "aes256-cts-hmac-sha384-192",
    23: "arcfour-hmac",
}

_NTLM_SIGNATURE = b"NTLMSSP\x00"
_OBJECT_IDENTIFIER = 0x06
_INIT_TOKEN = 0x60
_RESPONSE_TOKEN = 0xA1
_FIRST_BYTES = (bytes([_INIT_TOKEN]), bytes([_RESPONSE_TOKEN]))
_AP_REQ_TOKEN_ID = b"\x01\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFacts:
    """The clear part of an AP-REQ (RFC 4120, 5.3 and 5.5.1): of the authenticator no more than a digest.

    `etype` and `kvno` are of the key that the ticket is encrypted with; a ticket that says no version has 0.
    """

    service: str
    realm: str
    etype: int
    kvno: int
    authenticator_digest: bytes

    @property
    def etype_name(self) -> str:
        """The encryption type as MIT krb5 spells it."""
        return ETYPE_NAMES.get(self.etype, f"etype {self.etype}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NegotiateToken:
    """A token as it came; `kind` is spnego, spnego-response, kerberos or ntlm."""

    kind: str
    mechanisms: tuple[str, ...] = ()
    ticket: TicketFacts | None = None


def read_token(token: bytes) -> NegotiateToken:
    """Read what stands in the clear.

    Raises:
        ValueError: the token is no DER of these kinds.
    """
    if token.startswith(_NTLM_SIGNATURE):
        return NegotiateToken(kind="ntlm", mechanisms=(NTLM,))
    if token[:1] not in _FIRST_BYTES:
        raise ValueError(f"a GSS token begins with 0x60, this one with 0x{token[:1].hex()}")
    tag, content, _ = _element(token)
    if tag == _RESPONSE_TOKEN:
        fields = _fields(_content(content))
        return NegotiateToken(
            kind="spnego-response", ticket=_ticket_of_mech_token(_content(fields[2]) if 2 in fields else b"")
        )
    _, oid, inner_at = _element(content)
    mechanism, inner = _oid(oid), content[inner_at:]
    if mechanism == SPNEGO:
        return _negotiation(inner)
    return NegotiateToken(kind="kerberos", mechanisms=(mechanism,), ticket=_ticket_of_ap_req(inner))


def _negotiation(choice: bytes) -> NegotiateToken:
    fields = _fields(_content(_content(choice)))
    mechanisms = tuple(_oid(value) for _, value in _children(_content(fields[0]))) if 0 in fields else ()
    mech_token = _content(fields[2]) if 2 in fields else b""
    if mech_token.startswith(_NTLM_SIGNATURE):
        return NegotiateToken(kind="ntlm", mechanisms=mechanisms)
    return NegotiateToken(kind="spnego", mechanisms=mechanisms, ticket=_ticket_of_mech_token(mech_token))


def _ticket_of_mech_token(mech_token: bytes) -> TicketFacts | None:
    if mech_token[:1] != bytes([_INIT_TOKEN]):
        return None
    inside = _content(mech_token)
    _, _, ap_req_at = _element(inside)
    return _ticket_of_ap_req(inside[ap_req_at:])


def _ticket_of_ap_req(inner: bytes) -> TicketFacts | None:
    if not inner.startswith(_AP_REQ_TOKEN_ID):
        return None
    ap_req = _fields(_content(_content(inner[2:])))
    ticket = _fields(_content(_content(ap_req[3])))
    names = _fields(_content(ticket[2]))
    encrypted = _fields(_content(ticket[3]))
    parts = [value.decode("utf-8", "replace") for _, value in _children(_content(names[1]))]
    return TicketFacts(
        service="/".join(parts),
        realm=_content(ticket[1]).decode("utf-8", "replace"),
        etype=int.from_bytes(_content(encrypted[0]), "big", signed=True),
        kvno=int.from_bytes(_content(encrypted[1]), "big", signed=True) if 1 in encrypted else 0,
        authenticator_digest=hashlib.sha256(ap_req[4]).digest(),
    )


def _element(data: bytes, offset: int = 0) -> tuple[int, bytes, int]:
    """Return tag, content and the offset behind one DER element."""
    if len(data) < offset + 2:
        raise ValueError("the token ends inside an element")
    tag, length, start = data[offset], data[offset + 1], offset + 2
    if length & 0x80:
        size = length & 0x7F
        length, start = int.from_bytes(data[start : start + size], "big"), start + size
    if len(data) < start + length:
        raise ValueError(f"an element of {length} bytes is cut short")
    return tag, data[start : start + length], start + length


def _content(data: bytes) -> bytes:
    return _element(data)[1]


def _children(data: bytes) -> Iterator[tuple[int, bytes]]:
    offset = 0
    while offset < len(data):
        tag, content, offset = _element(data, offset)
        yield tag, content


def _fields(data: bytes) -> _Fields:
    """Return the context-tagged fields of a SEQUENCE's content by their number."""
    return _Fields({tag & 0x1F: content for tag, content in _children(data)})


class _Fields(dict[int, bytes]):
    """The fields of a SEQUENCE; a missing one is an unreadable token, not a programming error."""

    def __missing__(self, number: int) -> bytes:
        raise ValueError(f"field [{number}] is missing")


def _oid(content: bytes) -> str:
    if not content:
        raise ValueError("an empty object identifier")
    arcs = [min(content[0] // 40, 2), content[0] - 40 * min(content[0] // 40, 2)]
    value = 0
    for byte in content[1:]:
        value = (value << 7) | (byte & 0x7F)
        if not byte & 0x80:
            arcs.append(value)
            value = 0
    return ".".join(map(str, arcs))
