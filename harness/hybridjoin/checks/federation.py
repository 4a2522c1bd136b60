"""Judges a domain's federation settings on their own, or against metadata and an assertion where they are given."""

from __future__ import annotations

from datetime import datetime

from hybridjoin.checks.rules import BOOK
from hybridjoin.checks.rules.fed.certificates import registered_certificates
from hybridjoin.checks.verdicts import judge
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.intake.federation import FederationSettings
from hybridjoin.model.record import JoinResult
from hybridjoin.model.verdict import Verdict
from hybridjoin.protocol.mex import MexDocument, choose_windows
from hybridjoin.protocol.rstr import TokenResponse

_AREA = "FED"


def federation_findings(
    settings: FederationSettings,
    *,
    now: datetime,
    mex: MexDocument | None = None,
    response: TokenResponse | None = None,
) -> tuple[Verdict, ...]:
    """Ask every requirement about federation settings; what was not given to compare with is skipped."""
    evidence = JoinEvidence(
        result=JoinResult.FAILED,
        client_request_id="",
        started_at=now,
        fallback_enabled=False,
        applies_to="",
        issuer=settings.issuer_uri,
        signing_certificates=registered_certificates(settings),
        federation=settings,
        mex=mex,
        endpoint=choose_windows(mex) if mex is not None else None,
        response=response,
    )
    return judge(evidence, sorted((item for item in BOOK if item.area == _AREA), key=lambda item: item.id))
