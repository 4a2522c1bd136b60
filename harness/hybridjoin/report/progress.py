"""Progress of a run on standard error, from its events: a bar on a terminal, and lines.

Lines tell each scenario in a pipe and an unexpected one on a terminal, each way through a flow, and a probe only where
it was interrupted: there are many, and their answers are told by the requirements.
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Column
from rich.text import Text

from hybridjoin.model.events import Event, JobFinished, JobKind
from hybridjoin.model.shown import one_line
from hybridjoin.model.verdict import Outcome
from hybridjoin.report.page.page import UNEXPECTED
from hybridjoin.report.terminal import STYLES

_ROOMY, _BAR, _SHORT_BAR = 72, 24, 10


class RunProgress:
    """Shows the events of one run; `total` is how many jobs there are, where that is known beforehand."""

    def __init__(self, screen: Console, *, opening: str = "", total: int | None = None) -> None:
        self._screen = screen
        self._bar = Progress(
            SpinnerColumn(),
            BarColumn(bar_width=_BAR if screen.width >= _ROOMY else _SHORT_BAR),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            # What is left of the line, so that counts and time stay where the terminal is narrow.
            TextColumn("{task.description}", table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis")),
            console=screen,
            transient=True,
            expand=True,
        )
        self._task = self._bar.add_task(opening, total=total)

    def __enter__(self) -> Self:
        if self._screen.is_terminal:
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._screen.is_terminal:
            self._bar.stop()

    def tell(self, event: Event) -> None:
        """Show a job that begins or is done."""
        if not isinstance(event, JobFinished):
            self._bar.update(self._task, description=one_line(event.name), total=event.total)
            return
        self._bar.update(self._task, advance=1, total=event.total)
        if self._is_worth_a_line(event):
            self._screen.print(_line(event))

    def _is_worth_a_line(self, event: JobFinished) -> bool:
        match event.kind:
            case JobKind.SCENARIO:
                return not self._screen.is_terminal or event.outcome in UNEXPECTED
            case JobKind.FLOW:
                return True
            case JobKind.PROBE:
                return event.outcome is Outcome.INTERRUPTED


def _line(event: JobFinished) -> Text:
    sign, style = STYLES[event.outcome]
    name = one_line(event.name)
    if event.kind is JobKind.SCENARIO:  # its trouble is told in full when the run is over
        return Text.assemble((f"{sign} {event.outcome}", style), f" {name}  {event.elapsed_s:.2f} s")
    note = f"  {one_line(event.note)}" if event.note else ""
    return Text.assemble((sign, style), f" {name}{note}", (f"  {event.elapsed_s:.2f} s", "dim"))
