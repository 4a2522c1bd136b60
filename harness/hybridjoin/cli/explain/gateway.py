"""`hybridjoin gateway`: PingOne's LDAP gateway, held against the guide's tables and played against a directory."""

from __future__ import annotations

from pathlib import Path

import click

from hybridjoin.cli.exits import ExitCode
from hybridjoin.cli.options import lab_option, site_option


@click.command(
    "gateway",
    epilog="\b\nExamples:\n  hybridjoin init gateway\n  hybridjoin gateway contoso.gateway.yaml\n"
    "  hybridjoin gateway contoso.gateway.yaml --site contoso.site.yaml --account 'WS01$'\n"
    "  hybridjoin gateway contoso.gateway.yaml --lab process",
)
@click.argument("file", type=click.Path(path_type=Path))
@site_option
@lab_option
@click.option(
    "--account",
    "accounts",
    multiple=True,
    metavar="NAME",
    help="Whom to look up, again for each; else the computers and people that the place knows.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def gateway_command(
    *, file: Path, site_file: Path | None, backend: str | None, accounts: tuple[str, ...], as_json: bool
) -> ExitCode:
    """Check a PingOne LDAP gateway: user types and attribute mappings.

    FILE has the gateway under the names of PingOne's API (YAML or JSON, see `hybridjoin init gateway` and `hybridjoin
    schema gateway`). With --lab or --site each account is looked up as the gateway would, and what is issued for it is
    printed. Exit code 1 where a MUST is broken, an account is not found, or lacks what Entra finds its like by.
    """
    from hybridjoin.cli.explain.gateway_work import carry_out

    return carry_out(file, site_file=site_file, backend=backend, accounts=accounts, as_json=as_json)
