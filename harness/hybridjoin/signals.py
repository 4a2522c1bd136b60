"""SIGTERM and SIGHUP turned into an orderly way out, so that labs are taken down as after Ctrl-C.

And a way to put every signal off for as long as something must not be cut in two.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

SIGNALS = (signal.SIGTERM, signal.SIGHUP)
ENDING_SIGNALS = (signal.SIGINT, *SIGNALS)


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    for again in SIGNALS:
        if signal.getsignal(again) is _leave:
            signal.signal(again, signal.SIG_IGN)  # whoever is impatient must not cut the taking down short
    raise SystemExit(128 + number)


@contextmanager
def orderly_exit() -> Iterator[None]:
    """Raise SystemExit where a signal would have ended the process on the spot.

    Handlers that somebody else installed stay; other threads than the main one cannot have any.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    taken = [number for number in SIGNALS if signal.getsignal(number) is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, _leave)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def signals_held() -> Iterator[None]:
    """Put off what would end us until the block is over; a process started meanwhile begins with it blocked.

    Blocking alone holds back nothing here: the system hands the signal to any other thread, and Python then runs its
    handler in the main one all the same. For the main thread only.
    """
    heard: list[int] = []
    put_off = [number for number in ENDING_SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    handlers = [(number, signal.signal(number, lambda number, _: heard.append(number))) for number in put_off]
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in handlers:
            signal.signal(number, handler)
        if heard:
            signal.raise_signal(heard[0])
