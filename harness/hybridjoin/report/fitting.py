"""Tables that lose nothing on a narrow terminal: a shape for each width, and lists of names with their sentences.

rich takes the room that is missing from every column, so a mark or a time of one word would be the first to go. What is
told here has several shapes instead, the widest that fits is drawn, and the last one fits everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

_UNBOUNDED: Final = 10_000
_GAP: Final = 2
_LEAST_SENTENCE: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShape:
    """One way to draw something; `least` is the columns that it needs, 0 for as many as it would like."""

    drawn: RenderableType
    least: int = 0

    def fits(self, console: Console, options: ConsoleOptions) -> bool:
        """Tell whether there is room for it."""
        whole = options.update(max_width=_UNBOUNDED)
        return (self.least or Measurement.get(console, whole, self.drawn).maximum) <= options.max_width


@dataclass(frozen=True, slots=True)
class Fitting:
    """Shapes of one thing, the widest first: the first one that fits is drawn, and the last one where none does."""

    shapes: Sequence[TableShape]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw the shape that fits."""
        chosen = next((shape for shape in self.shapes if shape.fits(console, options)), self.shapes[-1])
        yield chosen.drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """A line of a list: a name that is never cut, and the sentence that it stands for; `mark` stands before both."""

    name: str
    sentence: str
    mark: str = ""


def listing(rows: Iterable[ListRow]) -> Fitting:
    """Lay names and sentences out: side by side, or each sentence below its name where the names leave no room."""
    rows = tuple(rows)
    marks = max((len(row.mark) + 1 for row in rows if row.mark), default=0)
    names = max((len(row.name) for row in rows), default=0)
    beside = Table.grid(padding=(0, _GAP, 0, 0))
    beside.add_column(no_wrap=True)
    beside.add_column(overflow="fold")
    for row in rows:
        beside.add_row(_head(row, marks), Text(row.sentence))
    below: list[RenderableType] = []
    for row in rows:
        if row.name or row.mark:
            below.append(_head(row, marks))
        if row.sentence:
            below.append(Padding(Text(row.sentence), (0, 0, 0, marks + _GAP), expand=False))
    least = marks + names + _GAP + _LEAST_SENTENCE
    return Fitting((TableShape(drawn=beside, least=least), TableShape(drawn=Group(*below))))


def plain_listing(rows: Iterable[ListRow]) -> str:
    """Write names and sentences down for a pipe, one line each, so that grep and cut find all of it."""
    rows = tuple(rows)
    marks = max((len(row.mark) + 1 for row in rows if row.mark), default=0)
    names = max((len(row.name) for row in rows), default=0)
    return "\n".join(f"{row.mark:<{marks}}{row.name:<{names}}  {row.sentence}".rstrip() for row in rows)


def _head(row: ListRow, marks: int) -> Text:
    return Text(f"{row.mark:<{marks}}{row.name}")
