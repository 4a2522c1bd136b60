"""SIGTERM and SIGHUP turned into an orderly way out, so that labs are taken down as after Ctrl-C."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

SIGNALS = (signal.SIGTERM, signal.SIGHUP)


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    for again in SIGNALS:
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
