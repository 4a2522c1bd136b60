"""What the device was told before it starts to join."""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.device.habits import Habits
from hybridjoin.device.identity import Identity
from hybridjoin.device.steps.evidence_builder import EvidenceBuilder
from hybridjoin.device.steps.registration import drs_headers
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.site import Site

JoinBuilder = EvidenceBuilder[JoinEvidence]


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinContext:
    """Who the device is, where it is, how it behaves: nothing here changes while it joins."""

    identity: Identity
    site: Site
    habits: Habits

    def drs_headers(self, request_id: str) -> tuple[tuple[str, str], ...]:
        """Return the headers of every request to the registration service."""
        return drs_headers(self.habits, request_id)
