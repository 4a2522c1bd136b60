"""The token endpoint's grant of an authorization code."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote_plus

from hybridjoin.doubles.entra.applications import Application
from hybridjoin.doubles.entra.authority import Authority
from hybridjoin.doubles.entra.config import EntraConfig
from hybridjoin.doubles.entra.documents import Document
from hybridjoin.doubles.entra.oidc.claims import Signed, access_token, scopes_granted, signed_id_token
from hybridjoin.doubles.entra.oidc.grants import CODE_LIFETIME, IssuedCode, Kept
from hybridjoin.doubles.entra.oidc.rules import OpenIdRefused
from hybridjoin.doubles.entra.openid import COMMON
from hybridjoin.doubles.entra.tenant import Tenant
from hybridjoin.doubles.entra.tokens import LIFETIME_S

GRANT_TYPE = "authorization_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeeming:
    """A request for the tokens of a code; `parameters` are the form's, `authorization` the header."""

    addressed: str
    parameters: Mapping[str, str]
    authorization: str
    now: datetime
    v2: bool


def redeem(tenant: Tenant, codes: Kept[IssuedCode], request: Redeeming) -> Signed:
    """Return who signed in, for whom the tokens are made.

    Raises:
        OpenIdRefused: a rule fires.
    """
    config = tenant.config
    if request.addressed.lower() not in COMMON and not config.is_tenant(request.addressed):
        raise OpenIdRefused("code-tenant-unknown", tenant=request.addressed)
    client_id, secret = _client(request)
    application = _known(config, client_id)
    _check_secret(application, secret)
    code = _parameter(request, "code")
    issued = codes.look(code)
    if issued is None or issued.asked.application.client_id != application.client_id:
        raise OpenIdRefused("code-malformed")
    if not codes.take(code):
        raise OpenIdRefused("code-redeemed")
    if request.now - issued.at > CODE_LIFETIME:
        raise OpenIdRefused("code-expired")
    redirect_uri = _parameter(request, "redirect_uri")
    if redirect_uri != issued.asked.redirect_uri:
        raise OpenIdRefused("code-redirect-uri-differs", redirect_uri=redirect_uri, asked=issued.asked.redirect_uri)
    if not issued.is_proven_by(request.parameters.get("code_verifier", "")):
        raise OpenIdRefused("code-verifier-wrong")
    return Signed(tenant=tenant, asked=issued.asked, user=issued.user, permissions=issued.permissions, now=request.now)


def _parameter(request: Redeeming, name: str) -> str:
    value = request.parameters.get(name, "")
    if not value:
        raise OpenIdRefused("code-parameter-missing", name=name)
    return value


def _client(request: Redeeming) -> tuple[str, str]:
    """Return the client and its secret, from the header (RFC 6749, 2.3.1) or from the form."""
    scheme, _, encoded = request.authorization.partition(" ")
    if scheme.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError):
            name, secret = "", ""
        return unquote_plus(name), unquote_plus(secret)
    return _parameter(request, "client_id"), request.parameters.get("client_secret", "")


def _known(config: EntraConfig, client_id: str) -> Application:
    application = config.application(client_id)
    if application is None:
        raise OpenIdRefused("code-client-unknown", client_id=client_id, display_name=config.display_name)
    return application


def _check_secret(application: Application, secret: str) -> None:
    if not secret:
        raise OpenIdRefused("client-secret-missing")
    found = next(
        (item for item in application.secrets if secrets.compare_digest(item.value.encode(), secret.encode())), None
    )
    if found is None:
        raise OpenIdRefused("client-secret-invalid", client_id=application.client_id)
    if found.expired:
        raise OpenIdRefused("client-secret-expired", client_id=application.client_id)


def answer(signed: Signed, authority: Authority) -> Document:
    """Return the token endpoint's document."""
    asked, scope = signed.asked, " ".join(scopes_granted(signed))
    document: Document = {"token_type": "Bearer", "scope": scope}
    if asked.v2:
        document |= {"expires_in": LIFETIME_S - 300, "ext_expires_in": LIFETIME_S - 300}
    else:
        moment = int(signed.now.timestamp())
        document |= {"expires_in": str(LIFETIME_S - 300), "ext_expires_in": str(LIFETIME_S - 300),
                     "expires_on": str(moment + LIFETIME_S - 300), "not_before": str(moment - 300),
                     "resource": asked.resource}  # fmt: skip
    document["access_token"] = access_token(signed, authority)
    if "offline_access" in asked.scopes or not asked.v2:
        document["refresh_token"] = f"1.{secrets.token_urlsafe(160)}"
    if "openid" in asked.scopes or not asked.v2:
        document["id_token"] = signed_id_token(signed, authority)
    return document
