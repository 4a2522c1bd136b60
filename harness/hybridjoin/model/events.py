"""What the engine tells while it runs: one kind of events, whatever is being carried out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from hybridjoin.model.record import ScenarioRecord
from hybridjoin.model.verdict import Outcome


class JobKind(StrEnum):
    """What a job is: a scenario of a file; in a certification, one way through a flow, or one probe."""

    SCENARIO = "scenario"
    FLOW = "flow"
    PROBE = "probe"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStarted:
    """A job begins; `total` is how many are known of by now.

    `name` is a scenario's id, what a device sets out to do, or a probe's id.
    """

    name: str
    kind: JobKind
    number: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFinished:
    """A job is done; `note` says what came of it where that is not plain, `record` is what a scenario left behind."""

    name: str
    kind: JobKind
    outcome: Outcome
    elapsed_s: float
    number: int
    total: int
    note: str = ""
    record: ScenarioRecord | None = None


Event = JobStarted | JobFinished
OnEvent = Callable[[Event], None]


def silent(event: Event) -> None:
    """Listen to nothing."""
    del event


def to_all(*listeners: OnEvent) -> OnEvent:
    """Return a listener that tells several, in their order."""

    def tell(event: Event) -> None:
        for listener in listeners:
            listener(event)

    return tell
