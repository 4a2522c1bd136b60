"""What the double was asked and how it answered: for reports, and never with a token, an assertion or a key in it."""

from __future__ import annotations

import collections
from dataclasses import dataclass
from datetime import datetime

KEPT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One request: `rule` is the id of the rule that refused it, `code` what the client was told."""

    at: datetime
    endpoint: str
    method: str
    status: int
    correlation_id: str
    trace_id: str
    rule: str = ""
    code: str = ""
    device_id: str = ""
    fault: str = ""


class Audit:
    """The newest entries, in the order in which they were answered."""

    def __init__(self) -> None:
        self._entries: collections.deque[AuditEntry] = collections.deque(maxlen=KEPT)

    def add(self, entry: AuditEntry) -> None:
        """Keep an entry."""
        self._entries.append(entry)

    @property
    def entries(self) -> tuple[AuditEntry, ...]:
        """Every entry kept."""
        return tuple(self._entries)

    def of(self, endpoint: str) -> tuple[AuditEntry, ...]:
        """Return the entries of one endpoint."""
        return tuple(entry for entry in self._entries if entry.endpoint == endpoint)
