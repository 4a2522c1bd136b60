"""A scenario as a job: set the site up, send the device through its flow, hold what came of it against the file."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from hybridjoin.device.flow_run import FlowRun
from hybridjoin.errors import LabError
from hybridjoin.evidence.parts import Parts
from hybridjoin.model.dialled import AttemptRecord, HeardLine
from hybridjoin.model.events import JobKind
from hybridjoin.model.hiding import hide
from hybridjoin.model.record import ExpectationRecord, JoinRecord, JoinResult, ScenarioRecord
from hybridjoin.model.site import Site
from hybridjoin.model.verdict import Outcome
from hybridjoin.protocol.computer import Computer
from hybridjoin.run.attempt import attempt, judged
from hybridjoin.run.dialled import dialled
from hybridjoin.run.engine import INTERRUPTED_BY_HAND, JobDone
from hybridjoin.run.flows import find_flow
from hybridjoin.run.judge import Judged, judge_expectations
from hybridjoin.run.ports import SiteProvider
from hybridjoin.run.retries import at_first, attempt_record, tries
from hybridjoin.run.values import live_values
from hybridjoin.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioJob:
    """One scenario at a place; `keep` is handed its record, whatever came of it."""

    scenario: Scenario
    provider: SiteProvider
    keep: Callable[[ScenarioRecord], None]

    @property
    def name(self) -> str:
        """The scenario's id."""
        return self.scenario.id

    @property
    def kind(self) -> JobKind:
        """A scenario."""
        return JobKind.SCENARIO

    def carry_out(self) -> JobDone:
        """Run it; what lab or machine could not do ends the run."""
        return self._done(run_scenario(self.scenario, self.provider))

    def broken_off(self) -> JobDone:
        """Keep that it did not come to its end."""
        return self._done(replace(not_run(self.scenario), error=INTERRUPTED_BY_HAND))

    def _done(self, record: ScenarioRecord) -> JobDone:
        self.keep(record)
        return scenario_done(record)


def scenario_done(record: ScenarioRecord) -> JobDone:
    """Return what the engine has to know of a scenario that was run, here or by a worker."""
    stop = record.error if record.outcome is Outcome.INTERRUPTED else ""
    return JobDone(outcome=record.outcome, note=record.error, record=record, stop=stop)


def run_scenario(scenario: Scenario, provider: SiteProvider) -> ScenarioRecord:
    """Run one scenario; the record says INTERRUPTED, with the cause, where lab or machine could not do it.

    Raises:
        UsageError: the site does not have the scenario's device.
    """
    start = time.perf_counter()
    record = not_run(scenario)
    reason = provider.refuses(scenario)
    if reason:
        return replace(record, outcome=Outcome.SKIPPED, error=reason)
    done = _carry_out(scenario, provider)
    told = replace(
        record,
        outcome=Outcome.INTERRUPTED if done.trouble else _outcome(done.expectations),
        error=done.trouble,
        expectations=() if done.trouble else done.expectations,
        join=done.join,
        heard=done.heard,
        attempts=done.attempts if scenario.retries is not None else (),
        elapsed_s=time.perf_counter() - start,
    )
    return hide(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """What one attempt at a scenario came to."""

    join: JoinRecord | None = None
    expectations: tuple[ExpectationRecord, ...] = ()
    heard: tuple[HeardLine, ...] = ()
    trouble: str = ""
    attempts: tuple[AttemptRecord, ...] = ()


def _carry_out(scenario: Scenario, provider: SiteProvider) -> _Done:
    """Set the site up, and send the device until it has come to its end or may try no more."""
    done = _Done()
    try:
        with provider.site(at_first(scenario)) as site:
            for each in tries(scenario):
                if each.cycle:
                    site.synchronize()
                made = _try(scenario, site, number=len(done.attempts) + 1)
                kept = attempt_record(each.after_s, made.join, made.trouble)
                done = replace(made, attempts=(*done.attempts, kept))
                if made.trouble or (made.join is not None and made.join.result is not JoinResult.FAILED):
                    break
    except LabError as error:
        return replace(done, trouble=str(error))
    return done


def _try(scenario: Scenario, site: Site, *, number: int) -> _Done:
    """Send the device, and hold what came of it against the file."""
    flow = find_flow(scenario.flow)
    tried = attempt(partial(flow.perform, site, scenario))
    trouble, heard = tried.cut_off, site.overheard()
    join = judged(flow, flow.called(scenario), tried.run)
    if join is None or trouble:
        return _Done(join=join, heard=heard, trouble=trouble)
    expectations = _judge(scenario, site, tried.run, join, heard=heard, attempts=number)
    return _Done(join=join, expectations=expectations, heard=heard)


def not_run(scenario: Scenario) -> ScenarioRecord:
    """Return the record of a scenario that has not been run to its end."""
    return ScenarioRecord(
        id=scenario.id,
        title=scenario.title,
        file=scenario.file,
        line=scenario.line,
        outcome=Outcome.INTERRUPTED,
        expectations=(),
        join=None,
        started_at=datetime.now(UTC),
        elapsed_s=0.0,
        tags=scenario.tags,
        dial=dialled(scenario.dial),
    )


def _outcome(expectations: tuple[ExpectationRecord, ...]) -> Outcome:
    return Outcome.PASSED if all(item.met for item in expectations) else Outcome.FAILED


def _judge(
    scenario: Scenario,
    site: Site,
    run: FlowRun[Any],
    join: JoinRecord,
    *,
    heard: tuple[HeardLine, ...],
    attempts: int,
) -> tuple[ExpectationRecord, ...]:
    parts = run.evidence.parts if run.evidence else Parts()
    values = live_values(parts.get(Computer), site)
    seen = Judged(join=join, parts=parts, transcript=run.transcript, values=values, heard=heard, attempts=attempts)
    return judge_expectations(scenario.expectations, seen)
