"""The doors of a domain on a terminal: what will be tried before a certification begins, and what was."""

from __future__ import annotations

from collections.abc import Iterable

import click
from rich.table import Table
from rich.text import Text

from hybridjoin.model.door_row import DoorRow, DoorState
from hybridjoin.run.certification.plan import Plan

_SIGNS = {
    DoorState.TRIED: ("✓", "green"),
    DoorState.NOT_OFFERED: ("○", "yellow"),
    DoorState.NOBODY: ("○", "yellow"),
    DoorState.NO_DEVICE: ("○", "yellow"),
    DoorState.LEFT_OUT: ("○", "dim"),
    DoorState.NOT_REACHED: ("!", "magenta"),
}


def lockout_words(plan: Plan) -> str:
    """Say how many wrong passwords may be sent; empty where nobody types one there."""
    if not any(door.typed for door in plan.doors):
        return ""
    if not plan.wrong_passwords:
        return "No wrong password will be sent."
    one = plan.wrong_passwords == 1
    number = "one wrong password" if one else f"{plan.wrong_passwords} wrong passwords"
    who = plan.person or "the first of the site's people"
    return (
        f"At most {number} will be sent in the name of {who}, once the right one was taken: too many lock an account "
        "out. --wrong-passwords 0 sends none."
    )


def warn_of_lockout(plan: Plan, *, real: bool) -> None:
    """Say before a certification of somebody's own IdP begins what may be sent to it."""
    words = lockout_words(plan)
    if real and words:
        click.echo(words, err=True)


def doors_table(doors: Iterable[DoorRow]) -> Table:
    """Return a line for each door: what became of it, and what users lose where it is not there."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for row in doors:
        sign, style = _SIGNS[row.state]
        name = Text.assemble((f"{sign} ", style), ("door ", "dim"), (row.door, "bold"))
        if row.state is DoorState.TRIED:
            table.add_row(name, Text("tried"))
            continue
        words = Text(f"not tried: {row.why}")
        if row.state is DoorState.NOT_OFFERED:
            words.append(f". Without it {row.loses}  ")
            words.append(f"{row.certainty}, {row.source}", style="dim")
        table.add_row(name, words)
    return table
