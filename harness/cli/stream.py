"""`--ndjson`: where a command writes what happens while it happens."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.cli.exits import mistake
from harness.cli.output import STANDARD_OUTPUT
from harness.report.ndjson import EventStream


@contextmanager
def open_events(target: Path | None, *, as_json: bool) -> Iterator[EventStream]:
    """Open the stream before anything is started; without a target nobody listens.

    Raises:
        UsageError: standard output is taken, or the file cannot be written.
    """
    if target is None:
        yield EventStream()
    elif target == STANDARD_OUTPUT:
        if as_json:
            raise mistake("--ndjson -", "standard output is taken by --json", "name a file")
        yield EventStream(sys.stdout)
    else:
        try:
            file = target.open("w", encoding="utf-8")
        except OSError as error:
            raise mistake(f"--ndjson {target}", f"cannot be written: {error.strerror}") from error
        with file:
            yield EventStream(file)
