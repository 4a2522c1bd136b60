"""An authorization request, read and judged: who asks, for what, and where the answer goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hybridjoin.doubles.entra.applications import PERMISSIONS, Application
from hybridjoin.doubles.entra.config import EntraConfig
from hybridjoin.doubles.entra.oidc.rules import OpenIdRefused
from hybridjoin.doubles.entra.openid import COMMON
from hybridjoin.doubles.entra.resources import GRAPH, OPENID_SCOPES, application_of

MODES = ("query", "fragment", "form_post")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request of an application for a person's code.

    `permissions` are those of Microsoft Graph that it asks for by name, `scopes` OpenID Connect's own. `challenge` is
    the code_challenge with its method (RFC 7636).
    """

    application: Application
    redirect_uri: str
    scopes: tuple[str, ...]
    permissions: tuple[str, ...]
    resource: str
    state: str | None
    nonce: str
    mode: str
    challenge: tuple[str, str] | None
    v2: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Where an error may be sent: the application's redirect URI, once that is known to be its own."""

    redirect_uri: str
    state: str | None
    mode: str


class RefusedAtApplication(Exception):
    """A refusal that the application is told, at its redirect URI."""

    def __init__(self, refused: OpenIdRefused, to: Addressee) -> None:
        super().__init__(str(refused))
        self.refused = refused
        self.to = to


def read_asked(config: EntraConfig, addressed: str, parameters: Mapping[str, str], *, v2: bool) -> Asked:
    """Read an authorization request.

    Raises:
        OpenIdRefused: the person is told, for nobody knows whom the answer would go to.
        RefusedAtApplication: the application is told.
    """
    if addressed.lower() not in COMMON and not config.is_tenant(addressed):
        raise OpenIdRefused("authorize-tenant-unknown", tenant=addressed)
    client_id = parameters.get("client_id", "")
    if not client_id:
        raise OpenIdRefused("authorize-client-missing", name="client_id")
    application = config.application(client_id)
    if application is None:
        raise OpenIdRefused("authorize-client-unknown", client_id=client_id, display_name=config.display_name)
    redirect_uri = parameters.get("redirect_uri", "") or next(iter(application.redirect_uris), "")
    if redirect_uri not in application.redirect_uris:
        raise OpenIdRefused("redirect-uri-not-registered", redirect_uri=redirect_uri, client_id=application.client_id)
    mode = parameters.get("response_mode", "query")
    to = Addressee(redirect_uri=redirect_uri, state=parameters.get("state"), mode=mode if mode in MODES else "query")
    try:
        return _asked(application, to, parameters, v2=v2)
    except OpenIdRefused as refused:
        raise RefusedAtApplication(refused, to) from refused


def _asked(application: Application, to: Addressee, parameters: Mapping[str, str], *, v2: bool) -> Asked:
    """Read what is asked for, now that it is known whose answer it is."""
    response_type = parameters.get("response_type", "")
    if response_type != "code":
        raise OpenIdRefused("response-type-not-enabled", response_type=response_type)
    words = tuple(dict.fromkeys(parameters.get("scope", "").split()))
    if v2 and not words:
        raise OpenIdRefused("authorize-scope-missing", name="scope")
    scopes = tuple(word.lower() for word in words if word.lower() in OPENID_SCOPES)
    challenge = parameters.get("code_challenge")
    return Asked(
        application=application,
        redirect_uri=to.redirect_uri,
        scopes=scopes,
        permissions=tuple(_permission(word) for word in words if word.lower() not in OPENID_SCOPES),
        resource=GRAPH if v2 else parameters.get("resource", GRAPH),
        state=to.state,
        nonce=parameters.get("nonce", ""),
        mode=to.mode,
        challenge=(challenge, parameters.get("code_challenge_method", "plain")) if challenge else None,
        v2=v2,
    )


def _permission(scope: str) -> str:
    """Return the permission of Graph that a scope names; `.default` stands for all that were consented to.

    Raises:
        OpenIdRefused: it is of no resource that the tenant knows, or the resource has no such permission.
    """
    resource, _, name = scope.rpartition("/")
    known = {item.lower(): item for item in (*PERMISSIONS, ".default")}
    if (resource and application_of(resource) != application_of(GRAPH)) or name.lower() not in known:
        raise OpenIdRefused("scope-invalid", scope=scope)
    return known[name.lower()]
