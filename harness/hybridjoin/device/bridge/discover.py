"""What Verify does: read the metadata document, and reach the keys that it names."""

from __future__ import annotations

from hybridjoin.device.bridge.console import Console
from hybridjoin.device.bridge.endings import BridgeBuilder, ended, exchange, reading
from hybridjoin.device.needs import Flow, Send
from hybridjoin.model.exchange import HttpReply, HttpRequest
from hybridjoin.model.flows import BRIDGE
from hybridjoin.model.steps import Step, StepRow
from hybridjoin.protocol import openid
from hybridjoin.protocol.address import split_address
from hybridjoin.protocol.openid import KeySet, OpenIdConfiguration

_OPENID = BRIDGE.row(Step.OPENID)
_KEYS = BRIDGE.row(Step.KEYS)
_COPY = "copy the OpenID Connect metadata document's URL from the tenant's Endpoints once more, for v2.0"


def fetch_configuration(console: Console, builder: BridgeBuilder) -> Flow[OpenIdConfiguration]:
    """Read the metadata document; the addresses that the sign-in cannot go on without have to be in it.

    Raises:
        StepFailed: it does not come, is none, or lacks an address.
    """
    reply = yield from _get(_OPENID, console.relying_party.discovery_url, remedy=_COPY)
    with reading(builder, _OPENID, remedy=_COPY):
        found = openid.parse_configuration(reply.body)
    builder.keep(configuration=found)
    lacking = [name for name, address in found.endpoints if split_address(address).scheme != "https"]
    if lacking:
        raise ended(_OPENID, f"the metadata document names no https address for {', '.join(lacking)}", remedy=_COPY)
    return found


def fetch_keys(found: OpenIdConfiguration, builder: BridgeBuilder) -> Flow[KeySet]:
    """Fetch the keys that tokens are signed with.

    Raises:
        StepFailed: they do not come, or are no key set.
    """
    remedy = "look whether a firewall lets the bridge reach jwks_uri"
    reply = yield from _get(_KEYS, found.jwks_uri, remedy=remedy)
    with reading(builder, _KEYS, remedy=remedy):
        keys = openid.parse_keys(reply.body)
    builder.keep(keys=keys)
    return keys


def _get(at: StepRow, url: str, *, remedy: str) -> Flow[HttpReply]:
    request = HttpRequest(method="GET", url=url, headers=(("Accept", "application/json"),))
    reply = yield from exchange(Send(request=request, at=at))
    if reply.status != 200:
        raise ended(at, f"{url} answered HTTP {reply.status}", remedy=remedy)
    return reply
