"""An HTTP exchange of a trace, whatever kept it: which step of the join it is, and what its body says."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from hybridjoin.intake.files.documents import SavedMessage, read_message
from hybridjoin.intake.files.fact import Basis, Fact
from hybridjoin.intake.files.json_documents import facts_of_value
from hybridjoin.model.exchange import Headers, HttpReply, HttpRequest
from hybridjoin.model.redact import redact_reply, redact_request, redact_text

LIMIT_BODY: Final = 8 * 1024 * 1024
"""Octets of a body once it is unpacked."""
LIMIT_HEARD: Final = 256 * 1024
"""Octets of a body in which secrets are listened for: what carries one on the wire is no larger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpMessage:
    """A request and its response; `line` is where it stands, or its number where the file has no lines."""

    file: str
    line: int
    method: str
    url: str
    status: int
    at: str = ""
    request_headers: Headers = ()
    response_headers: Headers = ()
    request_body: bytes = field(default=b"", repr=False)
    response_body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMessage:
    """What an exchange says, and the messages of the wire in it."""

    facts: tuple[Fact, ...]
    documents: tuple[SavedMessage, ...] = ()


def read_exchange(message: HttpMessage, basis: Basis) -> ReadMessage:
    """Read an exchange; one that has nothing to do with a join is still told by its address and status.

    The secrets in it are known from then on, wherever else in the evidence they stand.
    """
    _hear(message)
    of = f"{message.method} {redact_text(_without_query(message.url))}"
    facts = [_fact(message, basis, "http.status", str(message.status), of)]
    schemes = [value.split(" ", 1)[0] for name, value in message.response_headers if name.lower() == "www-authenticate"]
    facts += [_fact(message, basis, "http.asks_for", item, of) for item in schemes]
    bodies = (body for body in (message.request_body, message.response_body) if _may_hold_xml(body))
    read = (read_message(body, file=message.file, line=message.line) for body in bodies)
    documents = [item for item in read if item is not None]
    facts += _body_facts(message, basis)
    return ReadMessage(facts=(*facts, *(fact for item in documents for fact in item.facts)), documents=tuple(documents))


def _hear(message: HttpMessage) -> None:
    request, reply = message.request_body[:LIMIT_HEARD], message.response_body[:LIMIT_HEARD]
    redact_request(HttpRequest(method=message.method, url=message.url, headers=message.request_headers, body=request))
    redact_reply(HttpReply(status=message.status, headers=message.response_headers, body=reply))


def _may_hold_xml(body: bytes) -> bool:
    return b"<" in body or b"assertion=" in body or b"wresult=" in body


def _fact(message: HttpMessage, basis: Basis, key: str, value: str, of: str = "") -> Fact:
    about, _, name = key.partition(".")
    return Fact(about=about, name=name, value=value, of=of, file=message.file, line=message.line, basis=basis)


def _body_facts(message: HttpMessage, basis: Basis) -> Iterator[Fact]:
    head = message.response_body[:512].lstrip().lower()
    if head.startswith((b"<!doctype html", b"<html")) and _wants_a_message(message):
        words = f"an HTML page answered {_without_query(message.url)}"
        yield _fact(message, basis, "network.html_instead", words)
    if head.startswith((b"{", b"[")):
        try:
            value = json.loads(message.response_body)
        except (ValueError, RecursionError):
            return
        yield from facts_of_value(value, file=message.file, line=message.line)


def _wants_a_message(message: HttpMessage) -> bool:
    """Tell whether a program asked: for metadata or a token, and not a browser for the page of a sign-in."""
    path, _, query = message.url.partition("://")[2].partition("/")[2].partition("?")
    named = re.search(r"mex|/trust/|/sts", f"/{path}", re.IGNORECASE)
    return named is not None and re.search(r"(?:^|&)wa=", query, re.IGNORECASE) is None


def _without_query(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.scheme else url


def read_http(octets: bytes) -> tuple[str, Headers, bytes]:
    """Split an HTTP/1.1 message into its first line, headers and body; chunks and compression are undone, bounded."""
    head, _, body = octets.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = tuple((name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines[1:]))
    told = {name.lower(): value.lower() for name, value in headers}
    if "chunked" in told.get("transfer-encoding", ""):
        body = _unchunked(body)
    if told.get("content-encoding", "") in {"gzip", "x-gzip", "deflate"}:
        body = inflate(body, LIMIT_BODY) or b""
    return lines[0], headers, body


def _unchunked(body: bytes) -> bytes:
    whole, at = bytearray(), 0
    while len(whole) < LIMIT_BODY:
        end = body.find(b"\r\n", at)
        size = body[at:end].split(b";")[0].strip() if end >= 0 else b""
        if not re.fullmatch(rb"[0-9a-fA-F]{1,8}", size) or int(size, 16) == 0:
            break
        whole += body[end + 2 : end + 2 + int(size, 16)]
        at = end + 4 + int(size, 16)
    return bytes(whole)


def inflate(octets: bytes, limit: int) -> bytes | None:
    """Unpack gzip, zlib or bare deflate up to a limit; None where it is none of them or holds more."""
    for bits in (47, -15):
        machine = zlib.decompressobj(bits)
        try:
            plain = machine.decompress(octets, limit)
        except zlib.error:
            continue
        return None if machine.unconsumed_tail else plain
    return None
