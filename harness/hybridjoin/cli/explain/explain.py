"""`hybridjoin explain`: what a code, an event, an error or a requirement is, and why a run failed."""

from __future__ import annotations

import click

from hybridjoin.cli.exits import ExitCode


@click.command(
    "explain",
    epilog="\b\nExamples:\n  hybridjoin explain AADSTS51004 0xcaa1000e\n"
    "  hybridjoin explain MEX-07 304 KDC_ERR_S_PRINCIPAL_UNKNOWN FailedAuthentication\n"
    "  hybridjoin explain reports/latest",
)
@click.argument("names", metavar="CODE|EVENT|REQUIREMENT|TEXT|RUN…", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.option("--all", "everything", is_flag=True, help="Of a RUN, explain the joins that were meant to fail as well.")
def explain_command(*, names: tuple[str, ...], as_json: bool, everything: bool) -> ExitCode:
    """Tell what a code means, what causes it, and what mends it.

    Codes of Entra (AADSTS51004, or 51004), of Windows (0xcaa20003), events (304), Kerberos errors, WS-Trust faults
    and requirements (MEX-07), in any case; a text with such names in it; or a RUN, the directory or record.json of a
    report, whose failed joins and broken requirements are explained by the evidence in it.
    """
    from hybridjoin.cli.explain.explain_work import carry_out

    return carry_out(names, as_json=as_json, everything=everything)
