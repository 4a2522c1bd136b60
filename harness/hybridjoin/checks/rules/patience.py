"""Answers that come before the device stops waiting; how long it waits is the device's habit, not the requirement's."""

from __future__ import annotations

from hybridjoin.checks.missing import why_not
from hybridjoin.checks.places import answer_to
from hybridjoin.checks.requirement import Finding, broken, holds, requirement
from hybridjoin.checks.silence import Silence
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.mex import MexDocument, MexEndpoint
from hybridjoin.protocol.realm import UserRealm
from hybridjoin.protocol.rstr import TokenResponse

_MUTE = (
    "Look what the server waits for (a directory, a proxy, a lock), and whether a firewall drops packets. "
    "Windows gives up with 0xcaa82ee2 (ERROR_ADAL_INTERNET_TIMEOUT)."
)


def _in_time(outcome: FlowOutcome, step: Step, *, came: bool) -> Finding:
    """An answer came to a step, readable or not, before the device gave up."""
    where, words = answer_to(step, outcome), outcome.timed_out_at(step)
    if words:
        return broken(expected="a complete answer in time", found=words, where=where)
    if outcome.broken_off_at(step) or not (came or outcome.failed_at(step)):
        raise Silence(why_not(outcome, step))
    return holds("an answer in time", where=where)


@requirement("MEX-32", Level.MUST, "MS-TROUBLE Network errors", remedy=_MUTE, verified=True)
def metadata_comes_in_time(_: UserRealm, document: MexDocument | None, outcome: FlowOutcome) -> Finding:
    """The metadata address answers in full before the device stops waiting."""
    return _in_time(outcome, Step.MEX, came=document is not None)


@requirement("RSTR-18", Level.MUST, "MS-TROUBLE Network errors", remedy=_MUTE, verified=True)
def token_comes_in_time(_: MexEndpoint, response: TokenResponse | None, outcome: FlowOutcome) -> Finding:
    """The token service answers the computer's request in full before the device stops waiting."""
    return _in_time(outcome, Step.RST, came=response is not None)
