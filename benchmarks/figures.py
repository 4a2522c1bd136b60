"""A figure, its budget, and the table they are printed in."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured quantity; `budget` is in the same unit, None where it is a part or a reference."""

    name: str
    unit: str
    samples: tuple[float, ...]
    budget: float | None = None
    note: str = ""

    @property
    def median(self) -> float:
        """The figure to quote."""
        return statistics.median(self.samples)

    @property
    def held(self) -> bool | None:
        """Whether the budget is kept, None where there is none."""
        return None if self.budget is None else self.median <= self.budget


def table(figures: Sequence[Figure]) -> str:
    """Draw the figures as lines: name, median, spread, budget."""
    lines = [f"{'what':58} {'median':>10} {'min … max':>21} {'budget':>10}"]
    for figure in figures:
        spread = f"{min(figure.samples):.3g} … {max(figure.samples):.3g}"
        budget = "" if figure.budget is None else f"{figure.budget:g} {figure.unit}"
        mark = {None: "", True: "  held", False: "  OVER"}[figure.held]
        lines.append(f"{figure.name:58} {figure.median:>7.3g} {figure.unit:2} {spread:>21} {budget:>10}{mark}")
        if figure.note:
            lines.append(f"    {figure.note}")
    return "\n".join(lines)
