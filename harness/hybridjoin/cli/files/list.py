"""`hybridjoin list`: what may be written in a file, kind by kind."""

from __future__ import annotations

import click

from hybridjoin.cli.exits import ExitCode

# What each kind is; the rows come from the tables of those who own the words, in `list_work`.
KINDS = {
    "faults": "What the lab's IdP and the Entra double can be told to do wrong: `faults:`.",
    "claims": "The attributes that the lab's IdP issues: `idp: claims:`, `expect: claims:`.",
    "claim-states": "How a claim may have come: `expect: claims: {NAME: STATE}`.",
    "mistakes": "The named mistakes of claims: `expect: claims: {NAME: {mistake: WORDS}}`.",
    "requirements": "The requirements: `expect: verdicts:`, lists of deviations, profiles.",
    "verdicts": "What a requirement may come to: `expect: verdicts: {ID: VERDICT}`.",
    "aadsts": "The codes of the Entra double's token endpoint: `expect: aadsts:`.",
    "kerberos": "The names of Kerberos errors: `expect: kerberos:`.",
    "habits": "How a device may behave: `device:`.",
    "flows": "What a device can be sent through: `flow:`.",
    "steps": "The steps of each flow: `expect: step:`.",
    "variables": "Live values of the directory: `${NAME}` below `expect:`.",
    "filters": "What a live value can be put through: `${NAME | FILTER}`.",
}


@click.command(
    "list",
    epilog="\b\nExamples:\n  hybridjoin list\n  hybridjoin list faults signature\n  hybridjoin list mistakes --json",
)
@click.argument("kind", metavar="[KIND]", required=False, type=click.Choice(list(KINDS)))
@click.argument("words", metavar="[WORD…]", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def list_command(*, kind: str | None, words: tuple[str, ...], as_json: bool) -> ExitCode:
    """List what may be written: faults, claims, mistakes, codes, names.

    Without a KIND it lists the kinds. With WORDs it lists only the rows that hold all of them.
    """
    from hybridjoin.cli.files.list_work import show

    show(kind, words, as_json=as_json)
    return ExitCode.AS_EXPECTED
