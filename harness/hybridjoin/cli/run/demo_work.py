"""The demo: two scenario files, told on a terminal as what happened, what Windows shows, and what it means."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import click
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hybridjoin.cli.next_steps import tell_next
from hybridjoin.cli.run.memory import remember_last
from hybridjoin.cli.run.place import RunPlace
from hybridjoin.lab.provider import Provider
from hybridjoin.model.events import Event, JobFinished
from hybridjoin.model.record import JoinRecord, JoinResult, RunRecord, ScenarioRecord
from hybridjoin.model.recorded import ExchangeRecord
from hybridjoin.model.shown import shown
from hybridjoin.report.drawn import DrawnExchange, drawn
from hybridjoin.report.fitting import Fitting, TableShape
from hybridjoin.report.page.ladder import NAMES, short_answer
from hybridjoin.report.terminal import console, failure_text, put, result_text, wrong_claims_text
from hybridjoin.report.write import page_in, write_reports
from hybridjoin.run.session import exit_code, run_all
from hybridjoin.scenario.load import load_scenarios
from hybridjoin.shipped import MARK

FOLDER = Path(f"{MARK}demo")
GAP = "⋮"
_BETWEEN: Final = 2
_LEAST_ANSWER: Final = 15
TELLING = (
    "TenantInfo::Discover",
    "AdalLog: Webrequest returns",
    "AutoEnrollAsComputer: ",
    "DsrCmdJoinHelper::Join: Federated",
    "DsrCmdJoinHelper::Join: AutoEnroll",
    "DsrCmdJoinHelper::Join: completed",
    "             AzureAdJoined : ",
    "                  DeviceId : ",
)


def carry_out(backend: str | None, *, report_dir: Path, full: bool) -> int:
    """Run both scenarios, tell each as it ends, write the report; return the exit code."""
    scenarios = load_scenarios([FOLDER])
    screen, aside = console(), console(error=True)
    with RunPlace(backend=backend).open() as provider:
        _open(provider, aside)

        def tell(event: Event) -> None:
            if isinstance(event, JobFinished) and event.record is not None:
                _tell(screen, event.number, event.record, full=full)

        record = run_all(scenarios, provider, tell)
    written = write_reports(record, report_dir)
    remember_last(record)
    _close(screen, record, written)
    return exit_code(record)


def _open(provider: Provider, aside: Console) -> None:
    """Bring the directory up, and say so: it is what takes time."""
    began = time.perf_counter()
    with aside.status(f"bringing an Active Directory domain up ({provider.backend}) …"):
        provider.bring_up()
    took = time.perf_counter() - began
    aside.print(f"Active Directory domain {provider.name} is up ({provider.backend}, {took:.1f} s)", style="dim")


def _tell(screen: Console, number: int, item: ScenarioRecord, *, full: bool) -> None:
    item = shown(item)
    screen.print()
    screen.print(Text.assemble((f"{number}  {item.title}", "bold"), "  ", (item.file, "dim")))
    if item.join is None:
        put(screen, Padding(Text(item.error, style="yellow"), (0, 0, 0, 3), expand=False))
        return
    put(screen, Padding(_steps(item.join.exchanges), (1, 0, 1, 3), expand=False))
    screen.print(Text("   dsregcmd /join /debug", style="dim"))
    if full:
        for line in item.join.debug_screen:
            screen.print(Text(f"   │ {line}", style=_style(line)), soft_wrap=True)
    else:
        put(screen, _shown(_excerpt(item.join.debug_screen)))
    screen.print()
    put(screen, Padding(_meaning(item.join), (0, 0, 0, 3), expand=False))
    for hope in item.expectations:
        if not hope.met:
            words = f"{hope.place}: {hope.name}: expected {hope.expected}, found {hope.found}"
            put(screen, Padding(Text(words, style="red"), (0, 0, 0, 3), expand=False))


def _steps(exchanges: Sequence[ExchangeRecord]) -> Fitting:
    """Lay the exchanges out: marks and times stay on every terminal, what is told between them moves together."""
    items = [drawn(item) for item in exchanges]
    shapes = []
    for lead in ("device → ", ""):
        rows = [(f"{lead}{NAMES[item.party]}", item.title, _took(item), _answer(item)) for item in items]
        widths = [max((len(row[at]) for row in rows), default=0) for at in range(3)]
        table = _grid(*widths)
        table.add_column()
        for item, (way, title, took, answer) in zip(items, rows, strict=True):
            table.add_row(_mark(item), way, title, Text(took, style="dim"), answer)
        shapes.append(TableShape(drawn=table, least=1 + sum(widths) + _LEAST_ANSWER + 4 * _BETWEEN))
    return Fitting((*shapes, TableShape(drawn=_narrow_steps(items))))


def _narrow_steps(items: Sequence[DrawnExchange]) -> Table:
    """Put each answer below its title, and let both wrap."""
    table = _grid(max((len(NAMES[item.party]) for item in items), default=0), None, None)
    for item in items:
        answer = _answer(item)
        answer.no_wrap = False
        told = Text("\n").join((Text(item.title), answer))
        table.add_row(_mark(item), NAMES[item.party], told, Text(_took(item), style="dim"))
    return table


def _grid(way: int, title: int | None, took: int | None) -> Table:
    table = Table.grid(padding=(0, _BETWEEN, 0, 0))
    table.add_column(width=1)
    table.add_column(width=way, style="dim")
    table.add_column(width=title, overflow="fold")
    table.add_column(width=took, no_wrap=True, justify="right")
    return table


def _mark(item: DrawnExchange) -> Text:
    return Text("✓", style="green") if item.ok else Text("✕", style="bold red")


def _took(item: DrawnExchange) -> str:
    return f"{item.elapsed_ms:.0f} ms"


def _answer(item: DrawnExchange) -> Text:
    style = "dim" if item.ok else "red"
    return Text(short_answer(item.reply.headline), style=style, no_wrap=True, overflow="ellipsis")


def _excerpt(lines: Sequence[str]) -> Iterator[str]:
    """Leave out what never varies (ADAL's chatter, pre-checks, URLs) and what Windows prints a second time."""
    left_out, seen = False, set[str]()
    for line in lines:
        if line.startswith(TELLING) and line not in seen:
            if left_out:
                yield GAP
            left_out = False
            yield line
        else:
            left_out = True
        seen.add(line)
    if left_out:
        yield GAP
    yield f"{len(lines)} lines in all: --full prints them"


def _shown(lines: Iterable[str]) -> Table:
    """Lay lines of the screen out, cut to the terminal; one that ends in an error's code wraps, for it is the point."""
    table = Table.grid()
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for line in lines:
        whole = "failed with error" in line
        table.add_row(Text("   │ ", _style(line)), Text(line, _style(line), no_wrap=not whole, overflow="ellipsis"))
    return table


def _style(line: str) -> str:
    if line == GAP or line.endswith("--full prints them"):
        return "dim"
    if "failed with error" in line or "returns error" in line:
        return "red"
    return "green" if re.search(r"AzureAdJoined : YES|completed successfully", line) else ""


def _meaning(join: JoinRecord) -> RenderableType:
    if join.result is JoinResult.FEDERATED:
        return Text.assemble(result_text(join), f": Entra knows the device as {join.device_id}.")
    return Group(wrong_claims_text(join) or Text(), failure_text(join))


def _close(screen: Console, record: RunRecord, written: Path) -> None:
    screen.print()
    if record.interrupted:
        screen.print(Text(shown(record).interrupted, style="yellow"))
    click.echo(f"report: {page_in(written)}")
    tell_next(("explain", "--all", str(written)), ("join",), ("status",), ("run", f"{MARK}claims"))
