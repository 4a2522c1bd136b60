"""What any flow leaves behind when a device has gone through it, or had to stop in the middle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from hybridjoin.device.driver import Hands, Logbook, drive
from hybridjoin.device.needs import Flow
from hybridjoin.errors import LabError
from hybridjoin.evidence.flow import FlowEvidence
from hybridjoin.model.exchange import Transcript

EvidenceT = TypeVar("EvidenceT", bound=FlowEvidence)
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


class Gathering(Protocol[EvidenceT_co]):
    """What a flow gathers its evidence in."""

    @property
    def so_far(self) -> EvidenceT_co | None:
        """What was reached until now; None before the flow has begun."""


def driven(
    flow: Flow[EvidenceT],
    hands: Hands,
    logbook: Logbook,
    gathering: Gathering[EvidenceT],
    interrupted: type[FlowInterrupted],
) -> EvidenceT:
    """Drive a flow to its end.

    Raises:
        FlowInterrupted: the surroundings failed; it is of the flow's own kind, and what was done is in it.
    """
    try:
        return drive(flow, hands, logbook=logbook)[0]
    except LabError as error:
        done = FlowRun(evidence=gathering.so_far, transcript=logbook.transcript)
        raise interrupted(error, done) from error
