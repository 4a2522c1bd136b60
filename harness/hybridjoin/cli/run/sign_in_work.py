"""What `hybridjoin sign-in` does once its arguments are understood."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import click
from rich.text import Text

from hybridjoin.cli.exits import mistake
from hybridjoin.cli.next_steps import after_join, tell_next
from hybridjoin.cli.output import deliver
from hybridjoin.cli.run.live import demand_leave
from hybridjoin.cli.run.memory import remember
from hybridjoin.cli.run.place import RunPlace
from hybridjoin.device.password_file import read_password
from hybridjoin.errors import Mistake, UsageError
from hybridjoin.model.flows import SIGN_IN_BROWSER, SIGN_IN_INTEGRATED, SIGN_IN_USERNAME
from hybridjoin.model.record import JoinRecord, RunRecord, SignInResult
from hybridjoin.model.shown import shown
from hybridjoin.model.steps import FlowTable
from hybridjoin.model.verdict import BROKEN
from hybridjoin.report.drawn import drawn_flow
from hybridjoin.report.json_report import encode_record
from hybridjoin.report.terminal import console, failure_text, put, result_text
from hybridjoin.run.session import exit_code, run_all
from hybridjoin.scenario.scenario import DeviceSettings, Expectation, Expected, Scenario, UserSettings

COMMAND: Final = "hybridjoin sign-in"
_NO_MATTER = ("· ", "dim")
"""Of an answer from which the sign-in went on as well as it could: a challenge to which there was no ticket."""
_OPTIONS = {"user": "--user", "password": "--password-file"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """Who signs in, with which password, by which door; `trust` restricts the version of WS-Trust."""

    user: str
    password_file: Path | None
    integrated: bool
    browser: bool
    trust: str | None

    @property
    def flow(self) -> FlowTable:
        """The flow that the door is gone through by."""
        if self.browser:
            return SIGN_IN_BROWSER
        return SIGN_IN_INTEGRATED if self.integrated else SIGN_IN_USERNAME

    @property
    def words(self) -> str:
        """How the user signs in, as the scenario's title ends."""
        shown = "the ticket of the logon" if self.integrated else "name and password"
        return f"by browser, with {shown}" if self.browser else f"by {shown}"


def carry_out(place: RunPlace, way_in: WayIn, *, as_json: bool) -> int:
    """Sign in and print; return the exit code.

    Raises:
        UsageError: the site has nobody of that name.
    """
    password = password_of(place, way_in.user, way_in.password_file)
    by_ticket = way_in.browser and way_in.integrated
    scenario = scenario_of(UserSettings(name=way_in.user, password=password, by_ticket=by_ticket), way_in)
    return sign_in_and_tell(place, scenario, _OPTIONS, as_json=as_json)


def sign_in_and_tell(place: RunPlace, scenario: Scenario, options: Mapping[str, str], *, as_json: bool) -> int:
    """Run a command's own scenario and print what came of it; `options` are the command's, by what is wrong with them.

    Raises:
        UsageError: the place has nobody of that name, or lacks what the scenario asks for.
    """
    demand_leave(place, (scenario,))
    with place.open() as provider:
        try:
            record = run_all([scenario], provider)
        except UsageError as refusal:
            told = (_by_option(item, scenario.file, options) for item in refusal.mistakes)
            raise UsageError(*told) from refusal
    if as_json:
        deliver(encode_record(record), None)
    else:
        _show(record)
    return exit_code(record)


def password_of(place: RunPlace, user: str, password_file: Path | None) -> str | None:
    """Return what somebody typed, here or into a file; None where the place knows the person's own password."""
    if password_file is not None:
        return sys.stdin.readline().rstrip("\r\n") if str(password_file) == "-" else read_password(password_file)
    if place.knows_person(user):
        return None
    if not sys.stdin.isatty():
        hint = "name a file with --password-file, or '-' for standard input"
        raise mistake("--password-file", f"the password of {user} is not known here, and nobody can type it", hint)
    return str(click.prompt(f"Password of {user}", hide_input=True, err=True))


def _by_option(told: Mistake, command: str, options: Mapping[str, str]) -> Mistake:
    """Point at the option where there is no file whose line could be pointed at; a site file has its own lines."""
    option = options.get(told.place, "--user" if told.place.startswith(command) else told.place)
    return replace(told, place=option)


def scenario_of(user: UserSettings, way_in: WayIn) -> Scenario:
    """Return the scenario of this user, who signs in by that door."""
    return plainest(
        COMMAND,
        way_in.flow,
        f"{user.name} signs in {way_in.words}",
        expected=Expected.SIGN_IN,
        wanted=SignInResult.SIGNED_IN,
        user=user,
        device=DeviceSettings(trust=way_in.trust),
    )


def plainest(
    command: str,
    flow: FlowTable,
    title: str,
    *,
    expected: Expected,
    wanted: StrEnum,
    **settings: Any,  # noqa: ANN401 - fields of a scenario, by their names
) -> Scenario:
    """Return the plainest scenario of a command: a flow comes to what is wanted, and nothing is bent."""
    return Scenario(
        id=flow.name,
        title=title,
        file=command,
        line=1,
        flow=flow.name,
        expectations=(
            Expectation(about=expected, wanted=(wanted.value,), place=command),
            Expectation(about=Expected.OTHER_VERDICTS, wanted=(), place=command),
        ),
        **settings,
    )


def _show(record: RunRecord) -> None:
    """Print a line for each exchange and for each requirement that is broken, and what came of it."""
    kept = record.scenarios[0].join
    record = shown(record)
    done = record.scenarios[0]
    if kept is None or done.join is None:
        click.echo(f"hybridjoin: {done.error or record.interrupted}", err=True)
        return
    if kept.status_screen:
        remember(kept, site=record.site)
    screen = console()
    for line in _lines(done.join):
        put(screen, line)
    put(screen, Text.assemble((done.join.device, "bold"), ": ", result_text(done.join)))
    told = console(error=True)
    if done.error:
        told.print(f"\n{done.error}")
    if done.join.failure is not None:
        told.print()
        put(told, failure_text(done.join))
        tell_next(*after_join(done.join), err=True)


def _lines(join: JoinRecord) -> list[Text]:
    """Return a line for each exchange, and one for each requirement that is broken."""
    lines = []
    width = max((len(kept.step) for kept in join.exchanges), default=0) + 2
    failed_at = join.failure.step if join.failure else ""
    for kept, told in zip(join.exchanges, drawn_flow(join.exchanges, join.flow, failed_at=failed_at), strict=True):
        mark = ("✕ ", "red") if not told.ok else ("✓ ", "green") if kept.ok else _NO_MATTER
        lines.append(Text.assemble(mark, (f"{told.step:<{width}}", "bold"), f"{told.title}: {told.reply.headline}"))
    for verdict in join.verdicts:
        if verdict.outcome in BROKEN:
            words = f"{verdict.sentence} Found {verdict.found or 'nothing'}."
            lines.append(Text.assemble(("! ", "yellow"), (f"{verdict.requirement} ", "bold"), words))
    return lines
