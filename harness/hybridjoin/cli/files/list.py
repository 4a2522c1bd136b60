"""`hybridjoin list`: what may be written in a file, kind by kind."""

from __future__ import annotations

import click

from hybridjoin.cli.exits import ExitCode
from hybridjoin.cli.files.kinds import KINDS


@click.command(
    "list",
    epilog="\b\nExamples:\n  hybridjoin list\n  hybridjoin list faults signature\n  hybridjoin list mistakes --json",
)
@click.argument("kind", metavar="[KIND]", required=False, type=click.Choice(list(KINDS)))
@click.argument("words", metavar="[WORD…]", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def list_command(*, kind: str | None, words: tuple[str, ...], as_json: bool) -> ExitCode:
    """List what may be written: faults, claims, mistakes, codes, names.

    Without a KIND it lists the kinds. With WORDs it lists only the rows that hold all of them.
    """
    from hybridjoin.cli.files.list_work import show

    show(kind, words, as_json=as_json)
    return ExitCode.AS_EXPECTED
