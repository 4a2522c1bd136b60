"""`hybridjoin init`: files to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from hybridjoin.cli.exits import ExitCode
from hybridjoin.cli.files.starters import STARTERS, USUAL


@click.command(
    "init",
    epilog="\b\nExamples:\n  hybridjoin init\n  hybridjoin init scenario github --into tests/join\n"
    "  hybridjoin init site --force",
)
@click.argument("kinds", metavar="[KIND…]", nargs=-1, type=click.Choice(list(STARTERS)))
@click.option(
    "--into",
    "folder",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="DIR",
    help="Where they are written; the current folder where it is left out.",
)
@click.option("--force", is_flag=True, help="Write over files that are there.")
def init_command(*, kinds: tuple[str, ...], folder: Path, force: bool) -> ExitCode:
    """Write files to begin with: scenarios, a lab, a site, CI.

    A KIND is scenario, lab, site, deviations, gateway, github, gitlab or jenkins; without one the first four are
    written. Their comments say what may stand in them, and they pass `hybridjoin check` as they are. The schemas that
    an editor completes and checks by are written beside them. Nothing that is there is written over without --force,
    and where one file cannot be written none is.
    """
    from hybridjoin.cli.files.init_work import write_starters

    write_starters(tuple(dict.fromkeys(kinds or USUAL)), folder, force=force)
    return ExitCode.AS_EXPECTED
