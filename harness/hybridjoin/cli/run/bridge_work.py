"""What `hybridjoin bridge` does once its arguments are understood."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from hybridjoin.cli.output import deliver
from hybridjoin.cli.run.live import demand_leave
from hybridjoin.cli.run.place import RunPlace
from hybridjoin.cli.run.sign_in_work import password_of, show_sign_in
from hybridjoin.errors import Mistake, UsageError
from hybridjoin.model.flows import BRIDGE
from hybridjoin.model.record import SignInResult
from hybridjoin.report.json_report import encode_record
from hybridjoin.run.session import exit_code, run_all
from hybridjoin.scenario.scenario import BridgeSettings, Expectation, Expected, Scenario, UserSettings

COMMAND = "hybridjoin bridge"
_OPTIONS = {"user": "--user", "password": "--password-file", "bridge": "--site"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Who signs in, with which password, through a bridge that is set up so."""

    user: str
    password_file: Path | None
    settings: BridgeSettings


def carry_out(place: RunPlace, crossing: Crossing, *, as_json: bool) -> int:
    """Sign in through the bridge and print; return the exit code.

    Raises:
        UsageError: the site has nobody of that name, or no application for a bridge.
    """
    scenario = _scenario(crossing, password_of(place, crossing.user, crossing.password_file))
    demand_leave(place, (scenario,))
    with place.open() as provider:
        try:
            record = run_all([scenario], provider)
        except UsageError as refusal:
            raise UsageError(*map(_by_option, refusal.mistakes)) from refusal
    if as_json:
        deliver(encode_record(record), None)
    else:
        show_sign_in(record)
    return exit_code(record)


def _by_option(told: Mistake) -> Mistake:
    """Point at the option where there is no file whose line could be pointed at."""
    option = _OPTIONS.get(told.place, "--user" if told.place.startswith(COMMAND) else told.place)
    return replace(told, place=option)


def _scenario(crossing: Crossing, password: str | None) -> Scenario:
    """Return the plainest scenario of all: this user signs in through the bridge, and nothing is bent."""
    wanted = Expectation(about=Expected.SIGN_IN, wanted=(SignInResult.SIGNED_IN.value,), place=COMMAND)
    return Scenario(
        id="bridge",
        title=f"{crossing.user} signs in through the bridge",
        file=COMMAND,
        line=1,
        flow=BRIDGE.name,
        expectations=(wanted, Expectation(about=Expected.OTHER_VERDICTS, wanted=(), place=COMMAND)),
        user=UserSettings(name=crossing.user, password=password),
        bridge=crossing.settings,
    )
