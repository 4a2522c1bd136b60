"""`hybridjoin matrix`: several records side by side."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

import click

from hybridjoin.cli.exits import ExitCode
from hybridjoin.report.write import page_in


@click.command(
    "matrix", epilog="\b\nExample:\n  hybridjoin matrix reports/pingone reports/adfs reports/okta -o matrix.html"
)
@click.argument("records", metavar="RECORD…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Where to; else standard output.")
def matrix_command(*, records: tuple[Path, ...], output: Path | None) -> ExitCode:
    """Put several records side by side, requirement by requirement.

    One HTML page, sites across. A RECORD is a run's record.json, the folder it lies in, an evidence package, or a
    folder of runs, whose latest is meant. Where a run's own page lies beside its record, each verdict leads there.
    """
    from hybridjoin.bundle.load import load_run
    from hybridjoin.cli.output import deliver
    from hybridjoin.errors import Mistake, UsageError
    from hybridjoin.report.page.matrix import render_matrix

    read, mistakes = [], list[Mistake]()
    for path in records:
        try:
            read.append(load_run(path))
        except UsageError as error:
            mistakes.extend(error.mistakes)
    if mistakes:
        raise UsageError(*mistakes)
    pages = [_page_of(path, output) for path in records]
    deliver(render_matrix(read, pages).encode("utf-8", "replace"), output)
    return ExitCode.AS_EXPECTED


def _page_of(record: Path, output: Path | None) -> str:
    """Return the address of a run's own page as the matrix sees it; empty where there is none."""
    from hybridjoin.report.json_report import record_file

    page = page_in(record_file(record).parent.resolve())
    if output is None or record.suffix == ".zip" or not page.is_file():
        return ""
    return quote(os.path.relpath(page, output.resolve().parent))
