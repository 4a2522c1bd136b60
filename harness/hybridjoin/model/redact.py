"""What is masked before anything is kept: structure stays, secrets become their length.

Masks look for the secret by its name and shape, whatever the content type says, because a peer may answer with
anything. Inside base64 and percent-encoded text the same masks apply, and the text is encoded again: what is masked
parses as it did before, each element on its line, and masking it once more changes nothing.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from hybridjoin.model.exchange import Breakdown, Headers, HttpReply, HttpRequest, Reply, Request

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
_BASE64_ALONE = re.compile(r"[A-Za-z0-9+/=_-]*")
_BLOCK = re.compile(r"[A-Za-z0-9+/_-]{80}")
_JWT_HEADER = re.compile(r"(?:^|(?<=-))eyJ(?=.{8})")
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
    """Mask a message body; bytes that are no text, and whatever is not masked, survive as they are."""
    encoding = "utf-16" if body[:2] in {b"\xff\xfe", b"\xfe\xff"} else "latin-1"
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        encoding, text = "latin-1", body.decode("latin-1")
    form = "x-www-form-urlencoded" in content_type.lower()
    masked = redact_text(_form(text) if form else text)
    return body if masked == text else masked.encode(encoding)


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
        message, where, detail = map(redact_text, (reply.message, reply.where, reply.detail))
        return replace(reply, message=message, where=where, detail=detail)
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
    if not secret.strip() or secret.lstrip().startswith("[masked"):
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
        return _mask_once(value)
    masked = redact_text(value)
    if name.lower() == "authorization" and masked == value and not value.startswith("[masked"):
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


def _to_base64(plain: str, like: str) -> str:
    """Encode in the alphabet, and with the padding, of another text."""
    octets = plain.encode()
    text = (base64.urlsafe_b64encode if set("-_") & set(like) else base64.b64encode)(octets).decode("ascii")
    return text if like.endswith("=") or len(like) % 4 == 0 else text.rstrip("=")


def _inside_base64(text: str) -> str:
    """Mask inside base64 of readable text."""
    return _recoded(text, _from_base64, lambda plain: _to_base64(plain, text))


def _inside_percent(text: str) -> str:
    """Mask inside percent-encoded markup."""
    return _recoded(text, unquote, quote)


def _form(text: str) -> str:
    """Mask a form field by field; one without a secret stays as it was sent."""
    return "&".join(_field(item) for item in text.split("&"))


def _field(field: str) -> str:
    """Mask one field of a form: by its name, or whatever its value says once it is decoded."""
    name, equals, value = field.partition("=")
    plain = unquote_plus(value)
    known = unquote_plus(name).lower()
    if known == "assertion":
        plain = "".join(plain.split())
    masked = _mask_once(plain) if known in _SECRET_NAMES else redact_text(_inside_base64(plain))
    return field if masked == plain else f"{name}{equals}{_quote(masked)}"


def _quote(plain: str) -> str:
    """Quote a form's value; the library goes character by character, where base64 has three alone that need it."""
    if _BASE64_ALONE.fullmatch(plain) is None:
        return quote_plus(plain)
    return plain.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")


def _keep_name(found: re.Match[str]) -> str:
    """Write what came before the secret, the mask, and the line breaks of the secret: what follows keeps its line."""
    masked = _mask_once(found[2])
    return found[1] + masked + "\n" * (found[2].count("\n") - masked.count("\n"))


def _keep_scheme(found: re.Match[str]) -> str:
    """Write an authentication scheme, and how long its token was."""
    return f"{found[1]}[masked {_token_bytes(found[2])} bytes]"


def _keep_what_is_no_jwt(found: re.Match[str]) -> str:
    """Mask three segments from where a JWT's header begins; without one they are no secret of ours."""
    header = _JWT_HEADER.search(found[1])
    if header is None:
        return found.group()
    return found[1][: header.start()] + mask(found.group()[header.start() :])


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
        # From the beginning of a run on: a body of nothing but beginnings is read once, not once from each of them.
        pattern=re.compile(r"(?<![A-Za-z0-9_-])([A-Za-z0-9_-]{11,})\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
        markers=("eyj",),
        write=_keep_what_is_no_jwt,
    ),
)
