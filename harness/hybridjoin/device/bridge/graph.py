"""What the access token is for: userinfo, and the user's groups where the bridge asks Graph for them."""

from __future__ import annotations

from hybridjoin.device.bridge.console import Console
from hybridjoin.device.bridge.endings import BridgeBuilder, ended, exchange, reading
from hybridjoin.device.needs import Flow, Send, ask
from hybridjoin.errors import PeerError
from hybridjoin.model.exchange import HttpReply, HttpRequest
from hybridjoin.model.flows import BRIDGE
from hybridjoin.model.relying_party import GroupsFrom
from hybridjoin.model.steps import Step
from hybridjoin.protocol import graph, openid
from hybridjoin.protocol.openid import CodeTokens, OpenIdConfiguration

_USERINFO = BRIDGE.row(Step.USERINFO)
_GROUPS = BRIDGE.row(Step.GROUPS)
_PATHS = {
    GroupsFrom.GRAPH_ME: ("POST", "/v1.0/me/getMemberGroups"),
    GroupsFrom.GRAPH_USER: ("POST", "/v1.0/users/{oid}/getMemberObjects"),
    GroupsFrom.GRAPH_ALL: ("GET", "/v1.0/groups"),
}
_GRAPH = "graph.microsoft.com"


def ask_userinfo(builder: BridgeBuilder, found: OpenIdConfiguration, tokens: CodeTokens) -> Flow[None]:
    """Ask who the user is, with the access token; a provider that names no such address is not asked.

    Raises:
        StepFailed: it is refused, or cannot be read.
    """
    if not found.userinfo_endpoint:
        return
    request = HttpRequest(method="GET", url=found.userinfo_endpoint, headers=_bearer(tokens))
    reply = yield from exchange(Send(request=request, at=_USERINFO))
    if reply.status != 200:
        reason = f"userinfo answered HTTP {reply.status}: {_words(reply)}"
        raise ended(_USERINFO, reason, remedy="ask for the scope openid of Microsoft Graph, and for no other resource")
    with reading(builder, _USERINFO, remedy="look what really answers at userinfo_endpoint"):
        builder.keep(userinfo=openid.parse_userinfo(reply.body))


def ask_groups(console: Console, builder: BridgeBuilder, found: OpenIdConfiguration, tokens: CodeTokens) -> Flow[None]:
    """Ask Graph for groups where the bridge does so; a refusal is kept and ends nothing."""
    asked = _PATHS.get(console.relying_party.groups_from)
    if asked is None:
        return
    method, path = asked
    token = builder.evidence.id_token
    url = f"https://{found.graph_host or _GRAPH}{path.format(oid=token.claim('oid') if token else '')}"
    headers = _bearer(tokens)
    body = b""
    if method == "POST":
        headers, body = (*headers, ("Content-Type", "application/json")), b'{"securityEnabledOnly":true}'
    request = HttpRequest(method=method, url=url, headers=headers, body=body)
    with builder.tolerating(Step.GROUPS):
        reply = yield from ask(Send(request=request, at=_GROUPS))
        builder.keep(groups=graph.parse_groups(reply))


def _bearer(tokens: CodeTokens) -> tuple[tuple[str, str], ...]:
    return (("Accept", "application/json"), ("Authorization", f"Bearer {tokens.access_token}"))


def _words(reply: HttpReply) -> str:
    """Return Graph's own word for a refusal."""
    try:
        return graph.parse_groups(reply).refusal
    except PeerError:
        return reply.reason or "no word why"
