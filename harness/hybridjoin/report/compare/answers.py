"""What two runs answered to one requirement, and whether that is the same answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hybridjoin.model.record import JoinRecord, RunRecord
from hybridjoin.model.requirement_row import RequirementRow
from hybridjoin.model.verdict import BROKEN, LOUDEST_FIRST, Outcome, Verdict
from hybridjoin.model.where import Spot, Where
from hybridjoin.report.compare.stable import steady
from hybridjoin.report.where_text import where_text

ABSENT: Final = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedAnswer:
    """The loudest answer to a requirement in one run."""

    level: str
    outcome: Outcome
    found: str
    sentence: str
    where: Where | None


def certified_answers(record: RunRecord) -> dict[str, ComparedAnswer]:
    """Return a certification's answers by requirement; none where nothing was certified."""
    rows = record.certification.requirements if record.certification else ()
    return {row.id: _answer(row) for row in rows}


def join_answers(join: JoinRecord | None) -> dict[str, ComparedAnswer]:
    """Return the loudest answer to each requirement in one join."""
    quiet_first = sorted(join.verdicts if join else (), key=lambda row: -LOUDEST_FIRST.index(row.outcome))
    return {row.requirement: _answer(row) for row in quiet_first}


def _answer(row: Verdict | RequirementRow) -> ComparedAnswer:
    return ComparedAnswer(level=row.level, outcome=row.outcome, found=row.found, sentence=row.sentence, where=row.where)


def only_asked(left: ComparedAnswer | None, right: ComparedAnswer | None) -> bool:
    """Tell a check that one version of ours has and the other has not, and that found nothing wrong."""
    there = left or right
    return (left is None or right is None) and there is not None and there.outcome not in BROKEN


def same(left: ComparedAnswer | None, right: ComparedAnswer | None) -> bool:
    """Tell whether two answers are one: where they are broken, with the same thing found at the same place."""
    if left is None or right is None:
        return left is right
    if (left.level, left.outcome) != (right.level, right.outcome):
        return False
    return left.outcome not in BROKEN or (steady(left.found) == steady(right.found) and not have_moved(left, right))


def have_moved(left: ComparedAnswer | None, right: ComparedAnswer | None) -> bool:
    """Tell whether two broken answers speak of different places; a line or a label is none of its own."""
    if left is None or right is None or not {left.outcome, right.outcome} <= {*BROKEN}:
        return False
    one, two = _settled(left.where), _settled(right.where)
    return one is not None and two is not None and one != two


def _settled(where: Where | None) -> Where | None:
    """Return what of a place stays from run to run; old records told places in words alone, which say nothing here."""
    if where is None or (where.document and where.spot is Spot.MESSAGE):
        return None
    return Where(step=where.step, side=where.side, spot=where.spot, name=where.name, probe=where.probe)


def told_answer(answer: ComparedAnswer | None, *, place: bool) -> str:
    """Say an answer in one line, where it is broken with what was found and, if that is asked for, where."""
    if answer is None:
        return ABSENT
    if answer.outcome not in BROKEN:
        return f"{answer.level} {answer.outcome}"
    found, where = f": {answer.found}" if answer.found else "", where_text(answer.where) if place else ""
    return f"{answer.level} {answer.outcome}{found}" + (f" (at {where})" if where else "")
