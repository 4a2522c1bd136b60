"""What `hybridjoin work-account` does once its arguments are understood."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hybridjoin.cli.exits import mistake
from hybridjoin.cli.run.place import RunPlace
from hybridjoin.cli.run.sign_in_work import password_of, plainest, sign_in_and_tell
from hybridjoin.model.flows import WORK_ACCOUNT
from hybridjoin.model.record import RegistrationResult
from hybridjoin.scenario.scenario import Expected, RegistrationSettings, UserSettings

COMMAND: Final = "hybridjoin work-account"
_OPTIONS: Final = {"user": "--user", "password": "--password-file", "registration": "--as"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDevice:
    """What the person has registered, and how: by the word for its JoinType, a name, and what is shown to the IdP."""

    join_type: str
    computer: str
    first_logon: bool
    by_ticket: bool


def carry_out(place: RunPlace, device: NewDevice, user: str, password_file: Path | None, *, as_json: bool) -> int:
    """Register and print; return the exit code.

    Raises:
        UsageError: the site has nobody of that name, nothing was typed that could log somebody on, or the device
            cannot be called so.
    """
    if device.by_ticket and device.first_logon:
        problem = "a logon by what was typed, and with --integrated nothing is typed"
        raise mistake("--logon", problem, "leave one of the two out")
    if not device.computer.strip() or not device.computer.isprintable():
        raise mistake("--computer", f"expected a name of printable characters, found {device.computer!r}")
    scenario = plainest(
        COMMAND,
        WORK_ACCOUNT,
        f"{user} has {device.computer} {device.join_type}",
        expected=Expected.REGISTRATION,
        wanted=RegistrationResult.REGISTERED,
        user=UserSettings(
            name=user, password=password_of(place, user, password_file), by_ticket=device.by_ticket
        ),
        registration=RegistrationSettings(
            join_type=device.join_type, computer=device.computer, first_logon=device.first_logon
        ),
    )  # fmt: skip
    return sign_in_and_tell(place, scenario, _OPTIONS, as_json=as_json)
