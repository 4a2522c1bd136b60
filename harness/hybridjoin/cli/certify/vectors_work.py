"""What `hybridjoin vectors` does once its arguments are understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from hybridjoin.cli.exits import ExitCode, mistake
from hybridjoin.cli.output import say_json
from hybridjoin.report.fitting import ListRow
from hybridjoin.report.terminal import console, put, put_listing
from hybridjoin.vectors.files import SHIPPED, Trial, read_files
from hybridjoin.vectors.guest import before_a_guest, guest_of
from hybridjoin.vectors.suite import SCHEMA, documents_by_name
from hybridjoin.vectors.trials import WRONG, FlagTally, VectorMark, VectorRow, before_our_own, tallies

RUN_FORMAT = "hybridjoin-vectors-run/1"
_MOST_SHOWN = 40


def generate(folder: Path) -> ExitCode:
    """Make every file anew and write it to a folder, the JSON Schema beside them.

    Raises:
        UsageError: The folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, octets in documents_by_name():
            (folder / name).write_bytes(octets)
        (folder / SCHEMA).write_bytes((SHIPPED / SCHEMA).read_bytes())
    except OSError as error:
        raise mistake(f"--generate {folder}", f"cannot be written: {error.strerror}") from error
    count = len(read_files(folder))
    click.echo(f"{count} vectors: {folder}")
    return ExitCode.AS_EXPECTED


def choose(only: str) -> tuple[Trial, ...]:
    """Return the vectors whose name, family or a flag fits a shell pattern.

    Raises:
        UsageError: None does.
    """
    wanted = only.lower()
    found = tuple(
        trial
        for trial in read_files()
        if any(fnmatchcase(text.lower(), wanted) for text in (trial.name, trial.family, *trial.flags))
    )
    if not found:
        raise mistake(
            f"--only {only!r}", "expected to name some of the vectors, found that it names none", "try --list"
        )
    return found


def show_list(trials: Sequence[Trial], *, as_json: bool) -> ExitCode:
    """Print the vectors without judging anything."""
    if as_json:
        rows = [
            {
                "family": item.family, "tcId": item.number, "name": item.name, "comment": item.comment,
                "flags": item.flags, "result": item.result, "bytes": len(item.message),
            }
            for item in trials
        ]  # fmt: skip
        say_json({"vectors": rows}, indent=1)
    else:
        listed = (ListRow(name=f"{item.name} ({item.result})", sentence=item.comment) for item in trials)
        put_listing(console(), listed)
    return ExitCode.AS_EXPECTED


def carry_out(trials: Sequence[Trial], *, command: str | None, as_json: bool) -> ExitCode:
    """Judge, show, and return the exit code."""
    rows = tuple(before_our_own(trials) if command is None else before_a_guest(trials, guest_of(command)))
    counted = tallies(rows)
    wrong = [row for row in rows if row.mark in WRONG]
    if as_json:
        say_json(_as_json(rows, counted, command), indent=1)
    else:
        screen = console()
        put(screen, _table(counted), _wrong(wrong), Text(_summary(trials, rows)))
    return ExitCode.PEER_FAILED if wrong else ExitCode.AS_EXPECTED


def _summary(trials: Sequence[Trial], rows: Sequence[VectorRow]) -> str:
    """Sum up in one line for each reader."""
    lines = [f"{len(trials)} vectors"]
    for reader in dict.fromkeys(row.reader for row in rows):
        marks = Counter(row.mark.value for row in rows if row.reader == reader)
        caught, missed, refused = (marks[item] for item in ("caught", "missed", "false-refusal"))
        unanswered = f", no answer to {marks['no-answer']}" if marks["no-answer"] else ""
        lines.append(
            f"{reader}: {caught} of {caught + missed} caught, {refused} of {marks['admitted'] + refused} good ones "
            f"refused, {marks['either']} may be either{unanswered}"
        )
    return "\n".join(lines)


def _table(counted: Sequence[FlagTally]) -> Table:
    """Lay the flags out, a line for each flag and reader."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("flag", no_wrap=True)
    table.add_column("reader", no_wrap=True)
    for title in ("caught", "missed", "refused falsely", "no answer", "either"):
        table.add_column(title, justify="right")
    for tally in counted:
        wrong = tally.count(*WRONG)
        cells = (
            str(tally.count(VectorMark.CAUGHT)),
            str(tally.count(VectorMark.MISSED)),
            str(tally.count(VectorMark.FALSE_REFUSAL)),
            str(tally.count(VectorMark.NO_ANSWER)),
            str(tally.count(VectorMark.EITHER)),
        )
        table.add_row(Text(tally.flag, "bold red" if wrong else ""), tally.reader, *cells)
    return table


def _wrong(rows: Sequence[VectorRow]) -> Text:
    """Name what went wrong, not more than a screen of it."""
    shown = [f"{row.reader}: {row.mark}: {row.trial.name}: {row.trial.comment} {row.why}" for row in rows[:_MOST_SHOWN]]
    if len(rows) > _MOST_SHOWN:
        shown.append(f"… and {len(rows) - _MOST_SHOWN} more: --json names them all")
    return Text("\n".join(("", *shown)), style="red")


def _as_json(rows: Sequence[VectorRow], counted: Sequence[FlagTally], command: str | None) -> Mapping[str, Any]:
    return {
        "schema": RUN_FORMAT,
        "against": command,
        "flags": [
            {"flag": item.flag, "reader": item.reader, "marks": {mark.value: number for mark, number in item.marks}}
            for item in counted
        ],
        "rows": [
            {
                "family": row.trial.family, "name": row.trial.name, "result": row.trial.result, "reader": row.reader,
                "said": row.said, "mark": row.mark, "why": row.why,
            }
            for row in rows
        ],
    }  # fmt: skip
