"""A domain that another process keeps, used as if it had been started here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hybridjoin.lab.backend import choose_backend
from hybridjoin.lab.domain import Domain
from hybridjoin.scenario.lab.lab_file import LabFile


class SharedDomain:
    """A backend whose domain another process keeps; a bent clock needs a domain controller of its own."""

    def __init__(self, domain: Domain) -> None:
        self.name = domain.backend
        self._domain = domain

    @contextmanager
    def start(self, lab_file: LabFile, *, clock_offset_s: int = 0) -> Iterator[Domain]:
        """Yield the kept domain, or start one beside it where the clock is to be off."""
        if clock_offset_s == self._domain.clock_offset_s:
            yield self._domain
            return
        with choose_backend(self.name).start(lab_file, clock_offset_s=clock_offset_s) as domain:
            yield domain

    def prune(self) -> tuple[str, ...]:
        """Remove what killed labs of the same kind left."""
        return choose_backend(self.name).prune()
