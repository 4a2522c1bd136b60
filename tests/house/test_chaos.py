"""`make chaos` draws every command with every signal, and its tables hide nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from itertools import islice

import pytest

from benchmarks.chaos.growth import Sample, faults
from benchmarks.chaos.strikes import LASTS_S, SIGNALS, Struck, let_signals_through, strikes, table


def test_a_seed_draws_the_same_strikes_and_every_kind_of_them() -> None:
    kinds = len(LASTS_S) * len(SIGNALS) * 2
    drawn = list(islice(strikes(7, ["process"]), kinds))

    assert drawn == list(islice(strikes(7, ["process"]), kinds))
    assert drawn != list(islice(strikes(8, ["process"]), kinds))
    assert len({(item.command, item.number, item.group) for item in drawn}) == kinds


def test_what_was_not_survived_is_named_even_where_it_came_too_late() -> None:
    (one,) = islice(strikes(7, ["process"]), 1)
    late = Struck(strike=one, in_time=False, load=2.5, went_after_s=6.0, left_before_sweep=(), faults=("not gone",))

    assert table([late]).splitlines()[1:] == [
        f"{'all':10} {'':8} {0:6} {0:9} {0:23} {0.0:13.1f} {0.0:10.1f}",
        f"NOT SURVIVED: {one}: not gone (load 2.5)",
    ]


def test_growth_without_end_is_told() -> None:
    first = Sample(joins=100, resident_mb=100, descriptors=10, threads=4)
    last = Sample(joins=1000, resident_mb=133, descriptors=11, threads=6)

    assert list(faults([first, last], 1000)) == [
        "33.0 MB grown by, and 32 allowed",
        "1 descriptors left open",
        "2 threads left running",
    ]
    assert list(faults([first, first], 1000)) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_command_hears_its_strike_however_the_strikes_were_started(number: signal.Signals) -> None:
    """A shell's job in the background, or one under nohup, ignores these, and so would whatever it starts."""
    sleeps = [sys.executable, "-c", "import time; print(flush=True); time.sleep(60)"]
    was = signal.signal(number, signal.SIG_IGN)
    try:
        let_signals_through()
        with subprocess.Popen(sleeps, stdout=subprocess.PIPE) as sleeping:
            assert sleeping.stdout is not None
            sleeping.stdout.readline()
            sleeping.send_signal(number)
            os.kill(os.getpid(), number)  # whoever strikes still ignores it
            assert sleeping.wait(20) != 0
    finally:
        signal.signal(number, was)
