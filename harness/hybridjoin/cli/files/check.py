"""`hybridjoin check`: what is wrong with files, before anything is started for them."""

from __future__ import annotations

from pathlib import Path

import click

from hybridjoin.cli.exits import ExitCode
from hybridjoin.cli.options import site_option


@click.command(
    "check",
    epilog="\b\nExamples:\n  hybridjoin check\n  hybridjoin check scenarios contoso.site.yaml\n"
    "  hybridjoin check scenarios --site contoso.site.yaml --json\n\n"
    "Exit code 0 where nothing is wrong, 2 where something is. A secret that is not on this machine is told, and is "
    "nothing wrong with the file.",
)
@click.argument("paths", metavar="[PATH…]", nargs=-1, type=click.Path(path_type=Path))
@site_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def check_command(*, paths: tuple[Path, ...], site_file: Path | None, as_json: bool) -> ExitCode:
    """Check files: scenarios, sites, labs, lists of deviations, profiles.

    No lab and no network are needed. Folders are searched; without a PATH it is this one. Every mistake of every file
    is told at once, as file:line:column. Scenarios are held against the lab or site that they name, or else against
    --site, or else against the lab that comes along and the labs and sites that are checked with them.
    """
    from hybridjoin.cli.files.check_work import check, show

    checked = check(paths or (Path(),), site_file)
    show(checked, as_json=as_json)
    return ExitCode.USAGE if checked.mistakes else ExitCode.AS_EXPECTED
