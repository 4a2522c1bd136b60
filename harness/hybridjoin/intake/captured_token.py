"""A token as people capture it: an assertion, a token response or an envelope, and whatever came along with it.

It is saved from a trace or pasted from a console: bare, in base64 as the token request carries it, in a form's field,
in UTF-16 as PowerShell writes files, escaped for HTML, with a prompt before it and after it.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from hybridjoin.errors import PeerError
from hybridjoin.protocol import names, xml
from hybridjoin.protocol.rstr import SoapFault, TokenResponse, parse_reply
from hybridjoin.protocol.saml11 import ASSERTIONS, Assertion
from hybridjoin.protocol.xml import Element

_WHERE = "captured token"
_START = re.compile(
    r"<((?:[\w.-]+:)?(?:Envelope|RequestSecurityTokenResponse(?:Collection)?|Assertion))(?=[\s>/])", re.ASCII
)
_FIELD = re.compile(r"(?:^|[\s&?\"'])(?:assertion|wresult)=([A-Za-z0-9%+/_=.-]{40,})", re.ASCII)
_BASE64_LINE = re.compile(r"[A-Za-z0-9+/_-]+={0,2}", re.ASCII)
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedToken:
    """What was captured; of a `bare` assertion only the response's assertions are real, the rest was put around it.

    `wrapping` says for people what was taken off, the outermost first.
    """

    response: TokenResponse
    bare: bool
    wrapping: tuple[str, ...] = ()

    @property
    def assertion(self) -> Assertion | None:
        """The SAML 1.1 assertion, else the first of another version, which is judged for that."""
        return self.response.assertion or next(iter(self.response.assertions), None)


def read_token(body: bytes) -> CapturedToken | SoapFault:
    """Read an assertion, a response or an envelope, whatever it is wrapped in.

    Raises:
        PeerError: there is none of these in the octets; says what the first reader of them stumbled over.
    """
    first: PeerError | None = None
    for octets, wrapping in _candidates(body):
        try:
            root = xml.parse(octets, where=_WHERE)
        except PeerError as error:
            first = first or error
            continue
        return _read(octets, root, wrapping)
    raise first or PeerError("expected an assertion or a token response, found neither", where=_WHERE)


def _read(octets: bytes, root: Element, wrapping: tuple[str, ...]) -> CapturedToken | SoapFault:
    bare = root.tag in ASSERTIONS
    answer = parse_reply(_enveloped(root) if bare else octets, http_status=200, content_type="")
    return answer if isinstance(answer, SoapFault) else CapturedToken(response=answer, bare=bare, wrapping=wrapping)


def _enveloped(assertion: Element) -> bytes:
    """Put a bare assertion where a token response carries it, on the line where it stood."""
    return (
        b'<t:RequestSecurityTokenResponse xmlns:t="%b"><t:RequestedSecurityToken>%b%b</t:RequestedSecurityToken>'
        b"</t:RequestSecurityTokenResponse>"
        % (names.TRUST_2005.encode(), b"\n" * ((assertion.sourceline or 1) - 1), xml.cut(assertion).octets)
    )


def _candidates(body: bytes) -> Iterator[tuple[bytes, tuple[str, ...]]]:
    """Yield what may be the document, the plainest reading first, each with what was taken off."""
    text, encoding = _text(body)
    if text.startswith("<") or not text:
        yield body.strip(), encoding
    yield from _in_noise(text, encoding)
    if "&lt;" in text:
        yield from _in_noise(html.unescape(text), (*encoding, "HTML escapes"))
    field = _FIELD.search(text)
    if field is not None:
        plain = unquote_to_bytes(field[1].replace("+", "%2B"))
        yield from _decoded(plain.decode("utf-8", "replace"), (*encoding, "a form's field"))
    for run in _base64_runs(text):
        yield from _decoded(run, encoding)
    yield body, encoding


def _text(body: bytes) -> tuple[str, tuple[str, ...]]:
    """Decode a file: UTF-16 with its mark, or without where every other octet is zero; else UTF-8."""
    head = body[:400]
    zeros = head[0::2].count(0), head[1::2].count(0)
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        text, encoding = body.decode("utf-16", "replace"), ("UTF-16",)
    elif max(zeros) > len(head) // 4:
        text, encoding = body.decode("utf-16-le" if zeros[1] > zeros[0] else "utf-16-be", "replace"), ("UTF-16",)
    else:
        return body.decode("utf-8", "replace").removeprefix(_MARK).strip(), ()
    return text.removeprefix(_MARK).strip(), encoding


def _in_noise(text: str, wrapping: tuple[str, ...]) -> Iterator[tuple[bytes, tuple[str, ...]]]:
    """Yield a document from its first tag to the last end tag of that name, on the line where it stands."""
    start = _START.search(text)
    if start is None:
        return
    end = text.rfind(f"</{start[1]}")
    stop = text.find(">", end) + 1
    if end < 0 or not stop:
        return
    around = text[: start.start()].strip() + text[stop:].strip()
    noisy = around and not re.fullmatch(r"<\?xml[^>]*\?>", around)
    document = "\n" * text.count("\n", 0, start.start()) + text[start.start() : stop]
    yield document.encode("utf-8", "replace"), (*wrapping, "other text around it") if noisy else wrapping


def _base64_runs(text: str) -> list[str]:
    """Return lines of nothing but base64 that follow one another, the longest run first."""
    runs: list[list[str]] = [[]]
    for line in text.split("\n"):
        plain = line.strip()
        if _BASE64_LINE.fullmatch(plain):
            runs[-1].append(plain)
        elif runs[-1]:
            runs.append([])
    joined = ("".join(run) for run in runs)
    return sorted((run for run in joined if len(run) >= 40), key=len, reverse=True)


def _decoded(text: str, wrapping: tuple[str, ...]) -> Iterator[tuple[bytes, tuple[str, ...]]]:
    """Yield what base64, of either alphabet and with its padding or without, holds."""
    plain = "".join(text.split()).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        octets = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return
    inner, encoding = _text(octets)
    if inner.startswith("<"):
        yield octets.strip(), (*wrapping, "base64", *encoding)
        yield from _in_noise(inner, (*wrapping, "base64", *encoding))
