"""`hybridjoin leave`: a device that was registered and kept is removed from its tenant again."""

from __future__ import annotations

from pathlib import Path

import click

from hybridjoin.cli.options import live_options, site_option


@click.command(
    "leave",
    epilog="\b\nExamples:\n  hybridjoin leave --site contoso.site.yaml --kept pc-0042 --live\n"
    "  hybridjoin leave --site contoso.site.yaml --kept pc-0042 --device PC-0042 --live --yes",
)
@site_option
@click.option(
    "--kept",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="What `hybridjoin join --keep` left: the key and certificate of the registration.",
)
@click.option("--device", metavar="NAME", help="The computer that leaves, for the report; the first one of the site.")
@click.option("--json", "as_json", is_flag=True, help="Print the record of the leave as JSON.")
@live_options
def leave_command(
    *,
    site_file: Path | None,
    folder: Path,
    device: str | None,
    as_json: bool,
    live: bool,
    yes: bool,
    ca_file: Path | None,
) -> int:
    """Remove a device's registration from its tenant.

    The device shows the certificate of its registration, as dsregcmd /leave does; nobody signs in for it. Where it has
    left, the folder's key and certificate are removed. A computer that Entra Connect synchronizes appears in the tenant
    again with its next cycle, as one that is pending.

    Exit code 1 where the device was not removed.
    """
    from hybridjoin.cli.run.leave_work import carry_out
    from hybridjoin.cli.run.place import RunPlace
    from hybridjoin.lab.live import Live

    said = Live(allowed=live, answered=yes, ca_file=ca_file, keep=folder)
    return carry_out(RunPlace(site_file=site_file, live=said), folder=folder, device=device, as_json=as_json)
