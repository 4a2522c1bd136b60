"""`hybridjoin join`: one join, printed as `dsregcmd /join /debug` prints it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hybridjoin.cli.options import anonymise_option, lab_option, live_options, site_option


@click.command(
    "join",
    epilog="\b\nExamples:\n  hybridjoin join\n"
    "  hybridjoin join --scenario shipped:demo/2-wrong-namespace.scenario.yaml\n"
    "  hybridjoin join --scenario shipped:claims -k 'missing and primarysid and adfs'\n"
    "  hybridjoin join --site contoso.site.yaml --device PC-0042\n"
    "  hybridjoin join --site contoso.site.yaml --live --keep pc-0042",
)
@site_option
@lab_option
@click.option("--device", metavar="NAME", help="The computer that joins; WS01 in a lab, the first one at a site.")
@click.option(
    "--scenario",
    "scenario_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Join as a scenario file says, with whatever it bends.",
)
@click.option("-k", "expression", metavar="EXPR", help="Which scenario of the file: words of its id, title or tags.")
@click.option("--json", "as_json", is_flag=True, help="Print the record of the join as JSON.")
@live_options
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Keep the registration's key and certificate there, for `hybridjoin leave`; their owner alone can read them.",
)
@anonymise_option
def join_command(
    *,
    site_file: Path | None,
    backend: str | None,
    live: bool,
    yes: bool,
    ca_file: Path | None,
    keep: Path | None,
    **options: Any,  # noqa: ANN401 - click's own
) -> int:
    """Join one device, printed as dsregcmd prints it.

    That is the transcript of dsregcmd /join /debug, with the short status block at its end. Why a join
    failed is told on standard error.

    Exit code 1 where the device was not joined through the IdP, or not as itself (by another's objectGUID or SID), or
    a scenario's expectations were not met.

    A site whose tenant is a real one is asked only with --live, which says first what would be created there.
    """
    from hybridjoin.cli.run.join_work import carry_out
    from hybridjoin.cli.run.place import RunPlace
    from hybridjoin.lab.live import Live

    said = Live(allowed=live, answered=yes, ca_file=ca_file, keep=keep)
    return carry_out(RunPlace(site_file=site_file, backend=backend, live=said), **options)
