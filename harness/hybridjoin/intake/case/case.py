"""A customer's case: the files, their facts, and all that follows from them."""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.errors import Mistake
from hybridjoin.intake.case.conclusions import Conclusion
from hybridjoin.intake.case.contradictions import Contradiction
from hybridjoin.intake.case.missing import Wanted
from hybridjoin.intake.case.remarks import Remark
from hybridjoin.intake.case.symptom import Symptom
from hybridjoin.intake.files.fact import Fact
from hybridjoin.intake.files.part import RawPart
from hybridjoin.intake.files.sent_file import SentFile


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerCase:
    """All of it; `left_out` counts facts beyond the limit, `mistakes` is what could not be read.

    `symptom` is how the attempt ended that matters, None where none is known to have failed.
    """

    files: tuple[SentFile, ...]
    facts: tuple[Fact, ...]
    conclusions: tuple[Conclusion, ...]
    remarks: tuple[Remark, ...]
    contradictions: tuple[Contradiction, ...]
    wanted: tuple[Wanted, ...]
    parts: tuple[RawPart, ...]
    symptom: Symptom | None = None
    mistakes: tuple[Mistake, ...] = ()
    left_out: int = 0
