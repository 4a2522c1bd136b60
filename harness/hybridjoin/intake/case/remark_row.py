"""A row of a table of remarks, and what its condition is put together from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hybridjoin.intake.case.view import FactView
from hybridjoin.intake.files.fact import Basis, Fact

Found = tuple[Fact, ...]
Finder = Callable[[FactView], Found]


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """A remark by its id, what is said, where that is known from, and which facts make it true; none, and it is not."""

    id: str
    sentence: str
    basis: Basis
    finds: Finder


def key(*keys: str) -> Finder:
    """Find the facts of some keys."""
    return lambda view: view.of(*keys)


def value(of: str, pattern: str) -> Finder:
    """Find the facts of a key whose value matches."""
    return lambda view: view.matching(of, pattern)


def every(*parts: Finder) -> Finder:
    """Find where each part finds something."""

    def found(view: FactView) -> Found:
        each = [part(view) for part in parts]
        return tuple(item[0] for item in each) if all(each) else ()

    return found


def either(*parts: Finder) -> Finder:
    """Find what any part finds."""
    return lambda view: tuple(fact for part in parts for fact in part(view))


def unless(part: Finder, other: Finder) -> Finder:
    """Find nothing where another part finds something."""
    return lambda view: () if other(view) else part(view)


def joined_outside_a_domain(view: FactView) -> Found:
    """Find the screen of a device that is joined and in no domain; what two screens say is not put together."""
    outside = {(fact.file, fact.of) for fact in view.matching("device.domain_joined", "^NO$")}
    return tuple(fact for fact in view.matching("device.joined", "^YES$") if (fact.file, fact.of) in outside)


def without(part: Finder, *keys: str) -> Finder:
    """Find nothing where a fact of some keys is there."""
    return lambda view: () if view.has(*keys) else part(view)
