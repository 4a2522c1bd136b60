"""A bare assertion, as it is traded at Entra or saved from a trace, put where a token response carries it."""

from __future__ import annotations

import base64
import binascii
import re

from hybridjoin.protocol import names, xml
from hybridjoin.protocol.rstr import SoapFault, TokenResponse, parse_reply

_DECLARATION = re.compile(rb"\s*<\?xml[^>]{0,200}\?>\s*")
_MARK = b"\xef\xbb\xbf"


def read_token(body: bytes) -> TokenResponse | SoapFault:
    """Read an assertion, its base64, or a token response with one; raise PeerError where it is neither."""
    octets = _octets(body)
    root = xml.parse(octets, where="assertion")
    if xml.local_name(root) != "Assertion":
        return parse_reply(octets, http_status=200, content_type="")
    start = _DECLARATION.match(octets)
    bare = octets[start.end() :] if start is not None else octets
    around = names.TRUST_2005.encode()
    whole = (
        b'<t:RequestSecurityTokenResponse xmlns:t="%b"><t:RequestedSecurityToken>%b</t:RequestedSecurityToken>'
        b"</t:RequestSecurityTokenResponse>" % (around, bare.strip())
    )
    return parse_reply(whole, http_status=200, content_type="")


def _octets(body: bytes) -> bytes:
    """Return XML in UTF-8: base64 taken off, in which the token request carries it, and a byte order mark too."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        body = body.decode("utf-16", "replace").encode()
    body = body.removeprefix(_MARK).strip()
    if body.startswith(b"<"):
        return body
    plain = b"".join(body.split()).replace(b"-", b"+").replace(b"_", b"/").rstrip(b"=")
    try:
        return base64.b64decode(plain + b"=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return body
