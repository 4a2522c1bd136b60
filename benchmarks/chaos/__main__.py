"""`python -m benchmarks.chaos [--points N] [--seed N] [--backend NAME]… [--only PART]…`: 1 where not all was survived.

The seed is printed, and draws the same strikes again; when they fall is the machine's to say.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.chaos import crowd, growth, strikes, weather
from hybridjoin.lab.backend import BACKENDS
from hybridjoin.lab.engine import engine_answers
from hybridjoin.lab.places import STATE_VARIABLE

RUNS_AT_ONCE = 8
JOINS_A_POINT = 5
PARTS = ("crowd", "weather", "growth", "strikes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be tried, and from which seed."""

    points: int
    seed: int
    backends: tuple[str, ...]
    parts: tuple[str, ...]

    @property
    def joins(self) -> int:
        """How many joins one process makes: a thousand in a whole run."""
        return self.points * JOINS_A_POINT


def main(arguments: list[str]) -> int:
    """Try everything, print what came of it, and say whether all of it was survived."""
    wanted = _read(arguments)
    strikes.let_signals_through()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="hjc-") as folder:
        os.environ[STATE_VARIABLE] = f"{folder}/s"
        cache = Path(folder) / "cache"
        cache.mkdir(mode=0o700)
        faults = list(_everything(wanted, cache))
    print(f"\n{len(faults)} not survived; {time.monotonic() - began:.0f} s", flush=True)
    return 1 if faults else 0


def _read(arguments: list[str]) -> Wanted:
    parser = argparse.ArgumentParser(prog="benchmarks.chaos", description=__doc__.partition("\n")[0])
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 100_000)
    parser.add_argument("--backend", action="append", choices=tuple(BACKENDS))
    parser.add_argument("--only", action="append", choices=PARTS)
    found = parser.parse_args(arguments)
    backends = tuple(found.backend or ("process",))
    if "docker" in backends and not engine_answers():
        parser.error("no Docker engine answers")
    return Wanted(points=found.points, seed=found.seed, backends=backends, parts=tuple(found.only or PARTS))


def _everything(wanted: Wanted, cache: Path) -> Iterator[str]:
    """Print as things are known, and yield what was not survived."""
    tried: dict[str, Callable[[], Iterator[str]]] = {
        "crowd": lambda: _crowd(cache),
        "weather": lambda: _weather(cache),
        "growth": lambda: _growth(wanted.joins),
        "strikes": lambda: _strikes(wanted, cache),
    }
    for part in wanted.parts:
        yield from tried[part]()


def _crowd(cache: Path) -> Iterator[str]:
    several = crowd.carry_out(RUNS_AT_ONCE, cache)
    print(several, flush=True)
    yield from several.faults


def _weather(cache: Path) -> Iterator[str]:
    for item in weather.carry_out(cache):
        print(item, flush=True)
        yield from item.faults


def _growth(joins: int) -> Iterator[str]:
    samples = []
    for sample in growth.measure(joins):
        print(sample, flush=True)
        samples.append(sample)
    yield from growth.faults(samples, joins)


def _strikes(wanted: Wanted, cache: Path) -> Iterator[str]:
    print(f"seed {wanted.seed}, backends {' '.join(wanted.backends)}", flush=True)
    struck = []
    for one in strikes.carry_out(wanted.points, strikes.strikes(wanted.seed, wanted.backends), cache):
        struck.append(one)
        yield from one.faults
    print(strikes.table(struck), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
