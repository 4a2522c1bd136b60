"""What `hybridjoin logon` does once its arguments are understood."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from hybridjoin.cli.run.place import RunPlace
from hybridjoin.cli.run.sign_in_work import password_of, plainest, sign_in_and_tell
from hybridjoin.model.flows import PRIMARY_REFRESH_TOKEN
from hybridjoin.model.record import SignInResult
from hybridjoin.scenario.scenario import DeviceSettings, Expected, UserSettings

COMMAND: Final = "hybridjoin logon"
_OPTIONS: Final = {"user": "--user", "password": "--password-file", "device": "--device"}


def carry_out(place: RunPlace, device: DeviceSettings, user: str, password_file: Path | None, *, as_json: bool) -> int:
    """Log on and print; return the exit code.

    Raises:
        UsageError: the site has nobody of that name, or no such computer.
    """
    scenario = plainest(
        COMMAND,
        PRIMARY_REFRESH_TOKEN,
        f"{user} logs on at {device.name}",
        expected=Expected.SIGN_IN,
        wanted=SignInResult.SIGNED_IN,
        user=UserSettings(name=user, password=password_of(place, user, password_file)),
        device=device,
    )
    return sign_in_and_tell(place, scenario, _OPTIONS, as_json=as_json)
