"""The events that a Windows would have logged, drawn from the record of what its simulation did."""

from __future__ import annotations

from hybridjoin.device.events.scenario import windows_events

__all__ = ["windows_events"]
