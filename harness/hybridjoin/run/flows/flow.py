"""What the engine needs of a flow, whichever door of a federated domain it goes through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from hybridjoin.device.driver import Hands
from hybridjoin.device.flow_run import FlowRun
from hybridjoin.evidence.flow import FlowEvidence
from hybridjoin.evidence.parts import Parts
from hybridjoin.model.circumstances import Circumstances
from hybridjoin.model.record import JoinRecord
from hybridjoin.model.site import Site
from hybridjoin.model.steps import FlowTable
from hybridjoin.model.verdict import ClaimRow, Verdict
from hybridjoin.scenario.scenario import Scenario

Perform = Callable[[Site, Scenario], FlowRun[FlowEvidence]]
Again = Callable[[Hands, Circumstances], FlowRun[FlowEvidence]]


class Collect(Protocol):
    """Writes one way through a flow down as plain data."""

    def __call__(
        self,
        *,
        device: str,
        evidence: Any,  # noqa: ANN401 - the flow's own class
        run: FlowRun[Any],
        verdicts: tuple[Verdict, ...],
        claims: tuple[ClaimRow, ...],
    ) -> JoinRecord:
        """Return the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One flow, as the engine needs it.

    `table` are its steps, `called` is the name of whom a scenario sends through it. `perform` does so at a site, as the
    scenario bends it, and raises FlowInterrupted with what was done where the surroundings fail. `judge` asks every
    requirement that the flow alone can answer, `claims` holds the claims of its assertion against the directory,
    `collect` writes it down. `again` goes through it once more, with hands that answer from a record and what was told
    beforehand; a record of a flow without it cannot be judged again.
    """

    table: FlowTable
    called: Callable[[Scenario], str]
    perform: Perform
    judge: Callable[[Parts], tuple[Verdict, ...]]
    claims: Callable[[Parts], tuple[ClaimRow, ...]]
    collect: Collect
    again: Again | None = None

    @property
    def name(self) -> str:
        """What a scenario file calls it."""
        return self.table.name
