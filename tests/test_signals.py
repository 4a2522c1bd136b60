"""Signals are put off as long as something must not be cut in two, and come through afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import NoReturn

import pytest

from hybridjoin.signals import ENDING_SIGNALS, SIGNALS, orderly_exit, signals_held


@pytest.fixture(autouse=True)
def plain_handlers() -> Iterator[None]:
    """Begin with Python's own handlers, whatever libraries have put in their place, and put those back."""
    before = [(number, signal.signal(number, signal.SIG_DFL)) for number in SIGNALS]
    before.append((signal.SIGINT, signal.signal(signal.SIGINT, signal.default_int_handler)))
    yield
    for number, handler in before:
        signal.signal(number, handler)


def nobody(*_: object) -> NoReturn:
    """Handle a signal that never comes."""
    raise AssertionError("nobody struck")


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
    def work() -> None:
        with orderly_exit():
            signal.raise_signal(signal.SIGTERM)

    signal.signal(signal.SIGHUP, nobody)
    with pytest.raises(SystemExit):
        work()

    assert signal.getsignal(signal.SIGHUP) is nobody
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


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
    signal.signal(signal.SIGHUP, nobody)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())

    with signals_held():
        assert signal.getsignal(signal.SIGHUP) is not nobody

    assert signal.getsignal(signal.SIGHUP) is nobody
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == mask


def test_what_is_ignored_stays_ignored_for_a_process_that_is_started_meanwhile() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    asked = "import signal; print(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN)"

    with signals_held():
        told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=30)

    assert told.stdout == "True\n"
