"""One scenario: set the site up, let the device join, read the evidence, hold it against what was expected."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from freezegun import freeze_time

from hybridjoin import checks
from hybridjoin.checks.claims import claim_rows
from hybridjoin.device.habits import Habits, RstShape
from hybridjoin.device.join.run import JoinInterrupted, JoinRun, join_site
from hybridjoin.errors import LabError
from hybridjoin.model.record import ExpectationRecord, JoinRecord, ScenarioRecord
from hybridjoin.model.site import Site
from hybridjoin.model.verdict import Outcome
from hybridjoin.protocol.mex import Trust
from hybridjoin.run.collect import collect
from hybridjoin.run.judge import Judged, judge_expectations
from hybridjoin.run.ports import SiteProvider
from hybridjoin.run.values import live_values
from hybridjoin.scenario.scenario import DeviceSettings, Scenario


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
    ran: _Ran | None = None
    trouble = ""
    try:
        with provider.site(scenario) as site:
            ran = _join(scenario, site)
            trouble = ran.cut_off
            if not trouble:
                ran = replace(ran, expectations=_judge(scenario, site, ran))
    except LabError as error:
        trouble = str(error)
    return replace(
        record,
        outcome=Outcome.INTERRUPTED if trouble or ran is None else _outcome(ran.expectations),
        error=trouble,
        expectations=ran.expectations if ran and not trouble else (),
        join=ran.join if ran else None,
        elapsed_s=time.perf_counter() - start,
    )


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
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ran:
    """A join that was tried; `cut_off` says what stopped it where the surroundings failed in the middle."""

    run: JoinRun
    join: JoinRecord | None
    cut_off: str = ""
    expectations: tuple[ExpectationRecord, ...] = ()


def _outcome(expectations: tuple[ExpectationRecord, ...]) -> Outcome:
    return Outcome.PASSED if all(item.met for item in expectations) else Outcome.FAILED


def _join(scenario: Scenario, site: Site) -> _Ran:
    """Let the device join; what was done before the surroundings failed is kept."""
    device = scenario.device
    try:
        run = join_site(site, device.name, habits_of(device))
    except JoinInterrupted as trouble:
        run = trouble.run
        return _Ran(run=run, join=_record(device.name, run), cut_off=str(trouble))
    return _Ran(run=run, join=_record(device.name, run))


def _judge(scenario: Scenario, site: Site, ran: _Ran) -> tuple[ExpectationRecord, ...]:
    evidence = ran.run.evidence
    if ran.join is None or evidence is None:
        return ()
    values = live_values(evidence.computer, site)
    judged = Judged(join=ran.join, evidence=evidence, transcript=ran.run.transcript, values=values)
    return judge_expectations(scenario.expectations, judged)


def _record(device: str, run: JoinRun) -> JoinRecord | None:
    evidence = run.evidence
    if evidence is None:
        return None
    with freeze_time(evidence.rstr_received_at or evidence.started_at, real_asyncio=True):
        verdicts, claims = checks.judge_join(evidence.parts), claim_rows(evidence.parts)
    return collect(
        device=device,
        evidence=evidence,
        transcript=run.transcript,
        verdicts=verdicts,
        claims=claims,
        debug_screen=run.debug_screen,
        status_screen=run.status_screen,
    )


def habits_of(device: DeviceSettings) -> Habits:
    """Return the device's habits, Windows' own where the scenario bends nothing.

    A clock that is off is no habit: the provider bends everybody else's the other way, Kerberos included.
    """
    habits = Habits(client_side_scp=device.client_side_scp)
    if device.fallback is not None:
        habits = replace(habits, fallback_to_sync_join=device.fallback)
    if device.trust is not None:
        habits = replace(habits, trust=Trust(device.trust))
    if device.rst_shape is not None:
        habits = replace(habits, rst_shape=RstShape(device.rst_shape))
    if device.kerberos_time_sync is not None:
        habits = replace(habits, kerberos_time_sync=device.kerberos_time_sync)
    if device.timeout_s is not None:
        habits = replace(habits, timeout_s=device.timeout_s)
    return habits
