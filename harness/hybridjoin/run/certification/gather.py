"""Everything that a certification asks at a place: each door by each WS-Trust version on offer, then the probes."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import cast

from hybridjoin.device.driver import Hands
from hybridjoin.device.habits import Habits
from hybridjoin.device.join.run import JoinInterrupted, JoinRun, find_account, join_with
from hybridjoin.device.opening import open_hands
from hybridjoin.device.prober import Prober
from hybridjoin.device.probes.probe import ProbeContext
from hybridjoin.device.signin.logon_run import RememberingHands
from hybridjoin.errors import LabError
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.events import OnEvent, silent
from hybridjoin.model.site import DeviceAccount, Site
from hybridjoin.protocol.mex import Trust, choose_windows
from hybridjoin.run.certification.plan import Plan
from hybridjoin.run.certification.probing import probe_jobs
from hybridjoin.run.certification.signing_in import managed_job, sign_in_jobs
from hybridjoin.run.certification.tried import Gathered, TriedVersion, VersionJob
from hybridjoin.run.engine import INTERRUPTED_BY_HAND, Job, carry_out
from hybridjoin.run.flows import JOIN, LOGON
from hybridjoin.run.ports import WatchedProvider
from hybridjoin.run.tenant_named import demand_the_tenant_named


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
                closing(_jobs(found, RememberingHands(hands=hands), site, account, away)) as jobs,
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
    found: Gathered, remembering: RememberingHands, site: Site, account: DeviceAccount, away: Callable[[], str]
) -> Generator[Job, None, None]:
    """Join as Windows would, then by each other WS-Trust version that the metadata offers; people; the probes."""
    hands = cast("Hands", remembering)

    def join(trust: Trust | None) -> VersionJob:
        return VersionJob(
            name=f"{account.name} joins by WS-Trust {trust}" if trust else f"{account.name} joins as Windows would",
            tried=partial(TriedVersion, trust=trust, wanted=found.plan.profile.join, called=account.name),
            perform=lambda: _join_for_sure(hands, site, account, replace(found.habits, trust=trust), away),
            keep=found.tried.append,
        )

    first = None
    if found.plan.tries(JOIN):
        yield join(None)
        first = found.tried[0].of_join
        demand_the_tenant_named(site, first)
        found.others = _other_versions(first)
        for trust in (None, *found.others):
            if trust is not None:
                yield join(trust)
            found.device = remembering.joined_device(found.tried[-1].of_join) or found.device
    elif found.plan.tries(LOGON):
        found.device = remembering.joined_device(join_with(hands, site, account, found.habits).evidence)
    yield from managed_job(found, site, away)
    yield from sign_in_jobs(found, hands, site, away)
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
