"""Logs of events that are given as XML: by the product's writer, or inline, which it never writes and others do.

Inline events stand there element by element, without a template: so write tools that have no manifest at hand.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from lxml import etree

from hybridjoin.report.evtx.chunk import CHUNK_SIZE
from hybridjoin.report.evtx.log_file import LogRecord, encode_log
from hybridjoin.report.evtx.tree import EventElement
from hybridjoin.report.evtx.values import EventValue, filetime

WRITTEN = datetime(2021, 9, 6, 8, 11, 12, tzinfo=UTC)
_FRAGMENT = b"\x0f\x01\x01\x00"
_STRING = 0x01


@dataclass
class _BinXml:
    """Appends BinXml to a chunk, whose offsets names refer to."""

    chunk: bytearray

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
        self.put("BBH", 0x05, _STRING, len(text))
        self.chunk += text.encode("utf-16-le")

    def element(self, node: etree._Element) -> None:
        attributes = dict(node.attrib)
        space = etree.QName(node).namespace
        if space and node.getparent() is None:
            attributes = {"xmlns": space, **attributes}
        self.put("B", 0x41 if attributes else 0x01)
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
class _InlineLog:
    """A log of one chunk, whose events stand there element by element."""

    events: list[str] = field(default_factory=list)

    def __bytes__(self) -> bytes:
        chunk = bytearray(512)
        last = 512
        for number, event in enumerate(self.events, start=1):
            last = len(chunk)
            self._record(chunk, number, etree.fromstring(event))
        free = len(chunk)
        assert free <= CHUNK_SIZE, "these events need more than a chunk"
        return self._header() + self._closed(chunk, last, free)

    def _record(self, chunk: bytearray, number: int, node: etree._Element) -> None:
        start = len(chunk)
        chunk += struct.pack("<4sIQQ", b"**\0\0", 0, number, filetime(WRITTEN)) + _FRAGMENT
        _BinXml(chunk).element(node)
        chunk += b"\0"
        size = len(chunk) + 4 - start
        chunk += struct.pack("<I", size)
        struct.pack_into("<I", chunk, start + 4, size)

    def _closed(self, chunk: bytearray, last: int, free: int) -> bytes:
        count = len(self.events)
        struct.pack_into(
            "<8sQQQQIIII", chunk, 0, b"ElfChnk\0", 1, count, 1, count, 128, last, free, zlib.crc32(chunk[512:])
        )
        struct.pack_into("<I", chunk, 124, zlib.crc32(bytes(chunk[:120]) + bytes(chunk[128:512])))
        return bytes(chunk).ljust(CHUNK_SIZE, b"\0")

    def _header(self) -> bytes:
        fields = (b"ElfFile\0", 0, 0, len(self.events) + 1, 128, 1, 3, 4096, 1)
        head = struct.pack("<8sQQQIHHHH", *fields).ljust(120, b"\0")
        return (head + struct.pack("<II", 0, zlib.crc32(head))).ljust(4096, b"\0")


def tree_of(node: etree._Element) -> EventElement:
    """Return an event's XML as the tree that the product's writer takes: every text differs from event to event."""
    name = etree.QName(node)
    attributes = {str(key): EventValue(text=str(value)) for key, value in node.attrib.items()}
    own = (("xmlns", name.namespace),) if name.namespace and node.getparent() is None else ()
    return EventElement(
        name=name.localname,
        attributes=(*own, *attributes.items()),
        children=tuple(map(tree_of, node)),
        value=EventValue(text=node.text) if node.text and node.text.strip() else None,
    )


def event_log(events: Iterable[str], *, templates: bool = False, dirty: bool = False) -> bytes:
    """Return a log of events, each given as its XML: inline, or by the product's writer, which knows templates alone.

    `dirty` is a log that was copied while a Windows still wrote to it.
    """
    if templates:
        trees = (tree_of(etree.fromstring(event)) for event in events)
        body = bytearray(encode_log(LogRecord(at=WRITTEN, event=tree) for tree in trees))
    else:
        body = bytearray(bytes(_InlineLog(events=list(events))))
    struct.pack_into("<I", body, 120, int(dirty))
    return bytes(body)
