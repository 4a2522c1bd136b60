"""The channel User Device Registration/Debug: each line of `/join /debug` as an event, the only timed form of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hybridjoin.device.events import reasons
from hybridjoin.device.events.recorded_join import RecordedJoin
from hybridjoin.device.events.rows import Moment, PlacedEvent, logged
from hybridjoin.device.screens import text
from hybridjoin.model.steps import Step

_FATAL: Final = (text.GET_STATUS, "LogFatalAuthError:")
# Lines that stand behind an exchange, and which: its begin, where the line speaks of what is about to be asked.
_BEFORE: Final[tuple[tuple[str, Step], ...]] = (
    ("AdalLog: AggregatedTokenRequest::UseWindowsIntegratedAuth- received realm info", Step.MEX),
    ("AdalLog: Webrequest opening connection", Step.TOKEN),
)
_BEHIND: Final[tuple[tuple[str, tuple[Step, ...]], ...]] = (
    ("TenantInfo::Discover: Failed", (Step.SCP, Step.COMPUTER)),
    ("TenantInfo::Discover: Join Info", (Step.REALM,)),
    ("AdalLog: WebRequest Status", (Step.TOKEN,)),
    ("Join request ID", (Step.JOIN, Step.SYNC_JOIN)),
    ("DsrCmdJoinHelper::Join: TenantInfo::Discover failed", ()),
)


def debug_events(told: RecordedJoin) -> Iterator[PlacedEvent]:
    """Yield an event for each line of the screen up to the mark of its end; none stands before the line above it."""
    at = told.started
    for line in told.join.debug_screen:
        if line == text.END:
            return
        moment = _moment(line, told)
        at = moment if moment is not None and moment.order > at.order else at
        yield logged(500, (("Message", line),), at=at, computer=told.computer, reason=reasons.LOG_LINE)


def _moment(line: str, told: RecordedJoin) -> Moment | None:
    """Tell when a line was written, where an exchange tells it."""
    failure = told.join.failure
    if failure is not None and line.startswith(_FATAL):
        return told.ended(failure.step)
    before = next((step for mark, step in _BEFORE if line.startswith(mark)), None)
    if before is not None:
        return told.began(before) if told.find(before) is not None else None
    behind = next((steps for mark, steps in _BEHIND if line.startswith(mark)), None)
    return told.ended(*behind) if behind is not None else None
