"""What a leave brought to light: records read it by name, checks by type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hybridjoin.evidence.facts import GatheredAt
from hybridjoin.evidence.outcome import Failure, FlowOutcome
from hybridjoin.evidence.parts import Parts
from hybridjoin.model.flows import LEAVE
from hybridjoin.model.record import LeaveResult
from hybridjoin.model.steps import Step
from hybridjoin.protocol.enrolment import EnrolmentError, Removal


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredDevice:
    """The device that leaves, by the id that its certificate names."""

    device_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveEvidence:
    """The parsed evidence of one leave; what was never reached is None."""

    result: LeaveResult
    device: RegisteredDevice
    client_request_id: str
    started_at: datetime
    removal: Removal | None = None
    enrolment_error: EnrolmentError | None = None
    unreadable: tuple[tuple[Step, str], ...] = ()
    failure: Failure | None = None

    @property
    def parts(self) -> Parts:
        """What checks are asked about, each part by its type."""
        return Parts.of(
            self.result,
            self.device,
            FlowOutcome(flow=LEAVE.name, failure=self.failure, unreadable=self.unreadable),
            GatheredAt(at=self.started_at),
            self.removal,
            self.enrolment_error,
        )
