"""The screens of `dsregcmd`, drawn from the evidence of a join."""

from __future__ import annotations

from hybridjoin.device.screens.debug import debug_lines
from hybridjoin.device.screens.facts import Facts
from hybridjoin.device.screens.status import short_status_lines, status_lines

__all__ = ["Facts", "debug_lines", "short_status_lines", "status_lines"]
