"""Where a command is carried out: one value in the stead of the five options that name it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path


def at_a_place(command: Callable[..., int]) -> Callable[..., int]:
    """Hand a command the `place` that --site, --lab and --live, --yes and --ca-file name, in their stead."""

    @wraps(command)
    def carried_out(
        *, site_file: Path | None, backend: str | None, live: bool, yes: bool, ca_file: Path | None, **options: object
    ) -> int:
        from hybridjoin.cli.run.place import RunPlace
        from hybridjoin.lab.live import Live

        said = Live(allowed=live, answered=yes, ca_file=ca_file)
        return command(place=RunPlace(site_file=site_file, backend=backend, live=said), **options)

    return carried_out
