"""`hybridjoin mex`: what an IdP's WS-Trust metadata offers, and what real clients make of it."""

from __future__ import annotations

from pathlib import Path

import click

from hybridjoin.cli.exits import ExitCode


@click.command(
    "mex",
    epilog="\b\nExamples:\n  hybridjoin mex https://sts.example.com/adfs/services/trust/mex\n"
    "  curl -s https://sts.example.com/wsf/mex13/4afaa6b9 | hybridjoin mex - --json\n"
    "  hybridjoin mex https://sso.example.com/wsf/mex/4afaa6b9 --against https://sso.example.com/wsf/mex13/4afaa6b9",
)
@click.argument("source", metavar="URL|FILE|-")
@click.option("--against", metavar="URL|FILE", help="Say what another document, mex against mex13 say, has otherwise.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.option(
    "--ca-file",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="LAB_CA_FILE",
    show_envvar=True,
    help="PEM file of a private CA to trust besides the system's; verification is never off.",
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
def mex_command(
    *, source: str, against: str | None, as_json: bool, ca_file: Path | None, resolve: tuple[str, ...], limit_s: float
) -> ExitCode:
    """Explain an IdP's WS-Trust metadata.

    Every endpoint, what it asks for, which one Windows and MSAL choose, and what is wrong.

    Exit code 1 where a MUST is broken or Windows finds no endpoint; of two documents, in the first.
    """
    if against is not None:
        from hybridjoin.cli.explain.mex_against import compare

        return compare((source, against), as_json=as_json, ca_file=ca_file, resolve=resolve, limit_s=limit_s)
    from hybridjoin.cli.explain.mex_work import carry_out

    return carry_out(source, as_json=as_json, ca_file=ca_file, resolve=resolve, limit_s=limit_s)
