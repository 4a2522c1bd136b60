"""What the domain controller's own log says of one scenario: the lines about its names, from its start to its end."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from hybridjoin.lab.dial.marker import mark
from hybridjoin.model.redact import redact_text

LATE_BY_S: Final = 5.0
LOOK_EVERY_S: Final = 0.01
MOST_LINES: Final = 40
LONGEST_BYTES: Final = 16 * 1024 * 1024
# What says something: the end of each exchange, with its error, and whatever names an account and a reason. The rest of
# samba's third level tells how a request was taken apart.
_TELLING: Final = re.compile(
    r"(?:AS|TGS)-REQ [A-Z_0-9-]+ ipv|^Auth: |no such entry|not found in|[Ff]ailed|has no support|expired|revoked"
)
_PREFIX: Final = "Kerberos: "


def is_too_long(log_file: Path) -> bool:
    """Whether a log ought to be begun anew: a lab may stay up for weeks, on a file system that is memory."""
    return _size(log_file) > LONGEST_BYTES


def begin_anew(log_file: Path) -> None:
    """Empty a log; whoever writes it appends to it, wherever that is. Call it with the lab to oneself."""
    with suppress(OSError):
        os.truncate(log_file, 0)


class KdcLog:
    """The controller's log, from where it ends now."""

    def __init__(self, log_file: Path, *, kdc: tuple[str, int], realm: str) -> None:
        self._file = log_file
        self._kdc = kdc
        self._realm = realm
        self._start = _size(log_file)

    def lines(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return what was written since about these names, masked.

        The log may come by a pipe, and late: it is whole once it holds the line that a question of our own has made.
        """
        wanted = tuple(name.lower() for name in names)
        if not wanted:
            return ()
        text = self._up_to(f"dial-{secrets.token_hex(4)}")
        return tuple(dict.fromkeys(_telling(text, wanted)))[:MOST_LINES]

    def _up_to(self, marker: str) -> str:
        with suppress(OSError):  # a controller that answers no more writes no more either
            mark(self._kdc, self._realm, marker)
        deadline = time.monotonic() + LATE_BY_S
        while marker not in (text := self._read()) and time.monotonic() < deadline:
            time.sleep(LOOK_EVERY_S)
        return text

    def _read(self) -> str:
        try:
            with self._file.open("rb") as log:
                log.seek(self._start)
                return log.read().decode("utf-8", "replace")
        except OSError:
            return ""


def _telling(text: str, wanted: tuple[str, ...]) -> Iterator[str]:
    for line in text.splitlines():
        said = line.strip().removeprefix(_PREFIX)
        if any(name in said.lower() for name in wanted) and _TELLING.search(said):
            yield redact_text(said)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
