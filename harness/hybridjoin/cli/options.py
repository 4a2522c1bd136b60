"""Options that several commands share, so that they are spelled and explained alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])
BACKENDS = ("docker", "process")
LAB = "lab"  # what `--site` says of a place that is no file


def lab_option(command: Command) -> Command:
    """Add `--lab`; the variable HYBRIDJOIN_LAB is read by the lab itself, for all doors alike."""
    return click.option(
        "--lab",
        "backend",
        type=click.Choice(BACKENDS),
        help="What runs the lab's directory; else HYBRIDJOIN_LAB, else docker where an engine answers, else process.",
    )(command)


def site_option(command: Command) -> Command:
    """Add `--site`."""
    return click.option(
        "--site",
        "site_file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Site file (*.site.yaml) of a place of yours, instead of a lab.",
    )(command)


def person_options(command: Command) -> Command:
    """Add `--user` and `--password-file`."""
    for option in (
        click.option(
            "--password-file",
            type=click.Path(path_type=Path, allow_dash=True),
            metavar="FILE|-",
            help="The password, on one line; else that of the lab or the site file, else it is asked for.",
        ),
        click.option(
            "--user", required=True, metavar="NAME", help="Who signs in: a user principal name, or a person's name."
        ),
    ):
        command = option(command)
    return command


def live_options(command: Command) -> Command:
    """Add `--live`, `--yes` and `--ca-file`."""
    for option in (
        click.option(
            "--ca-file",
            type=click.Path(path_type=Path),
            metavar="PEM",
            help="The authority of the tenant's TLS certificates, where a proxy looks into them.",
        ),
        click.option("--yes", is_flag=True, help="Answer yes to the question that --live asks."),
        click.option("--live", is_flag=True, help="Let a site's real tenant be asked, and changed: see the warning."),
    ):
        command = option(command)
    return command


def events_option(command: Command) -> Command:
    """Add `--ndjson`."""
    return click.option(
        "--ndjson",
        "events",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE|-",
        help="Write what happens while it happens, one JSON object a line (see `hybridjoin schema events`).",
    )(command)


def anonymise_option(command: Command) -> Command:
    """Add `--anonymise`."""
    return click.option(
        "--anonymise",
        is_flag=True,
        help="Call hosts, domains, accounts, GUIDs, SIDs and addresses otherwise, each the same way everywhere; "
        "what is kept judges as it did.",
    )(command)


def report_option(command: Command) -> Command:
    """Add `--report-dir`."""
    return click.option(
        "--report-dir",
        # Whether it can be written to shows when it is: `--list` writes nothing.
        type=click.Path(path_type=Path, file_okay=False, readable=False),
        default=Path("reports"),
        show_default=True,
        help="Where the report is written, in a folder named by the time.",
    )(command)
