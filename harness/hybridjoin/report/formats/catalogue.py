"""The catalogue of output formats: whatever lists, writes, packs or offers them asks here.

A new format is one row below and the module that draws it; tests name a drawer without a row, and a row that no test
draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from pkgutil import resolve_name
from typing import Final, cast

from hybridjoin.model.record import RunRecord
from hybridjoin.model.shown import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One picture that can be drawn of a record.

    `file_name` is what it is called in a report's folder and in a package; it, or its ending, or `other_endings` choose
    the format where a file is named and no format: of those that share an ending, the first. `drawer` is
    `module:function` from a record to text or octets, imported when it is asked for. `title` is what help calls it.
    `every_run` says that each run writes it, `packed` that an evidence package holds it. `verdicts` says that it tells
    how a run came out; the others show what the device saw. `binary` is one that is no text. `data` says that its
    drawer takes the record as it is, for what it draws is read by programs; it looks to what people may see of it.
    `in_parts` is the function that draws the same piece by piece, of one whose pictures are large.
    """

    name: str
    title: str
    file_name: str
    drawer: str
    other_endings: tuple[str, ...] = ()
    every_run: bool = False
    packed: bool = True
    verdicts: bool = True
    binary: bool = False
    data: bool = False
    in_parts: str = ""

    @property
    def endings(self) -> tuple[str, ...]:
        """The endings of file names that mean this format, in lower case."""
        return (PurePath(self.file_name).suffix, *self.other_endings)

    def draw(self, record: RunRecord) -> bytes:
        """Draw a record, with every text made fit to be seen where people are to look at it."""
        return b"".join(self.parts(record))

    def parts(self, record: RunRecord) -> Iterator[bytes]:
        """Draw the same, piece by piece where the format can."""
        seen = record if self.data else shown(record)
        if self.in_parts:
            pieces = cast("Callable[[RunRecord], Iterator[str | bytes]]", resolve_name(self.in_parts))(seen)
        else:
            pieces = iter([cast("Callable[[RunRecord], str | bytes]", resolve_name(self.drawer))(seen)])
        yield from (item if isinstance(item, bytes) else item.encode("utf-8", "replace") for item in pieces)


RECORD: Final = Format(
    name="json",
    title="JSON",
    file_name="record.json",
    drawer="hybridjoin.report.json_report:encode_record",
    in_parts="hybridjoin.report.json_report:record_in_parts",
    every_run=True,
    data=True,
)
PAGE: Final = Format(
    name="html",
    title="HTML",
    file_name="index.html",
    drawer="hybridjoin.report.page.html:render_html",
    in_parts="hybridjoin.report.page.html:html_in_parts",
    other_endings=(".htm",),
    every_run=True,
)
# The order is that of a package's members.
FORMATS: Final = (
    RECORD,
    PAGE,
    Format(
        name="junit",
        title="JUnit",
        file_name="junit.xml",
        drawer="hybridjoin.report.formats.junit:render_junit",
        every_run=True,
    ),
    Format(
        name="markdown",
        title="Markdown",
        file_name="summary.md",
        drawer="hybridjoin.report.formats.markdown:render_markdown",
    ),
    Format(
        name="sarif",
        title="SARIF",
        file_name="results.sarif",
        drawer="hybridjoin.report.formats.sarif:render_sarif",
    ),
    Format(
        name="tap",
        title="TAP",
        file_name="results.tap",
        drawer="hybridjoin.report.formats.tap:render_tap",
    ),
    Format(
        name="windows-events",
        title="Windows events",
        file_name="windows-events.xml",
        drawer="hybridjoin.report.formats.windows_events:render_windows_events",
        every_run=True,
        verdicts=False,
        data=True,
    ),
    Format(
        name="evtx",
        title="EVTX",
        file_name="windows-events.evtx",
        drawer="hybridjoin.report.formats.evtx:render_evtx",
        every_run=True,
        verdicts=False,
        data=True,
        binary=True,
    ),
)
NAMES: Final = tuple(item.name for item in FORMATS)
_BY_NAME: Final = {item.name: item for item in FORMATS}


def find_format(name: str) -> Format:
    """Return the format of a name; KeyError where there is none."""
    return _BY_NAME[name]


def format_of_file(path: PurePath) -> Format | None:
    """Return the format that a file's name means, or else its ending."""
    named = (item for item in FORMATS if path.name.lower() == item.file_name)
    ending = (item for item in FORMATS if path.suffix.lower() in item.endings)
    return next(named, None) or next(ending, None)


def told(formats: Iterable[Format], joined_by: str = "or") -> str:
    """Name formats in a sentence: `HTML, JUnit or TAP`."""
    *rest, last = (item.title for item in formats)
    return f"{', '.join(rest)} {joined_by} {last}" if rest else last
