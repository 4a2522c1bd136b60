"""`hybridjoin package`: a run as evidence to hand over."""

from __future__ import annotations

from pathlib import Path

import click

from hybridjoin.cli.exits import ExitCode
from hybridjoin.cli.options import anonymise_option
from hybridjoin.report.formats.catalogue import FORMATS, RECORD, told

_PACKED = told((item for item in FORMATS if item.packed and item is not RECORD), "and")


@click.command(
    "package",
    help=f"""Pack a run as signed evidence.

    RUN is a report's directory, its record.json, or a folder of reports, whose latest is meant. The zip holds the
    record, as {_PACKED} too, of a certification the coverage sheet, and a signed manifest of digests.

    Exit code 1, and no file, where the run is no evidence: something was interrupted, or a deviation is past its
    date; 8, and no file, where a secret would leave.
    """,
    epilog="\b\nExamples:\n  hybridjoin package reports/latest -o evidence.zip\n"
    "  hybridjoin package reports/latest/record.json -o evidence.zip --key release-key.pem\n"
    "\b\nWithout hybridjoin a package is checked so (Ed25519):\n"
    "  openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in manifest.json -sigfile manifest.sig",
)
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", metavar="ZIP", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The package."
)
@click.option(
    "--key",
    metavar="PEM",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Sign with this private key (Ed25519, RSA or EC); else with one of your own, made once and kept.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the manifest as JSON.")
@anonymise_option
def package_command(*, run: Path, output: Path, key: Path | None, as_json: bool, anonymise: bool) -> ExitCode:
    """Pack, and say what was packed."""
    from hybridjoin.cli.record.package_work import make

    return make(run, output, key=key, as_json=as_json, anonymise=anonymise)
