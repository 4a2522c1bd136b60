"""`hybridjoin demo`: the main job, with nothing to set up."""

from __future__ import annotations

from pathlib import Path

import click

from hybridjoin.cli.options import lab_option, report_option


@click.command("demo", epilog="\b\nExample:\n  hybridjoin demo --lab process")
@lab_option
@report_option
@click.option("--full", is_flag=True, help="Print the dsregcmd transcripts whole.")
def demo_command(*, backend: str | None, report_dir: Path, full: bool) -> int:
    """Bring a lab up and watch a device join, and fail to.

    A computer account gets a Kerberos ticket from a real Active Directory, trades it at an identity
    provider for a SAML assertion, and is hybrid joined by Entra. Then the same join fails, because one
    claim has the wrong namespace, and Windows hides it.
    """
    from hybridjoin.cli.run.demo_work import carry_out

    return carry_out(backend, report_dir=report_dir, full=full)
