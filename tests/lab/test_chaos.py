"""A sample of `make chaos`: commands that are struck, and a machine that fails."""

from __future__ import annotations

import signal

import platformdirs
import pytest

from benchmarks.chaos import weather
from benchmarks.chaos.strikes import Strike, strike_once

pytestmark = pytest.mark.lab

CACHE = platformdirs.user_cache_path("hybridjoin")


def strike(command: str, number: signal.Signals, after_s: float, *, group: bool = False) -> Strike:
    return Strike(command=command, backend="process", number=number, group=group, after_s=after_s)


@pytest.mark.parametrize(
    "struck",
    [
        strike("run -n 2", signal.SIGTERM, 3.5),
        strike("run -n 2", signal.SIGKILL, 3.5),
        strike("run", signal.SIGKILL, 1.5, group=True),
        strike("certify", signal.SIGHUP, 3.0),
    ],
    ids=str,
)
def test_whoever_is_struck_goes_and_leaves_nothing_that_stays(struck: Strike) -> None:
    came = strike_once(struck, CACHE)

    assert came.in_time
    assert came.faults == ()


@pytest.mark.parametrize("name", ["the controller is killed in mid-run", "a worker is killed in mid-run"])
def test_what_fails_in_mid_run_is_the_surroundings_fault(name: str) -> None:
    (came,) = weather.carry_out(CACHE, name)

    assert came.faults == ()
