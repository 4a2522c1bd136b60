"""Where a command runs its joins: small enough to be handed to another process, which opens it there."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from harness.lab.provider import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A site file or a lab's backend, as the command line named them."""

    site_file: Path | None = None
    backend: str | None = None

    def open(self) -> AbstractContextManager[Provider]:
        """Return the provider; labs are brought up when a scenario first asks, and taken down at the end."""
        return Provider(site_file=self.site_file, backend=self.backend)
