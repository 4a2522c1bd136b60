"""What `hybridjoin mex A --against B` does: both documents are read, and what differs between them is told."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hybridjoin.cli.exits import ExitCode, mistake
from hybridjoin.cli.explain.fetch import read_source
from hybridjoin.cli.explain.mex_work import metadata_findings
from hybridjoin.cli.output import say_json
from hybridjoin.errors import PeerError
from hybridjoin.evidence.documents import metadata_parts
from hybridjoin.model.shown import shown
from hybridjoin.model.verdict import Outcome
from hybridjoin.protocol.mex import MexDocument, choose_windows, parse_mex
from hybridjoin.report.compare.metadata import MetadataDifference, differences, differences_json
from hybridjoin.report.documents.metadata import mex_json, view_mex
from hybridjoin.report.terminal import console, put


def compare(
    sources: tuple[str, str], *, as_json: bool, ca_file: Path | None, resolve: tuple[str, ...], limit_s: float
) -> ExitCode:
    """Read both, print what differs; the exit code is about the first."""
    if sources == ("-", "-"):
        raise mistake("--against", "expected another document than the first", "only one of them is standard input")
    bodies = [read_source(item, ca_file=ca_file, resolve=resolve, limit_s=limit_s) for item in sources]
    here, there = (_read(body, source) for body, source in zip(bodies, sources, strict=True))
    found = differences(here, there)
    if as_json:
        views = (
            view_mex(document, metadata_findings(metadata_parts(document)), source=source)
            for document, source in zip((here, there), sources, strict=True)
        )
        mine, theirs = (mex_json(view) for view in views)
        say_json({"here": mine, "there": theirs, "differences": differences_json(found)})
    else:
        _show(console(), shown(sources), shown(found))
    broken = choose_windows(here) is None or any(
        item.outcome is Outcome.FAILED for item in metadata_findings(metadata_parts(here))
    )
    return ExitCode.PEER_FAILED if broken else ExitCode.AS_EXPECTED


def _read(body: bytes, source: str) -> MexDocument:
    try:
        return parse_mex(body)
    except PeerError as error:
        raise PeerError(f"cannot be compared: {error.problem}", where=source) from error


def _show(screen: Console, sources: tuple[str, str], found: tuple[MetadataDifference, ...]) -> None:
    screen.print(Text.assemble(("- ", "red"), (sources[0], "bold")))
    screen.print(Text.assemble(("+ ", "green"), (sources[1], "bold"), "\n"))
    if not found:
        screen.print(Text("The two offer the same endpoints, and every client chooses alike.", style="green"))
    for item in found:
        screen.print(Text(item.what, style="bold"))
        grid = Table.grid(padding=(0, 1, 0, 0))
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row(Text("-", style="red"), item.here or Text("nothing", style="dim"))
        grid.add_row(Text("+", style="green"), item.there or Text("nothing", style="dim"))
        put(screen, Padding(grid, (0, 0, 0, 2), expand=False))
