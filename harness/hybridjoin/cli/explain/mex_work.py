"""What `hybridjoin mex` does once its arguments are understood."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hybridjoin import checks
from hybridjoin.checks.rules import BOOK
from hybridjoin.cli.exits import ExitCode
from hybridjoin.cli.explain.fetch import read_source
from hybridjoin.cli.output import say_json
from hybridjoin.errors import PeerError
from hybridjoin.evidence.documents import metadata_parts
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.evidence.parts import Parts
from hybridjoin.model.shown import shown
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Outcome, Verdict
from hybridjoin.protocol.mex import Credential, MexEndpoint, parse_mex
from hybridjoin.report.documents.metadata import (
    EndpointView,
    MexView,
    finding_message,
    mex_json,
    view_mex,
    view_unreadable,
)
from hybridjoin.report.terminal import STYLES, console, put


def carry_out(
    source: str, *, as_json: bool, ca_file: Path | None, resolve: tuple[str, ...], limit_s: float
) -> ExitCode:
    """Fetch, explain and print; return the exit code."""
    view = _explain(read_source(source, ca_file=ca_file, resolve=resolve, limit_s=limit_s), source)
    if as_json:
        say_json(mex_json(view))
    else:
        _show(console(), shown(view))
    broken = view.windows is None or any(item.outcome is Outcome.FAILED for item in view.findings)
    return ExitCode.PEER_FAILED if broken else ExitCode.AS_EXPECTED


def _explain(body: bytes, source: str) -> MexView:
    """Read and judge a document; one that cannot be read is a finding like any other."""
    try:
        document = parse_mex(body)
    except PeerError as error:
        unread = Parts.of(FlowOutcome(unreadable=((Step.MEX, str(error)),)))
        return view_unreadable(metadata_findings(unread), source=source)
    return view_mex(document, metadata_findings(metadata_parts(document)), source=source)


def metadata_findings(parts: Parts) -> tuple[Verdict, ...]:
    """Ask every requirement about metadata; those that need more than the document are skipped."""
    return checks.judge(parts, BOOK.select("MEX-*"))


def _show(screen: Console, view: MexView) -> None:
    number = len(view.endpoints)
    screen.print(Text.assemble((view.source, "bold"), f"  {view.wrapper}, {number} endpoint{'s' * (number != 1)}\n"))
    for item in view.endpoints:
        _show_endpoint(screen, item)
    for name, choice in (("Windows", view.windows), ("MSAL", view.msal)):
        screen.print(Text.assemble(f"{name} chooses".ljust(16), _choice(choice)))
    for verdict in view.findings:
        sign, style = STYLES[verdict.outcome]
        head = (f"\n{sign} {verdict.requirement} {verdict.level}", style)
        screen.print(Text.assemble(head, f"  {finding_message(verdict)}"))
        if verdict.remedy:
            put(screen, Padding(Text(f"what to do: {verdict.remedy}"), (0, 0, 0, 2), expand=False))


def _choice(choice: MexEndpoint | None) -> tuple[str, str]:
    return (choice.url, "green") if choice else ("nothing", "bold red")


def _show_endpoint(screen: Console, item: EndpointView) -> None:
    end = item.endpoint
    chosen = " and ".join(name for name, is_it in (("Windows", item.windows), ("MSAL", item.msal)) if is_it)
    head = Text(end.url or "(no address)", style="bold" if chosen else "")
    screen.print(head.append(f"  ◂ {chosen}", style="green") if chosen else head)
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row("speaks", f"WS-Trust {end.trust.value}" if end.trust else f"unknown soapAction {end.soap_action!r}")
    grid.add_row("asks for", item.asks_for)
    grid.add_row("port", f"{end.port} → binding {end.binding or '(none)'}, line {end.line}")
    if end.spn:
        grid.add_row("SPN", end.spn)
    if item.passed_over and end.credential is Credential.WINDOWS:
        grid.add_row("passed over", Text(item.passed_over, style="yellow"))
    put(screen, Padding(grid, (0, 0, 1, 2), expand=False))
