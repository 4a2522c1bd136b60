"""`hybridjoin doctor`: what is missing on this machine, and the exact command that mends it."""

from __future__ import annotations

import click

from hybridjoin.cli.exits import ExitCode
from hybridjoin.cli.output import say_json


@click.command(
    "doctor", epilog="\b\nExample:\n  hybridjoin doctor --json | jq '.checks[] | select(.state != \"found\")'"
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def doctor_command(*, as_json: bool) -> ExitCode:
    """Say what is missing on this machine, and what mends it.

    Exit code 3 where no lab at all can be run here, or no device can join.
    """
    from hybridjoin.cli.lab.checkup import examine

    checkup = examine()
    if as_json:
        say_json(checkup.as_json())
    else:
        from hybridjoin.cli.lab.doctor_work import show

        show(checkup)
    return ExitCode.AS_EXPECTED if checkup.usable else ExitCode.LAB
