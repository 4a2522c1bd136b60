"""Judges a domain's federation settings on their own, or against metadata and an assertion where they are given."""

from __future__ import annotations

from datetime import datetime

from harness.checks.rules import BOOK
from harness.checks.verdicts import judge
from harness.model.record import JoinResult
from harness.model.verdict import Verdict
from harness.protocol.certificate_text import CertificateReading, read_certificate
from harness.protocol.evidence import Evidence
from harness.protocol.federation import FederationSettings
from harness.protocol.mex import MexDocument, choose_windows
from harness.protocol.rstr import TokenResponse
from harness.protocol.signature import read_signature

_AREA = "FED"


def federation_findings(
    settings: FederationSettings,
    *,
    now: datetime,
    mex: MexDocument | None = None,
    response: TokenResponse | None = None,
) -> tuple[Verdict, ...]:
    """Ask every requirement about federation settings; what was not given to compare with is skipped."""
    certificates = registered_certificates(settings)
    assertion = response.assertion if response is not None else None
    signature = None
    if response is not None and assertion is not None:
        signature = read_signature(
            response.assertion_xml,
            assertion_id=assertion.assertion_id,
            trusted_certificates=certificates,
            issued_at=assertion.issue_instant,
        )
    evidence = Evidence(
        result=JoinResult.FAILED,
        client_request_id="",
        started_at=now,
        fallback_enabled=False,
        applies_to="",
        issuer=settings.issuer_uri,
        signing_certificates=certificates,
        federation=settings,
        mex=mex,
        endpoint=choose_windows(mex) if mex is not None else None,
        response=response,
        signature=signature,
    )
    return judge(evidence, sorted((item for item in BOOK if item.area == _AREA), key=lambda item: item.id))


def registered_certificates(settings: FederationSettings) -> tuple[bytes, ...]:
    """Return the certificates that Entra verifies with, in DER: the present one and the next."""
    texts = (settings.signing_certificate, settings.next_signing_certificate)
    readings = (read_certificate(text) for text in texts if text)
    return tuple(item.der for item in readings if isinstance(item, CertificateReading))
