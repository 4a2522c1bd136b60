"""The peak of this process' memory, counted from when it was last forgotten.

`getrusage` would also count what the process had in hand that this one was forked from, and never forgets.
"""

from __future__ import annotations

import re
from pathlib import Path

_PROCESS = Path("/proc/self")


def peak_mib() -> float:
    """Return the highest resident size so far, in MiB (proc(5), VmHWM)."""
    return int(re.findall(r"VmHWM:\s*(\d+) kB", (_PROCESS / "status").read_text("ascii"))[0]) / 1024


def forget_peak() -> None:
    """Let the peak begin anew at what is resident now (proc(5), clear_refs)."""
    (_PROCESS / "clear_refs").write_text("5", "ascii")
