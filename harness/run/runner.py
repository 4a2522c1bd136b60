"""One scenario: set the site up, let the device join, read the evidence, hold it against what was expected."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from freezegun import freeze_time

from harness import checks
from harness.checks.claims import claim_rows
from harness.device.habits import Habits, RstShape
from harness.device.join import JoinRun, join_site
from harness.errors import LabError, Mistake, UsageError
from harness.model.record import ExpectationRecord, JoinRecord, ScenarioRecord
from harness.model.site import Site
from harness.model.verdict import Outcome
from harness.protocol.mex import Trust
from harness.run.collect import collect
from harness.run.judge import Judged, judge_expectations
from harness.run.ports import SiteProvider
from harness.run.values import live_values
from harness.scenario.scenario import DeviceSettings, Scenario


def run_scenario(scenario: Scenario, provider: SiteProvider) -> ScenarioRecord:
    """Run one scenario; the record says INTERRUPTED, with the cause, where lab or machine could not do it.

    Raises:
        UsageError: the scenario names a device that the site does not have.
    """
    started_at, start = datetime.now(UTC), time.perf_counter()
    record = ScenarioRecord(
        id=scenario.id,
        title=scenario.title,
        file=scenario.file,
        line=scenario.line,
        outcome=Outcome.SKIPPED,
        expectations=(),
        join=None,
        started_at=started_at,
        elapsed_s=0.0,
        tags=scenario.tags,
    )
    reason = provider.refuses(scenario)
    if reason:
        return replace(record, error=reason)
    try:
        with provider.site(scenario) as site:
            join, expectations = _join_and_judge(scenario, site)
    except LabError as trouble:
        elapsed = time.perf_counter() - start
        return replace(record, outcome=Outcome.INTERRUPTED, error=str(trouble), elapsed_s=elapsed)
    met = all(expectation.met for expectation in expectations)
    return replace(
        record,
        outcome=Outcome.PASSED if met else Outcome.FAILED,
        expectations=expectations,
        join=join,
        elapsed_s=time.perf_counter() - start,
    )


def _join_and_judge(scenario: Scenario, site: Site) -> tuple[JoinRecord, tuple[ExpectationRecord, ...]]:
    if site.device(scenario.device.name) is None:
        known = ", ".join(device.name for device in site.devices)
        problem = f"the site has no device '{scenario.device.name}'"
        raise UsageError(Mistake(place=f"{scenario.file}:{scenario.line}:1", problem=problem, hint=f"it has {known}"))
    run = join_site(site, scenario.device.name, habits_of(scenario.device))
    with _clock_of(scenario.device):
        join = _record(scenario.device.name, run)
        judged = Judged(
            join=join,
            evidence=run.evidence,
            transcript=run.transcript,
            values=live_values(run.evidence.computer, site),
        )
        return join, judge_expectations(scenario.expectations, judged)


def _record(device: str, run: JoinRun) -> JoinRecord:
    return collect(
        device=device,
        evidence=run.evidence,
        transcript=run.transcript,
        verdicts=checks.judge(run.evidence),
        claims=claim_rows(run.evidence),
        debug_screen=run.debug_screen,
        status_screen=run.status_screen,
    )


@contextmanager
def _clock_of(device: DeviceSettings) -> Iterator[None]:
    """Let the judge read the device's clock where it is bent: libraries below the checks read Python's own."""
    if not device.clock_offset_s:
        yield
        return
    with freeze_time(datetime.now(UTC) + timedelta(seconds=device.clock_offset_s), tick=True):
        yield


def habits_of(device: DeviceSettings) -> Habits:
    """Return the device's habits, Windows' own where the scenario bends nothing."""
    habits = Habits(client_side_scp=device.client_side_scp, clock_offset_s=device.clock_offset_s)
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
