"""Signals are put off as long as something must not be cut in two, and come through afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from typing import NoReturn

import pytest

from harness.lab.signals import ENDING_SIGNALS, orderly_exit, signals_held


def strike_in_another_thread() -> None:
    """Have SIGTERM taken by a thread that blocks nothing, as the feeder of a queue does."""

    def strike() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING_SIGNALS)
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

    thread = threading.Thread(target=strike)
    thread.start()
    thread.join()


def test_a_signal_that_another_thread_takes_is_put_off_too() -> None:
    done: list[str] = []

    def work() -> None:
        with orderly_exit(), signals_held():
            strike_in_another_thread()
            done.append("whole")

    with pytest.raises(SystemExit) as end:
        work()

    assert done == ["whole"]
    assert end.value.code == 143


def test_leaving_takes_no_handler_from_others() -> None:
    def mine(*_: object) -> NoReturn:
        raise AssertionError("nobody struck")

    def work() -> None:
        with orderly_exit():
            signal.raise_signal(signal.SIGTERM)

    before = signal.signal(signal.SIGHUP, mine)
    try:
        with pytest.raises(SystemExit):
            work()
        assert signal.getsignal(signal.SIGHUP) is mine
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_signal_to_the_whole_process_is_put_off() -> None:
    done: list[str] = []

    def work() -> None:
        with signals_held():
            os.kill(os.getpid(), signal.SIGINT)
            done.append("whole")

    with pytest.raises(KeyboardInterrupt):
        work()

    assert done == ["whole"]


def test_what_was_there_before_is_there_again() -> None:
    def mine(*_: object) -> NoReturn:
        raise AssertionError("nobody struck")

    before = signal.signal(signal.SIGHUP, mine)
    try:
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())
        with signals_held():
            assert signal.getsignal(signal.SIGHUP) is not mine
        assert signal.getsignal(signal.SIGHUP) is mine
        assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == mask
    finally:
        signal.signal(signal.SIGHUP, before)


def test_what_is_ignored_stays_ignored_for_a_process_that_is_started_meanwhile() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with signals_held():
            asked = "import signal; print(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN)"
            told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=30)
    finally:
        signal.signal(signal.SIGHUP, before)

    assert told.stdout == "True\n"
