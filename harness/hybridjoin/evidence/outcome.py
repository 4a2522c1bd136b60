"""How a flow of a device came out: what ended it, and which replies nobody could read."""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.errors import Breakage
from hybridjoin.model.steps import Phase, Step
from hybridjoin.model.verdict import WindowsCode
from hybridjoin.protocol.enrolment import EnrolmentError
from hybridjoin.protocol.oauth import EntraError
from hybridjoin.protocol.rstr import SoapFault


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The first thing that ended the federated join (or the fallback).

    `cause` is the HRESULT nearest the fault, `wrapper` the outer one that dsregcmd prints in its
    summary line when there is one. `breakage` is how the exchange broke where no reply of it could be kept.
    """

    phase: Phase
    step: Step
    reason: str
    cause: WindowsCode
    wrapper: WindowsCode | None = None
    server: EntraError | EnrolmentError | SoapFault | None = None
    remedy: str = ""
    breakage: Breakage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowOutcome:
    """The part that every flow has: the failure that ended it, None where it came to its end, and what was unreadable.

    `flow` is the name of its table in `hybridjoin.model.steps`, empty where somebody only read a document. `unreadable`
    lists the steps whose reply could not be parsed, with the reader's words.
    """

    flow: str = ""
    failure: Failure | None = None
    unreadable: tuple[tuple[Step, str], ...] = ()

    def unreadable_at(self, step: Step) -> str:
        """Return the reader's words where a step's reply could not be parsed, else an empty string."""
        return next((words for at, words in self.unreadable if at is step), "")

    def failed_at(self, step: Step) -> str:
        """Return the failure's reason where the flow ended at exactly this step, else an empty string."""
        return self.failure.reason if self.failure is not None and self.failure.step is step else ""

    def timed_out_at(self, step: Step) -> str:
        """Return the failure's reason where the device stopped waiting for this step's answer, else an empty string."""
        failure = self.failure
        return self.failed_at(step) if failure is not None and failure.breakage is Breakage.TIMEOUT else ""

    def broken_off_at(self, step: Step) -> bool:
        """Tell whether this step's exchange broke before a reply of it could be kept."""
        return self.failure is not None and self.failure.step is step and self.failure.breakage is not None
