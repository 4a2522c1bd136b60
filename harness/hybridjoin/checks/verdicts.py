"""From evidence to verdicts: every requirement is asked, and one that falls over takes no other with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from hybridjoin.checks.requirement import Answer, Finding, Interrupted, NotAsked, NotReached, Requirement
from hybridjoin.checks.rules import BOOK
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.record import JoinResult
from hybridjoin.model.verdict import BROKEN, Level, NotTested, Outcome, Untested, Verdict
from hybridjoin.protocol.mex import MexDocument, choose_windows

_BROKEN = {Level.MUST: Outcome.FAILED, Level.SHOULD: Outcome.WARNING, Level.MAY: Outcome.REVIEW}
_METADATA_AREA = "MEX"
_NO_JOIN = JoinEvidence(
    result=JoinResult.FAILED,
    client_request_id="",
    started_at=datetime.min.replace(tzinfo=UTC),
    fallback_enabled=False,
    applies_to="",
    issuer="",
)


def judge(evidence: JoinEvidence, requirements: Iterable[Requirement] = BOOK) -> tuple[Verdict, ...]:
    """Ask every requirement; what was never reached is skipped with the step that fell."""
    return tuple(_ask(item, evidence)[0] for item in requirements)


def judge_join(evidence: JoinEvidence) -> tuple[Verdict, ...]:
    """Ask every requirement; those about questions beside the join, which nobody asked, are left out."""
    asked = (_ask(item, evidence) for item in BOOK)
    return tuple(verdict for verdict, unasked in asked if not unasked)


def mex_findings(document: MexDocument) -> tuple[Verdict, ...]:
    """Judge a MEX document on its own, without a join around it; sentences about a join are left out."""
    evidence = replace(_NO_JOIN, mex=document, endpoint=choose_windows(document))
    verdicts = judge(evidence, (item for item in BOOK if item.area == _METADATA_AREA))
    return tuple(item for item in verdicts if item.outcome is not Outcome.SKIPPED)


def _ask(item: Requirement, evidence: JoinEvidence) -> tuple[Verdict, bool]:
    """Return the verdict, and whether it rests on a question that nobody asked."""
    try:
        finding = item.check(evidence)
    except NotReached as reason:
        return _silent(item, Outcome.SKIPPED, reason.not_tested), isinstance(reason, NotAsked)
    except Interrupted as reason:
        return _silent(item, Outcome.INTERRUPTED, reason.not_tested), False
    except Exception as error:  # noqa: BLE001 a check that raises is our fault, and must not cost the other verdicts
        words = f"the check itself failed: {type(error).__name__}: {error}"
        return _silent(item, Outcome.INTERRUPTED, NotTested(reason=Untested.INTERRUPTED, detail=words)), False
    return _verdict(item, _outcome(item.level, finding.answer), finding), False


def _silent(item: Requirement, outcome: Outcome, reason: NotTested) -> Verdict:
    return _verdict(item, outcome, Finding(answer=Answer.NOT_APPLICABLE, not_tested=reason))


def _outcome(level: Level, answer: Answer) -> Outcome:
    if answer is Answer.BROKEN:
        return _BROKEN[level]
    return {
        Answer.HOLDS: Outcome.PASSED,
        Answer.REVIEW: Outcome.REVIEW,
        Answer.NOT_APPLICABLE: Outcome.SKIPPED,
    }[answer]


def _verdict(item: Requirement, outcome: Outcome, finding: Finding) -> Verdict:
    mended = outcome in BROKEN
    return Verdict(
        requirement=item.id,
        level=item.level,
        outcome=outcome,
        sentence=item.sentence,
        expected=finding.expected,
        found=finding.found,
        where=finding.where,
        remedy=item.remedy if mended else "",
        not_tested=finding.not_tested,
    )
