"""One device's way through one flow, kept whatever came of it, and the pure end of it: what it is judged to be."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hybridjoin import checks
from hybridjoin.checks.requirement import Requirement
from hybridjoin.device.flow_run import FlowInterrupted, FlowRun
from hybridjoin.evidence.flow import FlowEvidence
from hybridjoin.model.record import JoinRecord
from hybridjoin.run.flows import Flow
from hybridjoin.run.steady_clock import STEADY_CLOCK


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A flow that was tried; `cut_off` says what stopped it where lab or machine did."""

    run: FlowRun[Any]
    started_at: datetime
    elapsed_s: float
    cut_off: str = ""

    @property
    def why_failed(self) -> str:
        """Say what stopped it before its end; empty where nothing did."""
        failure = self.run.evidence.failure if self.run.evidence else None
        return self.cut_off or (failure.reason if failure else "")


def attempt(perform: Callable[[], FlowRun[FlowEvidence]]) -> Attempt:
    """Have a flow performed; what was done before the surroundings failed, or the clock was set, is kept."""
    started_at, start = datetime.now(UTC), time.perf_counter()
    run: FlowRun[FlowEvidence]
    cut_off = ""
    try:
        run = perform()
    except FlowInterrupted as trouble:
        run, cut_off = trouble.run, str(trouble)
    elapsed_s = time.perf_counter() - start
    cut_off = STEADY_CLOCK.trouble() or cut_off
    return Attempt(run=run, started_at=started_at, elapsed_s=elapsed_s, cut_off=cut_off)


def judged(
    flow: Flow, device: str, run: FlowRun[Any], requirements: Iterable[Requirement] | None = None
) -> JoinRecord | None:
    """Return the record of a flow: what its evidence is judged to be; None without evidence.

    Nothing is asked, read or sent for it, no clock either, so that a replay from a record comes to the same.
    `requirements` are asked instead of those that the flow alone can answer.
    """
    evidence = run.evidence
    if evidence is None:
        return None
    parts = evidence.parts
    verdicts = flow.judge(parts) if requirements is None else checks.judge(parts, requirements)
    claims = flow.claims(parts)
    return flow.collect(device=device, evidence=evidence, run=run, verdicts=verdicts, claims=claims)
