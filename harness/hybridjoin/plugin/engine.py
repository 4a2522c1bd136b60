"""The engine of a pytest run: collects scenario files, turns scenarios into items, drives the run of the process.

The join is an item's set-up and the expectations are its test, so that what the lab could not do is an
error and only what the peer did wrong is a failure. A file with mistakes is a collection error of its own, as a
Python module that cannot be imported is: pytest decides what becomes of the others.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from hybridjoin.errors import HarnessError, LabError, SecretWouldLeave, UsageError
from hybridjoin.model.record import ScenarioRecord
from hybridjoin.model.shown import in_lines
from hybridjoin.model.verdict import Outcome
from hybridjoin.plugin.options import owns_workers, scenario_files
from hybridjoin.plugin.run import ATTACHED, LEAK, Run
from hybridjoin.plugin.secrets_met import TRACES, hand_out_the_key, take_the_key
from hybridjoin.plugin.told import properties_of, told_of
from hybridjoin.run.scenarios import run_scenario
from hybridjoin.scenario.scenario import Scenario

_RUN = pytest.StashKey[Run]()
# pytest acts upon these: a scenario's tag of that name is a word to select by, and never skips a scenario unseen.
_ACTING_MARKS: Final = frozenset({"filterwarnings", "parametrize", "skip", "skipif", "usefixtures", "xfail"})


def run_of(config: pytest.Config) -> Run:
    """Return this process's run, registered with pytest the first time it is asked for."""
    run = config.stash.get(_RUN, None)
    if run is None:
        take_the_key(config)
        run = config.stash[_RUN] = Run(config)
        config.pluginmanager.register(run, "hybridjoin-run")
    return run


class ScenarioFile(pytest.File):
    """A `*.scenario.yaml` file."""

    def collect(self) -> Iterator[pytest.Item]:
        """Return an item for each scenario of the file.

        Raises:
            pytest.Collector.CollectError: the file has mistakes; all of them are told.
        """
        run = run_of(self.config)
        try:
            scenarios = run.admit(self.path)
        except UsageError as refusal:
            raise self.CollectError("\n".join(str(mistake) for mistake in refusal.mistakes)) from None
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
        self.add_marker(pytest.mark.hybridjoin)
        self.extra_keyword_matches.update(scenario.tags)
        for tag in scenario.tags:
            if tag not in _ACTING_MARKS:
                self.config.addinivalue_line("markers", f"{tag}: a tag of scenarios")
                self.add_marker(tag)

    def setup(self) -> None:
        """Let the device join.

        Raises:
            LabError: the lab or this machine could not do it.
        """
        self.record = run_scenario(self.scenario, run_of(self.config).provider)
        self.user_properties.extend(properties_of(self.scenario, self.record))
        if self.record.outcome is Outcome.INTERRUPTED:
            raise LabError(self.record.error)
        if self.record.outcome is Outcome.SKIPPED:
            pytest.skip(self.record.error)

    def runtest(self) -> None:
        """Hold what came of it against what was expected.

        Raises:
            ScenarioUnmet: something else came of it.
        """
        if self.record is not None and self.record.outcome is Outcome.FAILED:
            raise ScenarioUnmet(told_of(self.record))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the scenario is written and what it is called."""
        return self.path, self.scenario.line - 1, self.scenario.id


def pytest_sessionstart(session: pytest.Session) -> None:
    """In the controller of several workers: open the lab that all of them share."""
    config = session.config
    if owns_workers(config):
        run = run_of(config)
        run.check_place()
        run.share_lab(scenario_files(config))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse a site or backend that there is none of, before anything is started for it."""
    if any(isinstance(item, ScenarioItem) for item in session.items):
        run_of(session.config).check_place()


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
        told = call.excinfo.value
        report.longrepr = str(told) if isinstance(told, ScenarioUnmet) else in_lines(str(told))
    if call.when == "setup" and item.record is not None:
        _attach(report, run_of(item.config), item.record)
    return report


def _attach(report: pytest.TestReport, run: Run, record: ScenarioRecord) -> None:
    """Send a record, once it is seen to hold no secret, and what this process has met."""
    try:
        setattr(report, ATTACHED, run.encoded(record))
    except SecretWouldLeave as leak:
        report.outcome, report.longrepr = "failed", str(leak)
        setattr(report, LEAK, str(leak))
    if (met := run.secrets_met()) is not None:
        setattr(report, TRACES, met)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # noqa: ANN401 - pytest-xdist's own
    """Let a worker belong to this run before it starts."""
    hand_out_the_key(node.workerinput)
