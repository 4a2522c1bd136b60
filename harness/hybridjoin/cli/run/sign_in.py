"""`hybridjoin sign-in`: one sign-in of a user, by name and password or by the ticket of the logon."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hybridjoin.cli.options import lab_option, live_options, person_options, site_option
from hybridjoin.cli.run.at_a_place import at_a_place

if TYPE_CHECKING:  # help imports nothing that it does not need
    from hybridjoin.cli.run.place import RunPlace


@click.command(
    "sign-in",
    epilog="\b\nExamples:\n  hybridjoin sign-in --user carol\n"
    "  hybridjoin sign-in --user carol --integrated\n"
    "  hybridjoin sign-in --user carol --browser\n"
    "  hybridjoin sign-in --site contoso.site.yaml --user carol@contoso.example\n"
    "  hybridjoin sign-in --site contoso.site.yaml --user carol@contoso.example --password-file -",
)
@site_option
@lab_option
@person_options
@click.option(
    "--integrated", is_flag=True, help="By the Kerberos ticket that the password gets, instead of the password itself."
)
@click.option(
    "--browser", is_flag=True, help="By the IdP's pages, as web applications do; with --integrated by ticket."
)
@click.option("--trust", type=click.Choice(("1.3", "2005")), help="One version of WS-Trust, instead of the newest.")
@click.option("--json", "as_json", is_flag=True, help="Print the record of the sign-in as JSON.")
@live_options
@at_a_place
def sign_in_command(
    *,
    place: RunPlace,
    user: str,
    password_file: Path | None,
    integrated: bool,
    browser: bool,
    trust: str | None,
    as_json: bool,
) -> int:
    """Sign a user in, by name and password or by a Kerberos ticket.

    By password: what MSAL does with one, and Windows at the logon of a federated user: realm, metadata,
    usernamemixed, token. With --integrated the password logs the user on at the domain, and the ticket of that logon
    opens windowstransport, as MSAL does on a domain machine. With --browser Entra sends a browser to the IdP's page for
    people, which is filled in once, or shown the ticket. No password is taken from the command line, and none is
    written anywhere.

    Exit code 1 where the user was not signed in, or the IdP broke a requirement.
    """
    from hybridjoin.cli.run.sign_in_work import WayIn, carry_out

    way_in = WayIn(user=user, password_file=password_file, integrated=integrated, browser=browser, trust=trust)
    return carry_out(place, way_in, as_json=as_json)
