"""Has somebody set the machine's clock? What tickets and tokens then come to is nobody's fault."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

FORGIVEN_S: Final = 30.0
"""A clock that is steered (NTP) drifts by milliseconds; a small step is forgiven by every party that looks at one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockMark:
    """Both clocks at one moment, in seconds: the wall's, and the one since the boot that nobody can set."""

    wall_s: float
    since_boot_s: float

    @classmethod
    def now(cls) -> ClockMark:
        """Read both, past any frozen one."""
        return cls(wall_s=time.clock_gettime(time.CLOCK_REALTIME), since_boot_s=time.clock_gettime(time.CLOCK_BOOTTIME))

    def jump_until(self, later: ClockMark) -> float:
        """Return by how many seconds the wall's clock was set in between."""
        return (later.wall_s - self.wall_s) - (later.since_boot_s - self.since_boot_s)


class SteadyClock:
    """The machine's clock, watched from when this was made on; tickets outlive the flow that they were had for."""

    def __init__(self) -> None:
        self._mark = ClockMark.now()

    def trouble(self) -> str:
        """Say how far the clock was set since the last time it was; empty where it was not, or too little to matter."""
        now = ClockMark.now()
        jump_s = self._mark.jump_until(now)
        if abs(jump_s) <= FORGIVEN_S:
            return ""
        self._mark = now
        return (
            f"the machine's clock was set by {jump_s:+.0f} s meanwhile, and tickets and tokens go by it\n"
            "what to do: look who sets it (timedatectl), let it settle, and run again"
        )


STEADY_CLOCK: Final = SteadyClock()
"""There is one for the process."""
