"""What the IdP publishes of itself: no browser asks for it, Entra does, to follow a certificate that is renewed.

It is asked for before the IdP has been visited, so that no cookie of a sign-in goes along, as none does from Entra.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urljoin

from hybridjoin.device.browser.context import FEDERATION_METADATA, BrowserBuilder, BrowserContext
from hybridjoin.device.needs import Flow, Now, ReadSignature, Send, ask
from hybridjoin.errors import PeerError
from hybridjoin.evidence.browser import PublishedMetadata
from hybridjoin.model.exchange import HttpReply, HttpRequest
from hybridjoin.protocol.federation_metadata import METADATA_PATH, looks_like_metadata, parse_federation_metadata

# Certificate and signature are masked in the record: what is behind them stands elsewhere there.
_COLUMN = re.compile(r", line \d+, column \d+")


def look_up_publication(context: BrowserContext, builder: BrowserBuilder, address: str) -> Flow[None]:
    """Keep what stands at the address that the site file names, else at the usual one of the passive host."""
    named = context.site.idp.federation_metadata_url
    url = named or urljoin(address, METADATA_PATH)
    with builder.tolerating(FEDERATION_METADATA.step):
        request = HttpRequest(method="GET", url=url, headers=(("Accept", "application/samlmetadata+xml, text/xml"),))
        reply = yield from ask(Send(request=request, at=FEDERATION_METADATA))
        published = _read(url, reply, named=bool(named), issuer=context.site.idp.issuer)
        builder.keep(published=published)
        if published.document is not None:
            need = ReadSignature(
                assertion_xml=reply.body,
                assertion_id=published.document.document_id,
                trusted_certificates=context.site.idp.signing_certificates,
                issued_at=(yield from ask(Now())),
            )
            builder.keep(published=replace(published, signature=(yield from ask(need))))


def _read(url: str, reply: HttpReply, *, named: bool, issuer: str) -> PublishedMetadata:
    """Read the answer; what is no metadata is told by whoever judges it."""
    blank = PublishedMetadata(
        url=url, named=named, status=reply.status, content_type=reply.header("content-type") or ""
    )
    if reply.status != 200:
        return replace(blank, problem=f"HTTP {reply.status}")
    meant = looks_like_metadata(reply.body)
    try:
        document = parse_federation_metadata(reply.body, wanted=issuer)
    except PeerError as error:
        return replace(blank, meant=meant, problem=_COLUMN.sub("", error.problem))
    return replace(blank, meant=meant, document=document)
