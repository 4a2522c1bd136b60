"""Events as text: `wevtutil qe /f:text`, Event Viewer's "Copy as text", and `Get-WinEvent | Format-List`.

Their labels are English here; a localised one begins no event, and the file is told as not recognised.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from hybridjoin.intake.files.event import WindowsEvent, is_of_interest
from hybridjoin.intake.files.event_facts import event_facts
from hybridjoin.intake.files.fact import Fact
from hybridjoin.intake.files.line_reader import LIMIT_PASSAGE, LineReader
from hybridjoin.intake.files.text_lines import TextLine

BEGINS: Final = r"Event\[\d+\]:?\s*$|Log Name\s*:|TimeCreated\s+:|ProviderName\s*:"

_HEAD: Final = re.compile(
    r"\s*(Log Name|Source|Date|Event ID|Task Category|Task|Level|Opcode|Keywords?|User Name|User|Computer|Description"
    r"|TimeCreated|ProviderName|Id|LevelDisplayName|MachineName|LogName|Message)\s*:(?:\s+(.*))?$"
)
_NEXT: Final = re.compile(r"Event\[\d+\]:?\s*$|Log Name\s*:|TimeCreated\s+:")
_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "source": "provider", "providername": "provider", "date": "at", "timecreated": "at", "event id": "id",
        "id": "id",
        "level": "level", "leveldisplayname": "level", "computer": "computer", "machinename": "computer",
        "description": "text", "message": "text", "log name": "channel", "logname": "channel",
    }
)  # fmt: skip


class EventText(LineReader):
    """One event after the other; a description goes on until the next event's first line."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self._head: dict[str, str] = {}
        self._text: list[str] = []
        self._line = 0
        self._in_text = False
        self._done: list[Fact] = []

    def is_ours(self, text: str) -> bool:
        """Take everything: a description may hold the lines of any other format."""
        return not (self._in_text and re.match(r"\s*PS [^>]{0,260}>", text))

    def take(self, line: TextLine) -> None:
        """Take a line of the head or of the description."""
        text = line.text
        if _NEXT.match(text) and (self._in_text or "id" in self._head or not self._head):
            self._finish()
            self._line = line.number
        head = _HEAD.match(text) if not self._in_text else None
        if head is None:
            if self._in_text and len(self._text) < LIMIT_PASSAGE:
                self._text.append(text)
            return
        name = _NAMES.get(head[1].lower())
        if name == "text":
            self._in_text = True
            self._text = [head[2] or ""]
        elif name is not None:
            self._head[name] = (head[2] or "").strip()

    def _finish(self) -> None:
        provider = self._head.get("provider", "") or self._head.get("channel", "")
        number = re.match(r"\d{1,5}", self._head.get("id", ""))
        if number is not None and is_of_interest(provider):
            event = WindowsEvent(
                provider=provider,
                id=int(number[0]),
                file=self.file,
                line=self._line,
                at=self._head.get("at", ""),
                level=self._head.get("level", ""),
                computer=self._head.get("computer", ""),
                text=_unindented(self._text),
            )
            self._done.extend(event_facts(event))
        self._head, self._text, self._in_text = {}, [], False

    def found(self) -> Iterator[Fact]:
        """Give the facts of the events that are whole."""
        done, self._done = self._done, []
        yield from done

    def close(self) -> Iterator[Fact]:
        """Give the last event's too."""
        self._finish()
        yield from self.found()


def _unindented(lines: list[str]) -> str:
    """Put a message together; one that Format-List wrapped and indented goes on without a break."""
    text = ""
    for line in lines:
        wrapped = line.startswith(" " * 15) and text and not re.match(r"\s*(?:Adal\w*:|\w+: )", line)
        text += (" " if wrapped else "\n") + line.strip()
    return text.strip()
