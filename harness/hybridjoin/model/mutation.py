"""A matrix of mutations as plain data: who caught which fault, and what Entra would have said to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hybridjoin.model.verdict import Certainty, Level, Outcome

SCHEMA = "hybridjoin-mutations/1"


class Fate(StrEnum):
    """What became of a mutant.

    `missed` is one that our own checks ought to have caught and did not, whatever Entra says of it; `harmless` one that
    is as good as the original and of which no MUST was said to be broken, `alarm` one of which it was.
    """

    CAUGHT = "caught"
    MISSED = "missed"
    HARMLESS = "harmless"
    ALARM = "false alarm"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catch:
    """One requirement that spoke of the mutant and was silent on the good assertion."""

    requirement: str
    level: Level
    outcome: Outcome
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What Entra's token endpoint would answer: `code` is empty where it would take the assertion."""

    code: str
    symbol: str
    rule: str
    certainty: Certainty | None
    accepted_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MutationRow:
    """One mutant. `meant_for` are the requirements that are there for this fault; `sha256` is of its octets.

    `mistakes` are the named mistakes of the claim table; `reason` says why the mutation could not be applied, or why it
    is harmless; `interrupted` are checks that fell over, which is a fault of the harness.
    """

    id: str
    sentence: str
    area: str
    fate: Fate
    meant_for: tuple[str, ...]
    caught_by: tuple[Catch, ...]
    entra: Prediction | None
    mistakes: tuple[str, ...]
    reason: str
    sha256: str
    interrupted: tuple[str, ...] = ()

    @property
    def nobody(self) -> bool:
        """Whether neither a check nor Entra minded."""
        return self.entra is not None and not self.caught_by and not self.entra.code

    @property
    def unheard(self) -> tuple[str, ...]:
        """The requirements meant for the fault that were silent."""
        spoke = {item.requirement for item in self.caught_by}
        return tuple(item for item in self.meant_for if item not in spoke)


@dataclass(frozen=True, slots=True, kw_only=True)
class MutationMatrix:
    """A whole matrix; `control` is the good assertion, signed again and judged like the others."""

    schema: str
    tool: str
    source: str
    started_at: datetime
    elapsed_s: float
    seed: int
    control: MutationRow
    rows: tuple[MutationRow, ...]

    def of(self, fate: Fate) -> tuple[MutationRow, ...]:
        """Return the rows of one fate."""
        return tuple(item for item in self.rows if item.fate is fate)
