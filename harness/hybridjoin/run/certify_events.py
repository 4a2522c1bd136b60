"""What a certification tells while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hybridjoin.model.verdict import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class StageStarted:
    """A join or a probe begins; `total` is how many are known of by now."""

    name: str
    number: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFinished:
    """A join or a probe is done; `note` says why where it came to nothing."""

    name: str
    outcome: Outcome
    elapsed_s: float
    number: int
    total: int
    note: str = ""


Stage = StageStarted | StageFinished
OnStage = Callable[[Stage], None]


def unheard(stage: Stage) -> None:
    """Listen to nothing."""
    del stage
