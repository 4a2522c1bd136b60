"""What a requirement is: one sentence of one specification, and the small function that reads evidence for it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from hybridjoin.checks.old_words import reason_of, where_of
from hybridjoin.checks.sources import SOURCES
from hybridjoin.evidence.join import JoinEvidence
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


class Silence(Exception):
    """Why a check cannot answer."""

    kind = Untested.NOT_APPLICABLE

    def __init__(self, reason: NotTested | str) -> None:
        super().__init__(reason)
        self.not_tested = reason_of(reason, otherwise=self.kind) if isinstance(reason, str) else reason


class NotReached(Silence):
    """The evidence a check needs was never gathered; it says which step fell, and why."""

    kind = Untested.NOT_REACHED


class NotAsked(NotReached):
    """The evidence comes from a question beside the join, and nobody asked it; a join alone never does."""

    kind = Untested.PROBE_NOT_ASKED


class Interrupted(Silence):
    """The harness itself could not find out; it says why. It is never the IdP's failure."""

    kind = Untested.INTERRUPTED


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


def holds(found: str = "", *, where: Where | str = "") -> Finding:
    """The sentence is true."""
    return Finding(answer=Answer.HOLDS, found=found, where=_place(where))


def broken(*, expected: str, found: str, where: Where | str) -> Finding:
    """The sentence is not true."""
    return Finding(answer=Answer.BROKEN, expected=expected, found=found, where=_place(where))


def review(*, expected: str, found: str, where: Where | str) -> Finding:
    """Two documents disagree, or the evidence does: a person has to decide."""
    return Finding(answer=Answer.REVIEW, expected=expected, found=found, where=_place(where))


def not_applicable(reason: NotTested | str) -> Finding:
    """The sentence says nothing about this evidence."""
    typed = reason_of(reason, otherwise=Untested.NOT_APPLICABLE) if isinstance(reason, str) else reason
    return Finding(answer=Answer.NOT_APPLICABLE, not_tested=typed)


def _place(where: Where | str) -> Where | None:
    return where_of(where) if isinstance(where, str) else where


def expect(true: object, *, expected: str, found: str, where: Where | str) -> Finding:
    """The sentence is true when `true` is; what was found is kept either way."""
    return holds(found, where=where) if true else broken(expected=expected, found=found, where=where)
