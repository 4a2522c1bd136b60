"""What OpenID Connect clients ask before they sign anybody in: configuration, keys and instance discovery."""

from __future__ import annotations

import base64

from hybridjoin.doubles.entra.authority import Authority
from hybridjoin.doubles.entra.config import EntraConfig
from hybridjoin.doubles.entra.documents import CLOUD, Document

_ALIASES = ("login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net")


def configuration(config: EntraConfig, addressed: str, *, v2: bool) -> Document:
    """Return a tenant's OpenID configuration of either endpoint; `addressed` stands in its addresses as asked."""
    tenant = str(config.tenant_id)
    base = f"{config.login_url}/{tenant if config.is_tenant(addressed) else addressed}"
    oauth2 = f"{base}/oauth2/v2.0" if v2 else f"{base}/oauth2"
    return {
        "token_endpoint": f"{oauth2}/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": f"{base}/discovery/v2.0/keys" if v2 else f"{base}/discovery/keys",
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": issuer(tenant, v2=v2),
        "authorization_endpoint": f"{oauth2}/authorize",
        "device_authorization_endpoint": f"{oauth2}/devicecode",
        "tenant_region_scope": "EU",
        "cloud_instance_name": CLOUD,
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": "graph.microsoft.com",
    }


def issuer(tenant_id: str, *, v2: bool) -> str:
    """Return who issues a tenant's tokens; a public name, whatever address the double is served at."""
    return f"https://login.microsoftonline.com/{tenant_id}/v2.0" if v2 else f"https://sts.windows.net/{tenant_id}/"


def keys(authority: Authority) -> Document:
    """Return the key that tokens are signed with as a JWK set (RFC 7517, 5)."""
    numbers = authority.token_key.public_key().public_numbers()
    return {
        "keys": [
            {
                "kty": "RSA",
                "use": "sig",
                "kid": authority.token_key_id,
                "x5t": authority.token_key_id,
                "n": _number(numbers.n),
                "e": _number(numbers.e),
            }
        ]
    }


def instance(config: EntraConfig, authorization_endpoint: str) -> Document:
    """Return which names the cloud goes by, and where the tenant of an authorization endpoint is described."""
    base = authorization_endpoint.partition("/oauth2/")[0] or f"{config.login_url}/common"
    return {
        "tenant_discovery_endpoint": f"{base}/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [
            {"preferred_network": _ALIASES[0], "preferred_cache": _ALIASES[1], "aliases": list(_ALIASES)},
        ],
    }


def _number(value: int) -> str:
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
