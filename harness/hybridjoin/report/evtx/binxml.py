"""BinXml ([MS-EVEN6] 2.2.12): an event as the instance of a template, as Windows writes it."""

from __future__ import annotations

import hashlib
import struct
from typing import Final

from hybridjoin.report.evtx.chunk import ChunkBuffer
from hybridjoin.report.evtx.tree import EventElement, Held, shape_of, values_of
from hybridjoin.report.evtx.values import EventValue, ValueType

_FRAGMENT: Final = b"\x0f\x01\x01\x00"  # version 1.1, no flags
_END, _ATTRIBUTE, _VALUE, _INSTANCE, _OPTIONAL = 0x00, 0x06, 0x05, 0x0C, 0x0E
_OPEN, _CLOSE_START, _CLOSE_EMPTY, _CLOSE = 0x01, 0x02, 0x03, 0x04
_MORE: Final = 0x40  # further attributes follow; of an element: it has some
_NO_DEPENDENCY: Final = 0xFFFF


def write_event(buffer: ChunkBuffer, event: EventElement) -> None:
    """Append an event: the fragment, and the instance of its template, which stands there the first time in a chunk.

    Raises:
        ValueError: a value is none of its type.
        struct.error: a value is too large for it.
    """
    shape = shape_of(event)
    name = hashlib.sha256(shape.encode("utf-8", "surrogatepass")).digest()[:16]
    (number,) = struct.unpack("<I", name[:4])
    buffer.put(_FRAGMENT)
    buffer.pack("BBI", _INSTANCE, 1, number)
    known = buffer.templates.get(shape)
    buffer.pack("I", known if known is not None else buffer.at + 4)
    if known is None:
        _define(buffer, event, shape, number, name)
    _values(buffer, list(values_of(event)))
    buffer.pack("B", _END)


def _define(buffer: ChunkBuffer, event: EventElement, shape: str, number: int, name: bytes) -> None:
    """Append a template: where the next one of its hash lies, its name, its size, and the tree with gaps."""
    buffer.link_template(shape, number)
    buffer.put(name)
    with buffer.sized():
        buffer.put(_FRAGMENT)
        _Template(buffer).element(event)
        buffer.pack("B", _END)


def _values(buffer: ChunkBuffer, values: list[EventValue]) -> None:
    """Append what fills the gaps: how many there are, size and type of each, and their octets."""
    octets = [value.octets for value in values]
    buffer.pack("I", len(values))
    for value, held in zip(values, octets, strict=True):
        buffer.pack("HBB", len(held), value.type, 0)
    buffer.put(b"".join(octets))


class _Template:
    """Writes a tree with gaps, which it numbers in the order of `values_of`."""

    def __init__(self, buffer: ChunkBuffer) -> None:
        self._buffer = buffer
        self._gaps = 0

    def element(self, element: EventElement) -> None:
        buffer = self._buffer
        buffer.pack("BH", _OPEN | (_MORE if element.attributes else 0), _NO_DEPENDENCY)
        with buffer.sized():
            buffer.name(element.name)
            if element.attributes:
                with buffer.sized():
                    self._attributes(element.attributes)
            if element.value is None and not element.children:
                buffer.pack("B", _CLOSE_EMPTY)
                return
            buffer.pack("B", _CLOSE_START)
            if element.value is not None:
                self._held(element.value)
            for child in element.children:
                self.element(child)
            buffer.pack("B", _CLOSE)

    def _attributes(self, attributes: tuple[tuple[str, Held], ...]) -> None:
        for left, (name, held) in zip(range(len(attributes) - 1, -1, -1), attributes, strict=True):
            self._buffer.pack("B", _ATTRIBUTE | (_MORE if left else 0))
            self._buffer.name(name)
            self._held(held)

    def _held(self, held: Held) -> None:
        if isinstance(held, EventValue):
            self._buffer.pack("BHB", _OPTIONAL, self._gaps, held.type)
            self._gaps += 1
            return
        octets = held.encode("utf-16-le", "surrogatepass")
        self._buffer.pack("BBH", _VALUE, ValueType.STRING, len(octets) // 2)
        self._buffer.put(octets)
