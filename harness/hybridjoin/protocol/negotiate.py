"""HTTP Negotiate: what a server offers, and what kind of token stands in a header (RFC 4559, RFC 9110 11.6.1)."""

from __future__ import annotations

import base64
import binascii
import re

from hybridjoin.model.exchange import Headers, HttpReply
from hybridjoin.model.reading import TokenKind

__all__ = ["TokenKind", "offered_schemes", "server_token", "token_kind"]

_CHALLENGE = re.compile(
    r"""
    (?:^|,)\s*                                  # challenges are separated by commas …
    (?P<scheme>[!#$%&'*+.^_`|~0-9A-Za-z-]+)     # … and start with a scheme
    (?=\s*(?:,|$)|\s+(?!=))                     # that is not the name of a parameter
    """,
    re.VERBOSE,
)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_SPNEGO_OID = bytes.fromhex("06062b0601050502")
_KERBEROS_OIDS = (bytes.fromhex("06092a864886f712010202"), bytes.fromhex("06092a864882f712010202"))


def offered_schemes(reply: HttpReply) -> tuple[str, ...]:
    """Return the authentication schemes a reply offers, in its order, each once, as the server spelled them."""
    found: dict[str, str] = {}
    for key, value in reply.headers:
        if key.lower() != "www-authenticate":
            continue
        plain = _QUOTED.sub('""', value)
        for match in _CHALLENGE.finditer(plain):
            found.setdefault(match["scheme"].lower(), match["scheme"])
    return tuple(found.values())


def token_kind(header: str | None) -> TokenKind:
    """Say what kind of token a `Negotiate …` header value carries, by its first octets."""
    scheme, _, token = (header or "").strip().partition(" ")
    if scheme.lower() not in {"negotiate", "ntlm", "kerberos"} or not token.strip():
        return TokenKind.NONE
    try:
        raw = base64.b64decode(token.strip(), validate=True)
    except (binascii.Error, ValueError):
        return TokenKind.OTHER
    if raw.startswith(b"NTLMSSP\0"):
        return TokenKind.NTLM
    head = raw[:32]
    if raw[:1] == b"\x60" and any(oid in head for oid in _KERBEROS_OIDS) and _SPNEGO_OID not in head:
        return TokenKind.KERBEROS
    if raw[:1] == b"\xa1" or (raw[:1] == b"\x60" and _SPNEGO_OID in head):
        return TokenKind.SPNEGO
    return TokenKind.OTHER


def server_token(headers: Headers) -> TokenKind:
    """Say what kind of token a server sent with its challenge or its consent; none where it sent none."""
    values = [value for name, value in headers if name.lower() == "www-authenticate"]
    kinds = [token_kind(part) for value in values for part in value.split(",")]
    return next((kind for kind in kinds if kind is not TokenKind.NONE), TokenKind.NONE)
