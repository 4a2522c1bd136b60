"""`hybridjoin render`: any picture of a record, drawn again."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hybridjoin.cli.exits import ExitCode, mistake
from hybridjoin.cli.options import anonymise_option
from hybridjoin.report.formats.catalogue import FORMATS, NAMES, PAGE, find_format, format_of_file, told


@click.command(
    "render",
    help=f"""Draw a report of a record again.

    As {told(FORMATS)}. RECORD is a run's record.json, the folder it lies in, an evidence package, or a folder of
    runs, whose latest is meant.
    """,
    epilog="\b\nExamples:\n  hybridjoin render reports/latest --format markdown >> $GITHUB_STEP_SUMMARY\n"
    "  hybridjoin render reports/latest -o hybridjoin.sarif\n"
    "  hybridjoin render reports/latest --anonymise -o record.json",
)
@click.argument("record", metavar="RECORD", type=click.Path(path_type=Path))
@click.option(
    "--format", "name", type=click.Choice(NAMES), help=f"What to draw; else what FILE's ending says, else {PAGE.name}."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Where to; else standard output.")
@anonymise_option
def render_command(*, record: Path, name: str | None, output: Path | None, anonymise: bool) -> ExitCode:
    """Draw, and deliver."""
    from hybridjoin.bundle.load import load_run
    from hybridjoin.cli.output import deliver

    by_ending = format_of_file(output) if output else None
    chosen = find_format(name) if name else by_ending or PAGE
    if chosen.binary and output is None and sys.stdout.isatty():
        problem = f"expected a file for {chosen.title}, which is no text, found a terminal"
        raise mistake("standard output", problem, f"-o {chosen.file_name}")
    run = load_run(record)
    if anonymise:
        from hybridjoin.bundle.anonymise import anonymised

        run = anonymised(run)
    deliver(chosen.draw(run), output)
    return ExitCode.AS_EXPECTED
