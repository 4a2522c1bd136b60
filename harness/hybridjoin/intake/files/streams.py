"""Streams of octets: looked into before they are read, counted in passing, bounded where they were packed."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from typing import BinaryIO, Final

from hybridjoin.intake.files.text_lines import LIMIT_LINE

_HEAD: Final = 4096
_PIECE: Final = 1024 * 1024


class TooMuch(Exception):
    """A packed file holds more than it may."""


class CountedStream:
    """A stream that is read once; `size` and its digest are of what was read, `first` its beginning."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._buffer = b""
        self.first = b""
        self._hash = hashlib.sha256()
        self.size = 0

    def digest(self) -> str:
        """Return the SHA-256, in hex, of what was read."""
        return self._hash.hexdigest()

    def peek(self) -> bytes:
        """Return the beginning without reading past it."""
        if not self._buffer:
            self._buffer = self._read(_HEAD)
            self.first = self._buffer
        return self._buffer[:_HEAD]

    def whole(self, limit: int) -> bytes | None:
        """Return everything where that is at most `limit` octets; else None, and nothing was lost."""
        if len(self._buffer) <= limit:
            pieces = [self._buffer]
            size = len(self._buffer)
            while size <= limit and (piece := self._read(_PIECE)):
                pieces.append(piece)
                size += len(piece)
            self._buffer = b"".join(pieces)
        return self._buffer if len(self._buffer) <= limit else None

    def lines(self) -> Iterator[bytes]:
        """Yield lines with their ends; of one that is longer than LIMIT_LINE only so much."""
        at = 0
        while (end := self._buffer.find(b"\n", at)) >= 0:
            yield self._buffer[at : min(end + 1, at + LIMIT_LINE)]
            at = end + 1
        rest, self._buffer = self._buffer[at:], b""
        while piece := self._line(max(LIMIT_LINE - len(rest), 1)):
            whole, rest = rest + piece, b""
            yield whole
            while not piece.endswith(b"\n") and (piece := self._line(LIMIT_LINE)):
                pass
        if rest:
            yield rest

    def raw(self) -> BinaryIO:
        """Return the stream itself from its beginning, as archives are read.

        Raises:
            TooMuch: it cannot be read from its beginning, and is too large to be held.
        """
        if self._stream.seekable():
            self._stream.seek(0)
            return self._stream
        body = self.whole(64 * _PIECE)
        if body is None:
            raise TooMuch("expected an archive inside an archive of at most 64 MiB, found a larger one")
        return io.BytesIO(body)

    def length(self) -> int:
        """Return how many octets the whole stream has."""
        raw = self.raw()
        size = raw.seek(0, io.SEEK_END)
        raw.seek(0)
        return size

    def drain(self) -> None:
        """Count and hash what nobody has read."""
        if self._stream.seekable():
            self._stream.seek(0)
            self._hash, self.size, self._buffer = hashlib.sha256(), 0, b""
        while self._read(_PIECE):
            pass

    def _read(self, size: int) -> bytes:
        piece = self._stream.read(size)
        self._count(piece)
        return piece

    def _line(self, size: int) -> bytes:
        piece = self._stream.readline(size)
        self._count(piece)
        return piece

    def _count(self, piece: bytes) -> None:
        self._hash.update(piece)
        self.size += len(piece)


class BoundedStream(io.RawIOBase):
    """What a packed stream holds, up to a limit."""

    def __init__(self, stream: io.BufferedIOBase, limit: int) -> None:
        super().__init__()
        self._stream = stream
        self._left = limit
        self._limit = limit

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it is read once."""
        return False

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # io's stubs say any buffer
        """Read on.

        Raises:
            TooMuch: more came than the limit.
        """
        piece = self._stream.read(len(buffer))
        self._left -= len(piece)
        if self._left < 0:
            raise TooMuch(f"expected at most {self._limit} octets when it is unpacked, found more")
        buffer[: len(piece)] = piece
        return len(piece)


class HeldText:
    """Holds a text while it is read, as long as it is not too large."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pieces: list[bytes] | None = []
        self._size = 0

    def keeping(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Yield lines, and hold them."""
        for piece in pieces:
            if self._pieces is not None:
                self._size += len(piece)
                self._pieces.append(piece)
                if self._size > self._limit:
                    self._pieces = None
            yield piece

    def body(self) -> bytes | None:
        """Return the text, or None where it was too large."""
        return b"".join(self._pieces) if self._pieces is not None else None
