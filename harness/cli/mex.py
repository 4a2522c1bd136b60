"""`hybridjoin mex`: what an IdP's WS-Trust metadata offers, and what real clients make of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.cli.exits import ExitCode

if TYPE_CHECKING:
    from harness.report.mex_view import MexView


@click.command(
    "mex",
    epilog="\b\nExamples:\n  hybridjoin mex https://sts.example.com/adfs/services/trust/mex\n"
    "  curl -s https://sts.example.com/wsf/mex13/4afaa6b9 | hybridjoin mex - --json",
)
@click.argument("source", metavar="URL|FILE|-")
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
    *, source: str, as_json: bool, ca_file: Path | None, resolve: tuple[str, ...], limit_s: float
) -> ExitCode:
    """Explain an IdP's WS-Trust metadata.

    Every endpoint, what it asks for, which one Windows and MSAL choose, and what is wrong.

    Exit code 1 where a MUST is broken or Windows finds no endpoint.
    """
    from harness import checks
    from harness.cli.fetch import read_source
    from harness.model.verdict import Outcome
    from harness.protocol.mex import parse_mex
    from harness.report.mex_view import mex_json, view_mex

    document = parse_mex(read_source(source, ca_file=ca_file, resolve=resolve, limit_s=limit_s))
    view = view_mex(document, checks.mex_findings(document), source=source)
    if as_json:
        click.echo(json.dumps(mex_json(view), indent=2))
    else:
        _print(view)
    broken = view.windows is None or any(item.outcome is Outcome.FAILED for item in view.findings)
    return ExitCode.PEER_FAILED if broken else ExitCode.AS_EXPECTED


def _print(view: MexView) -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    from harness.report.mex_view import finding_message
    from harness.report.terminal import STYLES, console

    screen = console()
    number = len(view.endpoints)
    screen.print(Text.assemble((view.source, "bold"), f"  {view.wrapper}, {number} endpoint{'s' * (number != 1)}\n"))
    for item in view.endpoints:
        end = item.endpoint
        chosen = " and ".join(name for name, is_it in (("Windows", item.windows), ("MSAL", item.msal)) if is_it)
        screen.print(
            Text.assemble(
                (end.url or "(no address)", "bold" if chosen else ""), ("  ◂ " + chosen, "green") if chosen else ""
            )
        )
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row(
            "speaks", f"WS-Trust {end.trust.value}" if end.trust else f"unknown soapAction {end.soap_action!r}"
        )
        grid.add_row("asks for", item.asks_for)
        grid.add_row("port", f"{end.port} → binding {end.binding or '(none)'}, line {end.line}")
        if end.spn:
            grid.add_row("SPN", end.spn)
        if item.passed_over and end.credential == "windows":
            grid.add_row("passed over", Text(item.passed_over, style="yellow"))
        screen.print(Padding(grid, (0, 0, 1, 2)))
    for name, choice in (("Windows", view.windows), ("MSAL", view.msal)):
        screen.print(
            Text.assemble(f"{name + ' chooses':<16}", (choice.url, "green") if choice else ("nothing", "bold red"))
        )
    for verdict in view.findings:
        sign, style = STYLES[verdict.outcome]
        screen.print(
            Text.assemble((f"\n{sign} {verdict.requirement} {verdict.level}", style), f"  {finding_message(verdict)}")
        )
        if verdict.remedy:
            screen.print(Padding(Text(f"what to do: {verdict.remedy}"), (0, 0, 0, 2)))
