"""`hybridjoin logon`: one logon of a user at a computer that has joined, to the primary refresh token."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hybridjoin.cli.options import lab_option, live_options, person_options, site_option
from hybridjoin.cli.run.at_a_place import at_a_place

if TYPE_CHECKING:  # help imports nothing that it does not need
    from hybridjoin.cli.run.place import RunPlace


@click.command(
    "logon",
    epilog="\b\nExamples:\n  hybridjoin logon --user carol\n"
    "  hybridjoin logon --user carol --device WS02 --trust 2005\n"
    "  hybridjoin logon --site contoso.site.yaml --user carol@contoso.example --password-file -",
)
@site_option
@lab_option
@person_options
@click.option("--device", metavar="NAME", help="The computer, which joins first; WS01 in a lab, the first at a site.")
@click.option("--trust", type=click.Choice(("1.3", "2005")), help="One version of WS-Trust, instead of the newest.")
@click.option("--json", "as_json", is_flag=True, help="Print the record of the logon as JSON.")
@live_options
@at_a_place
def logon_command(
    *,
    place: RunPlace,
    user: str,
    password_file: Path | None,
    device: str | None,
    trust: str | None,
    as_json: bool,
) -> int:
    """Log a user on at a computer that has joined, and get a primary refresh token.

    The computer joins first. Then what Windows does at the logon of a federated user: realm, nonce, metadata,
    usernamemixed, and the assertion in a request that the device signs. A user who gets none is asked for the
    password by every application. `hybridjoin status` shows the screen's block about single sign-on after it.

    Exit code 1 where no primary refresh token came, or a requirement is broken.
    """
    from hybridjoin.cli.run.logon_work import carry_out
    from hybridjoin.scenario.scenario import DeviceSettings

    at = DeviceSettings(name=device or place.first_device, trust=trust)
    return carry_out(place, at, user, password_file, as_json=as_json)
