"""Events as XML: one `<Event>` after the other, with a root or without: wevtutil's, Event Viewer's and ToXml's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hybridjoin.errors import PeerError
from hybridjoin.intake.files.event import WindowsEvent, is_of_interest
from hybridjoin.intake.files.event_attempts import EventAttempts
from hybridjoin.intake.files.fact import Fact
from hybridjoin.intake.files.line_reader import LineReader
from hybridjoin.intake.files.text_lines import TextLine
from hybridjoin.protocol import xml
from hybridjoin.protocol.xml import Element

BEGINS: Final = r"(?:<\?xml[^>]*>\s*)?(?:<Events\b|<Event[\s>])"
LIMIT_EVENT: Final = 1024 * 1024
"""Characters of one event."""

_PARTS: Final = re.compile(r"(<Event(?=[\s>]))|(</Event>)")
PROVIDER: Final = re.compile(r"<Provider\b[^>]*\bName=['\"]([^'\"]*)")


class EventXml(LineReader):
    """A stream of fragments; one that is not of our providers is passed over unparsed."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self._held: list[str] = []
        self._size = self._line = 0
        self._done: list[Fact] = []
        self._attempts = EventAttempts()

    def is_ours(self, text: str) -> bool:
        """Take what stands inside an event, and the tags around events."""
        return bool(self._held) or text.lstrip().startswith("<")

    def take(self, line: TextLine) -> None:
        """Take a line, which may hold several events or a part of one."""
        text = line.escaped if line.escaped and not line.escaped.lstrip().startswith("&lt;") else line.text
        at = 0
        for part in _PARTS.finditer(text):
            if part[1]:
                self._held, self._size, self._line = [], 0, line.number
                at = part.start()
            elif self._line:
                self._hold(text[at : part.end()])
                self._finish()
        if self._line:
            self._hold(text[at:] + "\n")

    def _hold(self, text: str) -> None:
        self._size += len(text)
        if self._size <= LIMIT_EVENT:
            self._held.append(text)

    def _finish(self) -> None:
        text = "".join(self._held)
        provider = PROVIDER.search(text)
        if provider is not None and is_of_interest(provider[1]) and self._size <= LIMIT_EVENT:
            event = event_of_xml(text, file=self.file, line=self._line)
            if event is not None:
                self._done.extend(self._attempts.take(event))
        self._held, self._size, self._line = [], 0, 0

    def found(self) -> Iterator[Fact]:
        """Give the facts of the attempts that are whole."""
        done, self._done = self._done, []
        yield from done

    def close(self) -> Iterator[Fact]:
        """Give those of the last one."""
        yield from self.found()
        yield from self._attempts.close()


def event_of_xml(text: str, *, file: str, line: int) -> WindowsEvent | None:
    """Read one event's XML; None where it is none."""
    try:
        root = xml.parse(text.encode("utf-8", "replace"), where=f"{file}:{line}")
    except PeerError:
        return None
    system = _child(root, "System")
    number = xml.text(_child(system, "EventID"))
    if not number.isdecimal():
        return None
    provider = _child(system, "Provider")
    return WindowsEvent(
        provider=provider.get("Name", "") if provider is not None else "",
        id=int(number),
        file=file,
        line=line,
        at=_attribute(_child(system, "TimeCreated"), "SystemTime"),
        level=xml.text(_child(system, "Level")),
        computer=xml.text(_child(system, "Computer")),
        data=tuple(_data(root)),
        text=xml.text(_child(_child(root, "RenderingInfo"), "Message")),
    )


def _data(root: Element) -> Iterator[tuple[str, str]]:
    for holder in (_child(root, "EventData"), _child(root, "UserData")):
        for item in holder.iter("*") if holder is not None else ():
            if xml.local_name(item) == "Data" or len(item) == 0:
                yield item.get("Name") or "", xml.text(item)


def _child(element: Element | None, name: str) -> Element | None:
    """Follow a name, in the namespace of events or in none, as some exports lose it."""
    if element is None:
        return None
    return next((item for item in xml.children(element) if xml.local_name(item) == name), None)


def _attribute(element: Element | None, name: str) -> str:
    return (element.get(name) or "") if element is not None else ""
