"""`hybridjoin work-account`: a person has one device joined or registered, by the IdP's pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hybridjoin.cli.options import lab_option, live_options, person_options, site_option
from hybridjoin.cli.run.at_a_place import at_a_place

if TYPE_CHECKING:  # help imports nothing that it does not need
    from hybridjoin.cli.run.place import RunPlace


@click.command(
    "work-account",
    epilog="\b\nExamples:\n  hybridjoin work-account --user carol\n"
    "  hybridjoin work-account --user carol --as registered\n"
    "  hybridjoin work-account --user carol --integrated --no-logon\n"
    "  hybridjoin work-account --site contoso.site.yaml --user carol@contoso.example --password-file -",
)
@site_option
@lab_option
@person_options
@click.option(
    "--as",
    "join_type",
    type=click.Choice(("joined", "registered")),
    default="joined",
    show_default=True,
    help="A new computer that is joined, or a device of one's own that a work account is added to.",
)
@click.option(
    "--computer", metavar="NAME", default="LAPTOP-01", show_default=True, help="What the device calls itself."
)
@click.option(
    "--logon/--no-logon",
    "first_logon",
    default=None,
    help="Log the person on with what was typed once the device is there; as Windows does, after a join by password.",
)
@click.option("--integrated", is_flag=True, help="By the Kerberos ticket that the password gets: nothing is typed.")
@click.option("--json", "as_json", is_flag=True, help="Print the record of the registration as JSON.")
@live_options
@at_a_place
def work_account_command(
    *,
    place: RunPlace,
    user: str,
    password_file: Path | None,
    join_type: str,
    computer: str,
    first_logon: bool | None,
    integrated: bool,
    as_json: bool,
) -> int:
    """Have a device joined or registered in a person's name, by the IdP's pages.

    That is the out-of-box experience, or "Add work account" of the settings. A web view goes to the IdP's page for
    people, which is filled in once; the token that comes of it registers the device at Entra. What was typed then logs
    its owner on at the new computer, by usernamemixed and no page: an IdP without that address joins devices which
    nobody can log on to.

    Exit code 1 where the device was not registered, its owner was not logged on, or a requirement is broken.
    """
    from hybridjoin.cli.run.work_account_work import NewDevice, carry_out

    if first_logon is None:
        first_logon = join_type == "joined" and not integrated
    device = NewDevice(join_type=join_type, computer=computer, first_logon=first_logon, by_ticket=integrated)
    return carry_out(place, device, user, password_file, as_json=as_json)
