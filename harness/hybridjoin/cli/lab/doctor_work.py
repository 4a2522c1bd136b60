"""What `hybridjoin doctor` prints of what it found."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

import click

from hybridjoin.cli.lab.checkup import Checkup
from hybridjoin.report.fitting import ListRow
from hybridjoin.report.terminal import console, put_listing

_SIGNS: Final = MappingProxyType({"found": "✓", "missing": "✕", "optional": "-"})


def show(checkup: Checkup) -> None:
    """Print each finding with what mends it, and what can be run here."""
    put_listing(console(), _rows(checkup))
    click.echo(f"\n{checkup.summary}")


def _rows(checkup: Checkup) -> Iterator[ListRow]:
    for item in checkup.findings:
        yield ListRow(name=item.name, sentence=item.detail, mark=_SIGNS[item.state])
        if item.mend:
            yield ListRow(name="", sentence=f"for {item.needed_for}: {item.mend}")
