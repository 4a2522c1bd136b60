"""Whose turn it is in a lab: scenarios share it, one that writes to what the forest has only once is alone with it."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from hybridjoin.errors import LabError, machine_named

LOCK_FILE: Final = "dial.lock"
GATE_FILE: Final = "dial.gate"
WAIT_S: Final = 120.0
LOOK_EVERY_S: Final = 0.01


@contextmanager
def turn(state_dir: Path, *, alone: bool, wait_s: float | None = None) -> Iterator[None]:
    """Hold the lab, shared or alone, for as long as the block lasts; the kernel takes it back from whoever dies.

    Whoever wants to be alone keeps the gate closed while waiting, so that a stream of others cannot keep it waiting
    for ever.

    Raises:
        LabError: it did not become free within `wait_s`, by default `WAIT_S`.
    """
    limit_s = WAIT_S if wait_s is None else wait_s
    with _held(state_dir / GATE_FILE, fcntl.LOCK_EX, limit_s) as gate:
        lock = _take(state_dir / LOCK_FILE, fcntl.LOCK_EX if alone else fcntl.LOCK_SH, limit_s)
        fcntl.flock(gate, fcntl.LOCK_UN)
    try:
        yield
    finally:
        os.close(lock)


@contextmanager
def _held(path: Path, how: int, limit_s: float) -> Iterator[int]:
    taken = _take(path, how, limit_s)
    try:
        yield taken
    finally:
        os.close(taken)


def _take(path: Path, how: int, limit_s: float) -> int:
    """Return an open file that is locked; closing it lets go."""
    with machine_named():
        opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + limit_s
    while True:
        try:
            fcntl.flock(opened, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(opened)
                raise LabError(
                    f"another scenario holds the lab: {path} was not free within {limit_s:g} s",
                    remedy="look for a run that hangs, and end it",
                ) from None
            time.sleep(LOOK_EVERY_S)
        except BaseException:
            os.close(opened)
            raise
        else:
            return opened
