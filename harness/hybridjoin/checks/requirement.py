"""What a requirement is: one sentence of one specification, and the small function that reads evidence for it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from hybridjoin.checks.sources import SOURCES
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.verdict import Level


class Answer(StrEnum):
    """What a check found; how loud that is depends on the requirement's level, not on the check."""

    HOLDS = "holds"
    BROKEN = "broken"
    REVIEW = "review"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The answer of one check; `where` names the exchange and the spot in it."""

    answer: Answer
    expected: str = ""
    found: str = ""
    where: str = ""


class NotReached(Exception):
    """The evidence a check needs was never gathered; its text says which step fell, and why."""


class NotAsked(NotReached):
    """The evidence comes from a question beside the join, and nobody asked it; a join alone never does."""


class Interrupted(Exception):
    """The harness itself could not find out; its text says why. It is never the IdP's failure."""


Check = Callable[[JoinEvidence], Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One sentence with its origin; `verified` says that the section was read in the document and carries the sentence.

    The level may be sterner than the document's word where a join breaks without it.
    """

    id: str
    level: Level
    specification: str
    section: str
    sentence: str
    remedy: str
    verified: bool
    check: Check

    @property
    def area(self) -> str:
        """The part of the id before the number, as `MEX`."""
        return self.id.rpartition("-")[0]

    @property
    def url(self) -> str:
        """Where the section can be read, or else the specification."""
        return SOURCES[self.specification].address(self.section)


def requirement(
    requirement_id: str, level: Level, source: str, *, remedy: str, verified: bool = False
) -> Callable[[Check], Requirement]:
    """Turn a check into a requirement; its docstring becomes the sentence, and nothing is registered.

    `source` is the specification's prefix and the section: `SAML11 2.3.2.1.1`.
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
        )

    return build


def holds(found: str = "", *, where: str = "") -> Finding:
    """The sentence is true."""
    return Finding(answer=Answer.HOLDS, found=found, where=where)


def broken(*, expected: str, found: str, where: str) -> Finding:
    """The sentence is not true."""
    return Finding(answer=Answer.BROKEN, expected=expected, found=found, where=where)


def review(*, expected: str, found: str, where: str) -> Finding:
    """Two documents disagree, or the evidence does: a person has to decide."""
    return Finding(answer=Answer.REVIEW, expected=expected, found=found, where=where)


def not_applicable(reason: str) -> Finding:
    """The sentence says nothing about this evidence."""
    return Finding(answer=Answer.NOT_APPLICABLE, found=reason)


def expect(true: object, *, expected: str, found: str, where: str) -> Finding:
    """The sentence is true when `true` is; what was found is kept either way."""
    return holds(found, where=where) if true else broken(expected=expected, found=found, where=where)
