"""What the command line said to `hybridjoin federation`: what to read, what to hold it against, or what to write."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from hybridjoin.cli.exits import ExitCode
from hybridjoin.cli.explain import federation_emit, federation_work
from hybridjoin.cli.explain.fetch import read_source
from hybridjoin.intake.federation_writer import Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class FederationOptions:
    """The options by their names."""

    source: str | None
    form: str | None
    site_file: Path | None
    step: str
    mex_source: str | None
    assertion_file: Path | None
    run: Path | None
    as_json: bool
    ca_file: Path | None
    resolve: tuple[str, ...]
    limit_s: float

    def octets(self, source: str | None) -> bytes | None:
        """Return what is at a file or an address, None where none was named."""
        if source is None:
            return None
        return read_source(source, ca_file=self.ca_file, resolve=self.resolve, limit_s=self.limit_s)


def carry_out(options: FederationOptions) -> ExitCode:
    """Judge settings, or write commands.

    Raises:
        click.UsageError: what was said does not go together.
    """
    if (options.source is None) == (options.site_file is None) or (options.site_file and options.form is None):
        raise click.UsageError("Name the FILE to judge or to write again, or --emit FORM --site FILE.")
    if options.assertion_file is not None and options.run is not None:
        raise click.UsageError("--assertion and --record are two ways to give the same; choose one.")
    body, mex, source = options.octets(options.source), options.octets(options.mex_source), options.source or ""
    if options.form is not None:
        return federation_emit.carry_out(
            federation_emit.EmitRequest(
                body=body,
                source=source,
                site_file=options.site_file,
                mex=mex,
                form=options.form,
                direction=Direction(options.step),
            )
        )
    request = federation_work.FederationRequest(
        source=source, mex=mex, assertion=options.assertion_file, run=options.run
    )
    return federation_work.carry_out(body or b"", request, as_json=options.as_json)
