"""What `hybridjoin compare` does once its arguments are understood."""

from __future__ import annotations

import json
from pathlib import Path

import click

from hybridjoin.bundle.load import load_run
from hybridjoin.cli.exits import ExitCode
from hybridjoin.report.compare.runs import compare
from hybridjoin.report.compare.words import comparison_json, comparison_markdown, comparison_text


def carry_out(before: Path, after: Path, *, form: str, across: bool) -> ExitCode:
    """Compare and print; return the exit code."""
    comparison = compare(load_run(before), load_run(after), across=across)
    match form:
        case "json":
            click.echo(json.dumps(comparison_json(comparison), indent=2))
        case "markdown":
            click.echo(comparison_markdown(comparison), nl=False)
        case _:
            click.echo(comparison_text(comparison), nl=False)
    return ExitCode.DIFFERENT if comparison.changes else ExitCode.AS_EXPECTED
