"""`hybridjoin compare`: what changed between two runs."""

from __future__ import annotations

from pathlib import Path

import click


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
def compare_command(*, before: Path, after: Path, form: str, as_json: bool, across: bool) -> int:
    """Say what changed between two runs.

    A and B are records, report directories or packages: new, fixed and changed verdicts, scenarios, joins, claims.

    Exit code 16 where there is a difference, 0 where there is none.
    """
    from hybridjoin.cli.record.compare_work import carry_out

    return carry_out(before, after, form="json" if as_json else form, across=across)
