"""docs/fidelity.md, read: its tables, and which row a line has."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "fidelity.md"
_ROW = re.compile(r"^\| `(?P<line>.*?)` \| (?P<sure>[^|]*) \| (?P<source>[^|]*) \| (?P<remark>.*) \|$")
_HEADING = re.compile(r"^### `([^`]+)`")
_HELD = {
    "guid": "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "GUID": "[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}",
    "code": "0x[0-9a-f]{8}",
    "number": r"\d+(?:\.\d+)?",
    "dashes": "-+",
    "base64": "[A-Za-z0-9+/]+=*",
    "base64url": "[A-Za-z0-9_-]+",
}


@dataclass(frozen=True)
class Row:
    """A row; `line` is what it fits, with its placeholders."""

    table: str
    line: str
    sure: str
    source: str
    remark: str

    def fits(self, item: str) -> bool:
        parts = re.split(r"<([^<>]+)>", self.line)
        pattern = "".join(_HELD.get(part, ".+") if at % 2 else re.escape(part) for at, part in enumerate(parts))
        return re.fullmatch(pattern, item) is not None


def rows(page: str) -> list[Row]:
    """Every row of every table; a line that begins like a row and is none is not passed over."""
    found: list[Row] = []
    table = ""
    for line in page.splitlines():
        heading = _HEADING.match(line)
        table = heading[1] if heading else table
        if line.startswith("| `"):
            row = _ROW.match(line)
            assert row is not None, f"not a row of four columns: {line}"
            found.append(Row(table, **row.groupdict()))
    return found


def row_for(item: str, table: str, page: list[Row]) -> Row | None:
    """The first row of a table that fits."""
    return next((row for row in page if row.table == table and row.fits(item)), None)


def count(page: list[Row]) -> str:
    """The page's sentence about itself; the README quotes it."""
    sure = Counter(row.sure for row in page)
    screens = sum(row.table.startswith("dsregcmd") for row in page)
    events = sum(row.table.startswith("events ") for row in page)
    return (
        f"{len(page)} rows, {screens} of the screens, {events} of the events and {len(page) - screens - events} of the "
        f"requests: {sure['documented']} documented, {sure['observed']} observed, {sure['assumed']} assumed."
    )
