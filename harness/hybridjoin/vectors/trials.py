"""Holds a reader against vectors: what it said, whether that is right, and how often for each flag."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from hybridjoin.vectors.files import Trial
from hybridjoin.vectors.judges import VectorAnswer, read
from hybridjoin.vectors.vector import MustSay, Result

DEVICE, ENTRA = "device", "entra"


class Said(StrEnum):
    """What a reader said of one vector; nothing where it was not asked, or hung, or fell over."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_ASKED = "not-asked"
    NOTHING = "nothing"


class VectorMark(StrEnum):
    """What came of one vector before one reader."""

    CAUGHT = "caught"
    MISSED = "missed"
    ADMITTED = "admitted"
    FALSE_REFUSAL = "false-refusal"
    EITHER = "either"
    NO_ANSWER = "no-answer"


WRONG = frozenset({VectorMark.MISSED, VectorMark.FALSE_REFUSAL, VectorMark.NO_ANSWER})
EXPECTED_OF_RESULT = {
    Result.VALID: MustSay.ACCEPTED,
    Result.INVALID: MustSay.REFUSED,
    Result.ACCEPTABLE: MustSay.EITHER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorRow:
    """One vector before one reader, and why it said so, in its own words where it has any."""

    trial: Trial
    reader: str
    said: Said
    mark: VectorMark
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagTally:
    """How one reader did on the vectors of one flag."""

    flag: str
    reader: str
    marks: tuple[tuple[VectorMark, int], ...]

    def count(self, *marks: VectorMark) -> int:
        """Return how many vectors came to one of these ends."""
        return sum(number for mark, number in self.marks if mark in marks)


def mark_of(expected: MustSay, said: Said, *, misread: bool = False) -> VectorMark:
    """Say what an answer is worth; `misread` says that an accepted assertion was read otherwise than it was signed."""
    if said is Said.NOTHING:
        return VectorMark.NO_ANSWER
    accepted = said is Said.ACCEPTED
    if accepted and misread:
        return VectorMark.MISSED
    if expected is MustSay.EITHER:
        return VectorMark.EITHER
    if expected is MustSay.REFUSED:
        return VectorMark.MISSED if accepted else VectorMark.CAUGHT
    return VectorMark.ADMITTED if accepted else VectorMark.FALSE_REFUSAL


def before_our_own(trials: Iterable[Trial]) -> Iterator[VectorRow]:
    """Yield two rows for each vector: the device's, and that of the Entra double behind it."""
    for trial in trials:
        reading = read(trial)
        yield _row(trial, DEVICE, trial.device, reading.device)
        yield _row(trial, ENTRA, trial.entra, reading.entra)


def _row(trial: Trial, reader: str, expected: MustSay, answer: VectorAnswer) -> VectorRow:
    said = Said.ACCEPTED if answer.accepted else Said.REFUSED if answer.asked else Said.NOT_ASKED
    other = {name: value for name, value in (answer.claims or {}).items() if trial.claims.get(name, value) != value}
    misread = answer.accepted and bool(other)
    return VectorRow(
        trial=trial,
        reader=reader,
        said=said,
        mark=mark_of(expected, said, misread=misread),
        why=f"read {other}" if misread else answer.why,
    )


def tallies(rows: Iterable[VectorRow]) -> tuple[FlagTally, ...]:
    """Count by flag and reader, in the order in which flags are met."""
    counted: dict[tuple[str, str], dict[VectorMark, int]] = {}
    for row in rows:
        for flag in row.trial.flags:
            marks = counted.setdefault((flag, row.reader), {})
            marks[row.mark] = marks.get(row.mark, 0) + 1
    return tuple(
        FlagTally(flag=flag, reader=reader, marks=tuple(marks.items())) for (flag, reader), marks in counted.items()
    )
