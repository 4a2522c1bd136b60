"""`--ndjson`: where a command writes what happens while it happens."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from hybridjoin.cli.exits import mistake, silence
from hybridjoin.cli.output import STANDARD_OUTPUT
from hybridjoin.report.ndjson import EventStream


@contextmanager
def open_events(target: Path | None, *, as_json: bool) -> Iterator[EventStream]:
    """Open the stream before anything is started; without a target nobody listens.

    Where it could not be written to its end that is said, and by the stream's `lost` the run does not end with 0.

    Raises:
        UsageError: standard output is taken, or the file cannot be written.
        SecretWouldLeave: an event would have held a secret; it and all that would have followed were not written.
    """
    if target is None:
        yield EventStream()
    elif target == STANDARD_OUTPUT:
        if as_json:
            raise mistake("--ndjson -", "standard output is taken by --json", "name a file")
        events = EventStream(sys.stdout)
        yield events
        if events.trouble:
            silence(sys.stdout)
        _refuse_leak(events)
        _tell_trouble(target, events)
    else:
        try:
            file = target.open("w", encoding="utf-8")
        except OSError as error:
            raise mistake(f"--ndjson {target}", f"cannot be written: {error.strerror}") from error
        events = EventStream(file)
        try:
            yield events
        finally:
            with suppress(OSError):  # every line was flushed, or its trouble is known
                file.close()
        _refuse_leak(events)
        _tell_trouble(target, events)


def _refuse_leak(events: EventStream) -> None:
    if events.leak is not None:
        raise events.leak


def _tell_trouble(target: Path, events: EventStream) -> None:
    if events.trouble:
        click.echo(f"hybridjoin: --ndjson {target}: the events end too early: {events.trouble}", err=True)
