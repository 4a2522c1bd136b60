"""`hybridjoin vectors`: forged and unusual assertions as data, and who tells them apart."""

from __future__ import annotations

from pathlib import Path

import click

from hybridjoin.cli.exits import ExitCode


@click.command(
    "vectors",
    epilog="\b\nExamples:\n  hybridjoin vectors\n  hybridjoin vectors --generate vectors\n"
    "  hybridjoin vectors --against 'verify {message} {certificate}'\n"
    "  hybridjoin vectors --against 'java Verify.java {folder} {certificate}' --only SignatureWrapping",
)
@click.option(
    "--against",
    "command",
    metavar="COMMAND",
    help="Any verifier, instead of our own readers: {message} is a file, exit status 0 accepts it, 1 to 125 refuse it. "
    "{folder} is one with all of them and vectors.tsv; it prints each file's name, a tab, and valid or invalid. "
    "{certificate} and {key} are PEM files; {clock}, {issuer} and {audience} texts.",
)
@click.option("--only", metavar="GLOB", default="*", help="Only vectors whose name, family or a flag fits.")
@click.option(
    "--generate",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write the files and their JSON Schema there, and judge nothing.",
)
@click.option("--list", "only_list", is_flag=True, help="Say what each vector is, and judge nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def vectors_command(*, command: str | None, only: str, folder: Path | None, only_list: bool, as_json: bool) -> ExitCode:
    """Tell forged assertions from good ones: our readers, or any verifier.

    The vectors are SAML 1.1 assertions in token responses, each with what has to be said of it. Without --against they
    go through the device's requirements and through the Entra double. They come along as JSON files, with certificate,
    key, clock and names in them, which anybody can use without this program.

    Exit code 1 where a forged one is accepted, a good one refused, or there is no answer.
    """
    from hybridjoin.cli.certify.vectors_work import carry_out, choose, generate, show_list

    if folder is not None:
        return generate(folder)
    trials = choose(only)
    if only_list:
        return show_list(trials, as_json=as_json)
    return carry_out(trials, command=command, as_json=as_json)
