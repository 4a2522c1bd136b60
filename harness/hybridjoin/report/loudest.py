"""One answer for each requirement of a record: a certification has it, a run's is the loudest over its joins."""

from __future__ import annotations

from collections.abc import Iterator

from hybridjoin.model.record import RunRecord, ScenarioRecord
from hybridjoin.model.requirement_row import RequirementRow
from hybridjoin.model.verdict import LOUDEST_FIRST, Outcome, Verdict

_RANK = {outcome: rank for rank, outcome in enumerate(LOUDEST_FIRST)}


def area(requirement: str) -> str:
    """Return the area of a requirement id: `MEX` of `MEX-07`."""
    return requirement.rpartition("-")[0] or requirement


def every_verdict(record: RunRecord) -> Iterator[tuple[ScenarioRecord, Verdict]]:
    """Yield the verdicts of every join with the scenario they belong to."""
    for item in record.scenarios:
        for verdict in item.join.verdicts if item.join else ():
            yield item, verdict


def foreseen(item: ScenarioRecord) -> bool:
    """Tell whether a scenario came out as it expects, so that what is broken in it was meant to be."""
    return item.outcome in {Outcome.PASSED, Outcome.WARNING, Outcome.REVIEW} and bool(item.expectations)


def answers(record: RunRecord) -> tuple[RequirementRow, ...]:
    """Return a row for each requirement that a record knows, in the order of areas and numbers."""
    if record.certification is not None:
        return record.certification.requirements
    loudest: dict[str, Verdict] = {}
    for _, verdict in every_verdict(record):
        known = loudest.get(verdict.requirement)
        if known is None or _RANK[verdict.outcome] < _RANK[known.outcome]:
            loudest[verdict.requirement] = verdict
    return tuple(_row(loudest[name]) for name in sorted(loudest, key=in_order))


def in_order(requirement: str) -> tuple[str, int, str]:
    """Return the key that sorts ids by area and number."""
    return area(requirement), len(requirement), requirement


def _row(verdict: Verdict) -> RequirementRow:
    return RequirementRow(
        id=verdict.requirement,
        level=verdict.level,
        area=area(verdict.requirement),
        specification="",
        section="",
        url="",
        sentence=verdict.sentence,
        remedy=verdict.remedy,
        outcome=verdict.outcome,
        expected=verdict.expected,
        found=verdict.found,
        where=verdict.where,
        not_tested=verdict.not_tested,
    )
