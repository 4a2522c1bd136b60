"""`hybridjoin bridge`: one sign-in of a user through a bridge whose OpenID provider is Entra."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hybridjoin.cli.options import lab_option, live_options, person_options, site_option
from hybridjoin.cli.run.at_a_place import at_a_place
from hybridjoin.model.relying_party import GroupsFrom

if TYPE_CHECKING:  # help imports nothing that it does not need
    from hybridjoin.cli.run.place import RunPlace

_GROUPS = tuple(item.value for item in GroupsFrom)


@click.command(
    "bridge",
    epilog="\b\nExamples:\n  hybridjoin bridge --user carol\n"
    "  hybridjoin bridge --user carol --discovery common\n"
    "  hybridjoin bridge --user carol --groups-from graph-me\n"
    "  hybridjoin bridge --site contoso.site.yaml --user carol@contoso.example --password-file -",
)
@site_option
@lab_option
@person_options
@click.option(
    "--discovery",
    metavar="v2|v1|common|URL",
    help="The metadata document: the tenant's own of v2.0 or v1, the one for every tenant, or an address.",
)
@click.option("--scope", "scopes", multiple=True, metavar="SCOPE", help="A scope to ask for; may stand several times.")
@click.option("--groups-from", type=click.Choice(_GROUPS), default="id-token", help="Where groups are looked for.")
@click.option("--basic", is_flag=True, help="Show the client secret in a header, instead of in the form.")
@click.option("--pkce", is_flag=True, help="Send a code_challenge (RFC 7636).")
@click.option("--json", "as_json", is_flag=True, help="Print the record of the sign-in as JSON.")
@live_options
@at_a_place
def bridge_command(  # noqa: PLR0913 - one for each option
    *,
    place: RunPlace,
    user: str,
    password_file: Path | None,
    discovery: str | None,
    scopes: tuple[str, ...],
    groups_from: str,
    basic: bool,
    pkce: bool,
    as_json: bool,
) -> int:
    """Sign a user in through a bridge, as PingOne for Enterprise does with Entra.

    The bridge's steps, one after another: the metadata document and the keys that Verify reads, Entra's sign-in page,
    the code, the tokens, userinfo and groups. A site file names the application: bridge: {client_id,
    client_secret_file, redirect_uri}; the lab has one of its own. Whom Entra sends on to an identity provider is
    followed there and back. A sign-in page that is a program in JavaScript, as Entra's own is, has no form that could
    be filled in: there the sign-in ends, and says so, unless a policy sends everybody on at once.

    Exit code 1 where the user was not signed in, or a requirement is broken.
    """
    from hybridjoin.cli.run.bridge_work import Crossing, carry_out
    from hybridjoin.scenario.scenario import BridgeSettings

    settings = BridgeSettings(
        discovery=discovery,
        scopes=scopes,
        groups_from=groups_from,
        secret_by="basic" if basic else "post",
        pkce=pkce,
    )
    return carry_out(place, Crossing(user=user, password_file=password_file, settings=settings), as_json=as_json)
