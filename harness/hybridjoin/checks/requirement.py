"""What a requirement is: one sentence of one specification, and the small function that reads evidence for it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import get_args, get_type_hints

from hybridjoin.checks.sources import SOURCES
from hybridjoin.evidence.parts import Parts
from hybridjoin.model.verdict import Level, NotTested, Untested
from hybridjoin.model.where import Where


class Answer(StrEnum):
    """What a check found; how loud that is depends on the requirement's level, not on the check."""

    HOLDS = "holds"
    BROKEN = "broken"
    REVIEW = "review"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The answer of one check; `where` is the place that it judged, `not_tested` why there is no answer."""

    answer: Answer
    expected: str = ""
    found: str = ""
    where: Where | None = None
    not_tested: NotTested | None = None


Check = Callable[..., Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRead:
    """A part of evidence that a check reads; an optional one is asked about even where there is none."""

    kind: type
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One sentence with its origin; `verified` says that the section was read in the document and carries the sentence.

    The level may be sterner than the document's word where a join breaks without it. `reads` are the parts that the
    check is about, in the order of its parameters.
    """

    id: str
    level: Level
    specification: str
    section: str
    sentence: str
    remedy: str
    verified: bool
    check: Check
    reads: tuple[PartRead, ...]

    @property
    def area(self) -> str:
        """The part of the id before the number, as `MEX`."""
        return self.id.rpartition("-")[0]

    @property
    def url(self) -> str:
        """Where the section can be read, or else the specification."""
        return SOURCES[self.specification].address(self.section)

    def reads_part(self, kind: type) -> bool:
        """Tell whether the check reads a part of that type."""
        return any(item.kind is kind for item in self.reads)

    def missing(self, parts: Parts) -> tuple[type, ...]:
        """Return the parts without which nothing can be asked, in the order of the check's parameters."""
        there = parts.by_type
        absent = [item for item in self.reads if item.kind not in there]
        if len(absent) == len(self.reads) and all(item.optional for item in absent):
            return tuple(item.kind for item in absent)
        return tuple([item.kind for item in absent if not item.optional]) if absent else ()

    def ask(self, parts: Parts) -> Finding:
        """Hand the check the parts that it names; the needed ones have to be there."""
        return self.check(*(parts.get(item.kind) for item in self.reads))


def requirement(
    requirement_id: str, level: Level, source: str, *, remedy: str, verified: bool = False
) -> Callable[[Check], Requirement]:
    """Turn a check into a requirement; its docstring becomes the sentence, and nothing is registered.

    `source` is the specification's prefix and the section: `SAML11 2.3.2.1.1`. The check's parameters name the parts
    that it reads by their types: it is asked where all of them are there, and those that may be `None` besides.

    Raises:
        TypeError: a parameter's type is not one part, or one part or None.
    """
    specification, _, section = source.partition(" ")

    def build(check: Check) -> Requirement:
        return Requirement(
            id=requirement_id,
            level=level,
            specification=specification,
            section=section,
            sentence=" ".join((inspect.getdoc(check) or "").split()),
            remedy=remedy,
            verified=verified,
            check=check,
            reads=_parts_read(check),
        )

    return build


def _parts_read(check: Check) -> tuple[PartRead, ...]:
    hints = get_type_hints(check)
    found = tuple(_part_read(check, name, hints.get(name)) for name in inspect.signature(check).parameters)
    if not found:
        raise TypeError(f"{check.__qualname__} reads no part of evidence")
    return found


def _part_read(check: Check, name: str, hint: object) -> PartRead:
    kinds = tuple(item for item in get_args(hint) if item is not NoneType) if isinstance(hint, UnionType) else (hint,)
    if len(kinds) != 1 or not isinstance(kinds[0], type):
        raise TypeError(f"{check.__qualname__}: expected the type of one part for {name!r}, found {hint}")
    return PartRead(kind=kinds[0], optional=isinstance(hint, UnionType))


def holds(found: str = "", *, where: Where) -> Finding:
    """The sentence is true."""
    return Finding(answer=Answer.HOLDS, found=found, where=where)


def broken(*, expected: str, found: str, where: Where) -> Finding:
    """The sentence is not true."""
    return Finding(answer=Answer.BROKEN, expected=expected, found=found, where=where)


def review(*, expected: str, found: str, where: Where) -> Finding:
    """Two documents disagree, or the evidence does: a person has to decide."""
    return Finding(answer=Answer.REVIEW, expected=expected, found=found, where=where)


def not_applicable(words: str) -> Finding:
    """The sentence says nothing about this evidence."""
    reason = NotTested(reason=Untested.NOT_APPLICABLE, detail=words)
    return Finding(answer=Answer.NOT_APPLICABLE, not_tested=reason)


def expect(true: object, *, expected: str, found: str, where: Where) -> Finding:
    """The sentence is true when `true` is; what was found is kept either way."""
    return holds(found, where=where) if true else broken(expected=expected, found=found, where=where)
