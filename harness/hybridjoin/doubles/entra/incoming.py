"""What is read of a request before anybody judges it."""

from __future__ import annotations

import uuid
from urllib.parse import parse_qs

from starlette.requests import Request

BODY_LIMIT = 1024 * 1024
_FORM = "application/x-www-form-urlencoded"


def correlation_of(request: Request) -> str:
    """Return the client's request id where it is one, else a fresh one."""
    try:
        return str(uuid.UUID(request.headers.get("client-request-id", "")))
    except ValueError:
        return str(uuid.uuid4())


async def body_of(request: Request, *, limit: int = BODY_LIMIT) -> bytes:
    """Read the body, and of a longer one an octet more than the limit: it is refused as what it no longer is."""
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > limit:
            break
    return bytes(read[: limit + 1])


def form_of(request: Request, body: bytes) -> dict[str, tuple[str, ...]]:
    """Read a form; a body of another type, or one that cannot be a form, has no parameters."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM or len(body) > BODY_LIMIT:
        return {}
    try:
        found = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=64)
    except ValueError:
        return {}
    return {name: tuple(values) for name, values in found.items()}
