"""`hybridjoin curl`: a recorded exchange as a curl line."""

from __future__ import annotations

from pathlib import Path

import click

from hybridjoin.cli.exits import ExitCode


@click.command(
    "curl",
    epilog="\b\nExamples:\n  hybridjoin curl reports/latest rst\n"
    "  hybridjoin curl reports/latest token --scenario join-pingone | sh\n"
    "  hybridjoin curl reports/certification rst-dtd",
)
@click.argument("record", metavar="RECORD", type=click.Path(path_type=Path))
@click.argument("step", metavar="STEP")
@click.option("--scenario", metavar="ID", help="Whose exchange, where several scenarios made one.")
@click.option(
    "--number", metavar="N", type=click.IntRange(min=1), help="Which, where it was made several times; else the last."
)
def curl_command(*, record: Path, step: str, scenario: str | None, number: int | None) -> ExitCode:
    """Print one recorded exchange as a curl line.

    RECORD is a run's record.json, its folder, an evidence package, or a folder of runs, whose latest is meant; STEP is
    a step's name, as rst, or a probe's.

    The line can be run. Where a ticket was shown, curl shows one of yours. What was masked is said on standard error.
    """
    from hybridjoin.cli.record.curl_work import carry_out

    return carry_out(record, step, scenario=scenario, number=number)
