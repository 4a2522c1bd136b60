"""`hybridjoin certify`: every requirement that can be tested at a site, and a verdict on each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hybridjoin.cli.options import LAB, anonymise_option, events_option, lab_option, live_options

IDP_PROFILES = ("pingone", "adfs", "jumpcloud")


@click.command(
    "certify",
    epilog="\b\nExamples:\n  hybridjoin certify --site contoso.site.yaml --profile strict\n"
    "  hybridjoin certify --only 'MEX-*' --only CLAIM-04\n"
    "  hybridjoin certify --doors join,username --wrong-passwords 0\n"
    "  hybridjoin certify --fault wrong-audience --fault primarysid-lower-case\n"
    "  hybridjoin certify --site contoso.site.yaml --suggest > rows.deviations.yaml\n\n"
    "Exit code 1 where a MUST is broken and no list forgives it, or a row of a list did not happen or is past its "
    "date; 3 where something could not be found out.",
)
@click.option(
    "--site", metavar="FILE|lab", default=LAB, show_default=True, help="Site file of a place of yours, or the lab."
)
@click.option("--idp-profile", type=click.Choice(IDP_PROFILES), help="Which IdP the lab's own imitates.")
@click.option(
    "--fault", "faults", metavar="NAME", multiple=True, help="What the lab's own IdP does wrong, to see it found."
)
@lab_option
@click.option("--device", metavar="NAME", help="The computer that joins; WS01 in a lab, the first one at a site.")
@click.option(
    "--profile",
    metavar="NAME|FILE",
    default="default",
    show_default=True,
    help="How loud each requirement is: default, strict (a SHOULD counts as a MUST), windows, or a *.profile.yaml.",
)
@click.option(
    "--doors",
    metavar="DOOR,…",
    help="Which doors of the domain are tried: join, username, integrated, browser, prt, managed, bridge; else every "
    "one that the IdP offers, which are all but the last two.",
)
@click.option("--user", metavar="NAME", help="Who signs in; else the first of the lab's or the site's people.")
@click.option(
    "--wrong-passwords",
    type=click.IntRange(0, 10),
    metavar="N",
    help="How many wrong passwords may be sent in that name; else what the site file says, or 1. An account may be "
    "locked for too many.",
)
@click.option("--only", "patterns", metavar="GLOB", multiple=True, help="Only requirements of these ids, as 'MEX-*'.")
@click.option(
    "--rerun-failed",
    type=click.Path(path_type=Path),
    metavar="RUN",
    help="Only what failed, warned or was interrupted in an earlier run (its folder or record.json).",
)
@click.option(
    "--deviations",
    "deviation_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The site's lists of deviations; else the *.deviations.yaml beside the site file, where there is one.",
)
@click.option(
    "--federation",
    "federation_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What Get-MgDomainFederationConfiguration printed, to hold against the IdP; else what the site file names.",
)
@click.option("--hostile", is_flag=True, help="Also what may harm; a site file names the hosts in `allow_hostile`.")
@click.option(
    "--timeout",
    "timeout_s",
    type=click.FloatRange(0.1, 600),
    default=20.0,
    show_default=True,
    metavar="SECONDS",
    help="How long each exchange may take.",
)
@click.option("--list", "only_list", is_flag=True, help="Print the requirements, and test nothing.")
@click.option("--list-faults", is_flag=True, help="Print what --fault, or `faults:` in a scenario, may name.")
@click.option("--dry-run", is_flag=True, help="Say what would be asked and what not, and send nothing.")
@click.option("--suggest", is_flag=True, help="Print rows for the lists of deviations, ready to paste.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@events_option
@live_options
@anonymise_option
@click.option(
    "--report",
    "--report-dir",
    "report_dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("reports"),
    show_default=True,
    help="Where the report is written, in a folder named by the time.",
)
def certify_command(**options: Any) -> int:  # noqa: ANN401 - click hands each option over by its name
    """Certify an IdP: which sentence of which specification it keeps.

    Joins a device once for each WS-Trust version that the IdP offers, signs a person in by password and by ticket,
    sends it what real clients and bad ones send, and says of every requirement whether it is kept, where it is broken,
    and what mends it. A door that the IdP does not offer is left out, with what its users lose.
    """
    from hybridjoin.cli.certify.certify_request import CertifyRequest
    from hybridjoin.cli.certify.certify_work import carry_out

    return carry_out(CertifyRequest.of(**options))
