"""`hybridjoin federation`: a domain's federation settings in Entra, checked on their own and against the IdP."""

from __future__ import annotations

from pathlib import Path

import click

from hybridjoin.cli.exits import ExitCode


@click.command(
    "federation",
    epilog="\b\nExamples:\n  hybridjoin federation settings.txt --mex https://sts.example.com/wsf/mex13/4afaa6b9\n"
    "  hybridjoin federation https://sso.example.com/wsfed/663a8fb979aa83c58df6081e/commands\n"
    "  pwsh -c 'Get-MgDomainFederationConfiguration -DomainId example.com | ConvertTo-Json' | hybridjoin federation -",
)
@click.argument("source", metavar="FILE|URL|-")
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
def federation_command(
    *,
    source: str,
    mex_source: str | None,
    assertion_file: Path | None,
    run: Path | None,
    as_json: bool,
    ca_file: Path | None,
    resolve: tuple[str, ...],
    limit_s: float,
) -> ExitCode:
    """Check a domain's federation settings in Entra.

    Reads what Get-MgDomainFederationConfiguration prints (Format-List, pasted as it comes, of one or several domains)
    or its JSON, and the commands that a vendor's console hands out: PowerShell text of Microsoft Graph's module or the
    retired one, from a file or an https:// address. PowerShell is read as data and never carried out; a value that is
    an expression is named as unread, with its line. What each consumer of the domain needs and lacks stands first. Exit
    code 1 where a MUST is broken.
    """
    from hybridjoin.cli.explain.federation_work import FederationRequest, carry_out
    from hybridjoin.cli.explain.fetch import read_source

    if assertion_file is not None and run is not None:
        raise click.UsageError("--assertion and --record are two ways to give the same; choose one.")
    body = read_source(source, ca_file=ca_file, resolve=resolve, limit_s=limit_s)
    mex = None
    if mex_source is not None:
        mex = read_source(mex_source, ca_file=ca_file, resolve=resolve, limit_s=limit_s)
    return carry_out(
        body, FederationRequest(source=source, mex=mex, assertion=assertion_file, run=run), as_json=as_json
    )
