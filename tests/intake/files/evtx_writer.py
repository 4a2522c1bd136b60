"""Writes true .evtx files: one chunk, events as BinXml, inline or as instances of a template as Windows writes them.

The layout is that of [MS-EVEN6] 2.2 for BinXml, and of libevtx' description of the file for header, chunk and record.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from lxml import etree

CHUNK = 65_536
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_FRAGMENT = b"\x0f\x01\x01\x00"
_STRING = 0x01


@dataclass
class _BinXml:
    """Appends BinXml to a chunk, whose offsets names refer to; `values` is there where texts become substitutions."""

    chunk: bytearray
    values: list[str] | None = None

    def put(self, form: str, *values: int) -> None:
        self.chunk += struct.pack(f"<{form}", *values)

    def sized(self) -> int:
        """Leave room for a size, and return where."""
        self.put("I", 0)
        return len(self.chunk)

    def close(self, start: int) -> None:
        struct.pack_into("<I", self.chunk, start - 4, len(self.chunk) - start)

    def name(self, text: str) -> None:
        """Write a name where it is used: its offset is the very next octet."""
        number = 0
        for letter in text:
            number = (number * 65_599 + ord(letter)) & 0xFFFFFFFF
        self.put("I", len(self.chunk) + 4)
        self.put("IHH", 0, number & 0xFFFF, len(text))
        self.chunk += text.encode("utf-16-le") + b"\0\0"

    def text(self, text: str) -> None:
        if self.values is not None:
            self.put("BHB", 0x0D, len(self.values), _STRING)
            self.values.append(text)
        else:
            self.put("BBH", 0x05, _STRING, len(text))
            self.chunk += text.encode("utf-16-le")

    def element(self, node: etree._Element) -> None:
        attributes = dict(node.attrib)
        space = etree.QName(node).namespace
        if space and node.getparent() is None:
            attributes = {"xmlns": space, **attributes}
        self.put("B", 0x41 if attributes else 0x01)
        if self.values is not None:
            self.put("H", 0xFFFF)  # what the element depends on: nothing; only templates have it
        start = self.sized()
        self.name(etree.QName(node).localname)
        if attributes:
            listed = self.sized()
            for left, (name, value) in zip(range(len(attributes) - 1, -1, -1), attributes.items(), strict=True):
                self.put("B", 0x46 if left else 0x06)
                self.name(str(name))
                self.text(str(value))
            self.close(listed)
        if not len(node) and not (node.text or ""):
            self.put("B", 0x03)
        else:
            self.put("B", 0x02)
            if node.text and node.text.strip():
                self.text(node.text)
            for child in node:
                self.element(child)
            self.put("B", 0x04)
        self.close(start)


@dataclass
class EventLogFile:
    """A log of one chunk; `templates` writes each event as the instance of a template of its own."""

    templates: bool = False
    dirty: bool = False
    events: list[str] = field(default_factory=list)

    def __bytes__(self) -> bytes:
        chunk = bytearray(512)
        last = 512
        for number, event in enumerate(self.events, start=1):
            last = len(chunk)
            self._record(chunk, number, etree.fromstring(event))
        free = len(chunk)
        assert free <= CHUNK, "these events need more than a chunk"
        return self._header() + self._closed(chunk, last, free)

    def _record(self, chunk: bytearray, number: int, node: etree._Element) -> None:
        start = len(chunk)
        moment = int((datetime(2021, 9, 6, 8, 11, 12, tzinfo=UTC) - _EPOCH).total_seconds()) * 10_000_000
        chunk += struct.pack("<4sIQQ", b"**\0\0", 0, number, moment) + _FRAGMENT
        if self.templates:
            self._instance(chunk, node)
        else:
            _BinXml(chunk).element(node)
        chunk += b"\0"
        size = len(chunk) + 4 - start
        chunk += struct.pack("<I", size)
        struct.pack_into("<I", chunk, start + 4, size)

    def _instance(self, chunk: bytearray, node: etree._Element) -> None:
        body = _BinXml(chunk, values=[])
        body.put("BBI", 0x0C, 1, 7)
        body.put("I", len(chunk) + 4)
        body.put("I", 0)
        chunk += bytes(range(16))
        start = body.sized()
        chunk += _FRAGMENT
        body.element(node)
        chunk += b"\0"
        body.close(start)
        values = [text.encode("utf-16-le") for text in body.values or ()]
        body.put("I", len(values))
        for value in values:
            body.put("HBB", len(value), _STRING, 0)
        chunk += b"".join(values)

    def _closed(self, chunk: bytearray, last: int, free: int) -> bytes:
        count = len(self.events)
        struct.pack_into(
            "<8sQQQQIIII", chunk, 0, b"ElfChnk\0", 1, count, 1, count, 128, last, free, zlib.crc32(chunk[512:])
        )
        struct.pack_into("<I", chunk, 124, zlib.crc32(bytes(chunk[:120]) + bytes(chunk[128:512])))
        return bytes(chunk).ljust(CHUNK, b"\0")

    def _header(self) -> bytes:
        fields = (b"ElfFile\0", 0, 0, len(self.events) + 1, 128, 1, 3, 4096, 1)
        head = struct.pack("<8sQQQIHHHH", *fields).ljust(120, b"\0")
        return (head + struct.pack("<II", int(self.dirty), zlib.crc32(head))).ljust(4096, b"\0")


def event_log(events: Iterable[str], *, templates: bool = False, dirty: bool = False) -> bytes:
    """Return a log of events, each given as its XML."""
    return bytes(EventLogFile(templates=templates, dirty=dirty, events=list(events)))
