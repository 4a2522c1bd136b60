"""The same events as a Windows event log, which Event Viewer opens by "Open Saved Log".

Such a log holds no texts: Event Viewer takes them from the providers of the Windows that it runs on.
"""

from __future__ import annotations

from hybridjoin.device.events import windows_events
from hybridjoin.model.record import RunRecord
from hybridjoin.report.evtx.event_tree import event_tree
from hybridjoin.report.evtx.log_file import LogRecord, encode_log


def render_evtx(record: RunRecord) -> bytes:
    """Draw the events of every scenario, in the order of the record; the numbers are those of the XML."""
    events = [event for item in record.scenarios for event in windows_events(item)]
    numbered = enumerate(events, start=1)
    return encode_log(LogRecord(at=event.at, event=event_tree(event, number)) for number, event in numbered)
