"""From the verdicts of several joins to one row for each requirement: the loudest answer is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hybridjoin.checks.breaks import breaks_of
from hybridjoin.checks.requirement import Requirement
from hybridjoin.model.requirement_row import RequirementRow
from hybridjoin.model.verdict import LOUDEST_FIRST, NotTested, Outcome, Untested, Verdict
from hybridjoin.model.where import Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdicts on one join; `cut_off` says what stopped it where lab or machine did.

    `label` is the WS-Trust version it was made with, for people.
    """

    label: str
    verdicts: tuple[Verdict, ...]
    cut_off: str = ""


def requirement_rows(
    requirements: Iterable[Requirement], judgements: Sequence[Judgement], *, interrupted: str = ""
) -> tuple[RequirementRow, ...]:
    """Return a row for each requirement; `interrupted` says what kept the harness from asking at all."""
    heard: dict[str, list[tuple[Judgement, Verdict]]] = {}
    for judgement in judgements:
        for verdict in judgement.verdicts:
            heard.setdefault(verdict.requirement, []).append((judgement, verdict))
    named = sum(any(verdict.where for verdict in item.verdicts) for item in judgements) > 1
    return tuple(_row(item, heard.get(item.id, []), interrupted, named=named) for item in requirements)


def _row(item: Requirement, heard: list[tuple[Judgement, Verdict]], interrupted: str, *, named: bool) -> RequirementRow:
    answers = [(_outcome(judgement, verdict), judgement, verdict) for judgement, verdict in heard]
    if not answers:
        return _unasked(item, interrupted)
    outcome, judgement, verdict = min(answers, key=lambda answer: LOUDEST_FIRST.index(answer[0]))
    where = _of_join(verdict.where, judgement.label) if named else verdict.where
    cut_off = judgement.cut_off if outcome is Outcome.INTERRUPTED else ""
    return replace(
        _unanswered(item, outcome, _interrupted(cut_off) if cut_off else verdict.not_tested),
        expected=verdict.expected,
        found=verdict.found,
        where=where,
    )


def _of_join(where: Where | None, label: str) -> Where | None:
    """Say of a place in a join which join; probes and documents belong to none."""
    of_a_join = where is not None and where.step is not None and not where.probe
    return replace(where, join=label) if where is not None and of_a_join else where


def _outcome(judgement: Judgement, verdict: Verdict) -> Outcome:
    """Return the verdict's outcome; what a join that was cut off did not come to, nobody knows."""
    cut_short = judgement.cut_off and verdict.outcome is Outcome.SKIPPED
    return Outcome.INTERRUPTED if cut_short else verdict.outcome


def _unasked(item: Requirement, interrupted: str) -> RequirementRow:
    if interrupted:
        return _unanswered(item, Outcome.INTERRUPTED, _interrupted(interrupted))
    return _unanswered(item, Outcome.SKIPPED, NotTested(reason=Untested.NO_FLOW))


def _unanswered(item: Requirement, outcome: Outcome, not_tested: NotTested | None) -> RequirementRow:
    """Return a requirement's row with its outcome, and nothing yet of what was expected, found, and where."""
    return RequirementRow(
        id=item.id,
        level=item.level,
        area=item.area,
        specification=item.specification,
        section=item.section,
        url=item.url,
        sentence=item.sentence,
        remedy=item.remedy,
        outcome=outcome,
        not_tested=not_tested,
        verified=item.verified,
        breaks=breaks_of(item.id),
    )


def _interrupted(why: str) -> NotTested:
    return NotTested(reason=Untested.INTERRUPTED, detail=why)
