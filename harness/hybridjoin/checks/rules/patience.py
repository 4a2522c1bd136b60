"""Answers that come before the device stops waiting; how long it waits is the device's habit, not the requirement's."""

from __future__ import annotations

from hybridjoin.checks.readings import endpoint_of, fell_at, realm_of, waited_in_vain, why_not
from hybridjoin.checks.requirement import Finding, NotReached, broken, holds, requirement
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level

_MUTE = (
    "Look what the server waits for (a directory, a proxy, a lock), and whether a firewall drops packets. "
    "Windows gives up with 0xcaa82ee2 (ERROR_ADAL_INTERNET_TIMEOUT)."
)


def _in_time(evidence: JoinEvidence, step: Step, *, came: object, where: str) -> Finding:
    """An answer came to a step, readable or not, before the device gave up."""
    words = waited_in_vain(evidence, step)
    if words:
        return broken(expected="a complete answer in time", found=words, where=where)
    failure = evidence.failure
    cut_off = failure is not None and failure.step is step and failure.breakage is not None
    if cut_off or not (came or fell_at(evidence, step)):
        raise NotReached(why_not(evidence, step))
    return holds("an answer in time", where=where)


@requirement("MEX-32", Level.MUST, "MS-TROUBLE Network errors", remedy=_MUTE, verified=True)
def metadata_comes_in_time(evidence: JoinEvidence) -> Finding:
    """The metadata address answers in full before the device stops waiting."""
    realm_of(evidence)
    return _in_time(evidence, Step.MEX, came=evidence.mex, where="MEX")


@requirement("RSTR-18", Level.MUST, "MS-TROUBLE Network errors", remedy=_MUTE, verified=True)
def token_comes_in_time(evidence: JoinEvidence) -> Finding:
    """The token service answers the computer's request in full before the device stops waiting."""
    endpoint_of(evidence)
    return _in_time(evidence, Step.RST, came=evidence.response, where="RST")
