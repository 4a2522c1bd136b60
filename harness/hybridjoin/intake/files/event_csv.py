"""Events as CSV: Event Viewer's, whose sixth column has no name, and Export-Csv's; a cell may hold several lines."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Final

from hybridjoin.intake.files.event import WindowsEvent, is_of_interest
from hybridjoin.intake.files.event_facts import event_facts
from hybridjoin.intake.files.fact import Fact
from hybridjoin.intake.files.line_reader import LineReader
from hybridjoin.intake.files.text_lines import TextLine

BEGINS: Final = (
    r"\"?Level\"?,\"?Date and Time\"?,\"?Source\"?,\"?Event ID\"?"
    r"|#TYPE System\.Diagnostics\.Eventing|\"Message\",\"Id\",\"Version\""
)
LIMIT_ROW: Final = 2_000
"""Lines of one row."""


class EventCsv(LineReader):
    """One table."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self._names: list[str] = []
        self._row: list[str] = []
        self._line = 0
        self._done: list[Fact] = []

    def is_ours(self, text: str) -> bool:
        """Take everything, for a cell may hold anything."""
        del text
        return True

    def take(self, line: TextLine) -> None:
        """Take a line; a row is whole when its quotation marks come in pairs."""
        if not self._row:
            self._line = line.number
            if not line.text or line.text.startswith("#TYPE"):
                return
        self._row.append(line.text)
        text = "\n".join(self._row)
        if text.count('"') % 2 and len(self._row) < LIMIT_ROW:
            return
        self._row = []
        cells = next(csv.reader(text.splitlines(keepends=True)), [])
        if not self._names:
            self._names = [cell.strip().lower() for cell in cells]
        else:
            self._event(cells)

    def _event(self, cells: list[str]) -> None:
        by_name = dict(zip((*self._names, "text"), cells, strict=False))
        provider = by_name.get("source") or by_name.get("providername") or by_name.get("logname") or ""
        number = re.fullmatch(r"\d{1,5}", by_name.get("event id") or by_name.get("id") or "")
        if number is None or not is_of_interest(provider):
            return
        event = WindowsEvent(
            provider=provider,
            id=int(number[0]),
            file=self.file,
            line=self._line,
            at=by_name.get("date and time") or by_name.get("timecreated") or "",
            level=by_name.get("level") or by_name.get("leveldisplayname") or "",
            computer=by_name.get("machinename") or "",
            text=by_name.get("message") or by_name.get("") or by_name.get("text") or "",
        )
        self._done.extend(event_facts(event))

    def found(self) -> Iterator[Fact]:
        """Give the facts of the rows that are whole."""
        done, self._done = self._done, []
        yield from done
