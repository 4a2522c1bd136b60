"""A Windows event as the tree that its XML and its binary form are written from, member by member as Windows has it."""

from __future__ import annotations

import re
from typing import Final

from hybridjoin.model.logged_event import LoggedEvent
from hybridjoin.report.evtx.tree import EventElement
from hybridjoin.report.evtx.values import EventValue, ValueType, system_time

SPACE: Final = "http://schemas.microsoft.com/win/2004/08/events/event"
_KEYWORDS: Final = "0x8000000000000000"  # the bit that the channel's own keyword has in public captures
_SYSTEM: Final = "S-1-5-18"  # the scheduled task runs as Local System
_NUMBER: Final = re.compile(r"-?\d{1,10}")
# What the manifest says of the fields that are no strings.
_TYPES: Final = {
    "ExitCode": ValueType.INT32,
    "JoinRequestType": ValueType.INT32,
    "HttpStatus": ValueType.UINT32,
}


def event_tree(event: LoggedEvent, number: int, *, rendered: bool = False) -> EventElement:
    """Return an event as the record `number` of a log; `rendered` adds the texts, which binary logs do not hold."""
    children = [_system(event, number)]
    if event.data:
        rows = tuple(
            EventElement(name="Data", attributes=(("Name", name),), value=_typed(name, value))
            for name, value in event.data
        )
        children.append(EventElement(name="EventData", children=rows))
    if rendered:
        children.append(_rendering(event))
    return EventElement(name="Event", attributes=(("xmlns", SPACE),), children=tuple(children))


def _system(event: LoggedEvent, number: int) -> EventElement:
    guid = EventValue(text=f"{{{event.provider.guid}}}", type=ValueType.GUID)
    moment = EventValue(text=system_time(event.at), type=ValueType.FILETIME)
    unknown = EventValue(text="0", type=ValueType.UINT32)
    children = (
        EventElement(name="Provider", attributes=(("Name", event.provider.name), ("Guid", guid))),
        _number("EventID", event.id, ValueType.UINT16),
        _number("Version", event.version, ValueType.UINT8),
        _number("Level", event.level, ValueType.UINT8),
        _number("Task", 0, ValueType.UINT16),
        _number("Opcode", 0, ValueType.UINT8),
        EventElement(name="Keywords", value=EventValue(text=_KEYWORDS, type=ValueType.HEX64)),
        EventElement(name="TimeCreated", attributes=(("SystemTime", moment),)),
        _number("EventRecordID", number, ValueType.UINT64),
        EventElement(name="Correlation"),
        EventElement(name="Execution", attributes=(("ProcessID", unknown), ("ThreadID", unknown))),
        EventElement(name="Channel", value=EventValue(text=event.channel)),
        EventElement(name="Computer", value=EventValue(text=event.computer)),
        EventElement(name="Security", attributes=(("UserID", EventValue(text=_SYSTEM, type=ValueType.SID)),)),
    )
    return EventElement(name="System", children=children)


def _number(name: str, value: int, kind: ValueType) -> EventElement:
    return EventElement(name=name, value=EventValue(text=str(int(value)), type=kind))


def _typed(name: str, value: str) -> EventValue:
    """Return a field's value; a number that nobody knows is an empty text."""
    kind = _TYPES.get(name, ValueType.STRING)
    return EventValue(text=value, type=kind if _NUMBER.fullmatch(value) else ValueType.STRING)


def _rendering(event: LoggedEvent) -> EventElement:
    words = (
        ("Message", event.text),
        ("Level", event.level.title),
        ("Task", ""),
        ("Opcode", "Info"),
        ("Channel", event.channel.rpartition("/")[2]),
        ("Provider", event.provider.name),
    )
    children = (*(EventElement(name=name, value=EventValue(text=text)) for name, text in words),)
    return EventElement(
        name="RenderingInfo", attributes=(("Culture", "en-US"),), children=(*children, EventElement(name="Keywords"))
    )
