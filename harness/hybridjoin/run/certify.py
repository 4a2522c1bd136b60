"""A certification: a join for each WS-Trust version on offer, the probes, and every requirement held against both."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from freezegun import freeze_time

from hybridjoin import checks
from hybridjoin.checks.claims import claim_rows
from hybridjoin.device.adapters.hands import open_hands
from hybridjoin.device.driver import Hands
from hybridjoin.device.habits import Habits
from hybridjoin.device.join.run import JoinInterrupted, JoinRun, find_account, join_with
from hybridjoin.device.prober import Prober
from hybridjoin.device.probes.probe import ProbeContext
from hybridjoin.errors import LabError
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.probe import ProbeResult
from hybridjoin.model.record import CertificationRecord, ExpectationRecord, JoinResult, RunRecord, ScenarioRecord
from hybridjoin.model.site import DeviceAccount, Site
from hybridjoin.model.verdict import Outcome, Verdict
from hybridjoin.protocol.mex import Trust, choose_windows
from hybridjoin.run.certification import Certified, certification_record
from hybridjoin.run.certify_events import OnStage, StageFinished, StageStarted, unheard
from hybridjoin.run.certify_plan import COMMAND, Plan
from hybridjoin.run.collect import collect
from hybridjoin.run.ports import SiteProvider
from hybridjoin.run.probing import ask_probes, probe_rows
from hybridjoin.run.requirement_rows import Judgement
from hybridjoin.run.session import INTERRUPTED_BY_HAND, run_record

# The fallback would hide what is looked for, and register the device at a real tenant all the same.
HABITS: Final = Habits(fallback_to_sync_join=False)


def certify(plan: Plan, provider: SiteProvider, on_stage: OnStage = unheard) -> RunRecord:
    """Certify the IdP of a place; the record says what could not be found out, and is complete or says it is not.

    Raises:
        UsageError: the place does not have the plan's device; nothing has been started.
    """
    return conclude(gather(plan, provider, on_stage), plan, provider)


def gather(plan: Plan, provider: SiteProvider, on_stage: OnStage = unheard) -> Gathered:
    """Ask everything that a plan names and judge nothing yet.

    Raises:
        UsageError: the place does not have the plan's device; nothing has been started.
    """
    found = Gathered(plan=plan, on_stage=on_stage, started_at=datetime.now(UTC))
    try:
        with provider.site(plan.scenario) as site:
            found.site = site
            account = find_account(site, plan.scenario.device.name)
            with open_hands(site, account, found.habits) as hands:
                _ask_everything(found, hands, account)
    except LabError as trouble:
        found.interrupted = str(trouble)
    except KeyboardInterrupt:
        found.interrupted = INTERRUPTED_BY_HAND
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """One join that was tried; `cut_off` says what stopped it where lab or machine did."""

    trust: Trust | None
    run: JoinRun
    started_at: datetime
    elapsed_s: float
    cut_off: str = ""

    @property
    def evidence(self) -> JoinEvidence | None:
        """What the join brought to light, or None where it did not begin."""
        return self.run.evidence

    @property
    def label(self) -> str:
        """The WS-Trust version that the device spoke, or that it was told to."""
        endpoint = self.evidence.endpoint if self.evidence else None
        trust = endpoint.trust if endpoint else self.trust
        return trust.value if trust else "any version"


@dataclass(slots=True)
class Gathered:
    """What has been asked so far; `interrupted` says what stopped it before its end, and what was done is kept."""

    plan: Plan
    on_stage: OnStage
    started_at: datetime
    site: Site | None = None
    tried: list[_Tried] = field(default_factory=list)
    probes: list[ProbeResult] = field(default_factory=list)
    interrupted: str = ""

    @property
    def habits(self) -> Habits:
        """How the device behaves, in joins and probes alike."""
        return replace(HABITS, timeout_s=self.plan.timeout_s)


def _ask_everything(case: Gathered, hands: Hands, account: DeviceAccount) -> None:
    """Join as Windows would, then by each other WS-Trust version that the metadata offers; then the probes."""
    first = _join(case, hands, account, None, total=1 + len(case.plan.probes))
    others = tuple(_other_versions(first.evidence))
    total = 1 + len(others) + len(case.plan.probes)
    for trust in others:
        _join(case, hands, account, trust, total=total)
    if first.evidence is not None and case.site is not None:
        prober = Prober(case.site, account, ProbeContext.of(first.evidence, case.site), case.habits)
        ask_probes(case.plan, prober, case.probes, case.on_stage, total=total)


def _other_versions(evidence: JoinEvidence | None) -> list[Trust]:
    if evidence is None or evidence.mex is None or evidence.endpoint is None:
        return []
    used, document = evidence.endpoint.trust, evidence.mex
    return [trust for trust in Trust if trust is not used and choose_windows(document, trust) is not None]


def _join(case: Gathered, hands: Hands, account: DeviceAccount, trust: Trust | None, *, total: int) -> _Tried:
    """Join once and keep it, whatever came of it; a join that the machine cut off ends the certification."""
    number = len(case.tried) + 1
    name = f"{account.name} joins by WS-Trust {trust}" if trust else f"{account.name} joins as Windows would"
    case.on_stage(StageStarted(name=name, number=number, total=total))
    started_at, start = datetime.now(UTC), time.perf_counter()
    trouble: JoinInterrupted | None = None
    assert case.site is not None  # noqa: S101 - set before the hands are opened
    try:
        run = join_with(hands, case.site, account, replace(case.habits, trust=trust))
    except JoinInterrupted as cut:
        run, trouble = cut.run, cut
    elapsed = time.perf_counter() - start
    tried = _Tried(
        trust=trust, run=run, started_at=started_at, elapsed_s=elapsed, cut_off=str(trouble) if trouble else ""
    )
    case.tried.append(tried)
    case.on_stage(
        StageFinished(
            name=name, outcome=_outcome(tried), elapsed_s=elapsed, number=number, total=total, note=_why(tried)
        )
    )
    if trouble:
        raise trouble
    return tried


def _outcome(tried: _Tried) -> Outcome:
    if tried.cut_off:
        return Outcome.INTERRUPTED
    federated = tried.evidence is not None and tried.evidence.result is JoinResult.FEDERATED
    return Outcome.PASSED if federated else Outcome.FAILED


def _why(tried: _Tried) -> str:
    failure = tried.evidence.failure if tried.evidence else None
    return tried.cut_off or (failure.reason if failure else "")


def conclude(case: Gathered, plan: Plan, provider: SiteProvider) -> RunRecord:
    """Judge what was brought to light by a plan's levels and lists, and write its record.

    Probes that nobody came to are interrupted, not skipped.
    """
    left = case.plan.probes[len(case.probes) :] if case.interrupted else ()
    probes = (*case.probes, *(ProbeResult(probe=probe.id, interrupted=case.interrupted) for probe in left))
    judged = [(tried, _judge(tried, plan, probes if tried is case.tried[0] else ())) for tried in case.tried]
    judgements = tuple(
        Judgement(label=tried.label, verdicts=verdicts, cut_off=tried.cut_off) for tried, verdicts in judged
    )
    first = next((tried.evidence for tried in case.tried if tried.evidence), None)
    certification = certification_record(
        plan,
        Certified(
            judgements=judgements,
            evidence=first,
            site=case.site,
            interrupted=case.interrupted,
            probes=probe_rows(probes),
        ),
        joined=bool(case.tried) and all(_outcome(tried) is Outcome.PASSED for tried in case.tried),
        today=case.started_at.date(),
    )
    scenarios = [_forgiven(_scenario(tried, verdicts, plan), certification) for tried, verdicts in judged]
    record = run_record(scenarios, provider, started_at=case.started_at, interrupted=case.interrupted)
    return replace(record, certification=certification)


def _forgiven(scenario: ScenarioRecord, certification: CertificationRecord) -> ScenarioRecord:
    """Turn a join that failed for nothing but what the lists forgive into a warning, as it fails no run."""
    failed = [row for row in certification.requirements if row.outcome is Outcome.FAILED]
    if scenario.outcome is not Outcome.FAILED or not failed or not all(row.deviation for row in failed):
        return scenario
    return replace(scenario, outcome=Outcome.WARNING)


def _judge(tried: _Tried, plan: Plan, probes: tuple[ProbeResult, ...]) -> tuple[Verdict, ...]:
    """Ask every requirement of a join; what the probes found out goes with the first one."""
    if tried.evidence is None:
        return ()
    evidence = replace(tried.evidence, probes=probes, federation=plan.federation)
    with freeze_time(evidence.rstr_received_at or evidence.started_at, real_asyncio=True):
        return checks.judge(evidence.parts, plan.requirements)


def _scenario(tried: _Tried, verdicts: tuple[Verdict, ...], plan: Plan) -> ScenarioRecord:
    """Write a join down as a run's scenario, so that every report can draw it."""
    found = tried.evidence.result if tried.evidence else JoinResult.FAILED
    met = found is JoinResult.FEDERATED
    expectation = ExpectationRecord(
        name="join", place=COMMAND, expected=JoinResult.FEDERATED, found=found, met=met, explanation=_why(tried)
    )
    return ScenarioRecord(
        id=f"certify-wstrust-{tried.label}" if tried.label != "any version" else "certify",
        title=f"Certification: a join by WS-Trust {tried.label}",
        file=COMMAND,
        line=1,
        outcome=_outcome(tried),
        expectations=() if tried.cut_off else (expectation,),
        join=None
        if tried.evidence is None
        else collect(
            device=plan.scenario.device.name,
            evidence=tried.evidence,
            transcript=tried.run.transcript,
            verdicts=verdicts,
            claims=claim_rows(tried.evidence.parts),
            debug_screen=tried.run.debug_screen,
            status_screen=tried.run.status_screen,
        ),
        started_at=tried.started_at,
        elapsed_s=tried.elapsed_s,
        error=tried.cut_off,
        tags=("certify",),
    )
