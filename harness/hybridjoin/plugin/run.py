"""What one pytest process knows of a run of scenarios; the controller's, or the only one's, writes the reports."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Final

import pytest

from hybridjoin.errors import LabError, Mistake, UsageError
from hybridjoin.lab.backend import choose_backend
from hybridjoin.lab.provider import Provider
from hybridjoin.model.record import ScenarioRecord
from hybridjoin.model.verdict import Outcome
from hybridjoin.plugin import is_worker
from hybridjoin.report.json_report import decode_record, encode_record
from hybridjoin.report.write import page_in, write_reports
from hybridjoin.run.engine import INTERRUPTED_BY_HAND
from hybridjoin.run.session import EXIT_LAB, mistakes_before_start, run_record
from hybridjoin.scenario.load import twins
from hybridjoin.scenario.scenario import Scenario

ATTACHED: Final = "hybridjoin_record"
REPORTS: Final = "reports"


class Run:
    """A plugin of its own: pytest calls the hooks of this object."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._started_at = datetime.now(UTC)
        self._mistakes: dict[Mistake, None] = {}
        self._records: dict[str, ScenarioRecord] = {}
        self._stack = ExitStack()
        self._provider: Provider | None = None
        self._told: list[str] = []
        self._failed = False
        self.scenarios: list[Scenario] = []

    @property
    def provider(self) -> Provider:
        """The place all scenarios are run at; nothing is started before a scenario asks for its site."""
        if self._provider is None:
            site_file, backend = self._config.getoption("--site"), self._config.getoption("--lab")
            self._provider = self._stack.enter_context(Provider(site_file=site_file, backend=backend))
        return self._provider

    def refuse(self, mistakes: Iterable[Mistake]) -> None:
        """Keep mistakes of the files until all have been read."""
        self._mistakes.update(dict.fromkeys(mistakes))

    def stop_on_mistakes(self) -> None:
        """End the run with all mistakes told, before anything is started."""
        self.refuse(twins(self.scenarios))
        if self.scenarios and not self._mistakes:
            try:
                self.refuse(mistakes_before_start(self.scenarios, self.provider))
                self._check_backend()
            except UsageError as refusal:
                self.refuse(refusal.mistakes)
        if self._mistakes:
            raise pytest.UsageError("\n".join(str(mistake) for mistake in self._mistakes))

    def _check_backend(self) -> None:
        """Raise UsageError for a backend that there is none of, before the first scenario asks for its lab."""
        if self._config.getoption("--lab"):
            choose_backend(self._config.getoption("--lab"))

    def share_lab(self) -> None:
        """Start the lab that all workers of this run use, and tell them through the environment they inherit."""
        try:
            self._stack.enter_context(self.provider.shared())
        except LabError as trouble:
            pytest.exit(str(trouble), returncode=EXIT_LAB)

    def encoded(self, record: ScenarioRecord) -> str:
        """Return a record as text that can travel with a report."""
        return encode_record(run_record([record], self.provider, started_at=record.started_at)).decode()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the record that came with a report, from this process or from a worker."""
        self._failed = self._failed or (report.failed and report.when == "call")
        text = getattr(report, ATTACHED, None)
        if text is not None:
            for record in decode_record(text.encode(), place=report.nodeid).scenarios:
                self._records[report.nodeid] = record

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the reports, then take the lab down; what only the lab could not do ends the run with its own code."""
        try:
            if self._records and not is_worker(self._config):
                self._write(exitstatus)
        finally:
            self._stack.close()
        cut_off = any(item.outcome is Outcome.INTERRUPTED for item in self._records.values())
        if exitstatus == pytest.ExitCode.TESTS_FAILED and cut_off and not self._failed:
            session.exitstatus = EXIT_LAB

    def _write(self, exitstatus: int) -> None:
        root = self._config.getoption("--report-dir") or self._config.rootpath / REPORTS
        records = sorted(self._records.values(), key=lambda record: (record.file, record.line, record.started_at))
        cut_off = (item.error for item in records if item.outcome is Outcome.INTERRUPTED)
        interrupted = INTERRUPTED_BY_HAND if exitstatus == pytest.ExitCode.INTERRUPTED else next(cut_off, "")
        record = run_record(records, self.provider, started_at=self._started_at, interrupted=interrupted)
        try:
            self._told.append(f"report: {page_in(write_reports(record, root))}")
        except LabError as trouble:
            self._told.append(str(trouble))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say where the report is."""
        for line in self._told:
            terminalreporter.write_line(line)
