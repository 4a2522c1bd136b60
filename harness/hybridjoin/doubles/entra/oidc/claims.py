"""What tokens say of a person: the id_token for the application, the access token for Microsoft Graph, and groups."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid5

from hybridjoin.doubles.entra.applications import Application
from hybridjoin.doubles.entra.authority import Authority
from hybridjoin.doubles.entra.config import EntraConfig
from hybridjoin.doubles.entra.oidc.asked import Asked
from hybridjoin.doubles.entra.openid import issuer
from hybridjoin.doubles.entra.resources import GRAPH, application_of, audience_of
from hybridjoin.doubles.entra.tenant import SyncedGroup, SyncedUser, Tenant
from hybridjoin.doubles.entra.tokens import LIFETIME_S, BadToken, Claims, check_times, sign, verify

BACKDATED_S = 300
GROUPS_AT_MOST = 200
"""How many groups a JSON Web Token may carry (Microsoft: groups overage claim)."""
# The role that every member of a tenant has, which `wids` tells of whoever has no other.
_MEMBER_ROLE = "b79fbf4d-3ef9-4689-8143-76b194e85509"
_NONCE = "nonce"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Who signed in for what, and when the tokens are made."""

    tenant: Tenant
    asked: Asked
    user: SyncedUser
    permissions: tuple[str, ...]
    now: datetime

    @property
    def oid(self) -> str:
        """The person's object id."""
        return self.tenant.cloud_id(self.user.object_guid)

    @property
    def sub(self) -> str:
        """The person's name towards this application alone."""
        return pairwise(self.oid, self.asked.application.client_id)


def pairwise(oid: str, client_id: str) -> str:
    """Return a subject that two applications cannot compare."""
    return _base64url(hashlib.sha256(f"{oid} {client_id}".encode()).digest())


def id_claims(signed: Signed, *, v1: bool) -> dict[str, object]:
    """Return the id_token's claims (Microsoft: id-token-claims-reference)."""
    asked, user, config = signed.asked, signed.user, signed.tenant.config
    start = int(signed.now.timestamp()) - BACKDATED_S
    claims: dict[str, object] = {
        "aud": asked.application.client_id,
        "iss": issuer(config, v2=not v1),
        "iat": start,
        "nbf": start,
        "exp": start + LIFETIME_S,
        "aio": secrets.token_urlsafe(48),
        "rh": f"1.{secrets.token_urlsafe(32)}.",
        "sub": signed.sub,
        "uti": secrets.token_urlsafe(16),
        "ver": "1.0" if v1 else "2.0",
    }
    if asked.nonce:
        claims["nonce"] = asked.nonce
    if "profile" in asked.scopes or v1:
        named = {"unique_name": user.upn, "upn": user.upn} if v1 else {"preferred_username": user.upn}
        claims |= {"name": user.display_name or user.name, "oid": signed.oid, "tid": str(config.tenant_id), **named}
    mail = "" if config.fault("mail-missing") else user.mail
    if mail and ("email" in asked.scopes or "email" in asked.application.optional_claims):
        claims["email"] = mail
    return bent(config, claims | _optional(asked.application, user) | group_claims(signed))


def bent(config: EntraConfig, claims: dict[str, object]) -> dict[str, object]:
    """Return the claims as the faults that are switched on have them."""
    if config.fault("nonce-lost"):
        claims.pop("nonce", None)
    if config.fault("id-token-of-v1"):
        claims |= {"iss": issuer(config, v2=False), "ver": "1.0"}
    if config.fault("id-token-for-another"):
        claims["aud"] = str(uuid5(config.tenant_id, "another application"))
    if config.fault("id-token-over"):
        claims |= {name: int(str(claims[name])) - 2 * LIFETIME_S for name in ("iat", "nbf", "exp")}
    return claims


def signed_id_token(signed: Signed, authority: Authority) -> str:
    """Return the id_token."""
    config, claims = signed.tenant.config, id_claims(signed, v1=not signed.asked.v2)
    if config.fault("keys-rolled-over"):
        return sign(claims, authority.ca_key, key_id=f"{authority.token_key_id[:-1]}~")
    token = sign(claims, authority.token_key, key_id=authority.token_key_id)
    if config.fault("id-token-touched"):
        head, _, signature = token.split(".")
        other = sign({**claims, "name": "Somebody Else"}, authority.token_key, key_id=authority.token_key_id)
        return f"{head}.{other.split('.')[1]}.{signature}"
    return token


def _optional(application: Application, user: SyncedUser) -> dict[str, object]:
    held = {"upn": user.upn, "family_name": user.family_name, "given_name": user.given_name}
    return {name: held[name] for name in application.optional_claims if held.get(name)}


def group_claims(signed: Signed) -> dict[str, object]:
    """Return what the manifest's groupMembershipClaims brings: ids, a pointer where they are too many, or roles."""
    application = signed.asked.application
    kind = application.group_claims
    roles: dict[str, object] = {"wids": [_MEMBER_ROLE]} if kind in {"DirectoryRole", "All"} else {}
    if kind in {"None", "DirectoryRole"}:
        return roles
    groups = [item for item in _groups(signed) if item.security or kind == "All"]
    if kind == "ApplicationGroup":
        groups = [item for item in groups if item.name in application.assigned_groups]
    ids = [signed.tenant.cloud_id(item.object_guid) for item in groups]
    if len(ids) > GROUPS_AT_MOST:
        endpoint = f"https://graph.windows.net/{signed.tenant.config.tenant_id}/users/{signed.oid}/getMemberObjects"
        return {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": endpoint}}, **roles}
    return ({"groups": ids} if ids else {}) | roles


def _groups(signed: Signed) -> tuple[SyncedGroup, ...]:
    return groups_of(signed.tenant, signed.user)


def groups_of(tenant: Tenant, user: SyncedUser) -> tuple[SyncedGroup, ...]:
    """Return the groups that a person is in, those of the cloud besides."""
    many = tenant.config.fault("many-groups")
    named = (f"Cloud group {number}" for number in range(many.integer("count") if many else 0))
    clouds = (SyncedGroup(name=name, object_guid=uuid5(tenant.config.tenant_id, name)) for name in named)
    return (*tenant.groups_of(user), *clouds)


def access_token(signed: Signed, authority: Authority) -> str:
    """Return the access token for Microsoft Graph.

    Its header holds a nonce that is not the one it was signed with: nobody but Graph can verify it.
    """
    claims, key, key_id = _access_claims(signed), authority.token_key, authority.token_key_id
    if application_of(str(claims["aud"])) != application_of(GRAPH):
        return sign(claims, key, key_id=key_id)
    nonce = secrets.token_urlsafe(32)
    return _reheaded(sign(claims, key, key_id=key_id, extra=_hashed(nonce)), nonce, authority)


def _access_claims(signed: Signed) -> Claims:
    asked, config, start = signed.asked, signed.tenant.config, int(signed.now.timestamp()) - BACKDATED_S
    return {
        "aud": audience_of(asked.resource, v2=asked.v2),
        "iss": issuer(config, v2=False),
        "iat": start,
        "nbf": start,
        "exp": start + LIFETIME_S,
        "acct": 0,
        "acr": "1",
        "amr": ["pwd"],
        "app_displayname": signed.asked.application.display_name,
        "appid": signed.asked.application.client_id,
        "appidacr": "1",
        "idtyp": "user",
        "name": signed.user.display_name or signed.user.name,
        "oid": signed.oid,
        "scp": " ".join(scopes_granted(signed)),
        "sub": pairwise(signed.oid, application_of(signed.asked.resource)),
        "tid": str(config.tenant_id),
        "unique_name": signed.user.upn,
        "upn": signed.user.upn,
        "uti": secrets.token_urlsafe(16),
        "ver": "1.0",
    }


def scopes_granted(signed: Signed) -> tuple[str, ...]:
    """Return what the access token permits: the scopes asked for, and every permission that was consented to."""
    return tuple(
        dict.fromkeys((*(item for item in signed.asked.scopes if item != "offline_access"), *signed.permissions))
    )


def read_access_token(token: str, authority: Authority, *, now: datetime) -> Claims:
    """Return the claims of an access token for Graph, as Graph verifies it.

    Raises:
        BadToken: it is none of ours, or no longer good.
    """
    nonce = _nonce_of(token)
    plain = _reheaded(token, _hashed(nonce)[_NONCE], authority) if nonce else token
    claims = verify(plain, authority.token_key.public_key())
    check_times(claims, now=now)
    return claims


def _hashed(nonce: str) -> Mapping[str, str]:
    return {_NONCE: _base64url(hashlib.sha256(nonce.encode()).digest())}


def _reheaded(token: str, nonce: str, authority: Authority) -> str:
    """Return a token under the header that holds this nonce; its signature stays."""
    header = sign({}, authority.token_key, key_id=authority.token_key_id, extra={_NONCE: nonce}).partition(".")[0]
    return f"{header}.{token.partition('.')[2]}"


def _nonce_of(token: str) -> str:
    head = token.partition(".")[0]
    try:
        found = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except ValueError:
        raise BadToken("it is no JSON Web Token") from None
    return str(found.get(_NONCE, "")) if isinstance(found, dict) else ""


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
