"""`hybridjoin compare`: what changed between two runs."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from hybridjoin.cli.exits import ExitCode, mistake
from hybridjoin.cli.output import say_json

GATES: Final = ("new", "worse", "fixed", "changed", "any", "none")


@click.command(
    "compare",
    epilog="\b\nExamples:\n  hybridjoin compare reports/2026-07-14T10-22-31Z reports/latest\n"
    "  hybridjoin compare release-41.zip release-42.zip --format markdown --fail-on worse",
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
@click.option(
    "--fail-on",
    type=click.Choice(GATES),
    multiple=True,
    default=("any",),
    show_default=True,
    help="Which differences end with 16: new trouble; worse, which is new trouble and whatever became graver; fixed; "
    "changed; any; none. May be given several times.",
)
@click.option("--across", is_flag=True, help="Compare runs of different sites or profiles all the same.")
def compare_command(
    *, before: Path, after: Path, form: str, as_json: bool, fail_on: tuple[str, ...], across: bool
) -> ExitCode:
    """Say what changed between two runs.

    A and B are records, report directories or packages: new, fixed and changed verdicts, scenarios, joins, claims. Of
    a folder of reports the latest is meant.

    Exit code 16 where there is a difference of those that --fail-on names, 0 where there is none.
    """
    from hybridjoin.bundle.load import load_run
    from hybridjoin.report.compare.runs import compare
    from hybridjoin.report.compare.words import comparison_json, comparison_markdown, comparison_text

    if "none" in fail_on and len(fail_on) > 1:
        raise mistake(
            "--fail-on", "expected none alone, or differences to fail on, found both", "leave one of them out"
        )
    comparison = compare(load_run(before), load_run(after), across=across)
    match "json" if as_json else form:
        case "json":
            say_json(comparison_json(comparison))
        case "markdown":
            click.echo(comparison_markdown(comparison), nl=False)
        case _:
            click.echo(comparison_text(comparison), nl=False)
    fatal = any(
        "any" in fail_on or item.kind in fail_on or ("worse" in fail_on and item.worse) for item in comparison.changes
    )
    return ExitCode.DIFFERENT if fatal else ExitCode.AS_EXPECTED
