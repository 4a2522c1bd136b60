"""The book of requirements: built once from the rule rooms, refusing twins, silent sentences and unknown sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import ModuleType

from hybridjoin.checks.requirement import Requirement
from hybridjoin.checks.sources import SOURCES
from hybridjoin.model.flows import parts_of_other_flows
from hybridjoin.model.steps import FlowTable

_ID = re.compile(r"[A-Z][A-Z0-9]*-\d\d")


@dataclass(frozen=True, slots=True)
class Book:
    """All requirements in the order of their rooms."""

    requirements: tuple[Requirement, ...]

    def __post_init__(self) -> None:
        """Refuse what would make a report ambiguous; these are programming errors."""
        seen: set[str] = set()
        for item in self.requirements:
            if not _ID.fullmatch(item.id):
                raise ValueError(f"{item.id!r} is not of the form AREA-NN")
            if item.id in seen:
                raise ValueError(f"{item.id} is given twice; an id is stable and never reused")
            if not item.sentence.endswith(".") or len(item.sentence) < 20:
                raise ValueError(f"{item.id} does not say its sentence in its docstring")
            if item.specification not in SOURCES:
                known = "checks/sources.py has the ones there are"
                raise ValueError(f"{item.id} names the unknown source {item.specification!r}; {known}")
            seen.add(item.id)

    @classmethod
    def of(cls, rooms: Iterable[ModuleType]) -> Book:
        """Collect the requirements of rule modules, in the order they are written."""
        return cls(tuple(item for room in rooms for item in vars(room).values() if isinstance(item, Requirement)))

    def __iter__(self) -> Iterator[Requirement]:
        return iter(self.requirements)

    def __len__(self) -> int:
        return len(self.requirements)

    def find(self, requirement_id: str) -> Requirement | None:
        """Return the requirement of that id, whatever its case."""
        wanted = requirement_id.upper()
        return next((item for item in self.requirements if item.id == wanted), None)

    def of_flow(self, flow: FlowTable) -> Book:
        """Return the requirements that a flow can answer: those that read no part of another flow's evidence."""
        others = parts_of_other_flows(flow)
        return Book(
            tuple(item for item in self.requirements if not any(part.kind.__name__ in others for part in item.reads))
        )

    def select(self, pattern: str) -> tuple[Requirement, ...]:
        """Return the requirements whose id fits a shell pattern such as `MEX-*`."""
        return tuple(item for item in self.requirements if fnmatchcase(item.id, pattern.upper()))
