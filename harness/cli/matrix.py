"""`hybridjoin matrix`: several records side by side."""

from __future__ import annotations

from pathlib import Path

import click

from harness.cli.exits import ExitCode


@click.command(
    "matrix", epilog="\b\nExample:\n  hybridjoin matrix reports/pingone reports/adfs reports/okta -o matrix.html"
)
@click.argument("records", metavar="RECORD…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Where to; else standard output.")
def matrix_command(*, records: tuple[Path, ...], output: Path | None) -> ExitCode:
    """Put several records side by side, requirement by requirement.

    One HTML page, sites across. A RECORD is a run's record.json, or the folder it lies in.
    """
    from harness.cli.output import deliver
    from harness.errors import Mistake, UsageError
    from harness.report.json_report import read_record
    from harness.report.matrix import render_matrix

    read, mistakes = [], list[Mistake]()
    for path in records:
        try:
            read.append(read_record(path))
        except UsageError as error:
            mistakes.extend(error.mistakes)
    if mistakes:
        raise UsageError(*mistakes)
    deliver(render_matrix(read).encode("utf-8", "replace"), output)
    return ExitCode.AS_EXPECTED
