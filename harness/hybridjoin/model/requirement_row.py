"""One requirement in a certification's record: the answer that it came to, and all that pictures say of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from hybridjoin.model.loss import Loss
from hybridjoin.model.verdict import LOUDEST_FIRST, UNANSWERED, Level, NotTested, Outcome
from hybridjoin.model.where import Where


class DeviationList(StrEnum):
    """Which list a deviation stands in: to be mended, by design, or now this and now that."""

    KNOWN = "known"
    EXPECTED = "expected"
    FLAPPING = "flapping"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementRow:
    """One requirement and the loudest answer to it over every join and probe.

    `level` is the profile's; `deviation` is the list a failure of it is forgiven by; `not_tested` says why nothing
    at this site could answer. `verified` says that the section was read in the specification's text and carries the
    sentence, `breaks` which clients are known to fail without it, `level_why` why a
    vendor's product changes its level.
    """

    id: str
    level: Level
    area: str
    specification: str
    section: str
    url: str
    sentence: str
    remedy: str
    outcome: Outcome
    expected: str = ""
    found: str = ""
    where: Where | None = None
    deviation: DeviationList | Literal[""] = ""
    not_tested: NotTested | None = None
    verified: bool = False
    breaks: tuple[Loss, ...] = ()
    level_why: str = ""

    @property
    def tested(self) -> bool:
        """Tell whether the requirement was answered."""
        return self.outcome not in UNANSWERED

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """What sorts the rows, the first to look at first: what nobody excuses, what a list forgives, what is kept."""
        quiet = self.outcome in {Outcome.PASSED, Outcome.SKIPPED}
        return quiet, bool(self.deviation), LOUDEST_FIRST.index(self.outcome)
