"""`hybridjoin replay`: recorded runs judged once more, offline."""

from __future__ import annotations

from pathlib import Path

import click

from hybridjoin.cli.exits import ExitCode


@click.command(
    "replay",
    epilog="\b\nExamples:\n  hybridjoin replay reports/latest\n"
    "  hybridjoin replay reports evidence.zip --json > replay.json",
)
@click.argument("records", metavar="RECORD…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def replay_command(*, records: tuple[Path, ...], as_json: bool) -> ExitCode:
    """Judge recorded runs again, offline, and compare.

    Every join and probe is gone through once more with what was recorded, and judged by the requirements of this
    version: verdicts, claims, codes, screens, expectations. A RECORD is a record.json, a report's folder, an evidence
    package, or a folder of any of these.

    Exit code 0 where this version says the same, 16 where it says otherwise, with each difference named; 2 for what is
    no record, and where nothing could be judged again.
    """
    from hybridjoin.cli.record.replay_work import carry_out

    return carry_out(records, as_json=as_json)
