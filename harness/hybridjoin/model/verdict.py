"""What a check may answer, and how sure a prediction is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from hybridjoin.model.where import Where


class Outcome(StrEnum):
    """The six verdicts; INTERRUPTED is never the peer's failure."""

    PASSED = "passed"
    WARNING = "warning"
    REVIEW = "review"
    FAILED = "failed"
    SKIPPED = "skipped"
    INTERRUPTED = "interrupted"


# Of several answers to one question the loudest counts. What could not be found out is louder than a warning: it may
# hide a failure.
LOUDEST_FIRST = (
    Outcome.FAILED, Outcome.INTERRUPTED, Outcome.WARNING, Outcome.REVIEW, Outcome.PASSED, Outcome.SKIPPED
)  # fmt: skip
# How a sentence that is not kept comes out, by its level; the loudest first.
BROKEN = (Outcome.FAILED, Outcome.WARNING, Outcome.REVIEW)
# How a sentence comes out that nobody could hold against anything; NotTested says why.
UNANSWERED = frozenset({Outcome.SKIPPED, Outcome.INTERRUPTED})


class Untested(StrEnum):
    """Why a requirement was not tested."""

    NOT_APPLICABLE = "not-applicable"  # the sentence says nothing about this evidence
    STEP_FAILED = "step-failed"  # the flow ended at an earlier step
    UNREADABLE = "unreadable"  # the step's reply could not be read
    NOT_REACHED = "not-reached"  # the flow did not come to the step
    ABSENT = "absent"  # the message came, but without the part that is judged
    JUDGED_ELSEWHERE = "judged-elsewhere"  # another requirement judges this very fault
    PROBE_SKIPPED = "probe-skipped"  # the probe may not be asked here, or could not be
    PROBE_NOT_ASKED = "probe-not-asked"  # a join alone asks no probes
    PROBE_MOOT = "probe-moot"  # the answer would prove nothing, for a plainer request is answered alike
    NOT_GIVEN = "not-given"  # a document to compare with was not handed in
    NO_FLOW = "no-flow"  # no join came about at all
    INTERRUPTED = "interrupted"  # the machine or a person stopped it, or a check of ours fell over


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTested:
    """A reason for silence, as data: views make the sentence.

    `step` is the step that fell or was not reached, `probe` the probe in question, `requirement` the one that judges
    the fault instead, `detail` the words of whoever knows more: a reader, a step's failure, a site file's refusal.
    """

    reason: Untested
    step: str = ""
    probe: str = ""
    requirement: str = ""
    detail: str = ""


class Level(StrEnum):
    """RFC 2119 levels of a requirement."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


class Certainty(StrEnum):
    """How well a rule or a predicted code is known."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer of one check to one join.

    `requirement` is the stable id (`MEX-07`); `expected` and `found` are for people, `where` is the place that was
    judged. `not_tested` says why there is no answer, where the outcome is skipped or interrupted.
    """

    requirement: str
    level: Level
    outcome: Outcome
    sentence: str
    expected: str = ""
    found: str = ""
    where: Where | None = None
    remedy: str = ""
    not_tested: NotTested | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """One claim as it should be and as it came.

    `mistake` names a known error in words ("these are the big-endian bytes of objectGUID"), `source`
    the directory attribute the expected value was computed from; `namespace` is empty for the Subject.
    """

    name: str
    namespace: str
    expected: tuple[str, ...]
    found: tuple[str, ...]
    found_namespace: str
    outcome: Outcome
    mistake: str = ""
    source: str = ""
    required: bool = True


def wrong_claims(rows: Iterable[ClaimRow]) -> tuple[ClaimRow, ...]:
    """Return the claims that are not what the directory says; a join may succeed with them where Entra minds none."""
    return tuple(row for row in rows if row.outcome is Outcome.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowsCode:
    """An HRESULT as Windows prints it, with where the mapping is known from."""

    code: int
    symbol: str
    meaning: str
    certainty: Certainty
    source: str

    def __str__(self) -> str:
        return f"0x{self.code:08x}"
