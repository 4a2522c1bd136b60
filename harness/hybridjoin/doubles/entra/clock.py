"""The double's own clock, which may run ahead of or behind the machine's."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """A UTC clock that is `offset_s` seconds ahead of the machine's.

    It asks the kernel, not `datetime.now()`: whoever freezes Python's clock to bend a device's time in
    this very process must not bend Entra's with it.
    """

    offset_s: float = 0.0

    def now(self) -> datetime:
        """Return the present moment, aware and UTC."""
        return _EPOCH + timedelta(seconds=time.clock_gettime(time.CLOCK_REALTIME) + self.offset_s)
