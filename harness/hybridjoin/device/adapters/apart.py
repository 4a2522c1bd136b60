"""Calls that nobody can interrupt, made in a thread of their own: libkrb5, libldap, and HTTP in between.

Such a call holds locks (python-ldap has one for each connection, which its own `unbind` takes too), and some know no
limit: libldap waits for a mute server's TLS for ever, libkrb5 for a mute KDC's answer. Whoever waits for them here
holds no lock, can be interrupted by a signal, and gives up in time; the thread is then left to itself.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any, Final, TypeVar

Result = TypeVar("Result")

CLOSES_WITHIN_S: Final = 1.0


class Late(Exception):
    """The call has not ended within its limit, or an earlier one of the same thread still has not."""


class Apart:
    """A thread that makes one call after the other; it begins with the first one."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._asked: queue.SimpleQueue[tuple[Callable[[], Any], queue.SimpleQueue[_Answer]] | None] | None = None
        self._stuck = False

    def call(self, what: Callable[[], Result], *, limit_s: float) -> Result:
        """Return what a call returns, or raise what it raises.

        Raises:
            Late: it does not end within the limit.
        """
        if self._stuck:
            raise Late
        if self._asked is None:
            self._asked = queue.SimpleQueue()
            threading.Thread(target=_serve, args=(self._asked,), name=self._name, daemon=True).start()
        answers: queue.SimpleQueue[_Answer] = queue.SimpleQueue()
        self._stuck = True  # also where a signal takes us away from here
        self._asked.put((what, answers))
        try:
            answer = answers.get(timeout=limit_s)
        except queue.Empty:
            raise Late from None
        self._stuck = False
        if isinstance(answer, _Raised):
            raise answer.error
        result: Result = answer
        return result

    def close(self, last: Callable[[], object]) -> None:
        """Make a last call, without its result; a thread that is stuck makes it when it is free, or never."""
        if self._asked is None:
            last()
            return
        answers: queue.SimpleQueue[_Answer] = queue.SimpleQueue()
        self._asked.put((last, answers))
        self._asked.put(None)
        try:
            answer = answers.get(timeout=0 if self._stuck else CLOSES_WITHIN_S)
        except queue.Empty:
            return
        if isinstance(answer, _Raised):
            raise answer.error


class _Raised:
    """What a call raised, on its way to whoever asked for it."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


_Answer = Any


def _serve(asked: queue.SimpleQueue[tuple[Callable[[], Any], queue.SimpleQueue[_Answer]] | None]) -> None:
    while (order := asked.get()) is not None:
        what, answers = order
        try:
            answers.put(what())
        except BaseException as error:  # noqa: BLE001 - it is raised again where it was asked for
            answers.put(_Raised(error))


def call_apart(what: Callable[[], Result], *, limit_s: float, name: str) -> Result:
    """Make a single call in a thread of its own.

    Raises:
        Late: it does not end within the limit.
    """
    apart = Apart(name)
    try:
        return apart.call(what, limit_s=limit_s)
    finally:
        apart.close(lambda: None)
