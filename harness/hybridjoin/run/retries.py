"""The scheduled task's attempts: each an hour after the other on a clock that jumps, until one comes to its end.

Nothing waits, for nothing that is tried here takes an hour of anybody's time: what changes between two attempts is
whether Entra Connect has synchronized the computer by then, and that is a setting of the Entra double.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from hybridjoin.model.dialled import AttemptRecord
from hybridjoin.model.record import JoinRecord
from hybridjoin.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One attempt: the scenario as it is at that time, `after_s` seconds after the first."""

    scenario: Scenario
    after_s: float
    last: bool


def tries(scenario: Scenario) -> Iterator[Try]:
    """Yield the attempts that a scenario may make; one that does not try again makes one."""
    plan = scenario.retries
    if plan is None:
        yield Try(scenario=scenario, after_s=0.0, last=True)
        return
    for number in range(plan.most):
        after_s = number * plan.every_s
        now = scenario if after_s >= plan.synced_after_s else _not_synced(scenario)
        yield Try(scenario=now, after_s=after_s, last=number == plan.most - 1)


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


def _not_synced(scenario: Scenario) -> Scenario:
    """Return the scenario before Entra Connect has seen the computer."""
    connect = scenario.entra.get("connect")
    settings = dict(connect) if isinstance(connect, Mapping) else {}
    left_out = settings.get("exclude", ())
    names = [*left_out, scenario.device.name] if isinstance(left_out, list | tuple) else [scenario.device.name]
    return replace(scenario, entra={**scenario.entra, "connect": {**settings, "exclude": names}})
