"""The scheduled task's attempts: each an hour after the other on a clock that jumps, until one comes to its end.

Nothing waits, for nothing that is tried here takes an hour of anybody's time: what changes between two attempts is
whether a cycle of Entra Connect has run since, and that is run when the clock has come so far. The place stays what it
is meanwhile: what an attempt has written to the directory, and what the tenant knows, is there for the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from hybridjoin.model.dialled import AttemptRecord
from hybridjoin.model.record import JoinRecord
from hybridjoin.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One attempt, `after_s` seconds after the first; `cycle` says that Entra Connect has run since the last one."""

    after_s: float
    cycle: bool
    last: bool


def tries(scenario: Scenario) -> Iterator[Try]:
    """Yield the attempts that a scenario may make; one that does not try again makes one."""
    plan = scenario.retries
    if plan is None:
        yield Try(after_s=0.0, cycle=False, last=True)
        return
    synced = plan.synced_after_s <= 0
    for number in range(plan.most):
        after_s = number * plan.every_s
        cycle = not synced and after_s >= plan.synced_after_s
        synced = synced or cycle
        yield Try(after_s=after_s, cycle=cycle, last=number == plan.most - 1)


def at_first(scenario: Scenario) -> Scenario:
    """Return the scenario as it begins: where a cycle is waited for, Entra Connect has not seen the computer yet."""
    plan = scenario.retries
    if plan is None or plan.synced_after_s <= 0 or scenario.dial:
        return scenario  # a computer that the dial puts in its place is told by the dial whether it was seen
    connect = scenario.entra.get("connect")
    settings = dict(connect) if isinstance(connect, Mapping) else {}
    return replace(scenario, entra={**scenario.entra, "connect": {**settings, "late": [scenario.device.name]}})


def attempt_record(after_s: float, join: JoinRecord | None, trouble: str) -> AttemptRecord:
    """Return what is kept of an attempt: of one that fell back, why the fallback failed."""
    if join is None:
        return AttemptRecord(after_s=after_s, result="", reason=trouble)
    failure = None if join.wanted else join.fallback_failure or join.failure
    return AttemptRecord(
        after_s=after_s,
        result=join.result.value,
        step=failure.step.value if failure else "",
        reason=failure.reason if failure else trouble,
        codes=tuple(code.code for code in failure.codes) if failure else (),
    )
