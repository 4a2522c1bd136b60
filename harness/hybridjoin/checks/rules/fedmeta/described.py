"""What the requirements of the federation metadata judge: the document, and the token service described in it."""

from __future__ import annotations

from hybridjoin.checks.silence import inapplicable, judged_elsewhere
from hybridjoin.evidence.browser import PublishedMetadata
from hybridjoin.protocol.federation_metadata import FederationMetadata, FederationRole

BY_HAND = "Entra is told of a new certificate by hand then (Update-MgDomainFederationConfiguration)"


def document_of(published: PublishedMetadata) -> FederationMetadata:
    """Return the document.

    Raises:
        Silence: there is none, which no source calls a fault, or it cannot be read.
    """
    if published.document is not None:
        return published.document
    if published.named or published.meant:
        raise judged_elsewhere("FEDMETA-01", f"the federation metadata cannot be read: {published.problem}")
    raise inapplicable(f"no federation metadata stands at {published.url} ({published.problem}): {BY_HAND}")


def service_of(published: PublishedMetadata) -> FederationRole:
    """Return the role of the security token service.

    Raises:
        Silence: there is no document, or no such role in it.
    """
    service = document_of(published).token_service
    if service is None:
        raise judged_elsewhere("FEDMETA-03", "it describes no security token service")
    return service
