"""Files that the user names: read to a limit, and never waited for without an end, whatever they turn out to be.

A name may be too long for the system, a device that never ends, or a pipe into which nobody writes. All of that is a
mistake to be told at its place; none of it is a fault of ours, and none of it may take the machine's memory.
"""

from __future__ import annotations

import io
import os
import select
import stat
from pathlib import Path
from typing import BinaryIO, Final

from hybridjoin.errors import Mistake, UsageError

# A pipe of the shell, `<(curl …)`, has a writer who may need a while for the first octet, and for each next one.
PATIENCE_S: Final = 30.0
_PIECE: Final = 1 << 20


def read_given(path: Path, *, limit_bytes: int, place: str = "", hint: str = "") -> bytes:
    """Return a file's octets; `place` is what mistakes are told of, else the path, and `hint` helps who mistyped it.

    Raises:
        UsageError: there is no such file, it is longer than the limit, or nothing comes out of it.
    """
    place = place or str(path)
    try:
        body = _read(path, limit_bytes, place)
    except (OSError, ValueError) as error:
        # What is no OSError is a name that the system cannot be asked for; Python says that in other words each year.
        odd = "a NUL in its name" if "\0" in str(path) else "no file can have this name"
        words = (error.strerror or type(error).__name__) if isinstance(error, OSError) else odd
        hint = "" if exists(path) else hint
        raise UsageError(Mistake(place=place, problem=f"cannot be read: {words}", hint=hint)) from error
    if len(body) > limit_bytes:
        raise UsageError(Mistake(place=place, problem=f"expected at most {limit_bytes} bytes, found more"))
    return body


def open_given(path: Path, *, limit_bytes: int) -> BinaryIO:
    """Open a file that is read in passing, however long; what is none, a pipe or a device, is read to a limit at once.

    Raises:
        UsageError: nothing comes out of the pipe, or more than the limit.
        OSError: there is no such file, or it cannot be opened.
    """
    if is_file(path) or is_folder(path) or not exists(path):
        return path.open("rb")
    return io.BytesIO(read_given(path, limit_bytes=limit_bytes))


def is_file(path: Path) -> bool:
    """Tell whether a file is there; a name that the system refuses is none."""
    return os.path.isfile(path)  # noqa: PTH113 - pathlib raises where the name is too long


def is_folder(path: Path) -> bool:
    """Tell whether a folder is there; a name that the system refuses is none."""
    return os.path.isdir(path)  # noqa: PTH112 - pathlib raises where the name is too long


def exists(path: Path) -> bool:
    """Tell whether anything is there; a name that the system refuses is nothing."""
    return os.path.exists(path)  # noqa: PTH110 - pathlib raises where the name is too long


def _read(path: Path, limit_bytes: int, place: str) -> bytes:
    # Without O_NONBLOCK the system waits for whoever writes into a pipe, before anything can be asked of it.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        kind = os.fstat(handle)
        if stat.S_ISREG(kind.st_mode) and kind.st_size > limit_bytes:
            problem = f"expected at most {limit_bytes} bytes, found {kind.st_size}"
            raise UsageError(Mistake(place=place, problem=problem))
        body = bytearray()
        while len(body) <= limit_bytes:
            if not stat.S_ISREG(kind.st_mode):
                _await(handle, place)
            piece = os.read(handle, min(_PIECE, limit_bytes + 1 - len(body)))
            if not piece:
                break
            body += piece
    finally:
        os.close(handle)
    return bytes(body)


def _await(handle: int, place: str) -> None:
    """Wait until something can be read, or nobody is left who writes; raise UsageError where neither comes about."""
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    if not poll.poll(PATIENCE_S * 1000):
        problem = f"expected a file, found a pipe or device out of which nothing came within {PATIENCE_S:g} s"
        raise UsageError(Mistake(place=place, problem=problem))
