"""Which events a scenario's record comes to: what its flow left behind, in the order of time."""

from __future__ import annotations

from collections.abc import Iterator

from hybridjoin.device.events.debug_log import debug_events
from hybridjoin.device.events.join import admin_events, registration_events
from hybridjoin.device.events.recorded_join import RecordedJoin
from hybridjoin.device.events.rows import EventReason, PlacedEvent, in_order, logged
from hybridjoin.device.events.sign_in import sign_in_events
from hybridjoin.model.flows import LEAVE, WORK_ACCOUNT
from hybridjoin.model.logged_event import LoggedEvent
from hybridjoin.model.record import ScenarioRecord
from hybridjoin.model.steps import Phase


def windows_events(item: ScenarioRecord) -> tuple[LoggedEvent, ...]:
    """Return the events, from the record alone; none where nothing was done, or nothing public is known of them."""
    if item.join is None or not item.join.exchanges:
        return ()
    told = RecordedJoin(join=item.join)
    stopped = tuple(_stopped(item, told))
    if stopped:
        return tuple(in_order(stopped))
    if item.join.flow is LEAVE:
        return ()
    if item.join.flow is WORK_ACCOUNT:
        return tuple(in_order((*registration_events(told), *sign_in_events(told))))
    if item.join.flow.persons:
        return tuple(in_order(sign_in_events(told)))
    return tuple(in_order((*debug_events(told), *admin_events(told))))


def _stopped(item: ScenarioRecord, told: RecordedJoin) -> Iterator[PlacedEvent]:
    """Where Windows' own pre-checks end the attempt, which this device does not make, what it does is not logged."""
    for bend in item.dial:
        if bend.phase == Phase.PRE_CHECK and bend.event == "event 334":
            reason = EventReason(certainty=bend.certainty, source=bend.source)
            yield logged(334, at=told.started, computer=told.computer, reason=reason)
