"""What `hybridjoin run` does once its arguments are understood."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from hybridjoin.cli.next_steps import after_run, tell_next
from hybridjoin.cli.output import STANDARD_OUTPUT, deliver, say_json
from hybridjoin.cli.run.live import demand_leave
from hybridjoin.cli.run.memory import code_of, keep, under_other_names
from hybridjoin.cli.run.place import RunPlace
from hybridjoin.cli.stream import open_events
from hybridjoin.lab.live import NOT_LIVE, Live
from hybridjoin.model.events import OnEvent, to_all
from hybridjoin.model.record import RunRecord
from hybridjoin.report.fitting import ListRow
from hybridjoin.report.json_report import encode_record
from hybridjoin.report.progress import RunProgress
from hybridjoin.report.terminal import console, put, put_listing, run_screen
from hybridjoin.report.write import page_in
from hybridjoin.run.session import exit_code, run_all
from hybridjoin.run.workers import run_parallel
from hybridjoin.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """The arguments of `hybridjoin run`."""

    paths: tuple[Path, ...]
    site_file: Path | None
    backend: str | None
    expression: str | None
    workers: int
    report_dir: Path
    as_json: bool
    events: Path | None = None
    anonymise: bool = False
    live: Live = NOT_LIVE

    @property
    def place(self) -> RunPlace:
        """Where the scenarios are run."""
        return RunPlace(site_file=self.site_file, backend=self.backend, live=self.live)


def show_list(scenarios: tuple[Scenario, ...], *, as_json: bool) -> None:
    """Print the scenarios without running them."""
    if as_json:
        rows = [{"id": item.id, "title": item.title, "file": item.file, "tags": item.tags} for item in scenarios]
        say_json(rows)
        return
    put_listing(console(), (ListRow(name=item.id, sentence=item.title) for item in scenarios))


def carry_out(scenarios: tuple[Scenario, ...], request: RunRequest) -> int:
    """Run, show, write; return the exit code. The record is written even where the run had to stop."""
    demand_leave(request.place, scenarios)
    total = len(scenarios)
    if not any(item.site for item in scenarios):
        request.place.settle()
    with (
        open_events(request.events, as_json=request.as_json) as events,
        RunProgress(console(error=True), total=total) as progress,
    ):
        events.run_started(total)
        record = _run(scenarios, request, to_all(progress.tell, events.tell))
        if request.anonymise:
            record = under_other_names(record, request.events)
        written = keep(record, request.report_dir)
        events.run_finished(record, written)
    aside = request.events == STANDARD_OUTPUT
    if request.as_json:
        deliver(encode_record(record), None)
    else:
        put(console(error=aside), run_screen(record))
    if written is not None:
        click.echo(f"report: {page_in(written)}", err=request.as_json or aside)
    tell_next(*after_run(record, written), err=request.as_json or aside)
    return code_of(exit_code(record), written=written, events=events)


def _run(scenarios: tuple[Scenario, ...], request: RunRequest, on_event: OnEvent) -> RunRecord:
    if request.workers > 1 and len(scenarios) > 1:
        return run_parallel(scenarios, request.place, min(request.workers, len(scenarios)), on_event)
    with request.place.open() as provider:
        return run_all(scenarios, provider, on_event)
