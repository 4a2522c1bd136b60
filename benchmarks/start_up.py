"""The command's own start: nothing heavy may be imported before it is needed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

from benchmarks.figures import Figure

RUNS = 15
BUDGET_S = 0.4


def measure() -> Iterator[Figure]:
    """Time `hybridjoin --help` beside an interpreter that does nothing."""
    pairs = [(_time("-m", "hybridjoin", "--help"), _time("-c", "pass")) for _ in range(RUNS)]
    yield Figure(name="hybridjoin --help", unit="s", samples=tuple(a for a, _ in pairs), budget=BUDGET_S)
    yield Figure(name="  against python -c pass, pair by pair", unit="x", samples=tuple(a / b for a, b in pairs))


def _time(*arguments: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - began
