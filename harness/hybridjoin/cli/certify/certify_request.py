"""The arguments of `hybridjoin certify`, understood."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hybridjoin.cli.options import LAB
from hybridjoin.cli.run.place import RunPlace
from hybridjoin.lab.live import NOT_LIVE, Live


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifyRequest:
    """The arguments of `hybridjoin certify`; `site_file` is None for the lab."""

    site_file: Path | None
    idp_profile: str | None
    faults: tuple[str, ...]
    backend: str | None
    device: str | None
    profile: str
    patterns: tuple[str, ...]
    rerun_failed: Path | None
    deviation_file: Path | None
    hostile: bool
    only_list: bool
    list_faults: bool
    dry_run: bool
    suggest: bool
    timeout_s: float
    as_json: bool
    report_dir: Path
    events: Path | None = None
    federation_file: Path | None = None
    anonymise: bool = False
    live: Live = NOT_LIVE
    doors: str | None = None
    user: str | None = None
    wrong_passwords: int | None = None

    @classmethod
    def of(
        cls,
        *,
        site: str,
        live: bool,
        yes: bool,
        ca_file: Path | None,
        **options: Any,  # noqa: ANN401 - click's own values
    ) -> CertifyRequest:
        """Take the command line over; `--site lab` is no file."""
        said = Live(allowed=live, answered=yes, ca_file=ca_file)
        return cls(site_file=None if site == LAB else Path(site), live=said, **options)

    @property
    def place(self) -> RunPlace:
        """Where the device joins."""
        return RunPlace(site_file=self.site_file, backend=self.backend, live=self.live)
