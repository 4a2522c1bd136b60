"""Which places of a message hold secrets, and how each is masked there: the structure around them stays."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote_plus

from hybridjoin.model.vault import VAULT

_SCHEMES = ("negotiate", "kerberos", "ntlm", "bearer", "basic", "pop")
SECRET_NAMES = (
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
_CLIENT_ID_LENGTH = 36  # of a GUID, as Entra's client ids are
_ANY_NAME = "|".join(SECRET_NAMES)
_ELEMENTS = "SignatureValue|Password|BinarySecurityToken|BinarySecret|CipherValue|Nonce|DesktopSsoToken"
_ELEMENT_MARKERS = ("signaturevalue", "password", "binarysec", "ciphervalue", "nonce", "desktopsso")
# Markup as a page or a JSON text shows it, escaped once or more often.
_LESS = r"(?:&(?:amp;)*(?:lt|#0*60|#[xX]0*3[cC]);|\\+[ux](?:00)?3[cC])"
_MORE = r"(?:&(?:amp;)*(?:gt|#0*62|#[xX]0*3[eE]);|\\+[ux](?:00)?3[eE]|>)"
_MARKUP = re.compile(r"(<!--(?:(?!-->|<!--).)*+-->|<!\[CDATA\[|<\?(?:(?!\?>|<\?).)*+\?>|<[^<>!?]*+>|\]\]>)", re.DOTALL)
_JWT_HEADER = re.compile(r"(?:^|(?<=-))eyJ(?=.{8})")
_MASKED = re.compile(r"\s*\[masked[^\[\]<>]{0,60}\]\s*")


def mask(secret: str, kind: str = "a secret") -> str:
    """Return what stands in a secret's place: that there was one, how long, and the tag that it has in this run."""
    return VAULT.mask(secret, kind=kind)


def mask_once(secret: str) -> str:
    """Mask a secret unless it is masked (or empty) already, so that masking twice changes nothing."""
    return secret if is_masked(secret) else mask(secret)


def is_masked(secret: str) -> bool:
    """Tell whether there is nothing to mask: no text at all, or a placeholder and nothing besides."""
    return not secret.strip() or _MASKED.fullmatch(secret) is not None


def is_client_id(secret: str, text: str) -> bool:
    """Tell whether what stands as client secret is the client id that stands beside it, which every address shows."""
    return len(secret) >= _CLIENT_ID_LENGTH and f"client_id={secret}".lower() in text.lower()


def mask_plain(text: str) -> str:
    """Mask what is readable as it stands."""
    lowered = text.casefold()  # as the expressions do, whatever writes a letter otherwise
    found = {marker for core, markers in _BY_CORE if core in lowered for marker in markers if marker in lowered}
    if not found:
        return text
    for item in _MASKS:
        if not found.isdisjoint(item.markers):
            text = item.pattern.sub(item.write, text)
    return text


def _token_bytes(token: str) -> int:
    """Count the bytes of an HTTP authentication token; of one that is not base64, its characters."""
    try:
        return len(base64.b64decode(token, validate=True))
    except (binascii.Error, ValueError):
        return len(token)


def _keep_name(found: re.Match[str]) -> str:
    """Write what came before the secret, the mask, and the line breaks of the secret: what follows keeps its line."""
    if found[1].lower().endswith("client_secret=") and is_client_id(found[2], found.string):
        return found.group()
    masked = mask_once(found[2])
    return found[1] + masked + "\n" * (found[2].count("\n") - masked.count("\n"))


def _keep_scheme(found: re.Match[str]) -> str:
    """Write an authentication scheme, and how long its token was."""
    secret, size = _basic_secret(found[1], found[2]) or found[2], _token_bytes(found[2])
    return found[1] + VAULT.mask(secret, unit="bytes", size=size, kind="an authentication token")


def _basic_secret(scheme: str, token: str) -> str:
    """Return the password of Basic credentials: the name before it is no secret (RFC 7617, 2; RFC 6749, 2.3.1)."""
    if scheme.strip().lower() != "basic":
        return ""
    try:
        return unquote_plus(base64.b64decode(token, validate=True).decode("utf-8").partition(":")[2])
    except ValueError:  # no base64, no text, or a sign that is an ASCII letter in another case alone
        return ""


def _keep_markup(found: re.Match[str]) -> str:
    """Mask the text of an element, which markup may stand in; that stays, and what follows keeps its line."""
    pieces = _MARKUP.split(found["content"])
    secret = "".join(pieces[::2])
    masked = mask_once(secret)
    if masked == secret:
        return found.group()
    between = (piece if odd % 2 else "\n" * piece.count("\n") for odd, piece in enumerate(pieces))
    return f"{found['start']}{masked}{''.join(between)}"


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
            # "Kerberos authentication failed" is a sentence, and no credential
            rf"\b((?:{'|'.join(_SCHEMES)})[ \t]+)(?!authentication\.?(?:[\s,;:)]|$))([A-Za-z0-9+/=_.~-]{{12,}})",
            re.IGNORECASE,
        ),
        markers=(*(f"{scheme} " for scheme in _SCHEMES), "\t"),
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
            rf"(?P<start><(?:[\w.-]+:)?(?P<name>{_ELEMENTS})(?:\s(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+)?(?<!/)>)"
            rf"(?P<content>[^<]*+(?:(?!</(?:[\w.-]+:)?(?P=name)[\s>])(?:{_MARKUP.pattern[1:-1]})[^<]*+)*+)"
        ),
        markers=_ELEMENT_MARKERS,
        write=_keep_markup,
    ),
    _Mask(
        pattern=re.compile(
            rf"({_LESS}(?:[\w.-]+:)?(?:{_ELEMENTS})(?:\s(?:(?!{_LESS}|{_MORE})[^<>])*+)?{_MORE})"
            rf"((?:(?!{_LESS})[^<])++)"
        ),
        markers=("lt;", "60;", "3c;", "\\"),
        write=_keep_name,
    ),
    _Mask(
        pattern=re.compile(rf'("(?:{_ANY_NAME})"\s*:\s*")((?:[^"\\]|\\.)*)', re.IGNORECASE),
        markers=tuple(f'{name}"' for name in SECRET_NAMES),
        write=_keep_name,
    ),
    _Mask(
        pattern=re.compile(rf"((?:^|[&?])(?:{_ANY_NAME})=)(\[masked[^\[\]&]*\]|[^&\s]+)", re.IGNORECASE | re.MULTILINE),
        markers=tuple(f"{name}=" for name in SECRET_NAMES),
        write=_keep_name,
    ),
    _Mask(
        # An authorization code, where an address or a form carries it; a number or a short word is none.
        pattern=re.compile(
            r"((?:^|[&?#])code=)(\[masked[^\[\]&]*\]|[A-Za-z0-9._~%-]{20,})", re.IGNORECASE | re.MULTILINE
        ),
        markers=("code=",),
        write=_keep_name,
    ),
    _Mask(
        # The same in the form that a page posts by itself.
        pattern=re.compile(r"(\bname=[\"']code[\"'][^<>]{0,40}\bvalue=[\"'])([A-Za-z0-9._~-]{20,})", re.IGNORECASE),
        markers=("code",),
        write=_keep_name,
    ),
    _Mask(
        # From the beginning of a run on: a body of nothing but beginnings is read once, not once from each of them.
        pattern=re.compile(r"(?<![A-Za-z0-9_-])([A-Za-z0-9_-]{11,})\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
        markers=("eyj",),
        write=_keep_what_is_no_jwt,
    ),
)


# A text is searched for what several markers have in common first, and for them only where that is found.
_CORES = ("pass", "_token", "client_", "_key", "signe", "code", ";", *(f"{scheme} " for scheme in _SCHEMES))


def _core(marker: str) -> str:
    return next((core for core in _CORES if core in marker), marker)


def _by_core() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the markers of all masks below what they have in common."""
    markers = sorted({marker for item in _MASKS for marker in item.markers})
    return tuple((core, tuple(it for it in markers if _core(it) == core)) for core in sorted({*map(_core, markers)}))


_BY_CORE = _by_core()
