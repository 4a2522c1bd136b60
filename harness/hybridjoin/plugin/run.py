"""What one pytest process knows of a run of scenarios; the controller's, or the only one's, writes the reports."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from hybridjoin.bundle.anonymise import anonymised
from hybridjoin.errors import LabError, SecretWouldLeave, UsageError
from hybridjoin.lab.backend import backend_name
from hybridjoin.lab.provider import Provider
from hybridjoin.model.leaving import demand_no_secret
from hybridjoin.model.record import ScenarioRecord
from hybridjoin.model.shown import in_lines
from hybridjoin.model.verdict import Outcome
from hybridjoin.plugin.options import (
    ANONYMISE_OPTION,
    LAB_OPTION,
    REPORT_OPTION,
    SITE_OPTION,
    is_set,
    is_worker,
    path_setting,
    setting,
)
from hybridjoin.plugin.secrets_met import TRACES, Told, take_over
from hybridjoin.report.json_report import decode_record, encode_record
from hybridjoin.report.write import page_in, write_reports
from hybridjoin.run.engine import INTERRUPTED_BY_HAND
from hybridjoin.run.session import EXIT_LAB, EXIT_SECRET, mistakes_before_start, run_record
from hybridjoin.scenario.load import read_file, twins
from hybridjoin.scenario.read import named
from hybridjoin.scenario.scenario import Scenario
from hybridjoin.scenario.yaml.refusal import refuse

ATTACHED: Final = "hybridjoin_record"
LEAK: Final = "hybridjoin_leak"
REPORTS: Final = "reports"
_NAMES_ELSEWHERE: Final = f"{ANONYMISE_OPTION}: the report has other names; what pytest itself says or writes has not"


class Run:
    """A plugin of its own: pytest calls the hooks of this object."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._started_at = datetime.now(UTC)
        self._records: dict[str, ScenarioRecord] = {}
        self._stack = ExitStack()
        self._provider: Provider | None = None
        self._told: list[str] = []
        self._failed = self._unwritten = self._leaked = self._otherwise = False
        self._met = Told()
        self._scenarios: dict[str, Scenario] = {}

    @property
    def provider(self) -> Provider:
        """The place all scenarios are run at; nothing is started before a scenario asks for its site.

        Raises:
            UsageError: the site file has mistakes.
        """
        if self._provider is None:
            site_file, backend = path_setting(self._config, SITE_OPTION), setting(self._config, LAB_OPTION)
            self._provider = self._stack.enter_context(Provider(site_file=site_file, backend=backend or None))
        return self._provider

    def admit(self, path: Path) -> tuple[Scenario, ...]:
        """Take the scenarios of one file in, before anything is started for them.

        Raises:
            UsageError: the file has mistakes, asks for what nobody has, or an id of it is one of another file's.
        """
        read = read_file(path)
        sound = tuple(filter(named, read.scenarios))
        files = {scenario.file for scenario in sound}
        others = (known for known in self._scenarios.values() if known.file not in files)
        mistakes = [*read.mistakes, *twins((*others, *sound))]
        with suppress(UsageError):  # a site that cannot be read is the command line's mistake: see check_place
            mistakes.extend(mistakes_before_start(read.scenarios, self.provider))
        refuse(mistakes)
        self._scenarios.update((scenario.id, scenario) for scenario in read.scenarios)
        return read.scenarios

    def check_place(self) -> None:
        """Refuse a site file with mistakes, or a backend that there is none of, as pytest refuses a wrong option.

        Raises:
            pytest.UsageError: one of our options names nothing that could be used.
        """
        try:
            self.provider  # noqa: B018 - it reads the site file
            backend = setting(self._config, LAB_OPTION)
            if backend:
                backend_name(backend)
        except UsageError as refusal:
            # The rooms below know the command's options, and pytest's carry our name.
            told = (replace(item, place=item.place.replace("--lab", LAB_OPTION)) for item in refusal.mistakes)
            raise pytest.UsageError("\n".join(map(str, told))) from None

    def share_lab(self, files: Iterable[Path]) -> None:
        """Start the lab that all workers of this run use, and tell them through the environment they inherit.

        A file with mistakes needs none: the workers collect it too, and say so.
        """
        for file in files:
            with suppress(UsageError):
                self.admit(file)
        if not self._scenarios:
            return
        try:
            self._stack.enter_context(self.provider.shared())
        except LabError as trouble:
            pytest.exit(str(trouble), returncode=EXIT_LAB)

    def encoded(self, record: ScenarioRecord) -> str:
        """Return a record as text that can travel with a report.

        Raises:
            SecretWouldLeave: it would hold a secret.
        """
        body = encode_record(run_record([record], self.provider, started_at=record.started_at))
        demand_no_secret(f"the record of {record.id}", body)
        return body.decode()

    def secrets_met(self) -> dict[str, str] | None:
        """Return what the controller does not know of yet; None where this process writes the report itself."""
        return self._met.news() if is_worker(self._config) else None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the record that came with a report, from this process or from a worker."""
        self._failed = self._failed or (report.failed and report.when == "call")
        take_over(getattr(report, TRACES, {}))
        if leak := getattr(report, LEAK, ""):
            self._told.append(leak)
            self._leaked = True
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
        if exitstatus == pytest.ExitCode.OK and self._unwritten:
            session.exitstatus = EXIT_LAB
        if self._otherwise:
            session.exitstatus = pytest.ExitCode.USAGE_ERROR
        if self._leaked:
            session.exitstatus = EXIT_SECRET

    def _write(self, exitstatus: int) -> None:
        root = path_setting(self._config, REPORT_OPTION) or self._config.rootpath / REPORTS
        records = sorted(self._records.values(), key=lambda record: (record.file, record.line, record.started_at))
        cut_off = (item.error for item in records if item.outcome is Outcome.INTERRUPTED)
        interrupted = INTERRUPTED_BY_HAND if exitstatus == pytest.ExitCode.INTERRUPTED else next(cut_off, "")
        record = run_record(records, self.provider, started_at=self._started_at, interrupted=interrupted)
        anonymise = is_set(self._config, ANONYMISE_OPTION)
        try:
            record = anonymised(record) if anonymise else record
            self._told.append(f"report: {page_in(write_reports(record, root))}")
            if anonymise:
                self._told.append(_NAMES_ELSEWHERE)
        except UsageError as refusal:
            self._told.append("\n".join(("no report was written:", *map(str, refusal.mistakes))))
            self._otherwise = True
        except LabError as trouble:
            self._told.append(in_lines(str(trouble)))
            self._unwritten = True
        except SecretWouldLeave as leak:
            self._told.append(str(leak))
            self._leaked = True

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say where the report is."""
        for line in self._told:
            terminalreporter.write_line(line)
