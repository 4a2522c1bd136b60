"""Fetching the IdP's metadata: the same for every flow that goes through WS-Trust."""

from __future__ import annotations

from hybridjoin.device.needs import Flow, Send
from hybridjoin.device.steps.evidence_builder import Evidence, EvidenceBuilder, StepFailed
from hybridjoin.device.steps.failures import demand, failure
from hybridjoin.model.exchange import Headers, HttpRequest
from hybridjoin.model.steps import StepRow
from hybridjoin.protocol import mex, windows
from hybridjoin.protocol.address import split_address
from hybridjoin.protocol.mex import MexDocument

_SET_MEX_URI = "set the federated domain's metadataExchangeUri to the IdP's https metadata URL"


def fetch_metadata(
    builder: EvidenceBuilder[Evidence], at: StepRow, url: str, *, headers: Headers = ()
) -> Flow[MexDocument]:
    """Fetch and read the metadata; an empty `url` says that nobody named one, `headers` are the client's own.

    Raises:
        StepFailed: there is no URL that may be asked, or what it serves is no metadata.
    """
    if not url:
        reason = "the user realm names no metadata URL"
        raise StepFailed(failure(at, reason, windows.code(0xCAA9001A), remedy=_SET_MEX_URI))
    if split_address(url).scheme != "https":
        reason = f"the metadata URL {url} is not https"
        raise StepFailed(failure(at, reason, windows.code(0xCAA90020), remedy=_SET_MEX_URI))
    request = HttpRequest(method="GET", url=url, headers=(*headers, ("Accept", "text/xml, application/xml")))
    reply = yield from demand(Send(request=request, at=at))
    if reply.status != 200:
        reason = f"the metadata URL {url} answered HTTP {reply.status}"
        remedy = "open the URL in a browser; it needs no sign-in"
        raise StepFailed(failure(at, reason, windows.http_status(reply.status), remedy=remedy))
    return builder.read(
        at,
        lambda: mex.parse_mex(reply.body),
        lambda error: failure(
            at,
            f"the metadata cannot be read: {error.problem}",
            windows.code(0xCAA9002C),
            remedy="look what the URL really serves",
        ),
    )
