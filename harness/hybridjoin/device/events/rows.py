"""The events that a join or a sign-in leaves behind: their levels and texts, and how an event is made of a row.

Levels and fields are those of the providers' manifests (build 18990, the newest that is public, with Windows 10 22H2
and Windows 11 24H2 taken to be alike); texts are those that were published of about build 1903, whose inserts are `%1`
and further. A public capture of March 2026 shows 100 to 106 in this order, of a join of another kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from hybridjoin.model.logged_event import EventLevel, EventProvider, LoggedEvent
from hybridjoin.model.shown import visible
from hybridjoin.model.verdict import Certainty

REGISTRATION: Final = EventProvider(
    name="Microsoft-Windows-User Device Registration", guid="23b8d46b-67dd-40a3-b636-d43e50552c6d"
)
AAD: Final = EventProvider(name="Microsoft-Windows-AAD", guid="4de9bc9c-b27a-43c9-8994-0915f1a5e24f")
LIMIT_VALUE: Final = 8192
"""Characters of one field: an event has 64 KiB at most, and five fields."""

_INSERT: Final = re.compile(r"%(\d)")
# Facilities of system errors, for which Windows prints a sentence in its own language and no number.
_SYSTEM_ERRORS: Final = frozenset({0x8007, 0x8009})
_ERROR, _WARNING, _INFORMATION = EventLevel.ERROR, EventLevel.WARNING, EventLevel.INFORMATION


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One event of a manifest; `channel` is the part of its name after the provider's."""

    level: EventLevel
    text: str
    provider: EventProvider = REGISTRATION
    channel: str = "Admin"


ROWS: Final[Mapping[int, EventRow]] = MappingProxyType(
    {
        100: EventRow(level=_INFORMATION, text="The discovery request send operation was successful."),
        101: EventRow(
            level=_INFORMATION, text="The discovery operation callback was successful.\nServer response was: %1"
        ),
        102: EventRow(
            level=_INFORMATION,
            text="The initialization of the join request was successful. Inputs:\n JoinRequest: %1 (%2)\n Domain: %3",
        ),
        103: EventRow(
            level=_INFORMATION, text="The join request was successfully sent to server. Inputs:\n AuthToken: %1"
        ),
        104: EventRow(
            level=_INFORMATION,
            text="The get join response operation callback was successful.\nActivity Id: %2\nServer response was: %1",
        ),
        105: EventRow(level=_INFORMATION, text="The complete join response operation was successful."),
        106: EventRow(
            level=_INFORMATION,
            text="The post join tasks for the AAD Authentication Package completed successfully.",
        ),
        200: EventRow(
            level=_ERROR,
            text="The discovery request send operation failed with exit code: %1. Inputs:\n Domain: %2",
        ),
        201: EventRow(
            level=_ERROR,
            text="The discovery operation callback failed with exit code: %1. The server returned HTTP status: %2.\n"
            "Server response was:\n%3",
        ),
        203: EventRow(
            level=_ERROR, text="The send join request operation failed with exit code: %1. Inputs:\n AuthToken: %2"
        ),
        204: EventRow(
            level=_ERROR,
            text="The get join response operation callback failed with exit code: %1.\nActivity Id: %2\n"
            "The server returned HTTP status: %3\nServer response was: %4",
        ),
        304: EventRow(
            level=_ERROR,
            text="Automatic registration failed at join phase.\nExit code: %1\nServer error: %2\nTenant type: %3\n"
            "Registration type: %4\nDebug Output:\n%5",
        ),
        305: EventRow(
            level=_ERROR,
            text="Automatic registration failed at authentication phase. Unable to acquire access token.\n"
            "Exit code: %1\nTenant Name: %4\nTenant Type: %3\nServer error:\n%2",
        ),
        306: EventRow(level=_INFORMATION, text="Automatic registration Succeeded."),
        307: EventRow(
            level=_ERROR,
            text="Automatic registration failed. Failed to lookup the registration service information from Active "
            "Directory. Exit code: %1. See https://go.microsoft.com/fwlink/?LinkId=623042",
        ),
        309: EventRow(level=_ERROR, text="Failed to discover the Azure AD DRS service. Exit code: %1."),
        331: EventRow(
            level=_INFORMATION, text="Automatic device join pre-check tasks completed.\nDebug output:\\r\\n %1"
        ),
        334: EventRow(
            level=_WARNING,
            text="Automatic device join pre-check tasks completed. The device can NOT be joined because a domain "
            "controller could not be located. The device must be connected to a network with connectivity to an Active "
            "Directory domain controller.",
        ),
        354: EventRow(
            level=_ERROR,
            text="Json Request Failed. Exit code: %1. httpStatus: %2 Server response: %3.",
        ),
        500: EventRow(level=_INFORMATION, text="%1", channel="Debug"),
        1081: EventRow(
            level=_ERROR,
            text="OAuth response error: %1\nError description: %2\nCorrelationID: %3",
            provider=AAD,
            channel="Operational",
        ),
        1088: EventRow(
            level=_ERROR,
            text="WSTrust response error: %1\nError description: %2",
            provider=AAD,
            channel="Operational",
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventReason:
    """How sure it is that Windows writes an event where it stands, and why."""

    certainty: Certainty
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When something was noted: `order` is its place in the story, which no clock that stands or goes back upsets."""

    order: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedEvent:
    """An event and its place in the story."""

    order: int
    event: LoggedEvent


def in_order(placed: Iterable[PlacedEvent]) -> Iterator[LoggedEvent]:
    """Yield events as a log has them: in the order of the story, with a time that never goes back."""
    latest: datetime | None = None
    for item in sorted(placed, key=lambda one: one.order):
        latest = item.event.at if latest is None else max(latest, item.event.at)
        yield replace(item.event, at=latest)


def logged(
    number: int, data: tuple[tuple[str, str], ...] = (), *, at: Moment, computer: str, reason: EventReason
) -> PlacedEvent:
    """Return an event of a row; a code among its data is written `0x…`, and goes into the log as a signed number."""
    row = ROWS[number]
    held = tuple((name, _cut(value)) for name, value in data)
    words = [code_words(value) if name == "ExitCode" else value for name, value in held]
    event = LoggedEvent(
        provider=row.provider,
        channel=f"{row.provider.name}/{row.channel}",
        id=number,
        level=row.level,
        at=at.at,
        computer=visible(computer),
        certainty=reason.certainty,
        source=reason.source,
        data=tuple((name, signed(value) if name == "ExitCode" else value) for name, value in held),
        text=_INSERT.sub(lambda found: words[int(found[1]) - 1], row.text),
    )
    return PlacedEvent(order=at.order, event=event)


def signed(code: str) -> str:
    """Write a code as EventData has it, where it is an Int32; what is no code is left out."""
    if not code:
        return ""
    number = int(code, 16)
    return str(number - (1 << 32) if number >> 31 else number)


def code_words(code: str) -> str:
    """Write a code as Windows renders it where it has no sentence for it; with one, the number alone is known here."""
    if not code or int(code, 16) >> 16 in _SYSTEM_ERRORS:
        return code
    return f"Unknown HResult Error code: {code}"


def _cut(value: str) -> str:
    seen = visible(value.replace("\r\n", "\n"))
    return seen if len(seen) <= LIMIT_VALUE else f"{seen[:LIMIT_VALUE]}… ({len(seen)} characters)"
