"""What OpenID Connect clients ask before they sign anybody in: configuration, keys and instance discovery."""

from __future__ import annotations

import base64

from hybridjoin.doubles.entra.authority import Authority
from hybridjoin.doubles.entra.config import LOGIN_URL, EntraConfig
from hybridjoin.doubles.entra.documents import CLOUD, Document

_ALIASES = ("login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net")
COMMON = ("common", "organizations", "consumers")
_CLAIMS = ("sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name", "msgraph_host",
           "aud", "exp", "iat", "auth_time", "acr")  # fmt: skip
_CLAIMS_V2 = (*_CLAIMS, "nonce", "preferred_username", "name", "tid", "ver", "at_hash", "c_hash", "email")
_CLAIMS_V1 = (*_CLAIMS, "amr", "nonce", "email", "given_name", "family_name", "nickname")


def configuration(config: EntraConfig, addressed: str, *, v2: bool) -> Document:
    """Return a tenant's OpenID configuration of either endpoint; `addressed` stands in its addresses as asked."""
    tenant = str(config.tenant_id)
    base = f"{config.login_url}/{tenant if config.is_tenant(addressed) else addressed}"
    oauth2 = f"{base}/oauth2/v2.0" if v2 else f"{base}/oauth2"
    named = "{tenantid}" if addressed.lower() in COMMON else tenant
    types = ["code", "id_token", "code id_token", "id_token token"]
    document: Document = {
        "token_endpoint": f"{oauth2}/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": f"{base}/discovery/v2.0/keys" if v2 else f"{config.login_url}/common/discovery/keys",
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": types if v2 else [*types, "token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"] if v2 else ["openid"],
        "issuer": issuer(config, v2=v2, named=named),
        "request_uri_parameter_supported": False,
        "userinfo_endpoint": f"{config.graph_url}/oidc/userinfo" if v2 else f"{base}/openid/userinfo",
        "authorization_endpoint": f"{oauth2}/authorize",
        "device_authorization_endpoint": f"{oauth2}/devicecode",
        "http_logout_supported": True,
        "frontchannel_logout_supported": True,
        "end_session_endpoint": f"{oauth2}/logout",
        "claims_supported": list(_CLAIMS_V2 if v2 else _CLAIMS_V1),
        "kerberos_endpoint": f"{base}/kerberos",
        "tenant_region_scope": None if named != tenant else "EU",
        "cloud_instance_name": CLOUD,
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": config.graph_url.removeprefix("https://"),
        "rbac_url": "https://pas.windows.net",
    }
    if config.fault("configuration-without-userinfo"):
        del document["userinfo_endpoint"]
    if not v2:
        document |= {"check_session_iframe": f"{oauth2}/checksession", "microsoft_multi_refresh_token": True}
    return document


def issuer(config: EntraConfig, *, v2: bool, named: str = "") -> str:
    """Return who issues the tenant's tokens: the public name, unless the double goes by names of its own.

    `named` stands in the place of the tenant's id, as in the documents of `common`.
    """
    tenant = named or str(config.tenant_id)
    if v2:
        return f"{config.login_url}/{tenant}/v2.0"
    return f"https://sts.windows.net/{tenant}/" if config.login_url == LOGIN_URL else f"{config.login_url}/{tenant}/"


def keys(authority: Authority, *, tenant_issuer: str = "", certificates: bool = True, thumbprint: str = "") -> Document:
    """Return the key that tokens are signed with as a JWK set (RFC 7517, 5); v2.0's names the issuer it is of."""
    numbers = authority.token_key.public_key().public_numbers()
    return {
        "keys": [
            {
                "kty": "RSA",
                "use": "sig",
                "kid": authority.token_key_id,
                "x5t": thumbprint or authority.token_key_id,
                "n": _number(numbers.n),
                "e": _number(numbers.e),
                **({"x5c": [authority.token_certificate]} if certificates else {}),
                **({"issuer": tenant_issuer} if tenant_issuer else {}),
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
