"""How each step of a bridge's sign-in may end it; there is no Windows in it, and so no code of Windows'."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from hybridjoin.device.browser.context import BrowserBuilder
from hybridjoin.device.needs import Flow, Send, ask
from hybridjoin.device.steps.evidence_builder import EvidenceBuilder, StepFailed
from hybridjoin.errors import PeerError, PeerUnreachable
from hybridjoin.evidence.bridge import BridgeEvidence
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.exchange import HttpReply
from hybridjoin.model.steps import StepRow
from hybridjoin.protocol import windows
from hybridjoin.protocol.oauth import EntraError

BridgeBuilder = EvidenceBuilder[BridgeEvidence]


@dataclass(slots=True)
class BridgeBuilders:
    """The evidence of a sign-in through a bridge while it is being gathered, the way by an identity provider apart."""

    own: BridgeBuilder = field(default_factory=EvidenceBuilder)
    browser: BrowserBuilder = field(default_factory=EvidenceBuilder)

    @property
    def so_far(self) -> BridgeEvidence | None:
        """What was reached until now; None before the flow has begun."""
        found = self.own.so_far
        return None if found is None else replace(found, browser=self.browser.so_far)

    @property
    def evidence(self) -> BridgeEvidence:
        """What was reached until now, of a flow that has begun."""
        return replace(self.own.evidence, browser=self.browser.so_far)


@contextmanager
def without_windows() -> Iterator[None]:
    """Leave the codes out that a browser's way ends with on Windows.

    Raises:
        StepFailed: the way ended, for the reason that it ended for.
    """
    try:
        yield
    except StepFailed as end:
        raise StepFailed(replace(end.failure, cause=windows.UNKNOWN, wrapper=None)) from end


def ended(at: StepRow, reason: str, *, remedy: str, server: EntraError | None = None) -> StepFailed:
    """Return the end of the sign-in at a step."""
    return StepFailed(
        Failure(phase=at.phase, step=at.step, reason=reason, cause=windows.UNKNOWN, server=server, remedy=remedy)
    )


def refused(at: StepRow, error: EntraError) -> StepFailed:
    """Return the end by a refusal of Entra's; what mends it is said by its number."""
    name = f"AADSTS{error.code}" if error.code is not None else error.error or f"HTTP {error.http_status}"
    return ended(at, f"Entra refused: {name}", remedy="", server=error)


@contextmanager
def reading(builder: BridgeBuilder, at: StepRow, *, remedy: str) -> Iterator[None]:
    """End the sign-in where a reply cannot be read, and keep that it could not.

    Raises:
        StepFailed: it cannot.
    """
    try:
        yield
    except PeerUnreachable:
        raise
    except PeerError as error:
        builder.unreadable(at.step, str(error))
        raise ended(at, f"the {at.reply} cannot be read: {error.problem}", remedy=remedy) from error


def exchange(need: Send) -> Flow[HttpReply]:
    """Make an exchange that the sign-in cannot go on without.

    Raises:
        StepFailed: no reply of it could be kept.
    """
    try:
        return (yield from ask(need))
    except PeerUnreachable as error:
        reason, remedy = error.problem, "look whether the address is reachable from where the bridge stands"
        failure = Failure(
            phase=need.at.phase,
            step=need.at.step,
            reason=reason,
            cause=windows.UNKNOWN,
            remedy=remedy,
            breakage=error.breakage,
        )
        raise StepFailed(failure) from error
