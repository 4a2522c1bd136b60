"""The parts of evidence that there are: one for each thing that was read or is known, found by its type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts of evidence by their types, at most one of each.

    Whoever has one document makes its part and no more; a flow's evidence makes all of its own. Which question can be
    answered follows from the parts alone, so that nothing has to be invented around a lonely one.
    """

    by_type: Mapping[type, object] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, *parts: object) -> Parts:
        """Put parts together; None stands for what there is not.

        Raises:
            ValueError: two parts are of one type, so that nobody could tell which one a question is about.
        """
        found: dict[type, object] = {}
        for part in parts:
            if part is None:
                continue
            if type(part) in found:
                raise ValueError(f"two parts of evidence are a {type(part).__name__}")
            found[type(part)] = part
        return cls(MappingProxyType(found))

    def get(self, kind: type[Part]) -> Part | None:
        """Return the part of that type, or None where there is none."""
        found = self.by_type.get(kind)
        return found if isinstance(found, kind) else None

    def but(self, *parts: object) -> Parts:
        """Return these parts with others in the place of those of the same types."""
        others = Parts.of(*parts)
        return Parts(MappingProxyType({**self.by_type, **others.by_type}))

    def without(self, *kinds: type) -> Parts:
        """Return the parts of all other types."""
        return Parts(MappingProxyType({kind: part for kind, part in self.by_type.items() if kind not in kinds}))

    @property
    def names(self) -> frozenset[str]:
        """The names of the types, as the tables of the flows call what their steps yield."""
        return frozenset(kind.__name__ for kind in self.by_type)

    def __contains__(self, kind: type) -> bool:
        return kind in self.by_type
