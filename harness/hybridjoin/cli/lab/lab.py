"""`hybridjoin lab`: a lab that stays up, and what a shell needs to talk to it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from hybridjoin.cli.exits import ExitCode
from hybridjoin.cli.options import lab_option
from hybridjoin.cli.output import say_json

SHELL_HINT = 'eval "$(hybridjoin lab env)"'


@click.group(
    "lab",
    epilog="""\b
Example:
  hybridjoin lab up
  eval "$(hybridjoin lab env)"
  kinit -k "$LAB_DEVICE\\$" && curl --negotiate -u : --cacert "$LAB_CA_FILE" \\
      --resolve "$LAB_RESOLVE_STS" "$LAB_MEX_URL"
  hybridjoin lab down""",
)
def lab_command() -> None:
    """Keep a lab, until you take it down.

    An Active Directory domain, an identity provider and an Entra tenant, for kinit, curl, ldapsearch and you.

    It lies in HYBRIDJOIN_STATE, else in XDG_RUNTIME_DIR, and its domain's first state in HYBRIDJOIN_CACHE, else in
    XDG_CACHE_HOME: folders of this user alone, for there are keys in it.
    """


@lab_command.command("up", epilog="\b\nExample:\n  hybridjoin lab up --lab process")
@lab_option
@click.option("--file", "lab_file", type=click.Path(path_type=Path), help="Lab file; the default lab without it.")
def up_command(*, backend: str | None, lab_file: Path | None) -> ExitCode:
    """Bring a lab up and leave it running."""
    from hybridjoin.lab.background.labs import lab_up
    from hybridjoin.scenario.lab.default_lab import default_lab_path
    from hybridjoin.scenario.lab.load import load_lab_file

    loaded = load_lab_file(lab_file or default_lab_path())
    kept = lab_up(loaded, backend, on_progress=lambda words: click.echo(words, err=True))
    click.echo(f"the {kept.backend} lab is up ({kept.lab_file}); in your shell: {SHELL_HINT}")
    return ExitCode.AS_EXPECTED


@lab_command.command("status", epilog="\b\nExample:\n  hybridjoin lab status --json")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def status_command(*, as_json: bool) -> ExitCode:
    """Say which labs are kept."""
    from hybridjoin.lab.background.labs import lab_status

    kept = lab_status()
    if as_json:
        say_json([asdict(lab) for lab in kept])
        return ExitCode.AS_EXPECTED
    for lab in kept:
        detail = f": {lab.message}" if lab.message else ""
        click.echo(f"{lab.backend:<8} {lab.condition:<9} since {lab.since}  {lab.lab_file}{detail}")
    if not kept:
        click.echo("no lab is up; `hybridjoin lab up` brings one up")
    return ExitCode.AS_EXPECTED


@lab_command.command("env", epilog=f"\b\nExample:\n  {SHELL_HINT}")
@lab_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def env_command(*, backend: str | None, as_json: bool) -> ExitCode:
    """Print what a shell needs so that kinit, curl --negotiate and ldapsearch use the lab."""
    from hybridjoin.lab.background.exports import render_exports
    from hybridjoin.lab.background.labs import lab_env

    variables = lab_env(backend)
    click.echo(json.dumps(dict(variables), indent=2) if as_json else render_exports(variables), nl=as_json)
    return ExitCode.AS_EXPECTED


@lab_command.command("down", epilog="\b\nExample:\n  hybridjoin lab down")
@lab_option
def down_command(*, backend: str | None) -> ExitCode:
    """Take background labs down: all of them, or one backend's."""
    from hybridjoin.lab.background.labs import lab_down

    gone = lab_down(backend)
    click.echo(f"taken down: {', '.join(gone)}" if gone else "no lab was up")
    return ExitCode.AS_EXPECTED


@lab_command.command("prune", epilog="\b\nExample:\n  hybridjoin lab prune --golden")
@click.option("--golden", is_flag=True, help="Remove the provisioned states too; the next start provisions again.")
def prune_command(*, golden: bool) -> ExitCode:
    """Remove what killed labs left behind."""
    from hybridjoin.lab.background.labs import lab_prune

    removed = lab_prune(golden=golden)
    click.echo("\n".join(f"removed {name}" for name in removed) or "nothing was left behind")
    return ExitCode.AS_EXPECTED
