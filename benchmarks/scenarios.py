"""A hundred scenarios on one warm lab."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import cycle, islice

from benchmarks.figures import Figure
from hybridjoin.lab.provider import Provider
from hybridjoin.model.verdict import Outcome
from hybridjoin.run.scenarios import run_scenario
from hybridjoin.scenario.lab.default_lab import default_lab_path
from hybridjoin.scenario.load import load_scenarios

COUNT = 100
BUDGET_S = 20.0
PATIENT = 2.0


def measure() -> Iterator[Figure]:
    """Run scenarios one after the other; those that bend a clock or wait on purpose are left to the test suite."""
    every = load_scenarios([default_lab_path().parent])
    quick = [item for item in every if not item.device.clock_offset_s and "slow" not in item.tags]
    with Provider() as provider:
        provider.bring_up()
        run_scenario(quick[0], provider)
        began = time.perf_counter()
        records = [run_scenario(item, provider) for item in islice(cycle(quick), COUNT)]
        elapsed = time.perf_counter() - began
    odd = [item.id for item in records if item.outcome not in {Outcome.PASSED, Outcome.SKIPPED}]
    each = tuple(item.elapsed_s for item in records)
    note = f"{len(quick)} of {len(every)} scenarios in turn" + (f"; not passed: {', '.join(odd)}" if odd else "")
    yield Figure(name=f"{COUNT} scenarios, one warm lab", unit="s", samples=(elapsed,), budget=BUDGET_S, note=note)
    yield Figure(name="  each of them", unit="s", samples=each)
