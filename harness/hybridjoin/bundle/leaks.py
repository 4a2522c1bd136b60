"""The last look before evidence leaves: is there a secret in it that masking should have caught?

Every text is read as it stands, with its escapes undone, percent-decoded, and inside base64 and hex, three wrappings
deep.
A hit names the place and the kind, never the secret.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any
from urllib.parse import unquote

_DEPTH = 3
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
# UTF-16 that was read byte by byte.
_WIDE = re.compile("(?:.\0){12,}", re.DOTALL)
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){16,}")
_TAGS = re.compile(r"</?(?:span|mark|b|i|wbr|a|code|em|strong)\b[^<>]*>")
_NAMES = "access_token|refresh_token|id_token|client_secret|client_assertion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """A secret that was found: where, and what kind."""

    place: str
    kind: str

    def __str__(self) -> str:
        return f"{self.place}: {self.kind}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Secret:
    kind: str
    pattern: re.Pattern[str]
    marker: str


# Patterns over characters 0-255: bytes are read as latin-1. `marker` is what a text without the secret lacks.
_SECRETS = (
    _Secret(
        kind="a private key in PEM",
        pattern=re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----\s*(?!\[masked)[A-Za-z0-9+/=:\-, ]{8}"),
        marker="PRIVATE KEY-----",
    ),
    _Secret(
        kind="an unmasked SignatureValue",
        pattern=re.compile(r"SignatureValue(?:\s[^<>]*)?>\s*[A-Za-z0-9+/=&#;\s]{20,}"),
        marker="SignatureValue",
    ),
    _Secret(
        kind="a JSON web token with its signature",
        pattern=re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"),
        marker="eyJ",
    ),
    _Secret(
        kind="an unmasked token or client secret",
        pattern=re.compile(rf'"(?:{_NAMES})"\s*:\s*"(?!\[masked)[^"\s]{{16,}}"'),
        marker='"',
    ),
    _Secret(
        kind="an unmasked token or client secret",
        pattern=re.compile(rf"(?:^|[&?\s])(?:{_NAMES})=(?!\[masked)[A-Za-z0-9._~+/-]{{16,}}"),
        marker="=",
    ),
    _Secret(kind="an NTLM message", pattern=re.compile("NTLMSSP\0[\1\2\3]\0\0\0"), marker="NTLMSSP\0"),
    _Secret(
        # RFC 4120, 5.5.1 and 5.8.1: pvno 5 in [0], msg-type 14 (AP-REQ) or 22 (KRB-CRED) in [1] or [0].
        kind="a Kerberos AP-REQ or KRB-CRED",
        pattern=re.compile("\xa0\x03\x02\x01\x05\xa1\x03\x02\x01[\x0e\x16]"),
        marker="\x02\x01\x05\xa1",
    ),
    _Secret(
        # RFC 2743, 3.1 and RFC 4121, 4.1: the Kerberos mechanism and the token id of AP-REQ.
        kind="a Kerberos AP-REQ",
        pattern=re.compile("\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x01\0[\x6e\x60]"),
        marker="\x86\xf7\x12\x01\x02\x02\x01\0",
    ),
    _Secret(
        # RFC 5958: version, an algorithm (RSA, EC, Ed25519), and the key as an OCTET STRING.
        kind="a private key in DER",
        pattern=re.compile("\x02\x01\0\x30[\x05-\x20]\x06(?s:.{5,30}?)\x04[\x20-\xff]", re.DOTALL),
        marker="\x02\x01\0\x30",
    ),
    _Secret(
        kind="a Kerberos keytab",
        pattern=re.compile("\x05\x02\0\0[\0-\x03].\0[\1-\4]\0[\1-\xff][\x21-\x7e]", re.DOTALL),
        marker="\x05\x02\0\0",
    ),
    _Secret(
        kind="a Kerberos credential cache", pattern=re.compile("\x05\x04\0\x0c\0\x01\0\x08"), marker="\x05\x04\0\x0c"
    ),
)


def scan_value(value: Any, place: str = "record") -> Iterator[Leak]:  # noqa: ANN401 - any part of a record
    """Look through every text of a record; the place is the path to it."""
    if isinstance(value, str):
        yield from scan_text(value, place)
    elif isinstance(value, tuple | list):
        for number, item in enumerate(value):
            yield from scan_value(item, f"{place}[{number}]")
    elif is_dataclass(value):
        for field in fields(value):
            yield from scan_value(getattr(value, field.name), f"{place}.{field.name}")


def scan_member(name: str, body: bytes) -> Iterator[Leak]:
    """Look through a file that was drawn from a record; the place is the file, and the line where one line holds it."""
    text = body.decode("latin-1")
    for kind in _kinds_of_drawing(text):
        lines = (number for number, line in enumerate(text.split("\n"), 1) if kind in _kinds_of_drawing(line))
        number = next(lines, None)
        yield Leak(place=f"{name}:{number}" if number else name, kind=kind)


def scan_text(text: str, place: str) -> Iterator[Leak]:
    """Look through one text and everything wrapped in it; each kind is told once."""
    if len(text) < 16:
        return
    for kind in dict.fromkeys(kind for form in _forms(text, _DEPTH) for kind in _kinds(form)):
        yield Leak(place=place, kind=kind)


def _kinds_of_drawing(text: str) -> tuple[str, ...]:
    """Return the kinds in a drawn text; one wrapping is enough here, for the record itself is read to its depth."""
    plain = html.unescape(_TAGS.sub("", text)) if "<" in text else text
    return tuple(dict.fromkeys(kind for form in _forms(plain, 1) for kind in _kinds(form)))


def _kinds(text: str) -> Iterator[str]:
    for item in _SECRETS:
        if item.marker in text and item.pattern.search(text):
            yield item.kind


def _forms(text: str, depth: int) -> Iterator[str]:
    """Yield a text and what it says when read in each of the ways it may be wrapped."""
    yield text
    if depth == 0:
        return
    for form in _unescaped(text):
        yield from _forms(form, depth - 1)
    for match in _BASE64.finditer(text):
        inner = _from_base64(match.group())
        if inner:
            yield from _forms(inner, depth - 1)
    for match in _HEX.finditer(text):
        yield from _forms(bytes.fromhex(match.group()).decode("latin-1"), depth - 1)


def _unescaped(text: str) -> Iterator[str]:
    if "&" in text and ";" in text and (plain := html.unescape(text)) != text:
        yield plain
    if "%" in text and (plain := unquote(text, "latin-1")) != text:
        yield plain
    if "\\" in text:
        yield text.replace('\\"', '"').replace("\\/", "/").replace("\\n", "\n").replace("\\r", "\r")
    if "\0" in text:
        yield from (match.group()[::2] for match in _WIDE.finditer(text))
    if (joined := re.sub(r"(?<=[A-Za-z0-9+/=])\r?\n[ \t]*(?=[A-Za-z0-9+/=])", "", text)) != text:
        yield joined  # base64 folded into lines


def _from_base64(text: str) -> str:
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    plain = plain[: len(plain) - (len(plain) % 4 == 1)]
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True).decode("latin-1")
    except (binascii.Error, ValueError):
        return ""
