"""The events that Windows would have logged, as Event Viewer saves them in XML: one `<Event>` for each, texts included.

Comments say what no event does: of which scenario it is, and how sure it is that Windows writes it there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from hybridjoin.device.events import windows_events
from hybridjoin.model.record import RunRecord, ScenarioRecord
from hybridjoin.model.shown import ORDER, one_line
from hybridjoin.model.verdict import Outcome
from hybridjoin.report.evtx.event_tree import event_tree
from hybridjoin.report.evtx.tree import EventElement, text_of
from hybridjoin.report.formats.xml_template import writable

_REFERRED: Final = re.compile(rf"[\n\t]|{ORDER.pattern}")


def render_windows_events(record: RunRecord) -> str:
    """Draw the events of every scenario, in the order of the record."""
    return "\n".join(('<?xml version="1.0" encoding="utf-8" standalone="yes"?>', *_lines(record), ""))


def _lines(record: RunRecord) -> Iterator[str]:
    yield "<Events>"
    if record.interrupted:
        yield _comment(f"the run was interrupted: {record.interrupted}")
    numbers = count(1)
    for item in record.scenarios:
        events = windows_events(item)
        yield _comment(_told(item, len(events)))
        for event in events:
            yield _comment(f"{event.certainty}: {event.source}")
            yield _xml(event_tree(event, next(numbers), rendered=True))
    yield "</Events>"


def _told(item: ScenarioRecord, number: int) -> str:
    lost = f", which could not be finished: {item.error}" if item.outcome is Outcome.INTERRUPTED else ""
    return f"{item.id}: {item.title}{lost}; {number} events"


def _comment(text: str) -> str:
    """Write a comment, which holds no two hyphens (XML 1.0, 2.5), and no mark that a reader could take for an event."""
    return f"<!-- {escape(writable(one_line(text))).replace('--', '- -').replace('--', '- -')} -->"


def _xml(element: EventElement) -> str:
    name = element.name
    attributes = "".join(f" {key}={quoteattr(writable(text_of(held)))}" for key, held in element.attributes)
    inside = _content(element.value.text) if element.value is not None else ""
    inside += "".join(map(_xml, element.children))
    return f"<{name}{attributes}>{inside}</{name}>" if inside else f"<{name}{attributes}/>"


def _content(text: str) -> str:
    """Write a text on one line; line ends, and what a CI system would take for an order, are references to characters.

    To who reads the XML they are those characters, and a line of the file that speaks for us is ours.
    """
    return _REFERRED.sub(lambda found: f"&#{ord(found[0])};", escape(writable(text)))
