"""What a flow has brought to light so far: nothing that was reached is lost when a later step fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Generic, TypeVar

from hybridjoin.errors import HarnessError, PeerError
from hybridjoin.evidence.flow import FlowEvidence
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.steps import Step, StepRow

Read = TypeVar("Read")
Evidence = TypeVar("Evidence", bound=FlowEvidence)


class StepFailed(HarnessError):
    """A step ended the flow, or the fallback in it: a signal inside the flow, never seen outside it."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


class EvidenceBuilder(Generic[Evidence]):
    """The evidence of one flow while it is being gathered.

    Whoever drives the flow makes the builder and passes it in: where the surroundings interrupt the flow, the
    builder still holds what had been reached. Before the flow has begun `so_far` is None.
    """

    def __init__(self) -> None:
        self.so_far: Evidence | None = None

    @property
    def evidence(self) -> Evidence:
        """What was reached until now.

        Raises:
            RuntimeError: the flow has not begun, which is a mistake of ours.
        """
        if self.so_far is None:
            raise RuntimeError("the flow has not begun: nothing can be kept yet")
        return self.so_far

    def begin(self, evidence: Evidence) -> None:
        """Start with what is known before anybody was asked."""
        self.so_far = evidence

    def keep(self, **parts: Any) -> None:  # noqa: ANN401 the fields of the evidence, each with its own type
        """Keep what a step brought; the one way into the evidence.

        Raises:
            TypeError: the evidence of this flow has no such part.
        """
        self.so_far = replace(self.evidence, **parts)

    def unreadable(self, step: Step, problem: str) -> None:
        """Keep that a reply could not be read, with the reader's words."""
        self.keep(unreadable=(*self.evidence.unreadable, (step, problem)))

    @contextmanager
    def tolerating(self, step: Step) -> Iterator[None]:
        """Let a reader of independent matter fail without stopping the reading of the rest."""
        try:
            yield
        except PeerError as error:
            self.unreadable(step, str(error))

    def read(self, at: StepRow, reader: Callable[[], Read], on_failure: Callable[[PeerError], Failure]) -> Read:
        """Read a reply that the flow cannot go on without: what cannot be read is noted and ends the flow.

        Raises:
            StepFailed: the reader could not make sense of it.
        """
        try:
            return reader()
        except PeerError as error:
            self.unreadable(at.step, str(error))
            raise StepFailed(on_failure(error)) from error
