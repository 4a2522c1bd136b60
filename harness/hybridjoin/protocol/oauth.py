"""The SAML-bearer grant at Entra's token endpoint (RFC 7522's elder brother for SAML 1.1)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from hybridjoin.errors import PeerError
from hybridjoin.model.exchange import HttpReply
from hybridjoin.protocol import json_text, names

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:saml1_1-bearer"
CONTENT_TYPE = "application/x-www-form-urlencoded"
ASSUMED_RULE = "X-Hybridjoin-Assumed-Rule"
_ESCAPED = str.maketrans({"+": "%2B", "/": "%2F", "=": "%3D"})
_AADSTS = re.compile(r"AADSTS(\d{4,9})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An access token for the registration service; `claims` are the JWT's, unverified, as text pairs, once read."""

    access_token: str = field(repr=False)
    token_type: str
    expires_in: int
    resource: str
    claims: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntraError:
    """Entra's error document; `raw` is the JSON text as it came, `code` the AADSTS number or None.

    `assumed_rule` is there where the Entra double refused, and says itself that by this rule of its own Entra is only
    assumed to do so.
    """

    http_status: int
    error: str
    description: str
    code: int | None
    trace_id: str
    correlation_id: str
    timestamp: str
    raw: str
    assumed_rule: str = ""


def build_grant(
    assertion_xml: bytes,
    *,
    client_id: str = names.DRS_CLIENT_ID,
    resource: str = names.DRS_RESOURCE,
    grant_type: str = GRANT_TYPE,
) -> bytes:
    """Build the form that trades an assertion for a token; the assertion goes in the padded standard alphabet."""
    return _grant_form(assertion_xml, grant_type, {"client_id": client_id, "resource": resource, "scope": "openid"})


def build_user_grant(
    assertion_xml: bytes,
    *,
    client_id: str,
    wanted: tuple[str, str],
    grant_type: str = GRANT_TYPE,
    padded: bool = True,
) -> bytes:
    """Build a person's form; `wanted` is what the token is for: v2.0's `scope` (by blanks) or v1's `resource`.

    Not `padded` is the URL-safe alphabet without its padding, as MSAL for Python writes the assertion.
    """
    rest = dict((("client_id", client_id), ("client_info", "1"), wanted))
    return _grant_form(assertion_xml, grant_type, rest, padded=padded)


def _grant_form(assertion_xml: bytes, grant_type: str, rest: Mapping[str, str], *, padded: bool = True) -> bytes:
    # Base64 has three characters to escape; urlencode would look at each of its thousands, one by one.
    if padded:
        assertion = base64.b64encode(assertion_xml).decode("ascii").translate(_ESCAPED)
    else:
        assertion = base64.urlsafe_b64encode(assertion_xml).decode("ascii").rstrip("=")
    return f"{urlencode({'grant_type': grant_type})}&assertion={assertion}&{urlencode(rest)}".encode("ascii")


def build_code_grant(code: str, *, client_id: str, redirect_uri: str, wanted: tuple[str, str]) -> bytes:
    """Build the form that trades an authorization code for a token, as a program without a secret does.

    `wanted` is what the token is for, as in `build_user_grant`.
    """
    form = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        **dict((wanted,)),
        "code": code,
    }
    return urlencode(form).encode("ascii")


def error_of_a_page(words: str, *, http_status: int, assumed_rule: str = "") -> EntraError:
    """Return the error that a page of Entra's names in its text: `AADSTSnnn: … Trace ID: … Timestamp: …`."""
    match = _AADSTS.search(words)
    facts = {name: _fact(words, name) for name in ("Trace ID", "Correlation ID", "Timestamp")}
    return EntraError(
        http_status=http_status,
        error="",
        description=words,
        code=int(match[1]) if match else None,
        trace_id=facts["Trace ID"],
        correlation_id=facts["Correlation ID"],
        timestamp=facts["Timestamp"],
        raw=words,
        assumed_rule=assumed_rule,
    )


def _fact(words: str, name: str) -> str:
    found = re.search(rf"{name}: ([0-9A-Za-z:. -]{{1,40}}?)(?= Correlation| Timestamp|$)", words)
    return found[1].strip() if found else ""


def readable_grant(form: str) -> str:
    """Write a grant for people, its assertion decoded to the XML it is; any other text stays as it is."""
    if not form.startswith("grant_type="):
        return form
    return "&".join(f"{name}={_readable(name, value)}" for name, value in parse_qsl(form, keep_blank_values=True))


def _readable(name: str, value: str) -> str:
    if name != "assertion":
        return quote(value, safe=":/ .-_~[]")
    standard = "".join(value.split()).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True).decode("utf-8")
    except ValueError:
        return value


def parse_token_reply(reply: HttpReply) -> Token | EntraError:
    """Read a token or Entra's error; what the token claims is its hands' to read (`ReadAccessToken`).

    Raises:
        PeerError: the reply is neither.
    """
    where = f"token endpoint (HTTP {reply.status})"
    answer = json_text.read_object(reply.body, where=where)
    access_token = json_text.text(answer, "access_token")
    if reply.status < 400 and access_token:
        return Token(
            access_token=access_token,
            token_type=json_text.text(answer, "token_type"),
            expires_in=_number(json_text.text(answer, "expires_in")),
            resource=json_text.text(answer, "resource"),
        )
    return parse_error(reply, answer, where=where, expected="access_token")


def parse_error(reply: HttpReply, answer: Mapping[str, Any], *, where: str, expected: str) -> EntraError:
    """Read Entra's error document; `expected` is the member that a good answer would have had.

    Raises:
        PeerError: the document is none.
    """
    error = json_text.text(answer, "error")
    if not error:
        found = json_text.member_names(answer)
        raise PeerError(f"expected {expected} or error, found {found}", where=where)
    description = json_text.text(answer, "error_description")
    return EntraError(
        http_status=reply.status,
        error=error,
        description=description,
        code=_code(answer, description),
        trace_id=json_text.text(answer, "trace_id"),
        correlation_id=json_text.text(answer, "correlation_id"),
        timestamp=json_text.text(answer, "timestamp"),
        raw=reply.body.decode("utf-8", "replace"),
        assumed_rule=reply.header(ASSUMED_RULE) or "",
    )


def _code(answer: Mapping[str, Any], description: str) -> int | None:
    """Return the AADSTS number, from error_codes or else from the description."""
    codes = json_text.member(answer, "error_codes")
    if isinstance(codes, list) and codes and isinstance(codes[0], int):
        return int(codes[0])
    match = _AADSTS.search(description)
    return int(match[1]) if match else None


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else 0


def read_jwt_claims(token: str) -> tuple[tuple[str, str], ...]:
    """Read a JWT's claims without verifying it; empty where the token is opaque, which OAuth allows."""
    parts = token.split(".")
    if len(parts) != 3:
        return ()
    try:
        payload = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        claims = json_text.read_object(payload, where="access token")
    except (PeerError, binascii.Error, ValueError):
        return ()
    return tuple((str(key), _claim_text(value)) for key, value in claims.items())


def _claim_text(value: object) -> str:
    if isinstance(value, list):
        return " ".join(json_text.text(item) for item in value)
    return json_text.text(value)
