"""Signals are put off as long as something must not be cut in two, and come through afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import NoReturn

import pytest

from hybridjoin.signals import ENDING_SIGNALS, SAME_WISH_S, SIGNALS, Ended, heard, orderly_exit, put_off, signals_held


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


def child(script: str) -> subprocess.Popen[str]:
    """Start a program of its own, which says when it is so far."""
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "so far\n"
    return process


LOCKED = """
import threading
from hybridjoin.signals import orderly_exit, put_off
lock = threading.Lock()
with orderly_exit(within_s={within_s}):
    with put_off():
        print("so far", flush=True)
        lock.acquire()
        lock.acquire(timeout=30)
"""


@pytest.mark.parametrize("number", ENDING_SIGNALS, ids=lambda number: number.name)
def test_a_process_that_is_stuck_is_ended_in_time(number: signal.Signals) -> None:
    with child(LOCKED.format(within_s=0.3)) as process:
        process.send_signal(number)
        _, err = process.communicate(timeout=10)

    assert process.returncode == 128 + number
    assert "not gone within 0.3 s of a signal; the next start removes what is left" in err


@pytest.mark.parametrize("again", ENDING_SIGNALS, ids=lambda number: number.name)
def test_a_second_signal_ends_the_process(again: signal.Signals) -> None:
    with child(LOCKED.format(within_s=20)) as process:
        process.send_signal(signal.SIGINT)
        time.sleep(SAME_WISH_S + 0.1)
        process.send_signal(again)
        process.communicate(timeout=5)

    assert process.returncode in {128 + again, -again}


def test_the_same_wish_passed_on_by_others_cuts_nothing_short() -> None:
    script = (
        "import time\n"
        "from hybridjoin.signals import orderly_exit\n"
        "with orderly_exit(within_s=9):\n"
        "    try:\n"
        "        print('so far', flush=True)\n"
        "        time.sleep(30)\n"
        "    finally:\n"
        "        time.sleep(0.2)\n"
        "        print('taken down', flush=True)\n"
    )
    with child(script) as process:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGTERM):
            process.send_signal(number)
        out, _ = process.communicate(timeout=5)

    assert out == "taken down\n"
    assert process.returncode in {143, 129}


def test_what_was_put_off_is_raised_once_and_when_the_block_is_over() -> None:
    done: list[str] = []

    def work() -> None:
        with orderly_exit():
            try:
                with put_off(), put_off():
                    signal.raise_signal(signal.SIGTERM)
                    done.append("whole")
            finally:
                signal.raise_signal(signal.SIGHUP)
                done.append("taken down")

    with pytest.raises(KeyboardInterrupt) as end:
        work()

    assert done == ["whole", "taken down"]
    assert isinstance(end.value, Ended)
    assert end.value.code == 143
    assert heard() is None
