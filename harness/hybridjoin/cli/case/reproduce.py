"""`hybridjoin reproduce`: a customer's failure, made to happen in a lab."""

from __future__ import annotations

from pathlib import Path

import click

from hybridjoin.cli.options import lab_option, report_option
from hybridjoin.run.reproduction.limits import LIMIT_TRIALS


@click.command(
    "reproduce",
    epilog="\b\nExamples:\n  hybridjoin import evidence/ -o case/ && hybridjoin reproduce case/\n"
    "  hybridjoin reproduce case/ --lab process --most 10\n"
    "  hybridjoin reproduce case/ --json > reproduction.json",
)
@click.argument("folder", metavar="CASE", type=click.Path(path_type=Path))
@lab_option
@click.option(
    "--most",
    metavar="N",
    type=click.IntRange(1, 1000),
    default=LIMIT_TRIALS,
    show_default=True,
    help="Try at most N joins; how many were left is said.",
)
@report_option
@click.option("--json", "as_json", is_flag=True, help="Print the reproduction as JSON.")
def reproduce_command(*, folder: Path, backend: str | None, most: int, report_dir: Path, as_json: bool) -> int:
    """Make a customer's failure happen in a lab; name the change that mends it.

    CASE is the folder that `hybridjoin import … -o CASE` wrote. What its evidence proves is tried first, as
    case.scenario.yaml says; where that does not show the symptom, each suspect alone on top of it, the likeliest first.
    Where it does, each single change of the file is taken away. The same symptom is the same phase, codes and HTTP
    status, and a screen that parts nowhere but in what builds print.

    Exit code 16 where the symptom came about in part, or not at all; 3 where the lab stopped before that was known.
    """
    from hybridjoin.cli.case.reproduce_work import carry_out

    return carry_out(folder, backend=backend, most=most, report_dir=report_dir, as_json=as_json)
