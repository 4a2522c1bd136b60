"""What `hybridjoin leave` does once its arguments are understood."""

from __future__ import annotations

from pathlib import Path

import click

from hybridjoin.cli.exits import mistake
from hybridjoin.cli.next_steps import after_join, tell_next
from hybridjoin.cli.output import deliver, say
from hybridjoin.cli.run.live import demand_leave
from hybridjoin.cli.run.place import RunPlace
from hybridjoin.device.adapters.device_store import kept_device
from hybridjoin.model.flows import LEAVE
from hybridjoin.model.record import LeaveResult, RunRecord
from hybridjoin.model.shown import shown
from hybridjoin.report.json_report import encode_record
from hybridjoin.report.terminal import console, failure_text, put
from hybridjoin.run.session import exit_code, run_all
from hybridjoin.scenario.scenario import DeviceSettings, Expectation, Expected, Scenario

COMMAND = "hybridjoin leave"


def carry_out(place: RunPlace, *, folder: Path, device: str | None, as_json: bool) -> int:
    """Leave and print; return the exit code.

    Raises:
        UsageError: there is no tenant to leave, the folder keeps no registration, or nobody allowed that one is asked.
    """
    if place.has_double:
        problem = "expected the site file of a tenant that knows the device, found none, or a double's"
        raise mistake("--site", problem, "at a double, a scenario with `flow: leave` joins and leaves")
    kept = kept_device(folder, place="--kept")
    scenario = _scenario(device or place.first_device)
    demand_leave(place, (scenario,))
    with place.open() as provider:
        record = run_all([scenario], provider)
    if as_json:
        deliver(encode_record(record), None)
    else:
        _show(record, kept.device_id)
    return exit_code(record)


def _scenario(device: str) -> Scenario:
    """Return the plainest scenario of all: this device leaves."""
    wanted = Expectation(about=Expected.LEAVE, wanted=(LeaveResult.LEFT.value,), place=COMMAND)
    return Scenario(
        id="leave",
        title=f"{device} leaves",
        file=COMMAND,
        line=1,
        flow=LEAVE.name,
        expectations=(wanted,),
        device=DeviceSettings(name=device),
    )


def _show(record: RunRecord, device_id: str) -> None:
    record = shown(record)
    done = record.scenarios[0]
    if done.join is None:
        click.echo(f"hybridjoin: {done.error or record.interrupted}", err=True)
        return
    screen = console(error=True)
    words = "has left the tenant" if done.join.result is LeaveResult.LEFT else "has not left the tenant"
    say(f"{done.join.device} ({device_id}) {words}")
    for part in (done.error, failure_text(done.join)):
        if part:
            put(screen, part)
    tell_next(*after_join(done.join), err=True)
