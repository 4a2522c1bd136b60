"""An event that a Windows writes into one of its logs: what a person finds in Event Viewer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from hybridjoin.model.verdict import Certainty


class EventLevel(IntEnum):
    """The level of an event, as event logs number it (winmeta.xml)."""

    ERROR = 2
    WARNING = 3
    INFORMATION = 4

    @property
    def title(self) -> str:
        """The word that Event Viewer shows."""
        return self.name.capitalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventProvider:
    """Who writes events; `guid` is in lower case and without braces."""

    name: str
    guid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedEvent:
    """One event of one channel.

    `at` is the device's clock. `data` are the fields by the manifest's names, in its order; a number is written as
    EventData has it, a code as a signed one. `text` is the rendered message, empty where no public source has it.
    `certainty` and `source` say how sure it is that a Windows writes this event here, and from where that is known.
    """

    provider: EventProvider
    channel: str
    id: int
    level: EventLevel
    at: datetime
    computer: str
    certainty: Certainty
    source: str
    data: tuple[tuple[str, str], ...] = ()
    text: str = ""
    version: int = 0

    @property
    def title(self) -> str:
        """The first line of the rendered message."""
        return self.text.partition("\n")[0].strip()
