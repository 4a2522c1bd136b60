"""Calls that nobody can interrupt are waited for in time, and whoever waits can be called away."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time

import pytest

from hybridjoin.device.adapters.apart import Apart, Late, call_apart

INTERRUPTED = """
import threading, time
from hybridjoin.device.adapters.apart import Apart
from hybridjoin.signals import orderly_exit
lock, apart = threading.Lock(), Apart("stuck")
def hold():
    with lock:
        print("so far", flush=True)
        time.sleep(30)
with orderly_exit():
    try:
        apart.call(hold, limit_s=30)
    finally:
        apart.close(lock.acquire)  # as python-ldap's unbind would: by a lock that is taken
"""


def test_a_call_returns_what_it_returns_and_raises_what_it_raises() -> None:
    apart = Apart("here")

    assert apart.call(lambda: threading.current_thread().name, limit_s=5) == "here"
    with pytest.raises(ZeroDivisionError):
        apart.call(lambda: 1 // 0, limit_s=5)
    assert call_apart(lambda: 7, limit_s=5, name="once") == 7


def test_calls_are_made_in_one_thread_and_the_last_one_ends_it() -> None:
    apart = Apart("one")
    idents = [apart.call(threading.get_ident, limit_s=5) for _ in range(3)]
    apart.close(lambda: idents.append(threading.get_ident()))

    assert len(set(idents)) == 1
    assert idents[0] != threading.get_ident()
    deadline = time.monotonic() + 5
    while "one" in {thread.name for thread in threading.enumerate()}:
        assert time.monotonic() < deadline


def test_nothing_is_started_where_nothing_was_asked() -> None:
    closed: list[int] = []
    Apart("none").close(lambda: closed.append(threading.get_ident()))

    assert closed == [threading.get_ident()]


def test_who_is_late_is_left_to_itself_and_asked_nothing_more() -> None:
    apart, free, closed = Apart("late"), threading.Event(), threading.Event()
    began = time.monotonic()
    with pytest.raises(Late):
        apart.call(free.wait, limit_s=0.05)
    with pytest.raises(Late):
        apart.call(lambda: 1, limit_s=30)
    apart.close(closed.set)

    assert time.monotonic() - began < 5
    assert not closed.is_set()
    free.set()
    assert closed.wait(5)


def test_a_signal_takes_whoever_waits_away_from_a_lock_that_is_never_given_back() -> None:
    with subprocess.Popen([sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "so far\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 143
