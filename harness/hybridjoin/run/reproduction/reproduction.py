"""What a reproduction comes to: its trials, the causes that they prove, and a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hybridjoin.intake.case.missing import Wanted
from hybridjoin.intake.case.skeleton import ScreenComparison
from hybridjoin.intake.case.symptom import Symptom
from hybridjoin.knowledge.suspect import Suspect
from hybridjoin.run.reproduction.outcome import Agreement, SymptomMatch


class Reproduced(StrEnum):
    """What a reproduction came to; it is not decided where it was stopped before anything was found."""

    REPRODUCED = "reproduced"
    IN_PART = "reproduced in part"
    NOT_REPRODUCED = "not reproduced"
    UNDECIDED = "not decided"


class TrialKind(StrEnum):
    """What a trial did to the case's scenario."""

    AS_WRITTEN = "as written"
    ADDED = "with"
    TAKEN_AWAY = "without"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabTrial:
    """One join in the lab: the scenario as written, with one more change, or with one change of it taken away.

    `scenario` is its id in the run's record. `match` is None where it did not come to its end; `trouble` then says why.
    `suspect` is whom the change speaks of, None where nobody is suspected of it.
    """

    kind: TrialKind
    change: Mapping[str, object]
    scenario: str
    elapsed_s: float
    suspect: Suspect | None = None
    match: SymptomMatch | None = None
    trouble: str = ""

    @property
    def agreement(self) -> Agreement:
        """How far it is the symptom; a trial without an end is not."""
        return self.match.agreement if self.match is not None else Agreement.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenCause:
    """A single change with which the symptom is there and without which it is not; equal ranks cannot be told apart.

    `agreement` is how far the symptom is there with it, `mended` says that without it the computer joins by federation
    and not that it fails in another way; `trial` is the run that shows the half of the proof that its kind names.
    """

    rank: int
    agreement: Agreement
    mended: bool
    change: Mapping[str, object]
    trial: LabTrial
    suspect: Suspect | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """All of it; `why` is the verdict's reason in a sentence.

    `best` is the trial that is most like the symptom. `untried` counts trials beyond the limit, `interrupted` says who
    stopped before the end, `wanted` is what would decide where trials cannot.
    """

    verdict: Reproduced
    why: str
    symptom: Symptom | None
    trials: tuple[LabTrial, ...] = ()
    causes: tuple[ProvenCause, ...] = ()
    best: LabTrial | None = None
    wanted: tuple[Wanted, ...] = ()
    untried: int = 0
    interrupted: str = ""

    @property
    def comparison(self) -> ScreenComparison | None:
        """The customer's screen beside the most alike of ours, where there is one."""
        return self.best.match.comparison if self.best is not None and self.best.match is not None else None

    @property
    def tied(self) -> tuple[ProvenCause, ...]:
        """The causes of the first rank where there are several: this symptom does not tell them apart."""
        first = tuple(item for item in self.causes if item.rank == 1)
        return first if len(first) > 1 else ()
