"""`hybridjoin verify`: is a package what was signed?"""

from __future__ import annotations

from pathlib import Path

import click

from hybridjoin.cli.exits import ExitCode


@click.command(
    "verify",
    epilog="\b\nExamples:\n  hybridjoin verify evidence.zip --fingerprint 3f1c…\n"
    "  hybridjoin verify evidence.zip --public-key vendor.pem --json",
)
@click.argument("package", metavar="ZIP", type=click.Path(path_type=Path))
@click.option(
    "--public-key",
    metavar="PEM",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The key that must have signed it; without one you learn only that nothing was changed since.",
)
@click.option("--fingerprint", metavar="HEX", help="The SHA-256 of that key, as `package` printed it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def verify_command(*, package: Path, public_key: Path | None, fingerprint: str | None, as_json: bool) -> ExitCode:
    """Check a package offline: signature, digests, nothing extra, nothing missing.

    Names the first byte that differs. The pictures are drawn again from the record and compared; those of another build
    of hybridjoin are said to be unproven where they differ.

    Exit code 16 where the package is not what was signed, 2 where there is none to check: no such file, another kind of
    file, a newer format.
    """
    from hybridjoin.cli.record.package_work import check

    return check(package, public_key=public_key, fingerprint=fingerprint, as_json=as_json)
