"""`hybridjoin compare`: what changed between two runs."""

from __future__ import annotations

import json
from pathlib import Path

import click

from hybridjoin.cli.exits import ExitCode


@click.command(
    "compare",
    epilog="\b\nExamples:\n  hybridjoin compare reports/2026-07-14T10-22-31Z reports/latest\n"
    "  hybridjoin compare release-41.zip release-42.zip --format markdown",
)
@click.argument("before", metavar="A", type=click.Path(path_type=Path))
@click.argument("after", metavar="B", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "markdown", "json")),
    default="text",
    show_default=True,
    help="How it is printed.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--across", is_flag=True, help="Compare runs of different sites or profiles all the same.")
def compare_command(*, before: Path, after: Path, form: str, as_json: bool, across: bool) -> ExitCode:
    """Say what changed between two runs.

    A and B are records, report directories or packages: new, fixed and changed verdicts, scenarios, joins, claims.

    Exit code 16 where there is a difference, 0 where there is none.
    """
    from hybridjoin.bundle.load import load_run
    from hybridjoin.report.compare.runs import compare
    from hybridjoin.report.compare.words import comparison_json, comparison_markdown, comparison_text

    comparison = compare(load_run(before), load_run(after), across=across)
    match "json" if as_json else form:
        case "json":
            click.echo(json.dumps(comparison_json(comparison), indent=2))
        case "markdown":
            click.echo(comparison_markdown(comparison), nl=False)
        case _:
            click.echo(comparison_text(comparison), nl=False)
    return ExitCode.DIFFERENT if comparison.changes else ExitCode.AS_EXPECTED
