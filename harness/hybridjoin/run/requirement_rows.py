"""From the verdicts of several joins to one row for each requirement: the loudest answer is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from hybridjoin.checks.requirement import Requirement
from hybridjoin.model.record import RequirementRow
from hybridjoin.model.verdict import LOUDEST_FIRST, Outcome, Verdict

UNANSWERED: Final = frozenset({Outcome.SKIPPED, Outcome.INTERRUPTED})


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
    named = len(judgements) > 1
    return tuple(_row(item, heard.get(item.id, []), interrupted, named=named) for item in requirements)


def _row(item: Requirement, heard: list[tuple[Judgement, Verdict]], interrupted: str, *, named: bool) -> RequirementRow:
    answers = [(_outcome(judgement, verdict), judgement, verdict) for judgement, verdict in heard]
    if not answers:
        return _unasked(item, interrupted)
    outcome, judgement, verdict = min(answers, key=lambda answer: LOUDEST_FIRST.index(answer[0]))
    unanswered = outcome in UNANSWERED
    where = f"{verdict.where} (join by WS-Trust {judgement.label})" if named and verdict.where else verdict.where
    why = (judgement.cut_off or verdict.found) if outcome is Outcome.INTERRUPTED else verdict.found
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
        expected=verdict.expected,
        found="" if unanswered else verdict.found,
        where=where,
        tested=not unanswered,
        why_not=why if unanswered else "",
        verified=item.verified,
    )


def _outcome(judgement: Judgement, verdict: Verdict) -> Outcome:
    """Return the verdict's outcome; what a join that was cut off did not come to, nobody knows."""
    cut_short = judgement.cut_off and verdict.outcome is Outcome.SKIPPED
    return Outcome.INTERRUPTED if cut_short else verdict.outcome


def _unasked(item: Requirement, interrupted: str) -> RequirementRow:
    return RequirementRow(
        id=item.id,
        level=item.level,
        area=item.area,
        specification=item.specification,
        section=item.section,
        url=item.url,
        sentence=item.sentence,
        remedy=item.remedy,
        outcome=Outcome.INTERRUPTED if interrupted else Outcome.SKIPPED,
        tested=False,
        why_not=interrupted or "no join came about that could have been judged",
        verified=item.verified,
    )
