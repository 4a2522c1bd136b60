"""The SAML-bearer grant at Entra's token endpoint (RFC 7522's elder brother for SAML 1.1)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An access token for the registration service; `claims` are the JWT's, unverified, as text pairs."""

    access_token: str
    token_type: str
    expires_in: int
    resource: str
    claims: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntraError:
    """Entra's error document; `raw` is the JSON text as it came, `code` the AADSTS number or None."""

    http_status: int
    error: str
    description: str
    code: int | None
    trace_id: str
    correlation_id: str
    timestamp: str
    raw: str
