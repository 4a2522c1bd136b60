"""What a certification has tried so far: each way through a door, and the job that makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from hybridjoin.device.flow_run import FlowRun
from hybridjoin.device.habits import Habits
from hybridjoin.device.signin.logon import JoinedDevice
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.probe import ProbeResult
from hybridjoin.model.door_row import DoorRow
from hybridjoin.model.events import JobKind
from hybridjoin.model.record import FlowResult, JoinResult, SignInResult
from hybridjoin.model.site import Site
from hybridjoin.model.verdict import Outcome
from hybridjoin.protocol.mex import Trust
from hybridjoin.run.attempt import Attempt, attempt
from hybridjoin.run.certification.doors import door_of
from hybridjoin.run.certification.plan import Plan
from hybridjoin.run.engine import INTERRUPTED_BY_HAND, JobDone
from hybridjoin.run.flows import JOIN, MANAGED, Flow

# The fallback would hide what is looked for, and register the device at a real tenant all the same; a profile that
# expects the synchronized join switches it on.
HABITS: Final = Habits(fallback_to_sync_join=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedVersion:
    """One way through a door by one WS-Trust version; `trust` is None where the device chose as Windows would.

    `called` is who went, `wanted` what was meant to come of it: of a computer how it is joined, of a wrong password
    that nobody is signed in. `unwanted` says that nobody demanded a door that the IdP does not offer.
    """

    trust: Trust | None
    attempt: Attempt
    wanted: FlowResult = JoinResult.FEDERATED
    flow: Flow = JOIN
    called: str = ""
    unwanted: bool = False

    @property
    def evidence(self) -> Any | None:  # noqa: ANN401 - the flow's own class
        """What came to light, or None where it did not begin."""
        return self.attempt.run.evidence

    @property
    def of_join(self) -> JoinEvidence | None:
        """What a join brought to light; None of any other flow."""
        return self.evidence if isinstance(self.evidence, JoinEvidence) else None

    @property
    def mistyped(self) -> bool:
        """Whether a wrong password was sent on purpose."""
        return self.wanted is SignInResult.NOT_SIGNED_IN

    @property
    def version(self) -> str:
        """The WS-Trust version that the device spoke, or that it was told to; empty where there was neither."""
        endpoint = getattr(self.evidence, "endpoint", None)  # a browser is told of none
        trust = endpoint.trust if endpoint else self.trust
        return trust.value if trust else ""

    @property
    def label(self) -> str:
        """The version, behind the flow's name where it is no join."""
        return self.version if self.flow is JOIN else f"{self.flow.name} {self.version}".rstrip()

    @property
    def offered(self) -> bool:
        """Whether the IdP has the door, as far as anybody could see."""
        return self.evidence is None or door_of(self.flow.name).offered(self.evidence)

    @property
    def outcome(self) -> Outcome:
        """Passed where it came to what was meant, or a computer was joined through the IdP, which is better."""
        if self.attempt.cut_off:
            return Outcome.INTERRUPTED
        if self.unwanted and not self.offered:
            return Outcome.SKIPPED
        good = self.evidence is not None and self.is_good(self.evidence.result)
        return Outcome.PASSED if good else Outcome.FAILED

    def is_good(self, result: FlowResult) -> bool:
        """Tell whether what came of it is good enough."""
        return result in {JoinResult.FEDERATED, self.wanted}


@dataclass(slots=True)
class Gathered:
    """What has been asked so far; `interrupted` says what stopped it before its end, and what was done is kept.

    `others` are the WS-Trust versions on offer besides the one that the device chose, `sign_ins` how many ways of
    people are known of; `device` is the one that has joined, at which people log on; `doors` are there where a record
    told what became of them.
    """

    plan: Plan
    started_at: datetime
    site: Site | None = None
    tried: list[TriedVersion] = field(default_factory=list)
    others: tuple[Trust, ...] = ()
    sign_ins: int = 0
    device: JoinedDevice | None = None
    doors: tuple[DoorRow, ...] = ()
    probes: list[ProbeResult] = field(default_factory=list)
    interrupted: str = ""

    @property
    def habits(self) -> Habits:
        """How the device behaves, in joins and probes alike."""
        fallback = self.plan.profile.join is JoinResult.SYNCHRONIZED
        return replace(HABITS, timeout_s=self.plan.timeout_s, fallback_to_sync_join=fallback)

    @property
    def total(self) -> int:
        """How many jobs are known of by now."""
        joins = 1 + len(self.others) if self.plan.tries(JOIN) else 0
        return joins + self.plan.tries(MANAGED) + self.sign_ins + len(self.plan.probes)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionJob:
    """One way through a door by one WS-Trust version; one that the machine cut off ends the certification.

    `name` says what is set out to do, `tried` makes what is kept of it.
    """

    name: str
    tried: Callable[..., TriedVersion]
    perform: Callable[[], FlowRun[Any]]
    keep: Callable[[TriedVersion], None]

    @property
    def kind(self) -> JobKind:
        """A way through a flow."""
        return JobKind.FLOW

    def carry_out(self) -> JobDone:
        """Go once and keep it, whatever came of it."""
        tried = self.tried(attempt=attempt(self.perform))
        self.keep(tried)
        return JobDone(outcome=tried.outcome, note=tried.attempt.why_failed, stop=tried.attempt.cut_off)

    def broken_off(self) -> JobDone:
        """Keep nothing: of a join that was broken off by hand nobody knows what it would have come to."""
        return JobDone(outcome=Outcome.INTERRUPTED, note=INTERRUPTED_BY_HAND, stop=INTERRUPTED_BY_HAND)
