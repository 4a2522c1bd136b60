"""The screens of `dsregcmd`, drawn from the evidence of a join."""

from __future__ import annotations

from harness.device.debug_screen import debug_lines
from harness.device.screen_facts import Facts
from harness.device.status_screen import short_status_lines, status_lines

__all__ = ["Facts", "debug_lines", "short_status_lines", "status_lines"]
