"""How a service asks to be left alone for a while: by a header, or in the words of its refusal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from hybridjoin.model.exchange import HttpReply

_BUSY: Final = frozenset({429, 503})
# Microsoft's page on hybrid joins has it as the message of a DirectoryError, and no status beside it.
_IN_WORDS: Final = re.compile(rb"try(?:\s+again)?\s+after\s+(\d{1,6})\s+seconds", re.IGNORECASE)
_LONGEST_S: Final = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """For how long a service asks not to be asked again, and until when by its own clock, where it told the time."""

    seconds: int
    until: datetime | None = None

    def __str__(self) -> str:
        moment = f", until {self.until:%H:%M:%S} UTC" if self.until is not None else ""
        return f"{self.seconds} s{moment}"


def asked_to_wait(reply: HttpReply) -> Wait | None:
    """Return what a reply asks for; a Retry-After counts beside the statuses that it belongs to (RFC 9110, 10.2.3)."""
    told = _date(reply.header("date"))
    seconds = _retry_after(reply, told) if reply.status in _BUSY else None
    if seconds is None and reply.status >= 400:
        words = _IN_WORDS.search(reply.body)
        seconds = int(words[1]) if words else None
    if seconds is None:
        return None
    seconds = min(max(seconds, 0), _LONGEST_S)
    return Wait(seconds=seconds, until=told + timedelta(seconds=seconds) if told is not None else None)


def _retry_after(reply: HttpReply, told: datetime | None) -> int | None:
    """Read seconds or a date; a date needs the service's own clock beside it."""
    text = (reply.header("retry-after") or "").strip()
    if text.isascii() and text.isdigit():
        return int(text[:9])
    moment = _date(text)
    return round((moment - told).total_seconds()) if moment is not None and told is not None else None


def _date(text: str | None) -> datetime | None:
    """Read an HTTP date, which says that it is UTC."""
    try:
        found = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
