"""What a certification found broken, in the order in which to mend it, and what Windows and Entra make of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hybridjoin.knowledge.diagnosis import CONSEQUENCES
from hybridjoin.knowledge.lookup import naming
from hybridjoin.knowledge.standing import CauseStanding, Evidence, RankedCause, judge
from hybridjoin.model.record import CertificationRecord, JoinRecord, RunRecord
from hybridjoin.model.requirement_row import RequirementRow
from hybridjoin.model.verdict import BROKEN, NotTested, Outcome, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcoming:
    """One broken requirement; `codes` are those that it may end in, `causes` the known ones behind it.

    Proven causes come first, and what the joins of the certification rule out is left away.
    """

    row: RequirementRow
    codes: tuple[str, ...]
    causes: tuple[RankedCause, ...]


def shortcomings(record: RunRecord) -> tuple[Shortcoming, ...]:
    """Return what a certification found broken: what nobody excuses before what a list forgives, the loud first.

    What only follows from others stands behind those of its kind. A run that certified nothing has none.
    """
    rows = record.certification.requirements if record.certification is not None else ()
    broken = [row for row in rows if row.outcome in BROKEN]
    ordered = sorted(broken, key=lambda row: (row.rank, row.id in CONSEQUENCES))
    joins = tuple(item.join for item in record.scenarios if item.join is not None)
    return tuple(_shortcoming(row, _evidence(row, joins)) for row in ordered)


def not_found_out(certification: CertificationRecord) -> tuple[tuple[NotTested | None, tuple[str, ...]], ...]:
    """Return the reasons for which requirements were interrupted, each with their ids."""
    reasons: dict[NotTested | None, list[str]] = {}
    for row in certification.requirements:
        if row.outcome is Outcome.INTERRUPTED:
            reasons.setdefault(row.not_tested, []).append(row.id)
    return tuple((reason, tuple(ids)) for reason, ids in reasons.items())


def _shortcoming(row: RequirementRow, evidence: Evidence) -> Shortcoming:
    codes, named = naming(row.id)
    ranked = [
        item for cause in named if (item := judge(cause, row.id, evidence)).standing is not CauseStanding.RULED_OUT
    ]
    ranked.sort(key=lambda item: item.standing is not CauseStanding.PROVEN)
    return Shortcoming(row=row, codes=codes, causes=tuple(ranked))


def _evidence(row: RequirementRow, joins: Iterable[JoinRecord]) -> Evidence:
    """Return what the first join in which a requirement is broken brings; the row alone where none does, as a probe."""
    for join in joins:
        if any(item.requirement == row.id and item.outcome in BROKEN for item in join.verdicts):
            return Evidence(verdicts=join.verdicts, claims=join.claims)
    told = Verdict(requirement=row.id, level=row.level, outcome=row.outcome, sentence=row.sentence, found=row.found)
    return Evidence(verdicts=(told,))
