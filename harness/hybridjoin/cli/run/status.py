"""`hybridjoin status`: the `/status` screen after the last join."""

from __future__ import annotations

import click

from hybridjoin.cli.exits import ExitCode
from hybridjoin.cli.output import say, say_json
from hybridjoin.errors import LabError


@click.command("status", epilog="\b\nExample:\n  hybridjoin join; hybridjoin status")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def status_command(*, as_json: bool) -> ExitCode:
    """Show the /status screen after the last join.

    The last join is that of `join`, `demo` or `run`, of this user on this machine.
    """
    from hybridjoin.cli.run.memory import recall

    kept, path = recall()
    if kept is None:
        raise LabError(f"no device has joined yet: there is no {path}", remedy="hybridjoin join")
    if as_json:
        say_json(kept)
        return ExitCode.AS_EXPECTED
    for line in kept["screen"]:
        say(str(line))
    say(f"{kept['device']} at {kept['site']}, {kept['at']}", err=True)
    return ExitCode.AS_EXPECTED
