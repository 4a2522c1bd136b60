"""The events of a scenario as the page shows them: a row each, but for the lines that the screen beside them has."""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.device.events import windows_events
from hybridjoin.model.logged_event import EventLevel, LoggedEvent
from hybridjoin.model.record import ScenarioRecord
from hybridjoin.model.shown import one_line

_DEBUG = "/Debug"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsView:
    """The events of the logs that people look into, and how many lines the hidden one beside them has."""

    rows: tuple[EventRowView, ...]
    hidden: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRowView:
    """One event; `log` is its channel without the vendor's name, `bad` says that it is more than information."""

    event: LoggedEvent
    log: str
    text: str
    bad: bool


def view_events(item: ScenarioRecord) -> EventsView:
    """Return what is shown of a scenario's events."""
    events = windows_events(item)
    rows = tuple(_row(event) for event in events if not event.channel.endswith(_DEBUG))
    return EventsView(rows=rows, hidden=len(events) - len(rows))


def _row(event: LoggedEvent) -> EventRowView:
    return EventRowView(
        event=event,
        log=event.channel.removeprefix("Microsoft-Windows-"),
        text=one_line(event.title),
        bad=event.level is not EventLevel.INFORMATION,
    )
