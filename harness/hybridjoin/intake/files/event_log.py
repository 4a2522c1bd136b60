"""Binary event logs, read by the Rust library that comes with an extra; chunk by chunk, so that memory stays flat."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import BinaryIO

from evtx import PyEvtxParser

from hybridjoin.intake.files.event import is_of_interest
from hybridjoin.intake.files.event_attempts import EventAttempts
from hybridjoin.intake.files.event_xml import PROVIDER, event_of_xml
from hybridjoin.intake.files.fact import Fact

_ONE_THREAD = 1  # for records in their order, and a machine that has other things to do


def log_facts_of(stream: BinaryIO, *, file: str) -> Iterator[Fact]:
    """Yield the facts of a log's events, each at its record's number; a record that is broken is passed over.

    Raises:
        ValueError: it is no log, or one whose end is missing.
    """
    try:
        attempts = EventAttempts()
        parser = PyEvtxParser(stream, _ONE_THREAD, skip_errors=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            for record in parser.records():
                if record is None:
                    continue
                provider = PROVIDER.search(record["data"])
                if provider is None or not is_of_interest(provider[1]):
                    continue
                event = event_of_xml(record["data"], file=f"{file}#{record['event_record_id']}", line=0)
                if event is not None:
                    yield from attempts.take(event)
            yield from attempts.close()
    except (RuntimeError, OSError) as error:
        raise ValueError(str(error)) from error
