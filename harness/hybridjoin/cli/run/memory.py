"""What the last join was: kept in the state folder, so that `status` can show its screen from another terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from hybridjoin.cli.exits import ExitCode
from hybridjoin.errors import LabError
from hybridjoin.lab.places import memory_root, state_root
from hybridjoin.model.record import JoinRecord, RunRecord, ScenarioRecord
from hybridjoin.model.shown import in_lines
from hybridjoin.report.ndjson import EventStream
from hybridjoin.report.write import page_in, write_reports

FILE_NAME = "last-join.json"


def remember(join: JoinRecord, *, site: str) -> None:
    """Keep what `status` shows, whole or not at all.

    Raises:
        LabError: the disk or the rights do not allow it.
    """
    kept = {
        "device": join.device,
        "site": site,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "result": join.result.value,
        "device_id": join.device_id,
        "codes": [code.code for code in join.failure.codes] if join.failure else [],
        "screen": list(join.status_screen),
    }
    target = memory_root() / FILE_NAME
    draft = target.with_suffix(".draft")
    try:
        draft.write_text(json.dumps(kept, indent=1), "utf-8")
        draft.replace(target)
    except OSError as error:
        raise LabError(f"the last join could not be kept in {target}: {error.strerror}") from error


def remember_last(record: RunRecord) -> None:
    """Keep the last join of a run, where there was one."""
    last = _last_join(record.scenarios)
    if last is not None:
        remember(last, site=record.site)


def keep(record: RunRecord, folder: Path, *, beside: Mapping[str, bytes] = MappingProxyType({})) -> Path | None:
    """Write a run's reports and keep its last join; what cannot be written is said, and the run is told all the same.

    `beside` are further files of the report, by their names.

    Returns:
        The folder of the reports, or None where they could not be written: such a run never ends with 0.
    """
    written = None
    try:
        written = write_reports(record, folder, beside=beside)
        remember_last(record)
    except LabError as error:
        click.echo(f"hybridjoin: {in_lines(str(error))}", err=True)
        if written is None:
            _keep_elsewhere(record, beside)
    return written


def code_of(code: int, *, written: Path | None, events: EventStream) -> int:
    """Return the exit code of a run: what it came to, or the surroundings' where it went well and left no whole report.

    Whoever reads the code alone must not believe that a report is there; a peer that failed is told as that. A reader
    of the events who hung up has all that it wanted.
    """
    return code or (ExitCode.LAB if written is None or events.lost else ExitCode.AS_EXPECTED)


def _keep_elsewhere(record: RunRecord, beside: Mapping[str, bytes]) -> None:
    """Keep the reports beside the state, where there may be room: a peer is not asked again lightly."""
    with suppress(LabError, OSError):
        written = write_reports(record, state_root() / "reports", beside=beside)
        click.echo(f"hybridjoin: kept instead: {page_in(written)}", err=True)


def under_other_names(record: RunRecord, events: Path | None) -> RunRecord:
    """Return a record with other names in it; its events were told as they happened, under their own.

    Raises:
        UsageError: the record would not come to the same under other names.
    """
    from hybridjoin.bundle.anonymise import anonymised

    if events is not None:
        click.echo(f"hybridjoin: --ndjson {events}: events are told while they happen, under their own names", err=True)
    return anonymised(record)


def recall() -> tuple[dict[str, Any] | None, Path]:
    """Return what was kept, or None where nothing was, and where it is looked for."""
    path = memory_root() / FILE_NAME
    try:
        kept = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None, path
    return (kept if isinstance(kept, dict) and isinstance(kept.get("screen"), list) else None), path


def _last_join(scenarios: Iterable[ScenarioRecord]) -> JoinRecord | None:
    joins = [item for item in scenarios if item.join is not None and item.join.status_screen]
    return max(joins, key=lambda item: item.started_at).join if joins else None
