"""The engine of a pytest run: collects scenario files, turns scenarios into items, drives the run of the process.

The join is an item's set-up and the expectations are its test, so that what the lab could not do is an
error and only what the peer did wrong is a failure.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from hybridjoin.errors import HarnessError, LabError, UsageError
from hybridjoin.model.record import ScenarioRecord
from hybridjoin.model.verdict import Outcome
from hybridjoin.plugin import owns_workers, scenario_files
from hybridjoin.plugin.run import ATTACHED, Run
from hybridjoin.plugin.told import told_of
from hybridjoin.run.scenarios import run_scenario
from hybridjoin.scenario.load import load_file, load_scenarios
from hybridjoin.scenario.scenario import Scenario

_RUN = pytest.StashKey[Run]()


def run_of(config: pytest.Config) -> Run:
    """Return this process's run, registered with pytest the first time it is asked for."""
    run = config.stash.get(_RUN, None)
    if run is None:
        run = config.stash[_RUN] = Run(config)
        config.pluginmanager.register(run, "hybridjoin-run")
    return run


class ScenarioFile(pytest.File):
    """A `*.scenario.yaml` file."""

    def collect(self) -> Iterator[pytest.Item]:
        """Return an item for each scenario of the file."""
        run = run_of(self.config)
        try:
            scenarios = load_file(self.path)
        except UsageError as refusal:
            run.refuse(refusal.mistakes)
            return
        run.scenarios.extend(scenarios)
        for scenario in scenarios:
            yield ScenarioItem.from_parent(self, name=scenario.id, scenario=scenario)


class ScenarioUnmet(HarnessError):
    """A scenario whose expectations were not all met."""


class ScenarioItem(pytest.Item):
    """One scenario; its record is there once it has been set up."""

    def __init__(self, *, scenario: Scenario, **rest: Any) -> None:  # noqa: ANN401 - pytest's own
        super().__init__(**rest)
        self.scenario = scenario
        self.record: ScenarioRecord | None = None
        self.extra_keyword_matches.update(scenario.tags)

    def setup(self) -> None:
        """Let the device join."""
        self.record = run_scenario(self.scenario, run_of(self.config).provider)
        if self.record.outcome is Outcome.INTERRUPTED:
            raise LabError(self.record.error)
        if self.record.outcome is Outcome.SKIPPED:
            pytest.skip(self.record.error)

    def runtest(self) -> None:
        """Hold what came of it against what was expected."""
        if self.record is not None and self.record.outcome is Outcome.FAILED:
            raise ScenarioUnmet(told_of(self.record))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the scenario is written and what it is called."""
        return self.path, self.scenario.line - 1, self.scenario.id


def pytest_sessionstart(session: pytest.Session) -> None:
    """In the controller of several workers: read everything, then open the lab that all of them share."""
    config = session.config
    if not owns_workers(config):
        return
    run = run_of(config)
    try:
        run.scenarios.extend(load_scenarios(scenario_files(config)))
    except UsageError as refusal:
        run.refuse(refusal.mistakes)
    run.stop_on_mistakes()
    run.share_lab()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Tell all mistakes of all files at once, before anything is started."""
    run_of(session.config).stop_on_mistakes()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Send the record along with the report of the set-up, as text: it may have to travel to the controller."""
    report = yield
    if not isinstance(item, ScenarioItem):
        return report
    if call.excinfo is not None and isinstance(call.excinfo.value, HarnessError):
        # The scenario's own words; a traceback is for the harness's own mistakes.
        report.longrepr = str(call.excinfo.value)
    if call.when == "setup" and item.record is not None:
        setattr(report, ATTACHED, run_of(item.config).encoded(item.record))
    return report
