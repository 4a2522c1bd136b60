"""Microsoft Graph, as far as a sign-in needs it: userinfo, and the groups of the one who signed in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hybridjoin.doubles.entra.answer import Answer, compact
from hybridjoin.doubles.entra.authority import Authority
from hybridjoin.doubles.entra.errors import Exchange
from hybridjoin.doubles.entra.oidc.claims import pairwise, read_access_token
from hybridjoin.doubles.entra.resources import GRAPH, application_of
from hybridjoin.doubles.entra.tenant import SyncedGroup, SyncedUser, Tenant
from hybridjoin.doubles.entra.tokens import BadToken, Claims

# Who may read groups of somebody else, or all of them (Microsoft: Microsoft Graph permissions reference).
READ_GROUPS = frozenset({"GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"})
READ_OWN = READ_GROUPS | {"User.Read", "User.Read.All"}
PAGE = 100


class GraphRefused(Exception):
    """Graph refuses: an HTTP status, its own word for it, and a sentence."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whose token was shown, to whom it was issued, and what it permits."""

    user: SyncedUser
    client_id: str
    scopes: frozenset[str]

    def need(self, permissions: frozenset[str]) -> None:
        """Demand one of some permissions.

        Raises:
            GraphRefused: the token carries none of them.
        """
        if self.scopes.isdisjoint(permissions):
            words = "Insufficient privileges to complete the operation."
            raise GraphRefused(403, "Authorization_RequestDenied", words)


def find_caller(tenant: Tenant, authority: Authority, authorization: str, *, now: datetime) -> Caller:
    """Return whose token it is.

    Raises:
        GraphRefused: there is none, or it is not for Graph.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise GraphRefused(401, "InvalidAuthenticationToken", "Access token is empty.")
    try:
        claims = read_access_token(token, authority, now=now)
    except BadToken:
        raise GraphRefused(401, "InvalidAuthenticationToken", "Access token validation failure.") from None
    if application_of(str(claims.get("aud"))) != application_of(GRAPH):
        words = "Access token validation failure. Invalid audience."
        raise GraphRefused(401, "InvalidAuthenticationToken", words)
    return _caller(tenant, claims)


def _caller(tenant: Tenant, claims: Claims) -> Caller:
    user = next((item for item in tenant.users if tenant.cloud_id(item.object_guid) == claims.get("oid")), None)
    if user is None:
        raise GraphRefused(401, "InvalidAuthenticationToken", "The user or administrator has not consented.")
    return Caller(user=user, client_id=str(claims["appid"]), scopes=frozenset(str(claims.get("scp", "")).split()))


def userinfo(tenant: Tenant, caller: Caller) -> dict[str, object]:
    """Return what OpenID Connect's userinfo says, and never more (Microsoft: UserInfo endpoint)."""
    caller.need(frozenset({"openid"}))
    user, config = caller.user, tenant.config
    told = "email" in caller.scopes and not config.fault("mail-missing")
    whom = "somebody else" if config.fault("userinfo-of-another") else tenant.cloud_id(user.object_guid)
    found = {
        "sub": pairwise(whom, caller.client_id),
        "name": user.display_name or user.name,
        "family_name": user.family_name,
        "given_name": user.given_name,
        "picture": f"{tenant.config.graph_url}/v1.0/me/photo/$value",
        "email": user.mail if told else "",
    }
    return {name: value for name, value in found.items() if value}


def member_ids(tenant: Tenant, groups: tuple[SyncedGroup, ...], body: bytes) -> dict[str, object]:
    """Answer getMemberGroups and getMemberObjects: ids alone.

    Raises:
        GraphRefused: the body does not say which groups are meant.
    """
    try:
        asked = json.loads(body or b"{}")
    except ValueError:
        asked = None
    if not isinstance(asked, Mapping) or not isinstance(asked.get("securityEnabledOnly"), bool):
        raise GraphRefused(400, "Request_BadRequest", "A value must be provided for parameter 'securityEnabledOnly'.")
    found = [item for item in groups if item.security or not asked["securityEnabledOnly"]]
    return {
        "@odata.context": f"{tenant.config.graph_url}/v1.0/$metadata#Collection(Edm.String)",
        "value": [tenant.cloud_id(item.object_guid) for item in found],
    }


def group_page(
    tenant: Tenant, groups: tuple[SyncedGroup, ...], path: str, query: Mapping[str, str]
) -> dict[str, object]:
    """Return a page of group objects, and where the next one is.

    Raises:
        GraphRefused: there can be no such page.
    """
    skip = query.get("$skiptoken", "0")
    top = query.get("$top", str(PAGE))
    if not (re.fullmatch(r"\d{1,6}", skip, re.ASCII) and re.fullmatch(r"[1-9]\d{0,2}", top, re.ASCII)):
        raise GraphRefused(400, "BadRequest", "Invalid paging parameters.")
    start, size = int(skip), int(top)
    page: dict[str, object] = {
        "@odata.context": f"{tenant.config.graph_url}/v1.0/$metadata#directoryObjects",
        "value": [
            {
                "@odata.type": "#microsoft.graph.group",
                "id": tenant.cloud_id(item.object_guid),
                "displayName": item.name,
                "securityEnabled": item.security,
            }
            for item in groups[start : start + size]
        ],
    }
    if start + size < len(groups):
        page["@odata.nextLink"] = f"{tenant.config.graph_url}{path}?$top={size}&$skiptoken={start + size}"
    return page


def refused(refusal: GraphRefused, exchange: Exchange) -> Answer:
    """Write Graph's error."""
    body = {
        "error": {
            "code": refusal.code,
            "message": refusal.message,
            "innerError": {
                "date": f"{exchange.now:%Y-%m-%dT%H:%M:%S}",
                "request-id": exchange.trace_id,
                "client-request-id": exchange.correlation_id,
            },
        }
    }
    headers = {"WWW-Authenticate": 'Bearer realm=""'} if refusal.status == 401 else {}
    return Answer(status=refusal.status, body=compact(body), code=refusal.code, headers=headers)
