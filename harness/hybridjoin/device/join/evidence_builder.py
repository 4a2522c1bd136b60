"""What a join has brought to light so far: nothing that was reached is lost when a later step falls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

from hybridjoin.errors import HarnessError, PeerError
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.steps import Step

Read = TypeVar("Read")


class StepFailed(HarnessError):
    """A step ended the federated join (or the fallback): a signal inside the flow, never seen outside it."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


class EvidenceBuilder:
    """The evidence of one join while it is being gathered."""

    def __init__(self, evidence: JoinEvidence) -> None:
        self.evidence = evidence

    def note(self, **fields: Any) -> None:  # noqa: ANN401 the fields of JoinEvidence, each with its own type
        """Keep what a step brought."""
        self.evidence = replace(self.evidence, **fields)

    def unreadable(self, step: Step, problem: str) -> None:
        """Keep that a reply could not be read, with the reader's words."""
        self.note(unreadable=(*self.evidence.unreadable, (step, problem)))

    @contextmanager
    def tolerating(self, step: Step) -> Iterator[None]:
        """Let a reader of independent matter fail without stopping the reading of the rest."""
        try:
            yield
        except PeerError as error:
            self.unreadable(step, str(error))

    def read(self, step: Step, reader: Callable[[], Read], on_failure: Callable[[PeerError], Failure]) -> Read:
        """Read a reply that the join cannot go on without: what cannot be read is noted and ends the join."""
        try:
            return reader()
        except PeerError as error:
            self.unreadable(step, str(error))
            raise StepFailed(on_failure(error)) from error
