"""Writes the reason down why a requirement was not tested; nobody reads the words back."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any, Final

from hybridjoin.model.record import ExpectationRecord
from hybridjoin.model.verdict import NotTested, Untested
from hybridjoin.report.where_text import where_text

_WITHOUT_DETAIL: Final = {
    Untested.NOT_APPLICABLE: "the sentence says nothing about what came",
    Untested.STEP_FAILED: "the flow ended before",
    Untested.UNREADABLE: "the reply could not be read",
    Untested.NOT_REACHED: "the join did not come to it",
    Untested.ABSENT: "the message came without the part that is judged",
    Untested.JUDGED_ELSEWHERE: "another requirement judges it",
    Untested.PROBE_SKIPPED: "it may not be asked here",
    Untested.PROBE_NOT_ASKED: "a join alone asks none, `hybridjoin certify` does",
    Untested.PROBE_MOOT: "Windows' own request is answered alike",
    Untested.NOT_GIVEN: "what to compare with was not given",
    Untested.NO_FLOW: "no join came about that could have been judged",
    Untested.INTERRUPTED: "the run was interrupted",
}


def reason_text(reason: NotTested | None) -> str:
    """Return the words for a reason; empty where there is none."""
    if reason is None:
        return ""
    words = reason.detail or _WITHOUT_DETAIL[reason.reason]
    told = _of_a_step(reason, words) if reason.step else words
    if reason.requirement:
        told = f"{told}, which {reason.requirement} judges"
    if not reason.probe or reason.reason is Untested.PROBE_MOOT:
        return told
    if reason.reason is Untested.INTERRUPTED:
        return f"the probe {reason.probe} could not be asked: {told}"
    return f"the probe {reason.probe} was not asked: {told}"


def reason_json(reason: NotTested | None) -> dict[str, Any] | None:
    """Return a reason as machines read it, each field of `NotTested` by its name; null where there is none."""
    return asdict(reason) if reason is not None else None


def kind_of_reason(reason: NotTested | None) -> NotTested | None:
    """Return a reason without the name of its probe: many probes are kept silent by one reason, which is told once."""
    return replace(reason, probe="") if reason is not None and reason.probe else reason


def _of_a_step(reason: NotTested, words: str) -> str:
    match reason.reason:
        case Untested.UNREADABLE:
            return f"the reply of step '{reason.step}' could not be read: {words}"
        case Untested.STEP_FAILED:
            return f"the flow ended at step '{reason.step}': {words}"
        case Untested.NOT_REACHED:
            return f"the join did not come to step '{reason.step}'"
        case _:
            return words


def explanation_text(line: ExpectationRecord) -> str:
    """Return the words for why an expectation was not met, with the place or the silence that they are about."""
    where, silence = where_text(line.where), reason_text(line.not_tested)
    at = f" (at {where})" if where else ""
    return line.explanation + at + (f" It was not tested: {silence}" if silence else "")
