"""What a flow has brought to light so far: nothing that was reached is lost when a later step fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Generic, TypeVar

from hybridjoin.errors import HarnessError, KerberosError, PeerError
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
        self._evidence: Evidence | None = None
        self._kept: dict[str, Any] = {}

    @property
    def so_far(self) -> Evidence | None:
        """What was reached until now; None before the flow has begun."""
        if self._evidence is not None and self._kept:
            self._evidence = replace(self._evidence, **self._kept)
            self._kept.clear()
        return self._evidence

    @property
    def evidence(self) -> Evidence:
        """What was reached until now.

        Raises:
            RuntimeError: the flow has not begun, which is a mistake of ours.
        """
        evidence = self.so_far
        if evidence is None:
            raise RuntimeError("the flow has not begun: nothing can be kept yet")
        return evidence

    def begin(self, evidence: Evidence) -> None:
        """Start with what is known before anybody was asked."""
        self._evidence = evidence

    def keep(self, **parts: Any) -> None:  # noqa: ANN401 the fields of the evidence, each with its own type
        """Keep what a step brought; the one way into the evidence.

        A new evidence is made when somebody reads it: most parts are kept long before that, and a copy of forty
        fields for each of them was a twentieth of a join's own work.

        Raises:
            RuntimeError: the flow has not begun, which is a mistake of ours.
            TypeError: the evidence of this flow has no such part.
        """
        if self._evidence is None:
            raise RuntimeError("the flow has not begun: nothing can be kept yet")
        if strangers := parts.keys() - self._evidence.__dataclass_fields__.keys():
            raise TypeError(f"{type(self._evidence).__name__} has no part {', '.join(sorted(strangers))}")
        self._kept |= parts

    def unreadable(self, step: Step, problem: str) -> None:
        """Keep that a reply could not be read, with the reader's words."""
        self.keep(unreadable=(*self.evidence.unreadable, (step, problem)))

    @contextmanager
    def tolerating(self, step: Step) -> Iterator[None]:
        """Let what only explains fail: a question that the KDC or a peer leaves open, a reply that cannot be read.

        Surroundings that fail (`LabError`) interrupt every flow: what comes after them would prove nothing.
        """
        try:
            yield
        except (PeerError, KerberosError) as error:
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
