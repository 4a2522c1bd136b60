"""What is masked before anything is kept: structure stays, secrets become their length.

Masks look for the secret by its name and shape, whatever the content type says, because a peer may answer with
anything. Inside base64 and percent-encoded text the same masks apply, and the text is encoded again; only the
`assertion` field of a form is left decoded, so that people can read what was traded.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, unquote

from hybridjoin.model.exchange import Breakdown, Headers, HttpReply, HttpRequest, Reply, Request

KEPT_BYTES = 256 * 1024

_SCHEMES = ("negotiate", "kerberos", "ntlm", "bearer", "basic", "pop")
_SECRET_NAMES = (
    "access_token",
    "refresh_token",
    "id_token",
    "client_secret",
    "client_assertion",
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "signedblob",
    "private_key",
    "session_key",
)
_ANY_NAME = "|".join(_SECRET_NAMES)
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{160,}={0,2}")
_BLOCK = re.compile(r"[A-Za-z0-9+/_-]{80}")
_PERCENT = re.compile(r"%3[Cc](?:[\w.~+*-]|%[0-9A-Fa-f]{2})*")
_MASKED_HEADERS = frozenset({"cookie", "set-cookie", "x-api-key", "proxy-authorization"})


def mask(secret: str) -> str:
    """Return what stands in a secret's place: that there was one, and how long."""
    return f"[masked {len(secret)} characters]"


def redact_text(text: str) -> str:
    """Mask every secret in a text, encoded ones included."""
    text = _mask_plain(text)
    if _has_long_run(text):
        text = _BASE64.sub(lambda found: _inside_base64(found.group()), text)
    return _PERCENT.sub(lambda found: _inside_percent(found.group()), text) if "%3" in text else text


def redact_headers(headers: Headers) -> Headers:
    """Mask credentials in headers; a scheme keeps its name and says how many bytes its token had."""
    return tuple((name, _header(name, value)) for name, value in headers)


def redact_body(body: bytes, content_type: str = "") -> bytes:
    """Cut a message body to what is worth keeping and mask it; bytes that are no text survive as they are."""
    body, rest = body[:KEPT_BYTES], len(body) - KEPT_BYTES
    encoding = "utf-16" if body[:2] in {b"\xff\xfe", b"\xfe\xff"} else "latin-1"
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        encoding, text = "latin-1", body.decode("latin-1")
    if "x-www-form-urlencoded" in content_type.lower():
        encoding, text = "utf-8", _form(_mask_plain(text) if "<" in text else text)
    masked = redact_text(text).encode(encoding)
    return masked if rest <= 0 else masked + b"\n[%d more bytes were not kept]" % rest


def redact_request(request: Request) -> Request:
    """Return the request as it may be kept; LDAP and ticket requests hold no secret."""
    if not isinstance(request, HttpRequest):
        return request
    kind = next((value for name, value in request.headers if name.lower() == "content-type"), "")
    return replace(
        request,
        url=redact_text(request.url),
        headers=redact_headers(request.headers),
        body=redact_body(request.body, kind),
    )


def redact_reply(reply: Reply) -> Reply:
    """Return the reply as it may be kept; a directory entry holds nothing that its reader may not see."""
    if isinstance(reply, Breakdown):
        return replace(reply, message=redact_text(reply.message))
    if not isinstance(reply, HttpReply):
        return reply
    body = redact_body(reply.body, reply.header("content-type") or "")
    return replace(reply, headers=redact_headers(reply.headers), body=body)


def _mask_plain(text: str) -> str:
    """Mask what is readable as it stands."""
    lowered = text.lower()
    for item in _MASKS:
        if any(map(lowered.__contains__, item.markers)):
            text = item.pattern.sub(item.write, text)
    return text


def _has_long_run(text: str) -> bool:
    """Tell whether there may be base64 worth decoding; a run of 160 characters holds a whole aligned block of 80."""
    return any(_BLOCK.match(text, at) is not None for at in range(0, len(text) - 79, 80))


def _mask_once(secret: str) -> str:
    """Mask a secret unless it is masked (or empty) already, so that masking twice changes nothing."""
    if not secret.strip() or secret.startswith("[masked"):
        return secret
    return mask(secret)


def _token_bytes(token: str) -> int:
    """Count the bytes of an HTTP authentication token; of one that is not base64, its characters."""
    try:
        return len(base64.b64decode(token, validate=True))
    except (binascii.Error, ValueError):
        return len(token)


def _header(name: str, value: str) -> str:
    """Mask one header's value."""
    if name.lower() in _MASKED_HEADERS:
        return mask(value)
    masked = redact_text(value)
    if name.lower() == "authorization" and masked == value:
        scheme, _, rest = value.partition(" ")
        return f"{scheme} {_mask_once(rest)}" if rest else mask(scheme)
    return masked


def _recoded(text: str, decode: Callable[[str], str], encode: Callable[[str], str]) -> str:
    """Mask inside an encoding: decode, mask, and encode again only where something was masked."""
    try:
        plain = decode(text)
    except (binascii.Error, ValueError):
        return text
    masked = _mask_plain(plain)
    return text if masked == plain else encode(masked)


def _from_base64(text: str) -> str:
    """Decode either alphabet, padded, unpadded or cut short, to text; raise ValueError where it is not text."""
    standard = text.rstrip("=").replace("-", "+").replace("_", "/")
    if len(standard) % 4 == 1:
        standard = standard[:-1]
    octets = base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    return codecs.getincrementaldecoder("utf-8")().decode(octets)


def _inside_base64(text: str) -> str:
    """Mask inside base64 of readable text."""
    return _recoded(text, _from_base64, lambda plain: base64.b64encode(plain.encode()).decode("ascii"))


def _inside_percent(text: str) -> str:
    """Mask inside percent-encoded markup."""
    return _recoded(text, unquote, quote)


def _form(text: str) -> str:
    """Write a form field by field, its `assertion` decoded to the XML it is."""
    return "&".join(f"{name}={_field(name, value)}" for name, value in _fields(text))


def _fields(text: str) -> Iterable[tuple[str, str]]:
    """Split a form; what is no form comes back as one nameless field."""
    fields = parse_qsl(text, keep_blank_values=True)
    return fields or [("", text)]


def _field(name: str, value: str) -> str:
    """Return one field's value, readable."""
    if name.lower() != "assertion":
        return quote(value, safe=":/ .-_~[]")
    try:
        return _from_base64("".join(value.split()))
    except (binascii.Error, ValueError):
        return value


def _keep_name(found: re.Match[str]) -> str:
    """Write what came before the secret, and the mask."""
    return found[1] + _mask_once(found[2])


def _keep_scheme(found: re.Match[str]) -> str:
    """Write an authentication scheme, and how long its token was."""
    return f"{found[1]}[masked {_token_bytes(found[2])} bytes]"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mask:
    """One kind of secret; a text without any of the `markers` (in lower case) holds none of it."""

    pattern: re.Pattern[str]
    markers: tuple[str, ...]
    write: Callable[[re.Match[str]], str]


_MASKS = (
    _Mask(
        pattern=re.compile(
            rf"\b((?:{'|'.join(_SCHEMES)})[ \t]+)([A-Za-z0-9+/=_.~-]{{12,}})",
            re.IGNORECASE,
        ),
        markers=tuple(scheme + space for scheme in _SCHEMES for space in " \t"),
        write=_keep_scheme,
    ),
    _Mask(
        pattern=re.compile(
            r"(-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----\s*)(?s:(.*?))(?=-----END [A-Z0-9 ]*PRIVATE KEY-----|\Z)"
        ),
        markers=("private key-----",),
        write=_keep_name,
    ),
    _Mask(
        pattern=re.compile(
            r"(<(?:[\w.-]+:)?(?:SignatureValue|Password|BinarySecurityToken|BinarySecret|CipherValue|Nonce)"
            r"(?:\s[^<>]*)?>)([^<]+)"
        ),
        markers=("signaturevalue", "password", "binarysec", "ciphervalue", "nonce"),
        write=_keep_name,
    ),
    _Mask(
        pattern=re.compile(rf'("(?:{_ANY_NAME})"\s*:\s*")((?:[^"\\]|\\.)*)', re.IGNORECASE),
        markers=tuple(f'"{name}"' for name in _SECRET_NAMES),
        write=_keep_name,
    ),
    _Mask(
        pattern=re.compile(rf"((?:^|[&?])(?:{_ANY_NAME})=)([^&\s]+)", re.IGNORECASE | re.MULTILINE),
        markers=tuple(f"{name}=" for name in _SECRET_NAMES),
        write=_keep_name,
    ),
    _Mask(
        pattern=re.compile(r"\beyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
        markers=("eyj",),
        write=lambda found: mask(found.group()),
    ),
)
