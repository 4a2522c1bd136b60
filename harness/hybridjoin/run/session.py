"""A run: scenario after scenario on one provider, and a record of what was done even when it had to stop."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import hybridjoin
from hybridjoin.errors import Mistake, UsageError
from hybridjoin.model.events import OnEvent, silent
from hybridjoin.model.record import SCHEMA, RunRecord, ScenarioRecord
from hybridjoin.model.verdict import Outcome
from hybridjoin.run.engine import INTERRUPTED_BY_HAND, carry_out
from hybridjoin.run.ports import NamedSite, SiteProvider
from hybridjoin.run.scenarios import ScenarioJob, not_run
from hybridjoin.run.words import unknown_words
from hybridjoin.scenario.scenario import Scenario

EXIT_OK, EXIT_FAILED, EXIT_LAB, EXIT_SECRET, EXIT_INTERRUPTED = 0, 1, 3, 8, 130


def run_all(scenarios: Sequence[Scenario], provider: SiteProvider, on_event: OnEvent = silent) -> RunRecord:
    """Run the scenarios in order; stop where the lab or a person stops it, and return what had been done.

    Raises:
        UsageError: scenarios ask for what nobody knows; nothing has been started.
    """
    mistakes = mistakes_before_start(scenarios, provider)
    if mistakes:
        raise UsageError(*mistakes)
    started_at = datetime.now(UTC)
    records: list[ScenarioRecord] = []
    jobs = [ScenarioJob(scenario=scenario, provider=provider, keep=records.append) for scenario in scenarios]
    interrupted = carry_out(jobs, lambda: len(jobs), on_event)
    records.extend(left_out(scenarios[len(records) :], interrupted))
    return run_record(records, provider, started_at=started_at, interrupted=interrupted)


def left_out(scenarios: Iterable[Scenario], interrupted: str) -> Iterator[ScenarioRecord]:
    """Yield the records of scenarios that were not begun because the surroundings stopped a run before them.

    Whoever stops a run by hand knows that the rest was not run.
    """
    if not interrupted or interrupted == INTERRUPTED_BY_HAND:
        return
    why = f"not run, the surroundings failed before it: {interrupted.splitlines()[0]}"
    for scenario in scenarios:
        yield replace(not_run(scenario), outcome=Outcome.SKIPPED, error=why)


def run_record(
    records: Iterable[ScenarioRecord], provider: NamedSite, *, started_at: datetime, interrupted: str = ""
) -> RunRecord:
    """Return the record of a run that ends now."""
    return RunRecord(
        schema=SCHEMA,
        run_id=f"{started_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}",
        tool=f"hybridjoin {hybridjoin.__version__}",
        site=provider.name,
        backend=provider.backend,
        started_at=started_at,
        finished_at=datetime.now(UTC),
        scenarios=tuple(records),
        interrupted=interrupted,
        place=provider.place,
    )


def exit_code(record: RunRecord) -> int:
    """Return 0 as expected, 1 the peer failed, 3 the lab could not do it, 130 interrupted by hand."""
    if record.interrupted == INTERRUPTED_BY_HAND:
        return EXIT_INTERRUPTED
    if record.interrupted or any(item.outcome is Outcome.INTERRUPTED for item in record.scenarios):
        return EXIT_LAB
    failed = any(item.outcome is Outcome.FAILED for item in record.scenarios)
    return EXIT_FAILED if failed else EXIT_OK


def mistakes_before_start(scenarios: Sequence[Scenario], provider: SiteProvider) -> tuple[Mistake, ...]:
    """Return what can be known to be wrong before anything is started: words and devices that nobody knows."""
    return (*dict.fromkeys((*unknown_words(scenarios), *provider.mistakes(scenarios))),)
