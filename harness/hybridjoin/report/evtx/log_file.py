"""A whole event log: a header of 4 KiB, and chunks of 64 KiB, each of which can be read without the others."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from hybridjoin.report.evtx.binxml import write_event
from hybridjoin.report.evtx.chunk import CHUNK_SIZE, RECORDS_AT, ChunkBuffer
from hybridjoin.report.evtx.tree import EventElement
from hybridjoin.report.evtx.values import filetime

_HEADER_SIZE: Final = 4096
_HEAD: Final = 128  # octets of a header that are in use
_RECORD: Final = b"**\0\0"
_NOBODY: Final = 0xFFFFFFFFFFFFFFFF
_MINOR, _MAJOR = 1, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRecord:
    """An event of a log, and when it was written; its number is its place in the log, from 1."""

    at: datetime
    event: EventElement


def encode_log(records: Iterable[LogRecord]) -> bytes:
    """Return a log as Windows closes one: same records, same octets.

    Raises:
        ValueError: a record alone is larger than a chunk, or a value is none of its type.
        struct.error: a value is too large for its type.
    """
    chunks = [_Chunk(first=1)]
    count = 0
    for count, record in enumerate(records, start=1):
        if chunks[-1].add(record, count):
            continue
        chunks.append(_Chunk(first=count))
        if not chunks[-1].add(record, count):
            problem = f"expected an event of at most {CHUNK_SIZE - RECORDS_AT} octets, found a larger one"
            raise ValueError(f"{problem}: record {count}")
    return _header(len(chunks), count + 1) + b"".join(chunk.closed() for chunk in chunks)


@dataclass(slots=True)
class _Chunk:
    """A chunk that takes records until it is full."""

    first: int
    count: int = 0
    last_at: int = 0
    buffer: ChunkBuffer = field(default_factory=ChunkBuffer)

    def add(self, record: LogRecord, number: int) -> bool:
        """Append a record; False where there is no room for it, and nothing was written."""
        buffer, before = self.buffer, self.buffer.mark()
        start = buffer.at
        buffer.put(_RECORD)
        buffer.pack("IQQ", 0, number, filetime(record.at))
        write_event(buffer, record.event)
        size = buffer.at + 4 - start
        buffer.pack("I", size)
        struct.pack_into("<I", buffer.octets, start + len(_RECORD), size)
        if buffer.at > CHUNK_SIZE:
            buffer.take_back(before)
            return False
        self.count += 1
        self.last_at = start
        return True

    def closed(self) -> bytes:
        """Return the whole chunk, its header and checksums filled in."""
        octets, free = self.buffer.octets, self.buffer.at
        first, last = (self.first, self.first + self.count - 1) if self.count else (_NOBODY, _NOBODY)
        records = zlib.crc32(octets[RECORDS_AT:free])
        head = struct.pack(
            "<8sQQQQIIII", b"ElfChnk\0", first, last, first, last, _HEAD, self.last_at, free, records
        ).ljust(120, b"\0")
        tables = struct.pack("<64I32I", *self.buffer.name_heads, *self.buffer.template_heads)
        octets[:RECORDS_AT] = head + struct.pack("<II", 0, zlib.crc32(head + tables)) + tables
        return bytes(octets).ljust(CHUNK_SIZE, b"\0")


def _header(chunks: int, next_record: int) -> bytes:
    fields = (b"ElfFile\0", 0, chunks - 1, next_record, _HEAD, _MINOR, _MAJOR, _HEADER_SIZE, chunks)
    head = struct.pack("<8sQQQIHHHH", *fields).ljust(120, b"\0")
    return (head + struct.pack("<II", 0, zlib.crc32(head))).ljust(_HEADER_SIZE, b"\0")
