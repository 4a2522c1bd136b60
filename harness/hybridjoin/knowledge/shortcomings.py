"""What a certification found broken, in the order in which to mend it, and what Windows and Entra make of each."""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.knowledge.article import Cause
from hybridjoin.knowledge.diagnosis import CONSEQUENCES
from hybridjoin.knowledge.lookup import naming
from hybridjoin.model.record import CertificationRecord
from hybridjoin.model.requirement_row import RequirementRow
from hybridjoin.model.verdict import BROKEN, NotTested, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcoming:
    """One broken requirement; `codes` are those that it may end in, `causes` the known ones behind it."""

    row: RequirementRow
    codes: tuple[str, ...]
    causes: tuple[Cause, ...]


def shortcomings(certification: CertificationRecord) -> tuple[Shortcoming, ...]:
    """Return what is broken: what nobody excuses before what a list forgives, the loud before the quiet.

    What only follows from others stands behind those of its kind.
    """
    broken = [row for row in certification.requirements if row.outcome in BROKEN]
    ordered = sorted(broken, key=lambda row: (row.rank, row.id in CONSEQUENCES))
    return tuple(_shortcoming(row) for row in ordered)


def not_found_out(certification: CertificationRecord) -> tuple[tuple[NotTested | None, tuple[str, ...]], ...]:
    """Return the reasons for which requirements were interrupted, each with their ids."""
    reasons: dict[NotTested | None, list[str]] = {}
    for row in certification.requirements:
        if row.outcome is Outcome.INTERRUPTED:
            reasons.setdefault(row.not_tested, []).append(row.id)
    return tuple((reason, tuple(ids)) for reason, ids in reasons.items())


def _shortcoming(row: RequirementRow) -> Shortcoming:
    codes, causes = naming(row.id)
    return Shortcoming(row=row, codes=codes, causes=causes)
