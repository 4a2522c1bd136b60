"""What `hybridjoin bridge` does once its arguments are understood."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hybridjoin.cli.run.place import RunPlace
from hybridjoin.cli.run.sign_in_work import password_of, plainest, sign_in_and_tell
from hybridjoin.model.flows import BRIDGE
from hybridjoin.model.record import SignInResult
from hybridjoin.scenario.scenario import BridgeSettings, Expected, UserSettings

COMMAND: Final = "hybridjoin bridge"
_OPTIONS: Final = {"user": "--user", "password": "--password-file", "bridge": "--site"}


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
    password = password_of(place, crossing.user, crossing.password_file)
    scenario = plainest(
        COMMAND,
        BRIDGE,
        f"{crossing.user} signs in through the bridge",
        expected=Expected.SIGN_IN,
        wanted=SignInResult.SIGNED_IN,
        user=UserSettings(name=crossing.user, password=password),
        bridge=crossing.settings,
    )
    return sign_in_and_tell(place, scenario, _OPTIONS, as_json=as_json)
