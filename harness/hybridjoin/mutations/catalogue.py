"""All mutations in the order of the assertion's parts, chosen by name, and paired by a seed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import combinations

from hybridjoin.mutations import claims, frame, head, signatures, wrapping
from hybridjoin.mutations.operator import Operator

OPERATORS: tuple[Operator, ...] = (
    *claims.operators(),
    *frame.operators(),
    *head.operators(),
    *signatures.operators(),
    *wrapping.operators(),
)


def _by_id() -> Mapping[str, Operator]:
    found: dict[str, Operator] = {}
    for item in OPERATORS:
        if found.setdefault(item.id, item) is not item:
            raise ValueError(f"two mutations are called {item.id}: choose another id, or leave the older one")
    return found


BY_ID: Mapping[str, Operator] = _by_id()


def select(pattern: str) -> tuple[Operator, ...]:
    """Return the operators whose id, or whose area, fits a shell pattern."""
    wanted = pattern.lower()
    return tuple(item for item in OPERATORS if fnmatchcase(item.id, wanted) or fnmatchcase(item.area.value, wanted))


def pairs(operators: Iterable[Operator], *, count: int, seed: int) -> tuple[tuple[Operator, Operator], ...]:
    """Return so many pairs of compatible faults; the same seed gives the same pairs on every machine."""
    possible = [(first, second) for first, second in combinations(operators, 2) if _go_together(first, second)]
    possible.sort(key=lambda pair: _draw(pair, seed))
    return tuple(possible[:count])


def _go_together(first: Operator, second: Operator) -> bool:
    """Two faults go together where neither undoes the other: one of them at most is about the signature."""
    harmful = not first.harmless and not second.harmless
    return harmful and first.is_about_content and first.touches.isdisjoint(second.touches)


def _draw(pair: Sequence[Operator], seed: int) -> bytes:
    return hashlib.sha256(f"{seed} {' '.join(item.id for item in pair)}".encode()).digest()
