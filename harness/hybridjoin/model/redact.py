"""What is masked before anything is kept: structure stays, secrets become their length and a tag.

Masks look for the secret by its name and shape, whatever the content type says, because a peer may answer with
anything. Inside base64 and percent-encoded text the same masks apply, and the text is encoded again: what is masked
parses as it did before, each element on its line, and masking it once more changes nothing.

Whatever is masked by its place is known from then on (`vault`), and hidden by its value wherever it comes back
(`hiding`). The tag is the same for the same secret throughout a run, and says nothing of it.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from hybridjoin.model.exchange import Breakdown, Headers, HttpReply, HttpRequest, Reply, Request
from hybridjoin.model.masks import SECRET_NAMES, is_client_id, is_masked, mask, mask_once, mask_plain
from hybridjoin.model.vault import VAULT

_LONG_RUN = 160
_BASE64 = re.compile(rf"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{{{_LONG_RUN},}}={{0,2}}")
_BASE64_ALONE = re.compile(r"[A-Za-z0-9+/=_-]*")
_BLOCK = re.compile(r"[A-Za-z0-9+/_-]{80}")
_PERCENT = re.compile(r"%3[Cc](?:[\w.~+*-]|%[0-9A-Fa-f]{2})*")
_BY_ZEROS: dict[tuple[bool, ...], str] = {
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
}
_DONE = "\U0010fffd"  # stands for a field of a form that needs no second look; no octet reads so
_MASKED_HEADERS = frozenset({"cookie", "set-cookie", "x-api-key", "proxy-authorization"})
_NAMED_HEADERS = _MASKED_HEADERS | {"authorization"}


def redact_text(text: str) -> str:
    """Mask every secret in a text, encoded ones included."""
    text = mask_plain(text)
    if _has_long_run(text):
        text = _BASE64.sub(lambda found: _inside_base64(found.group()), text)
    return _PERCENT.sub(lambda found: _inside_percent(found.group()), text) if "%3" in text else text


def redact_headers(headers: Headers) -> Headers:
    """Mask credentials in headers; a scheme keeps its name and says how many bytes its token had."""
    if not _NAMED_HEADERS.isdisjoint([name.lower() for name, _ in headers]):
        return tuple((name, _header(name, value)) for name, value in headers)
    together = "\n".join([value for _, value in headers])
    if redact_text(together) == together:
        return headers
    return tuple((name, _header(name, value)) for name, value in headers)


def redact_body(body: bytes, content_type: str = "") -> bytes:
    """Mask a message body; bytes that are no text, and whatever is not masked, survive as they are."""
    encoding = _encoding(body)
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        encoding, text = "latin-1", body.decode("latin-1")
    form = "x-www-form-urlencoded" in content_type.lower()
    masked = _form(text) if form and _DONE not in text else redact_text(text)
    return body if masked == text else masked.encode(encoding)


def _encoding(body: bytes) -> str:
    """Tell UTF-16 and UTF-32, with a mark or without (XML 1.0, appendix F), from what has a letter in each octet."""
    if body[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "utf-16"
    zeros = tuple(octet == 0 for octet in body[:4])
    return _BY_ZEROS.get(zeros, "latin-1")


def redact_request(request: Request) -> Request:
    """Return the request as it may be kept; LDAP and ticket requests hold no secret."""
    if not isinstance(request, HttpRequest):
        return request
    VAULT.listen()
    kind = next((value for name, value in request.headers if name.lower() == "content-type"), "")
    url, headers = redact_text(request.url), redact_headers(request.headers)
    body = redact_body(request.body, kind)
    if url == request.url and headers is request.headers and body is request.body:
        return request
    return replace(request, url=url, headers=headers, body=body)


def redact_reply(reply: Reply) -> Reply:
    """Return the reply as it may be kept; a directory entry holds nothing that its reader may not see."""
    VAULT.listen()
    if isinstance(reply, Breakdown):
        message, where, detail = map(redact_text, (reply.message, reply.where, reply.detail))
        return replace(reply, message=message, where=where, detail=detail)
    if not isinstance(reply, HttpReply):
        return reply
    body = redact_body(reply.body, reply.header("content-type") or "")
    reason, headers = redact_text(reply.reason), redact_headers(reply.headers)
    if reason == reply.reason and headers is reply.headers and body is reply.body:
        return reply
    return replace(reply, reason=reason, headers=headers, body=body)


def _has_long_run(text: str) -> bool:
    """Tell whether there may be base64 worth decoding; a run of 160 characters holds a whole aligned block of 80."""
    if len(text) < _LONG_RUN:
        return False
    match = _BLOCK.match
    for at in range(0, len(text) - 79, 80):  # noqa: SIM110 - a generator takes longer than the matches
        if match(text, at) is not None:
            return True
    return False


def _header(name: str, value: str) -> str:
    """Mask one header's value."""
    if name.lower() in _MASKED_HEADERS:
        for piece in value.split(";"):
            mask_once(piece.partition("=")[2].strip())  # each is known by itself too
        return mask_once(value)
    masked = redact_text(value)
    if name.lower() == "authorization" and masked == value and not is_masked(value):
        scheme, _, rest = value.partition(" ")
        return f"{scheme} {mask_once(rest)}" if rest else mask(scheme)
    return masked


def _recoded(text: str, decode: Callable[[str], str], encode: Callable[[str], str]) -> str:
    """Mask inside an encoding: decode, mask, and encode again only where something was masked."""
    try:
        plain = decode(text)
    except (binascii.Error, ValueError):
        return text
    masked = mask_plain(plain)
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
    """Mask a form field by field; one without a secret stays as it was sent.

    The whole is read as any other text besides, but for fields that are masked inside their base64: those are done.
    A client id that was pasted as client secret is none.
    """
    fields, done = [], []
    for item in text.split("&"):
        name, equals, value = item.partition("=")
        plain = unquote_plus(value)
        known = unquote_plus(name).lower()
        if known == "client_secret" and is_client_id(plain, text):
            done.append(item)
            fields.append(_DONE)
            continue
        if known == "assertion":
            plain = "".join(plain.split())
        if known in SECRET_NAMES:
            masked = mask_once(plain)
        elif (masked := _inside_base64(plain)) != plain:
            done.append(f"{name}{equals}{_quote(masked)}")
            fields.append(_DONE)
            continue
        else:
            masked = redact_text(plain)
        fields.append(item if masked == plain else f"{name}{equals}{_quote(masked)}")
    left = iter(done)
    return "".join(
        next(left) if part == _DONE else part for part in re.split(f"({_DONE})", redact_text("&".join(fields)))
    )


def _quote(plain: str) -> str:
    """Quote a form's value; the library goes character by character, where base64 has three alone that need it."""
    if _BASE64_ALONE.fullmatch(plain) is None:
        return quote_plus(plain)
    return plain.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
