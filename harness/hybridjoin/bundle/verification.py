"""What was found out about a package, for whoever tells it."""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.bundle.differing import Departure
from hybridjoin.bundle.manifest import Manifest
from hybridjoin.model.record import RunRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was found out about a package; it holds where there are no findings.

    `vouched` says that the caller knew the key beforehand: without it the package is whole, and nobody knows whose.
    `remarks` say what could not be found out.
    """

    findings: tuple[Departure, ...]
    fingerprint: str = ""
    algorithm: str = ""
    vouched: bool = False
    manifest: Manifest | None = None
    record: RunRecord | None = None
    remarks: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the package is what was signed."""
        return not self.findings
