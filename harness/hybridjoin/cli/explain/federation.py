"""`hybridjoin federation`: a domain's federation settings in Entra, checked on their own and against the IdP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hybridjoin.cli.exits import ExitCode


@click.command(
    "federation",
    epilog="\b\nExamples:\n  hybridjoin federation settings.txt --mex https://sts.example.com/wsf/mex13/4afaa6b9\n"
    "  hybridjoin federation --emit powershell --site contoso.site.yaml > federate.ps1\n"
    "  hybridjoin federation https://sso.example.com/wsfed/663a8fb979aa83c58df6081e/commands\n"
    "  pwsh -c 'Get-MgDomainFederationConfiguration -DomainId example.com | ConvertTo-Json' | hybridjoin federation -",
)
@click.argument("source", metavar="[FILE|URL|-]", required=False)
@click.option(
    "--emit",
    "form",
    type=click.Choice(["powershell", "json"]),
    help="Write the commands that federate the domain of --site, or of the settings in FILE; nothing is judged.",
)
@click.option(
    "--site",
    "site_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The site file whose domain --emit is about.",
)
@click.option(
    "--step",
    type=click.Choice(["create", "update", "back"]),
    default="create",
    show_default=True,
    help="Which way --emit goes: managed to federated, from one federation to another, back to managed.",
)
@click.option("--mex", "mex_source", metavar="URL|FILE", help="The IdP's metadata, to compare with.")
@click.option(
    "--assertion",
    "assertion_file",
    type=click.Path(path_type=Path),
    help="A SAML 1.1 assertion, or a token response with one, to compare issuer and signing certificate with.",
)
@click.option(
    "--record", "run", type=click.Path(path_type=Path), metavar="RUN", help="Take the assertion of a recorded run."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.option(
    "--ca-file",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="LAB_CA_FILE",
    show_envvar=True,
    help="PEM file of a private CA to trust for --mex besides the system's.",
)
@click.option(
    "--resolve",
    metavar="HOST:PORT:ADDRESS",
    multiple=True,
    envvar="LAB_RESOLVE_STS",
    show_envvar=True,
    help="Dial ADDRESS for HOST:PORT, as curl does.",
)
@click.option("--timeout", "limit_s", type=click.FloatRange(0.1, 600), default=20.0, show_default=True, help="Seconds.")
def federation_command(**options: Any) -> ExitCode:  # noqa: ANN401 - click hands each option over by its name
    """Check a domain's federation settings in Entra.

    Reads what Get-MgDomainFederationConfiguration prints (Format-List, pasted as it comes, of one or several domains)
    or its JSON, and the commands that a vendor's console hands out: PowerShell text of Microsoft Graph's module or the
    retired one, from a file or an https:// address. PowerShell is read as data and never carried out; a value that is
    an expression is named as unread, with its line. What each consumer of the domain needs and lacks stands first. Exit
    code 1 where a MUST is broken.

    With --emit it writes such commands instead, every value quoted so that none can begin another command.
    """
    from hybridjoin.cli.explain.federation_options import FederationOptions, carry_out

    return carry_out(FederationOptions(**options))
