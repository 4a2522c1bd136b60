"""`hybridjoin run`: scenario files, a table, a report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hybridjoin.cli.exits import ExitCode
from hybridjoin.cli.options import anonymise_option, events_option, lab_option, live_options, report_option, site_option

DEFAULT_FOLDER = Path("scenarios")


@click.command(
    "run",
    epilog="\b\nExamples:\n  hybridjoin run scenarios/claims -k 'accounttype and not missing'\n"
    "  hybridjoin run shipped:claims -n 2\n"
    "  hybridjoin run --site contoso.site.yaml -n 4 --json > record.json",
)
@click.argument("paths", metavar="[PATH…]", nargs=-1, type=click.Path(path_type=Path))
@site_option
@lab_option
@click.option(
    "-k", "expression", metavar="EXPR", help="Only scenarios whose id, title or tags match: words, and, or, not."
)
@click.option(
    "-n", "workers", metavar="N", type=click.IntRange(1, 64), default=1, show_default=True, help="Run N at a time."
)
@report_option
@click.option("--list", "only_list", is_flag=True, help="Say what would be run, and run nothing.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print the whole record as JSON (see `hybridjoin schema record`)."
)
@events_option
@live_options
@anonymise_option
def run_command(
    *,
    paths: tuple[Path, ...],
    only_list: bool,
    live: bool,
    yes: bool,
    ca_file: Path | None,
    **options: Any,  # noqa: ANN401 - click's own values
) -> int:
    """Run scenario files, or folders of them, and write a report.

    Without a path it runs the folder `scenarios`. `shipped:` stands for the scenarios that come along, `shipped:claims`
    for a folder of them. The same files run under plain pytest.
    """
    from hybridjoin.cli.run.choose import choose
    from hybridjoin.cli.run.run_work import RunRequest, carry_out, show_list
    from hybridjoin.lab.live import Live

    said = Live(allowed=live, answered=yes, ca_file=ca_file)
    request = RunRequest(paths=paths or (DEFAULT_FOLDER,), live=said, **options)
    scenarios = choose(request.paths, request.expression, request.place)
    if only_list:
        show_list(scenarios, as_json=request.as_json)
        return ExitCode.AS_EXPECTED
    return carry_out(scenarios, request)
