"""Two readers of event logs that know nothing of each other, and of us: evtx in Rust, python-evtx in Python."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from evtx import PyEvtxParser
from Evtx.Evtx import Evtx
from lxml import etree

SPACE = "{http://schemas.microsoft.com/win/2004/08/events/event}"


@dataclass(frozen=True)
class ReadEvent:
    """An event as it was read: what stands in System by its path, and the data in their order.

    One of the readers takes a time through a float, which has fewer digits: `at` is compared by whoever allows for it.
    """

    system: Mapping[str, str]
    data: tuple[tuple[str, str], ...]
    at: datetime = field(compare=False)


def by_rust(body: bytes) -> list[ReadEvent]:
    parser = PyEvtxParser(io.BytesIO(body), 1)
    return [read_event(record["data"]) for record in parser.records() if record is not None]


def by_python(body: bytes, folder: Path) -> list[ReadEvent]:
    """Read a log, and every checksum in it."""
    file = folder / "log.evtx"
    file.write_bytes(body)
    with Evtx(str(file)) as log:
        header = log.get_file_header()
        assert header.verify()
        assert all(chunk.verify() for chunk in header.chunks())
        return [read_event(record.xml()) for record in log.records()]


def read_event(xml: str) -> ReadEvent:
    root = etree.fromstring(xml.encode())
    system = root.find(f"{SPACE}System")
    assert system is not None
    found: dict[str, str] = {}
    for item in system:
        name = etree.QName(item).localname
        found |= {f"{name}/{key}": _alike(key, str(value)) for key, value in item.attrib.items()}
        if (item.text or "").strip():
            found[name] = str(item.text)
    at = datetime.fromisoformat(found.pop("TimeCreated/SystemTime")).astimezone(UTC)
    rows = root.findall(f"{SPACE}EventData/{SPACE}Data")
    return ReadEvent(found, tuple((str(row.get("Name")), _content(row.text)) for row in rows), at)


def _content(text: str | None) -> str:
    """One of them breaks the line inside an element that holds nothing."""
    return "" if text is None or not text.strip() else text


def _alike(name: str, value: str) -> str:
    """They write GUIDs in spellings of their own."""
    return value.strip("{}").lower() if name == "Guid" else value
