"""`hybridjoin render`: any picture of a record, drawn again."""

from __future__ import annotations

from pathlib import Path

import click

from hybridjoin.cli.exits import ExitCode

FORMATS = ("html", "junit", "tap", "markdown", "sarif", "json")
SUFFIXES = {
    ".html": "html",
    ".htm": "html",
    ".xml": "junit",
    ".tap": "tap",
    ".md": "markdown",
    ".sarif": "sarif",
    ".json": "json",
}


@click.command(
    "render",
    epilog="\b\nExamples:\n  hybridjoin render reports/latest --format markdown >> $GITHUB_STEP_SUMMARY\n"
    "  hybridjoin render reports/latest -o hybridjoin.sarif",
)
@click.argument("record", metavar="RECORD", type=click.Path(path_type=Path))
@click.option(
    "--format", "name", type=click.Choice(FORMATS), help="What to draw; else what FILE's ending says, else html."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Where to; else standard output.")
def render_command(*, record: Path, name: str | None, output: Path | None) -> ExitCode:
    """Draw a report of a record again.

    As HTML, JUnit, TAP, Markdown, SARIF or JSON. RECORD is a run's record.json, or the folder it lies in.
    """
    from hybridjoin.cli.output import deliver
    from hybridjoin.report.formats.catalogue import draw_record
    from hybridjoin.report.json_report import read_record

    chosen = name or SUFFIXES.get(output.suffix.lower() if output else "", FORMATS[0])
    deliver(draw_record(read_record(record), chosen), output)
    return ExitCode.AS_EXPECTED
