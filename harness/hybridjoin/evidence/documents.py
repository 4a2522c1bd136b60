"""The parts that a document brings which somebody hands in, without any flow around it."""

from __future__ import annotations

from datetime import datetime

from hybridjoin.evidence.facts import GatheredAt
from hybridjoin.evidence.parts import Parts
from hybridjoin.intake.federation import FederationSettings
from hybridjoin.protocol.mex import MexDocument, choose_windows
from hybridjoin.protocol.rstr import TokenResponse


def metadata_parts(document: MexDocument) -> Parts:
    """Return the parts of a metadata document: itself, and the endpoint that Windows would choose in it."""
    return Parts.of(document, choose_windows(document))


def federation_parts(
    settings: FederationSettings,
    *,
    now: datetime,
    document: MexDocument | None = None,
    response: TokenResponse | None = None,
) -> Parts:
    """Return the parts of a domain's federation settings, and of what they are to be compared with."""
    return Parts.of(
        settings,
        GatheredAt(at=now),
        document,
        choose_windows(document) if document is not None else None,
        response,
        response.assertion if response is not None else None,
    )
