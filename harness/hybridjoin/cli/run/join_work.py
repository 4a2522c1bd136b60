"""What `hybridjoin join` does once its arguments are understood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click
from rich.console import RenderableType

from hybridjoin.cli.exits import ExitCode, mistake
from hybridjoin.cli.next_steps import after_join, tell_next
from hybridjoin.cli.output import deliver
from hybridjoin.cli.run.choose import choose_one
from hybridjoin.cli.run.live import demand_leave
from hybridjoin.cli.run.memory import remember, under_other_names
from hybridjoin.cli.run.place import RunPlace
from hybridjoin.device.adapters.device_store import make_room
from hybridjoin.errors import Mistake, UsageError
from hybridjoin.knowledge.unnoticed import unnoticed
from hybridjoin.model.record import JoinRecord, JoinResult, RunRecord
from hybridjoin.model.shown import shown
from hybridjoin.report.json_report import encode_record
from hybridjoin.report.terminal import console, failure_text, put, unnoticed_claims, wrong_claims_text
from hybridjoin.run.session import exit_code, run_all
from hybridjoin.scenario.scenario import DeviceSettings, Expectation, Expected, Scenario

COMMAND = "hybridjoin join"


def carry_out(
    place: RunPlace,
    *,
    device: str | None,
    scenario_file: Path | None,
    expression: str | None,
    as_json: bool,
    anonymise: bool = False,
) -> int:
    """Join and print; return the exit code.

    Raises:
        UsageError: the scenario's file has mistakes, or the site does not have the device.
    """
    if scenario_file is not None:
        scenario = choose_one(scenario_file, expression, place)
    elif expression is not None:
        problem = "expected a scenario file to choose from, found none"
        raise mistake(f"-k {expression!r}", problem, "name it with --scenario")
    else:
        scenario = _plain(device or place.first_device)
    demand_leave(place, (scenario,))
    _demand_room(place)
    with place.open() as provider:
        try:
            record = run_all([scenario], provider)
        except UsageError as refusal:
            if scenario_file is not None:
                raise
            raise UsageError(*map(_by_option, refusal.mistakes)) from refusal
    if anonymise:
        record = under_other_names(record, None)
    if as_json:
        deliver(encode_record(record), None)
    else:
        _show(record)
    return exit_code(record) or joined_as_another(record)


def _demand_room(place: RunPlace) -> None:
    """Refuse a folder that cannot keep what it shall, before there is anything to keep.

    Raises:
        UsageError: a double answers in the tenant's stead, or the folder holds another registration or cannot be made.
    """
    folder = place.live.keep
    if folder is None:
        return
    if place.has_double:
        problem = "a double of the tenant is gone with this command, and the registration with it"
        raise mistake("--keep", problem, "name a --site whose `entra` has no double")
    make_room(folder, place="--keep")


def _show(record: RunRecord) -> None:
    done = shown(record.scenarios[0])
    if done.join is None:
        click.echo(f"hybridjoin: {done.error or shown(record).interrupted}", err=True)
        return
    click.echo("\n".join(done.join.debug_screen))
    if record.scenarios[0].join is not None and done.join.status_screen:
        remember(record.scenarios[0].join, site=record.site)
    screen = console(error=True)
    if done.error:
        screen.print(f"\n{done.error}")
    for part in _closing(done.join):
        screen.print()
        put(screen, part)
    for line in done.expectations:
        if not line.met and line.place != COMMAND:
            screen.print(f"{line.place}: {line.name}: expected {line.expected}, found {line.found}")
    tell_next(*after_join(done.join), err=True)


def _by_option(told: Mistake) -> Mistake:
    """Point at the option where there is no file whose line could be pointed at; a site file has its own lines."""
    return replace(told, place="--device") if told.place.startswith((COMMAND, "device")) else told


def _closing(join: JoinRecord) -> Iterator[RenderableType]:
    """Yield what is wrong, by name: the claims and the failure, or what a join that came about hides."""
    parts = (unnoticed_claims(join),) if join.wanted else (wrong_claims_text(join), failure_text(join))
    yield from (part for part in parts if part is not None)


def joined_as_another(record: RunRecord) -> ExitCode:
    """Return the IdP's failure where the plain join came about and the device is another one for it.

    A scenario says itself what is wanted of it.
    """
    done = record.scenarios[0]
    hidden = unnoticed(done.join) if done.join is not None and done.file == COMMAND else ()
    return ExitCode.PEER_FAILED if any(item.of_another for item in hidden) else ExitCode.AS_EXPECTED


def _plain(device: str) -> Scenario:
    """Return the plainest scenario of all: this device joins, and nothing is bent."""
    wanted = (JoinResult.FEDERATED.value,)
    return Scenario(
        id="join",
        title=f"{device} joins",
        file=COMMAND,
        line=1,
        expectations=(Expectation(about=Expected.JOIN, wanted=wanted, place=COMMAND),),
        device=DeviceSettings(name=device),
    )
