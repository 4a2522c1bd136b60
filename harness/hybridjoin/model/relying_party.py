"""What a bridge is told that lets people sign in through Entra: the fields of its own console."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class GroupsFrom(StrEnum):
    """Where a bridge looks for a person's groups."""

    ID_TOKEN = "id-token"
    ACCESS_TOKEN = "access-token"
    USERINFO = "userinfo"
    GRAPH_ME = "graph-me"
    GRAPH_USER = "graph-user"
    GRAPH_ALL = "graph-all"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingParty:
    """A bridge as its console describes it; the client secret is not in it.

    `discovery_url` is the OpenID Connect metadata document, `response_mode` how the answer comes back (query or
    form_post), `secret_by` how the secret is shown (post or basic), `pkce` whether a code_challenge is sent.
    """

    client_id: str
    discovery_url: str
    redirect_uri: str
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    response_mode: str = "query"
    secret_by: str = "post"
    pkce: bool = False
    groups_from: GroupsFrom = GroupsFrom.ID_TOKEN
