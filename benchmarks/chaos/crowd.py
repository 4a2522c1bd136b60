"""Many runs at once on one machine: each has a domain of its own, and none meets another's."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.chaos.ground import SCENARIOS, ground

DONE_WITHIN_S = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """What came of so many runs at once."""

    runs: int
    took_s: float
    faults: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.runs} runs at once: {self.runs - len(self.faults)} as expected, {self.took_s:.1f} s"


def carry_out(runs: int, cache: Path) -> Crowd:
    """Start all of them together, in one state directory, and wait for the last."""
    began = time.monotonic()
    with ground(cache) as here:
        crowd = [
            here.start("run", SCENARIOS, "--lab", "process", "--report-dir", here.reports / str(number))
            for number in range(runs)
        ]
        codes = [process.wait(DONE_WITHIN_S) for process in crowd]
        faults = [f"run {number}: exit {code}" for number, code in enumerate(codes) if code]
        faults += here.left()
        return Crowd(runs=runs, took_s=time.monotonic() - began, faults=tuple(faults))
