"""Which attempt an event belongs to: few events name one, and those of one attempt lie beside one another in a log.

An attempt begins with the pre-checks (event 331, or the one that says why it goes no further), or with the first line
of its log where the hidden Debug channel is among them. Logs are exported from the oldest event to the newest or the
other way round, so that this opens a stretch or closes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hybridjoin.intake.files.event import WindowsEvent
from hybridjoin.intake.files.event_facts import LOG_LINES, attempt_named, event_facts
from hybridjoin.intake.files.fact import Fact

LIMIT_STRETCH: Final = 2_000
"""Events that are held of one attempt; with every line of `/join /debug` it has a hundred."""

_PRE_CHECKS: Final = frozenset({331, 333, 334, 335})  # how they came out: go on, not as SYSTEM, no controller, joined


class EventAttempts:
    """Takes the events of one log in their order, and gives their facts once an attempt is whole."""

    def __init__(self) -> None:
        self._held: list[WindowsEvent] = []
        self._backwards: bool | None = None

    def take(self, event: WindowsEvent) -> Iterator[Fact]:
        """Take an event; give the facts of the attempt that ends before it, or with it."""
        if not event.join:
            yield from event_facts(event)
            return
        self._notice_the_order(event)
        if self._held and (self._ends_before(event) or len(self._held) >= LIMIT_STRETCH):
            yield from self.close()
        self._held.append(event)
        if self._backwards and event.id in _PRE_CHECKS and not any(item.id in LOG_LINES for item in self._held):
            yield from self.close()

    def close(self) -> Iterator[Fact]:
        """Give the facts of what is held; whoever names no attempt is of the only one that is named beside it."""
        held, self._held = self._held, []
        begun = next((event for event in held if event.id in _PRE_CHECKS or _opens(event)), None)
        named = [attempt_named(event) for event in held]
        ids = set(named) - {""}
        shared = ""
        if begun is not None and len(ids) < 2:
            shared = next(iter(ids), f"{begun.file}:{begun.line}")
        for event, own in zip(held, named, strict=True):
            yield from event_facts(event, of=own or shared)

    def _ends_before(self, event: WindowsEvent) -> bool:
        """Tell whether what is held is an attempt of its own, which the event does not belong to."""
        if self._backwards:
            return _opens(self._held[-1]) and not _opens(event)
        if _opens(event):
            return not all(map(_opens, self._held))
        held = {item.id for item in self._held}
        return event.id in _PRE_CHECKS and (event.id in held or not held <= _PRE_CHECKS | LOG_LINES)

    def _notice_the_order(self, event: WindowsEvent) -> None:
        """Tell from two events at different times which way round the log is."""
        if self._backwards is None and self._held and event.at and self._held[0].at and event.at != self._held[0].at:
            self._backwards = event.at < self._held[0].at


def _opens(event: WindowsEvent) -> bool:
    """Tell whether an event is the first line of a log of `/join /debug`, which stands there twice."""
    return event.id in LOG_LINES and any("logging initialized" in value for _, value in event.data)
