"""What a check may answer, and how sure a prediction is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """The six verdicts; INTERRUPTED is never the peer's failure."""

    PASSED = "passed"
    WARNING = "warning"
    REVIEW = "review"
    FAILED = "failed"
    SKIPPED = "skipped"
    INTERRUPTED = "interrupted"


# How a sentence that is not kept comes out, by its level; the loudest first.
BROKEN = (Outcome.FAILED, Outcome.WARNING, Outcome.REVIEW)


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

    `requirement` is the stable id (`MEX-07`); `expected`, `found` and `where` are for people, and
    `where` names the exchange and the spot in it.
    """

    requirement: str
    level: Level
    outcome: Outcome
    sentence: str
    expected: str = ""
    found: str = ""
    where: str = ""
    remedy: str = ""


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
