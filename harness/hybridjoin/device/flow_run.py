"""What any flow leaves behind when a device has gone through it, or had to stop in the middle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from hybridjoin.errors import LabError
from hybridjoin.evidence.outcome import Failure
from hybridjoin.evidence.parts import Parts
from hybridjoin.model.exchange import Transcript


class FlowEvidence(Protocol):
    """What a flow brought to light; each flow has a class of its own, with everything it may come to."""

    @property
    def parts(self) -> Parts:
        """What checks are asked about."""

    @property
    def judged_at(self) -> datetime:
        """The device's time at which all of it is judged, whenever that is done."""

    @property
    def failure(self) -> Failure | None:
        """What ended the flow before its end."""


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
