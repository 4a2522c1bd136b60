"""Traces of HTTP: HAR, and what Fiddler and mitmproxy keep."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

from hybridjoin.intake.files.http_message import HttpMessage, read_http
from hybridjoin.protocol.json_text import member, text


def har_messages(value: object, *, file: str) -> Iterator[HttpMessage]:
    """Yield the entries of a HAR; bodies are as the browser kept them, already unpacked."""
    entries = member(value, "log", "entries")
    for number, entry in enumerate(entries if isinstance(entries, list) else (), start=1):
        request, response = member(entry, "request"), member(entry, "response")
        status = member(response, "status")
        yield HttpMessage(
            file=f"{file}#{number}",
            line=0,
            method=text(request, "method"),
            url=text(request, "url"),
            status=status if isinstance(status, int) else 0,
            at=text(entry, "startedDateTime"),
            request_headers=_headers(request),
            response_headers=_headers(response),
            request_body=text(request, "postData", "text").encode("utf-8", "replace"),
            response_body=_content(response),
        )


def _headers(side: object) -> tuple[tuple[str, str], ...]:
    rows = member(side, "headers")
    return tuple((text(row, "name"), text(row, "value")) for row in rows) if isinstance(rows, list) else ()


def _content(response: object) -> bytes:
    body = text(response, "content", "text")
    if text(response, "content", "encoding") != "base64":
        return body.encode("utf-8", "replace")
    try:
        return base64.b64decode(body, validate=False)
    except (binascii.Error, ValueError):
        return b""


def fiddler_message(request: bytes, response: bytes, *, file: str) -> HttpMessage | None:
    """Put the two halves of a Fiddler session together; None for a tunnel, whose body is only Fiddler's note on TLS."""
    first, request_headers, request_body = read_http(request)
    method, _, rest = first.partition(" ")
    if method == "CONNECT" or not rest:
        return None
    status_line, response_headers, response_body = read_http(response)
    status = status_line.split(" ")[1:2]
    return HttpMessage(
        file=file,
        line=0,
        method=method,
        url=rest.rpartition(" ")[0] or rest,
        status=int(status[0]) if status and status[0].isdecimal() else 0,
        request_headers=request_headers,
        response_headers=response_headers,
        request_body=request_body,
        response_body=response_body,
    )


def flow_messages(body: bytes, *, file: str) -> Iterator[HttpMessage]:
    """Yield the flows that mitmproxy wrote, one tnetstring after the other.

    Raises:
        ValueError: the octets are no tnetstrings.
    """
    at, number = 0, 0
    while at < len(body):
        flow, at = _value(body, at, 0)
        number += 1
        if isinstance(flow, dict) and isinstance(flow.get("request"), dict):
            yield _flow(flow, f"{file}#{number}")


def _flow(flow: Mapping[str, Any], file: str) -> HttpMessage:
    request, response = flow["request"], flow.get("response") or {}
    status = response.get("status_code")
    port = request.get("port")
    scheme, host, path = (_word(request.get(name)) for name in ("scheme", "host", "path"))
    return HttpMessage(
        file=file,
        line=0,
        method=_word(request.get("method")),
        url=f"{scheme}://{host}{'' if port in {80, 443} else f':{port}'}{path}",
        status=status if isinstance(status, int) else 0,
        request_headers=_pairs(request.get("headers")),
        response_headers=_pairs(response.get("headers")),
        request_body=_octets(request.get("content")),
        response_body=_octets(response.get("content")),
    )


def _word(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")


def _octets(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""


def _pairs(rows: object) -> tuple[tuple[str, str], ...]:
    pairs = [row for row in rows if isinstance(row, list) and len(row) == 2] if isinstance(rows, list) else []
    return tuple((_word(name), _word(value)) for name, value in pairs)


def _value(body: bytes, at: int, depth: int) -> tuple[Any, int]:
    """Read one tnetstring: `length:payload` and a letter for its type."""
    colon = body.find(b":", at, at + 12)
    if colon < 0 or not body[at:colon].isdigit() or depth > 32:
        raise ValueError(f"expected a tnetstring at octet {at}")
    start, size = colon + 1, int(body[at:colon])
    kind = body[start + size : start + size + 1]
    if not kind:
        raise ValueError(f"expected {size} octets at octet {start}, found the end")
    return _typed(body, start, size, kind, depth), start + size + 1


def _typed(body: bytes, start: int, size: int, kind: bytes, depth: int) -> Any:  # noqa: ANN401 - any of its types
    payload = body[start : start + size]
    if kind in b",;":
        return payload if kind == b"," else payload.decode("utf-8", "replace")
    if kind == b"#":
        return int(payload)
    if kind == b"^":
        return float(payload)
    if kind == b"!":
        return payload == b"true"
    if kind == b"~":
        return None
    items, at = [], start
    while at < start + size:
        item, at = _value(body, at, depth + 1)
        items.append(item)
    return {_word(name): item for name, item in zip(items[::2], items[1::2], strict=False)} if kind == b"}" else items
