"""Everything that a certification asks at a place: a join for each WS-Trust version on offer, then the probes."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Final

from hybridjoin.device.driver import Hands
from hybridjoin.device.habits import Habits
from hybridjoin.device.join.run import JoinInterrupted, JoinRun, find_account, join_with
from hybridjoin.device.opening import open_hands
from hybridjoin.device.prober import Prober
from hybridjoin.device.probes.probe import ProbeContext
from hybridjoin.errors import LabError
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.probe import ProbeResult
from hybridjoin.model.events import JobKind, OnEvent, silent
from hybridjoin.model.record import FlowResult, JoinResult
from hybridjoin.model.site import DeviceAccount, Site
from hybridjoin.model.verdict import Outcome
from hybridjoin.protocol.mex import Trust, choose_windows
from hybridjoin.run.attempt import Attempt, attempt
from hybridjoin.run.certification.plan import Plan
from hybridjoin.run.certification.probing import probe_jobs
from hybridjoin.run.engine import INTERRUPTED_BY_HAND, Job, JobDone, carry_out
from hybridjoin.run.ports import WatchedProvider
from hybridjoin.run.tenant_named import demand_the_tenant_named

# The fallback would hide what is looked for, and register the device at a real tenant all the same; a profile that
# expects the synchronized join switches it on.
HABITS: Final = Habits(fallback_to_sync_join=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedVersion:
    """The join by one WS-Trust version; `trust` is None where the device chose as Windows would.

    `wanted` is how the computer was meant to be joined.
    """

    trust: Trust | None
    attempt: Attempt
    wanted: JoinResult = JoinResult.FEDERATED

    @property
    def evidence(self) -> JoinEvidence | None:
        """What the join brought to light, or None where it did not begin."""
        found: JoinEvidence | None = self.attempt.run.evidence
        return found

    @property
    def label(self) -> str:
        """The WS-Trust version that the device spoke, or that it was told to; empty where there was neither."""
        endpoint = self.evidence.endpoint if self.evidence else None
        trust = endpoint.trust if endpoint else self.trust
        return trust.value if trust else ""

    @property
    def outcome(self) -> Outcome:
        """Passed where the device was joined as it was meant to be, or through the IdP, which is better."""
        if self.attempt.cut_off:
            return Outcome.INTERRUPTED
        good = self.evidence is not None and self.is_good(self.evidence.result)
        return Outcome.PASSED if good else Outcome.FAILED

    def is_good(self, result: FlowResult) -> bool:
        """Tell whether a computer that was joined so is joined well enough."""
        return result in {JoinResult.FEDERATED, self.wanted}


@dataclass(slots=True)
class Gathered:
    """What has been asked so far; `interrupted` says what stopped it before its end, and what was done is kept.

    `others` are the WS-Trust versions on offer besides the one that the device chose.
    """

    plan: Plan
    started_at: datetime
    site: Site | None = None
    tried: list[TriedVersion] = field(default_factory=list)
    others: tuple[Trust, ...] = ()
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
        return 1 + len(self.others) + len(self.plan.probes)


def gather(plan: Plan, provider: WatchedProvider, on_event: OnEvent = silent) -> Gathered:
    """Ask everything that a plan names and judge nothing yet.

    Raises:
        UsageError: the place does not have the plan's device, or its Entra double is not the forest's tenant.
    """
    found = Gathered(plan=plan, started_at=datetime.now(UTC))
    try:
        with provider.site(plan.scenario) as site:
            found.site = site
            account = find_account(site, plan.scenario.device.name)
            away = partial(_away, provider)
            with (
                open_hands(site, account, found.habits) as hands,
                closing(_jobs(found, hands, site, account, away)) as jobs,
            ):
                found.interrupted = carry_out(jobs, lambda: found.total, on_event)
    except LabError as trouble:
        found.interrupted = found.interrupted or str(trouble)
    except KeyboardInterrupt:
        found.interrupted = INTERRUPTED_BY_HAND
    return found


def _away(provider: WatchedProvider) -> str:
    """Say why the surroundings no longer answer, or nothing where they do."""
    try:
        provider.need_answer()
    except LabError as trouble:
        return str(trouble)
    return ""


def _jobs(
    found: Gathered, hands: Hands, site: Site, account: DeviceAccount, away: Callable[[], str]
) -> Generator[Job, None, None]:
    """Join as Windows would, then by each other WS-Trust version that the metadata offers; then the probes."""

    def join(trust: Trust | None) -> VersionJob:
        return VersionJob(
            wanted=found.plan.profile.join,
            trust=trust,
            device=account.name,
            perform=lambda: _join_for_sure(hands, site, account, replace(found.habits, trust=trust), away),
            keep=found.tried.append,
        )

    yield join(None)
    first = found.tried[0].evidence
    demand_the_tenant_named(site, first)
    found.others = _other_versions(first)
    yield from map(join, found.others)
    if first is not None:
        context = ProbeContext.of(first, site, found.habits.on(account).agent_header)
        with Prober(site, account, context, found.habits) as prober:
            yield from probe_jobs(found.plan, prober, found.probes.append, away)


def _join_for_sure(
    hands: Hands, site: Site, account: DeviceAccount, habits: Habits, away: Callable[[], str]
) -> JoinRun:
    """Join, and make sure that the surroundings were still there at its end.

    Raises:
        JoinInterrupted: they were not; what was done is in it, and what came of it is nobody's failure.
    """
    run = join_with(hands, site, account, habits)
    gone = away()
    if gone:
        raise JoinInterrupted(LabError(gone), run)
    return run


def _other_versions(evidence: JoinEvidence | None) -> tuple[Trust, ...]:
    if evidence is None or evidence.mex is None or evidence.endpoint is None:
        return ()
    used, document = evidence.endpoint.trust, evidence.mex
    return tuple(trust for trust in Trust if trust is not used and choose_windows(document, trust) is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionJob:
    """The join by one WS-Trust version; one that the machine cut off ends the certification."""

    trust: Trust | None
    device: str
    perform: Callable[[], JoinRun]
    keep: Callable[[TriedVersion], None]
    wanted: JoinResult = JoinResult.FEDERATED

    @property
    def name(self) -> str:
        """What the device sets out to do."""
        return (
            f"{self.device} joins by WS-Trust {self.trust}" if self.trust else f"{self.device} joins as Windows would"
        )

    @property
    def kind(self) -> JobKind:
        """A way through a flow."""
        return JobKind.FLOW

    def carry_out(self) -> JobDone:
        """Join once and keep it, whatever came of it."""
        tried = TriedVersion(trust=self.trust, attempt=attempt(self.perform), wanted=self.wanted)
        self.keep(tried)
        return JobDone(outcome=tried.outcome, note=tried.attempt.why_failed, stop=tried.attempt.cut_off)

    def broken_off(self) -> JobDone:
        """Keep nothing: of a join that was broken off by hand nobody knows what it would have come to."""
        return JobDone(outcome=Outcome.INTERRUPTED, note=INTERRUPTED_BY_HAND, stop=INTERRUPTED_BY_HAND)
