"""Probes of the metadata: asked by message, asked twice, asked a little differently."""

from __future__ import annotations

from hybridjoin.device.habits import USER_AGENT
from hybridjoin.device.needs import Flow, NewId, ask
from hybridjoin.device.probes.asking import ask_metadata
from hybridjoin.device.probes.probe import ProbeContext
from hybridjoin.evidence.probe import ProbeAnswer, ProbeResult
from hybridjoin.model.exchange import HttpRequest
from hybridjoin.protocol import transfer

UNKNOWN_ACTION = "urn:hybridjoin:probe:no-such-action"
_XML = (("Accept", "text/xml, application/xml"),)


def transfer_get(context: ProbeContext) -> Flow[ProbeResult]:
    """Ask by WS-Transfer Get, and by plain GET beside it, so that the two can be compared."""
    asked = yield from _by_message(context, transfer.GET)
    plain = yield from ask_metadata(_get(context, context.metadata_url))
    return ProbeResult(probe="mex-transfer-get", answers=(asked, plain))


def unknown_action(context: ProbeContext) -> Flow[ProbeResult]:
    """Ask for something that a metadata service does not do."""
    return ProbeResult(probe="mex-unknown-action", answers=((yield from _by_message(context, UNKNOWN_ACTION)),))


def twice(context: ProbeContext) -> Flow[ProbeResult]:
    """Fetch the document two times."""
    first = yield from ask_metadata(_get(context, context.metadata_url))
    second = yield from ask_metadata(_get(context, context.metadata_url))
    return ProbeResult(probe="mex-twice", answers=(first, second))


def with_query(context: ProbeContext) -> Flow[ProbeResult]:
    """Fetch it with a parameter that the IdP does not know, as clients add their request id."""
    url = context.metadata_url
    request_id = yield from ask(NewId())
    asked = _get(context, f"{url}{'&' if '?' in url else '?'}client-request-id={request_id}")
    return ProbeResult(probe="mex-query", answers=((yield from ask_metadata(asked, baseline=_get(context, url))),))


def any_accept(context: ProbeContext) -> Flow[ProbeResult]:
    """Fetch it saying that anything is welcome, and once saying nothing."""
    url = context.metadata_url
    anything = HttpRequest(method="GET", url=url, headers=(*context.agent_header, ("Accept", "*/*")))
    first = yield from ask_metadata(anything, baseline=_get(context, url))
    nothing = HttpRequest(method="GET", url=url, headers=context.agent_header)
    second = yield from ask_metadata(nothing, baseline=_get(context, url))
    return ProbeResult(probe="mex-accept", answers=(first, second))


def other_agent(context: ProbeContext) -> Flow[ProbeResult]:
    """Fetch it under the name of Windows' token client, and under none."""
    named = HttpRequest(method="GET", url=context.metadata_url, headers=(("User-Agent", USER_AGENT), *_XML))
    windows = yield from ask_metadata(named)
    nobody = yield from ask_metadata(HttpRequest(method="GET", url=context.metadata_url, headers=_XML))
    return ProbeResult(probe="mex-other-agent", answers=(windows, nobody))


def twin(context: ProbeContext) -> Flow[ProbeResult]:
    """Fetch the document in use and the other one that the IdP publishes."""
    mine = yield from ask_metadata(_get(context, context.metadata_url))
    other = yield from ask_metadata(_get(context, context.twin_metadata_url))
    return ProbeResult(probe="mex-twin", answers=(mine, other))


def _get(context: ProbeContext, url: str) -> HttpRequest:
    return HttpRequest(method="GET", url=url, headers=(*context.agent_header, *_XML))


def _by_message(context: ProbeContext, action: str) -> Flow[ProbeAnswer]:
    message_id = f"urn:uuid:{yield from ask(NewId())}"
    requests = [
        HttpRequest(
            method="POST",
            url=context.metadata_url,
            headers=(*context.agent_header, ("Content-Type", transfer.CONTENT_TYPE)),
            body=transfer.build_get(to=context.metadata_url, message_id=message_id, action=item),
        )
        for item in (action, transfer.GET)
    ]
    baseline = requests[1] if action != transfer.GET else None
    return (yield from ask_metadata(requests[0], message_id=message_id, baseline=baseline))
