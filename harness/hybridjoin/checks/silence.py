"""Why a check cannot answer, as data: raised where the reason is met, written down as words by views alone."""

from __future__ import annotations

from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import NotTested, Untested


class Silence(Exception):
    """A check cannot answer; `not_tested` says why. What is INTERRUPTED is our own failing and never the peer's."""

    def __init__(self, not_tested: NotTested) -> None:
        super().__init__(not_tested.detail or not_tested.reason.value)
        self.not_tested = not_tested


def absent(words: str, *, step: Step) -> Silence:
    """The message came, but without the part that is judged."""
    return Silence(NotTested(reason=Untested.ABSENT, step=step, detail=words))


def inapplicable(words: str) -> Silence:
    """The sentence says nothing about this evidence; a check that comes to know so at its end returns it instead."""
    return Silence(NotTested(reason=Untested.NOT_APPLICABLE, detail=words))


def judged_elsewhere(requirement: str, words: str) -> Silence:
    """Another requirement judges this very fault, which is told once."""
    return Silence(NotTested(reason=Untested.JUDGED_ELSEWHERE, requirement=requirement, detail=words))


def moot(probe: str, words: str) -> Silence:
    """The answer to a probe would prove nothing."""
    return Silence(NotTested(reason=Untested.PROBE_MOOT, probe=probe, detail=words))


def interrupted(probe: str, words: str) -> Silence:
    """The harness could not ask as it meant to."""
    return Silence(NotTested(reason=Untested.INTERRUPTED, probe=probe, detail=words))
