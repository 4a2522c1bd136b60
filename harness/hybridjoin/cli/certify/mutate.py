"""`hybridjoin mutate`: every single fault of an assertion, and who catches it."""

from __future__ import annotations

from pathlib import Path

import click

from hybridjoin.cli.exits import ExitCode
from hybridjoin.cli.options import lab_option

PROFILES = ("pingone", "adfs")


@click.command(
    "mutate",
    epilog="\b\nExamples:\n  hybridjoin mutate --idp-profile adfs --only 'primarysid-*'\n"
    "  hybridjoin mutate --assertion good.xml --key signing.key.pem --cert signing.pem --pairs 50 --report mutations",
)
@lab_option
@click.option(
    "--idp-profile", "profile", type=click.Choice(PROFILES), help="The lab's identity provider.  [default: pingone]"
)
@click.option("--device", metavar="NAME", help="The lab's computer that joins; else its everyday one.")
@click.option(
    "--assertion",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A good assertion, or a token response with one, instead of a lab's.",
)
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="PEM key that signs it.")
@click.option("--cert", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="PEM certificate of it.")
@click.option("--only", metavar="GLOB", default="*", help="Only mutations whose id or area fits, as 'xsw-*' or claims.")
@click.option("--pairs", metavar="N", type=click.IntRange(0, 20_000), default=0, help="N pairs of faults as well.")
@click.option("--seed", metavar="N", type=int, default=0, show_default=True, help="Which pairs are drawn.")
@click.option("--list", "only_list", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the matrix as JSON.")
@click.option(
    "--report", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Write JSON and Markdown there."
)
def mutate_command(  # noqa: PLR0913 - the options of a command
    *,
    backend: str | None,
    profile: str | None,
    device: str | None,
    file: Path | None,
    key: Path | None,
    cert: Path | None,
    only: str,
    pairs: int,
    seed: int,
    only_list: bool,
    as_json: bool,
    report: Path | None,
) -> ExitCode:
    """Put every fault into a good assertion, and see who catches it.

    Each mutant is signed again where the signature is not the fault, and goes through the checks and Entra's rules.

    Each is a fault too, by the same name: `hybridjoin certify --fault NAME`, or `idp: {faults: [NAME]}` in a scenario,
    has the lab's IdP really issue it.

    Exit code 1 where a mutant that is not harmless slips past the checks.
    """
    from hybridjoin.cli.certify.mutate_work import AssertionSource, carry_out, choose, show_list

    mutations = choose(only, pairs=pairs, seed=seed)
    if only_list:
        show_list(mutations, as_json=as_json)
        return ExitCode.AS_EXPECTED
    source = AssertionSource.of(backend=backend, profile=profile, device=device, file=file, key=key, certificate=cert)
    return carry_out(source, mutations, seed=seed, as_json=as_json, report=report)
