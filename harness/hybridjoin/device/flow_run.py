"""What any flow leaves behind when a device has gone through it, or had to stop in the middle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from hybridjoin.errors import LabError
from hybridjoin.evidence.flow import FlowEvidence
from hybridjoin.model.exchange import Transcript

EvidenceT_co = TypeVar("EvidenceT_co", bound=FlowEvidence, covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRun(Generic[EvidenceT_co]):
    """What one way through a flow brought to light, and the screens that Windows shows after it, where it has any.

    `evidence` is None where the surroundings failed before the flow began.
    """

    evidence: EvidenceT_co | None
    transcript: Transcript
    debug_screen: tuple[str, ...] = ()
    status_screen: tuple[str, ...] = ()


class FlowInterrupted(LabError):
    """The surroundings failed in the middle of a flow; `run` is what had been done until then."""

    def __init__(self, cause: LabError, run: FlowRun[FlowEvidence]) -> None:
        super().__init__(cause.cause, remedy=cause.remedy, log_tail=cause.log_tail)
        self.run = run
