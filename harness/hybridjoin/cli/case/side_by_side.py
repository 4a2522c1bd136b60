"""Two screens of dsregcmd on a terminal: side by side where there is room, one below the other where there is not."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from hybridjoin.intake.case.screen_lines import Weight
from hybridjoin.intake.case.skeleton import ComparedRow, RowLikeness, ScreenComparison, SkeletonRow
from hybridjoin.model.shown import one_line
from hybridjoin.report.fitting import Fitting, TableShape

_MARKS: Final = {
    RowLikeness.SAME: (" ", "dim"),
    RowLikeness.BUILD: ("~", "yellow"),
    RowLikeness.ASIDE: ("·", "dim"),
    RowLikeness.PARTED: ("✕", "bold red"),
}
_CLASS: Final = re.compile(r"\b[A-Z]\w+::(?=\w)")
_LEAST_COLUMNS: Final = 100
_SHORTEST: Final = 3  # fewer rows than this are not worth a line that says how many


@dataclass(frozen=True, slots=True)
class _Rows:
    """So many rows in a row that are told in one: the same on both sides, or explained by the same."""

    rows: Sequence[ComparedRow]

    @property
    def mark(self) -> tuple[str, str]:
        return _MARKS[self.rows[0].likeness]

    @property
    def words(self) -> str:
        if self.rows[0].likeness is RowLikeness.SAME:
            return f"⋮ {len(self.rows)} lines alike"
        basis = self.rows[0].basis
        return f"⋮ {len(self.rows)} lines: {self.rows[0].why}{f' ({basis.certainty})' if basis is not None else ''}"


def side_by_side(comparison: ScreenComparison) -> RenderableType:
    """Draw the rows that tell or differ, and say how many others were left out; what others said is made harmless."""
    told = list(_shortened(comparison.rows))
    return Fitting((TableShape(drawn=_columns(told), least=_LEAST_COLUMNS), TableShape(drawn=_stacked(told))))


def _shortened(rows: Sequence[ComparedRow]) -> Iterator[ComparedRow | _Rows]:
    """Yield rows that tell how the join went, that part, and those beside these; of all others, how many there are."""
    near = {at + step for at, row in enumerate(rows) if row.likeness is RowLikeness.PARTED for step in (-1, 0, 1)}
    near |= {at for at, row in enumerate(rows) if _tells(row)}
    for (alone, _, _), numbered in groupby(enumerate(rows), lambda item: _key(item, near)):
        held = [row for _, row in numbered]
        if alone or len(held) < _SHORTEST:
            yield from held
        else:
            yield _Rows(held)


def _tells(row: ComparedRow) -> bool:
    held = row.theirs or row.ours
    return held is not None and held.form.weight is Weight.TELLING


def _key(item: tuple[int, ComparedRow], near: Collection[int]) -> tuple[bool, RowLikeness, str]:
    at, row = item
    return at in near, row.likeness, row.why


def _columns(told: Sequence[ComparedRow | _Rows]) -> RenderableType:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", expand=True)
    table.add_column("", no_wrap=True, width=1)
    table.add_column("the customer's screen", overflow="fold", ratio=1)
    table.add_column("the lab's screen", overflow="fold", ratio=1)
    for row in told:
        if isinstance(row, _Rows):
            table.add_row(Text(row.mark[0], style=row.mark[1]), Text(row.words, style="dim"), "")
            continue
        mark, style = _MARKS[row.likeness]
        told_style = "" if row.likeness is RowLikeness.PARTED else "dim"
        theirs, ours = _text(row.theirs), _text(row.ours)
        table.add_row(Text(mark, style=style), Text(theirs, style=told_style), Text(ours, style=told_style))
    return table


def _stacked(told: Sequence[ComparedRow | _Rows]) -> RenderableType:
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for row in told:
        if isinstance(row, _Rows):
            table.add_row(Text(row.mark[0], style=row.mark[1]), "", Text(row.words, style="dim"))
            continue
        mark, style = _MARKS[row.likeness]
        if row.likeness is RowLikeness.SAME:
            table.add_row("", "", Text(_text(row.theirs), style="dim"))
            continue
        table.add_row(Text(mark, style=style), "customer", Text(_text(row.theirs)))
        table.add_row("", "lab", Text(_text(row.ours)))
    return Group(table)


def _text(row: SkeletonRow | None) -> str:
    """Return a row without the names of dsregcmd's classes, which only take room."""
    return one_line(_CLASS.sub("", row.text)) if row is not None else "-"
