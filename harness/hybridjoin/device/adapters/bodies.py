"""Reading a reply's body: all of it, but never more than the limit."""

from __future__ import annotations

from urllib3.response import BaseHTTPResponse

from hybridjoin.errors import Breakage, PeerUnreachable
from hybridjoin.protocol import limits

SIZE_LIMIT = limits.REPLY_BYTES.most
_CHUNK = 64 * 1024


def read_body(raw: BaseHTTPResponse, *, where: str, unpack: bool = True) -> bytes:
    """Read the body to its end.

    Raises:
        PeerUnreachable: it is larger than the limit.
    """
    body = bytearray()
    for chunk in raw.stream(_CHUNK, decode_content=unpack):
        body += chunk
        if len(body) > SIZE_LIMIT:
            raise PeerUnreachable(
                f"the answer is larger than {SIZE_LIMIT // 1024 // 1024} MiB", where=where, breakage=Breakage.TOO_LARGE
            )
    return bytes(body)
