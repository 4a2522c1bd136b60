"""From evidence to verdicts: every requirement is asked, and one that falls over takes no other with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hybridjoin.checks.missing import why_missing
from hybridjoin.checks.places import in_the_form, of_a_bridge, of_the_assertion
from hybridjoin.checks.requirement import Answer, Finding, Requirement
from hybridjoin.checks.rules import BOOK
from hybridjoin.checks.silence import Silence
from hybridjoin.errors import shortened
from hybridjoin.evidence.browser import PassiveVisit
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.evidence.parts import Parts
from hybridjoin.evidence.work_account import FirstLogon
from hybridjoin.model.flows import find_flow
from hybridjoin.model.verdict import BROKEN, Level, NotTested, Outcome, Untested, Verdict
from hybridjoin.protocol.authorization import SignInForm
from hybridjoin.protocol.rstr import SoapFault, TokenResponse

_BROKEN = {Level.MUST: Outcome.FAILED, Level.SHOULD: Outcome.WARNING, Level.MAY: Outcome.REVIEW}
_OTHERWISE = {
    Answer.HOLDS: Outcome.PASSED,
    Answer.REVIEW: Outcome.REVIEW,
    Answer.NOT_APPLICABLE: Outcome.SKIPPED,
}
# What a browser never brings: where one of these is read, a place in the token service's reply is one there.
_OF_THE_TOKEN_SERVICE = (SoapFault, FirstLogon)
_NOBODY_ASKED = frozenset({Untested.PROBE_NOT_ASKED, Untested.NOT_GIVEN})
_Reasons = dict[tuple[type, ...], NotTested]  # of one judgement: hundreds of sentences lack the same parts


def judge(parts: Parts, requirements: Iterable[Requirement] = BOOK) -> tuple[Verdict, ...]:
    """Ask every requirement whose parts are there; the others are skipped, and say why their parts are missing."""
    told: _Reasons = {}
    return tuple(_ask(item, parts, told) for item in requirements)


def judge_flow(parts: Parts) -> tuple[Verdict, ...]:
    """Ask every requirement that the flow which left these parts can answer, by the name of its table.

    What reads a part of another flow's evidence is left out, and so are questions that nobody asked beside the flow:
    those of probes, and those about settings that nobody handed in.
    """
    outcome = parts.get(FlowOutcome)
    flow = find_flow(outcome.flow) if outcome is not None else None
    verdicts = judge(parts, BOOK if flow is None else BOOK.of_flow(flow))
    return tuple(item for item in verdicts if item.not_tested is None or item.not_tested.reason not in _NOBODY_ASKED)


def _ask(item: Requirement, parts: Parts, told: _Reasons) -> Verdict:
    missing = item.missing(parts)
    if missing:
        if missing not in told:
            told[missing] = why_missing(missing, parts)
        return _silent(item, told[missing])
    try:
        finding = item.ask(parts)
    except Silence as silence:
        return _silent(item, silence.not_tested)
    except Exception as error:  # noqa: BLE001 a check that raises is our fault, and must not cost the other verdicts
        words = f"the check itself failed: {type(error).__name__}: {error}"
        return _silent(item, NotTested(reason=Untested.INTERRUPTED, detail=words))
    visit = None if any(map(item.reads_part, _OF_THE_TOKEN_SERVICE)) else parts.get(PassiveVisit)
    where = in_the_form(of_the_assertion(finding.where, parts.get(TokenResponse)), visit)
    where = of_a_bridge(where, parts.get(FlowOutcome), parts.get(SignInForm))
    placed = finding if where is finding.where else replace(finding, where=where)
    return _verdict(item, _outcome(item.level, placed.answer), placed)


def _silent(item: Requirement, reason: NotTested) -> Verdict:
    outcome = Outcome.INTERRUPTED if reason.reason is Untested.INTERRUPTED else Outcome.SKIPPED
    return _verdict(item, outcome, Finding(answer=Answer.NOT_APPLICABLE, not_tested=reason))


def _outcome(level: Level, answer: Answer) -> Outcome:
    if answer is Answer.BROKEN:
        return _BROKEN[level]
    return _OTHERWISE[answer]


def _verdict(item: Requirement, outcome: Outcome, finding: Finding) -> Verdict:
    mended = outcome in BROKEN
    return Verdict(
        requirement=item.id,
        level=item.level,
        outcome=outcome,
        sentence=item.sentence,
        expected=shortened(finding.expected),
        found=shortened(finding.found),
        where=finding.where,
        remedy=item.remedy if mended else "",
        not_tested=finding.not_tested,
    )
