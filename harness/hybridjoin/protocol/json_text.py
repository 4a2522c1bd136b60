"""JSON from a peer: an object of bounded size, its members read by name in any case."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hybridjoin.errors import PeerError

LIMIT_BYTES = 1024 * 1024


def read_object(body: bytes, *, where: str, limit_bytes: int = LIMIT_BYTES) -> Mapping[str, Any]:
    """Read a JSON object from untrusted octets.

    Raises:
        PeerError: something else came.
    """
    if len(body) > limit_bytes:
        raise PeerError(f"expected at most {limit_bytes} bytes of JSON, found {len(body)}", where=where)
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise PeerError(f"expected JSON, found {_resemblance(body)}: {error}", where=where) from error
    if not isinstance(value, dict):
        raise PeerError(f"expected a JSON object, found a {type(value).__name__}", where=where)
    return value


def _resemblance(body: bytes) -> str:
    head = body[:512].strip().lower()
    if not head:
        return "an empty body"
    if head.startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    return "XML" if head.startswith(b"<") else "something else"


def member(value: object, *path: str) -> object:
    """Follow member names through nested objects, whatever their case; None where a step is missing."""
    for step in path:
        if not isinstance(value, Mapping):
            return None
        exact = value.get(step)
        lowered = step.lower()
        value = exact if exact is not None else next((v for k, v in value.items() if k.lower() == lowered), None)
    return value


def text(value: object, *path: str) -> str:
    """Return a member as text: strings as they are, numbers and booleans as JSON writes them, else empty.

    Lone surrogates, which JSON can spell and UTF-8 cannot, become replacement characters.
    """
    found = member(value, *path)
    if isinstance(found, str):
        return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(found, bool | int | float):
        return json.dumps(found)
    return ""
