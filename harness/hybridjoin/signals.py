"""Signals turned into an orderly way out, so that whatever was brought up is taken down again; and a way to put it off.

A handler raises where the signal finds the program, as Python's own does after Ctrl-C, and once: the same wish is
heard several times where a terminal, a shell and a supervisor all pass it on. Code that may not be cut in two puts it
off (`put_off`). What waits for a library that holds locks of its own, as python-ldap and libkrb5 do, lets another
thread do so (`hybridjoin.device.adapters.apart`): handlers run in the main thread only, which then holds none of them.

A second wish ends the process on the spot. A program that is its process's only master says so by `within_s`: a thread
of its own, woken by the system and not by Python's main thread, then ends it that long after the first one too.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Final

SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP)
ENDING_SIGNALS: Final = (signal.SIGINT, *SIGNALS)
LEAVES_WITHIN_S: Final = 4.0
"""How long a command of ours may take to go after a signal."""
_GONE_WITHIN_S: Final = 1.0
_UNHEARD_S, _NUDGE_EVERY_S = 0.4, 0.05
SAME_WISH_S: Final = 0.5
"""Signals that come so soon after the first are the same wish, passed on by somebody else."""


class Ended(SystemExit, KeyboardInterrupt):
    """A signal wants us gone: handled as Ctrl-C is, and the exit code says which signal it was."""


class _Wish:
    """What was heard; there is one for the process, as there is one main thread."""

    number: int | None = None
    at: float = 0.0
    raised: bool = False
    put_off: int = 0
    watch: _Watch | None = None


_wish = _Wish()


def heard() -> int | None:
    """Return the signal that wants this process gone, or None."""
    return _wish.number


def _hear(number: int, _frame: FrameType | None) -> None:
    if _wish.number is None:
        _wish.number, _wish.at = number, _now()
        if not _wish.put_off:
            _raise()
    elif _now() - _wish.at >= SAME_WISH_S:
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)


def _raise() -> None:
    _wish.raised = True
    if _wish.number == signal.SIGINT:
        raise KeyboardInterrupt
    raise Ended(128 + (_wish.number or 0))


@contextmanager
def orderly_exit(*, within_s: float | None = None) -> Iterator[None]:
    """Raise where a signal would have ended the process on the spot: KeyboardInterrupt, or `Ended`, which is one too.

    Handlers that somebody else installed stay; other threads than the main one cannot have any. Inside another one
    of its kind it changes nothing. With `within_s` the process is ended that many seconds after the first signal.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    mine = (signal.SIG_DFL, signal.default_int_handler)
    taken = [(number, was) for number in ENDING_SIGNALS if (was := signal.getsignal(number)) in mine]
    watch = _Watch(within_s) if within_s is not None else None
    _wish.watch = watch or _wish.watch
    for number, _ in taken:
        signal.signal(number, _hear)
    try:
        yield
    finally:
        for number, was in taken:
            if signal.getsignal(number) is _hear and not (watch and heard()):
                signal.signal(number, was)
        if not any(signal.getsignal(number) is _hear for number in ENDING_SIGNALS):
            _wish.number, _wish.raised = None, False
            if watch is not None:
                watch.close()
                _wish.watch = None


@contextmanager
def nobody_watching() -> Iterator[None]:
    """Let the thread that watches rest until the block is over, which should be short.

    The kernel lets no process of several threads enter a user namespace (unshare(2), EINVAL).
    """
    watch = _wish.watch
    if watch is not None:
        watch.close()
    try:
        yield
    finally:
        if watch is not None:
            watch.open()


@contextmanager
def put_off() -> Iterator[None]:
    """Put what would end us off until the block is over; for short ones, for it is heard only then."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _wish.put_off += 1
    try:
        yield
    finally:
        _wish.put_off -= 1
        if not _wish.put_off and _wish.number is not None and not _wish.raised:
            _raise()


@contextmanager
def signals_held() -> Iterator[None]:
    """Put off what would end us until the block is over; a process started meanwhile begins with it blocked.

    Blocking alone holds back nothing here: the system hands the signal to any other thread, and Python then runs its
    handler in the main one all the same. For the main thread only.
    """
    later: list[int] = []
    plain = [number for number in ENDING_SIGNALS if signal.getsignal(number) not in {signal.SIG_IGN, _hear}]
    handlers = [(number, signal.signal(number, lambda number, _: later.append(number))) for number in plain]
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING_SIGNALS)
    with put_off():
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            for number, handler in handlers:
                signal.signal(number, handler)
            if later:
                signal.raise_signal(later[0])


class _Watch:
    """Ends the process in time. The system itself writes each signal's number down a line, whatever Python is at.

    A signal that comes in the moment before the main thread falls asleep in a system call leaves it asleep, though its
    handler would wait for nothing else: while it has not been heard, it is sent again.
    """

    def __init__(self, within_s: float) -> None:
        self._within_s = within_s
        self.open()

    def open(self) -> None:
        """Begin to watch; a signal that was heard before counts from now on."""
        self._hears, self._told = socket.socketpair()
        self._told.settimeout(0)
        self._before = signal.set_wakeup_fd(self._told.fileno(), warn_on_full_buffer=False)
        self._thread = threading.Thread(target=self._look, name="watch over signals", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Watch no longer; the thread is gone when this returns."""
        signal.set_wakeup_fd(self._before)
        self._told.close()
        task = Path("/proc/self/task", str(self._thread.native_id))
        self._thread.join()
        deadline = _now() + _GONE_WITHIN_S
        while task.exists() and _now() < deadline:  # Python is done with it a moment before the kernel is
            select.select([], [], [], 0.001)

    def _look(self) -> None:
        first, since, nudged = heard(), _now(), 0.0
        while True:
            left_s = None if first is None else max(0.0, since + self._within_s - _now())
            unheard = first is not None and heard() is None and _now() - since < _UNHEARD_S
            wait_s = min(left_s or 0.0, _NUDGE_EVERY_S) if unheard else left_s
            if not select.select([self._hears], [], [], wait_s)[0] and first is not None:
                if not unheard:
                    _end(first, f"it was not gone within {self._within_s:g} s of a signal")
                nudged = _now()
                signal.pthread_kill(threading.main_thread().ident or 0, first)
                continue
            told = self._hears.recv(64) or b"\0"
            if 0 in told:
                self._hears.close()
                return
            for number in filter(_is_ours, told):
                if first is None:
                    first, since = number, _now()
                elif _now() - max(since, nudged) >= SAME_WISH_S:
                    _end(number, "it was told twice")


def _is_ours(number: int) -> bool:
    return number in ENDING_SIGNALS and signal.getsignal(number) is _hear


def _end(number: int, why: str) -> None:
    """End the process, whatever its other threads are at; what it started ends with it or is swept by the next one."""
    words = f"hybridjoin: ended on the spot: {why}; the next start removes what is left\n"
    with suppress(OSError, ValueError):
        if select.select([], [2], [], 0)[1]:
            os.write(2, words.encode("ascii"))
    os._exit(128 + number)


def _now() -> float:
    """Read the monotonic clock, past any frozen one."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)
