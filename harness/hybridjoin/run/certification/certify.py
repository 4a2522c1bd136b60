"""A certification: everything that was asked at a place, every requirement held against it, and the record of both."""

from __future__ import annotations

from dataclasses import replace

from hybridjoin.checks.requirement import Requirement
from hybridjoin.checks.rules import BOOK
from hybridjoin.evidence.probe import ProbeResult
from hybridjoin.evidence.sign_in import MistypedPassword
from hybridjoin.model.events import OnEvent, silent
from hybridjoin.model.hiding import hide
from hybridjoin.model.record import (
    CertificationRecord,
    ExpectationRecord,
    JoinRecord,
    JoinResult,
    RunRecord,
    ScenarioRecord,
)
from hybridjoin.model.verdict import Outcome
from hybridjoin.run.attempt import judged
from hybridjoin.run.certification.doors import door_of
from hybridjoin.run.certification.gather import gather
from hybridjoin.run.certification.outcome import Certified, certification_record
from hybridjoin.run.certification.plan import COMMAND, Plan
from hybridjoin.run.certification.probing import probe_rows
from hybridjoin.run.certification.requirement_rows import Judgement
from hybridjoin.run.certification.tried import Gathered, TriedVersion
from hybridjoin.run.certification.untried import door_rows, of_untried
from hybridjoin.run.flows import JOIN
from hybridjoin.run.ports import NamedSite, WatchedProvider
from hybridjoin.run.session import run_record


def certify(plan: Plan, provider: WatchedProvider, on_event: OnEvent = silent) -> RunRecord:
    """Certify the IdP of a place; the record says what could not be found out, and is complete or says it is not.

    Raises:
        UsageError: the place does not have the plan's device; nothing has been started.
    """
    return conclude(gather(plan, provider, on_event), plan, provider)


def conclude(found: Gathered, plan: Plan, provider: NamedSite) -> RunRecord:
    """Judge what was brought to light by a plan's levels and lists, and write its record.

    Probes that nobody came to are interrupted, not skipped. What the probes found out goes with the first join.
    """
    left = found.plan.probes[len(found.probes) :] if found.interrupted else ()
    probes = (*found.probes, *(ProbeResult(probe=probe.id, interrupted=found.interrupted) for probe in left))
    ways = [tried for tried in found.tried if tried.outcome is not Outcome.SKIPPED]
    joins = [(tried, _judged(tried, plan, () if number else probes)) for number, tried in enumerate(ways)]
    doors = found.doors or door_rows(found)
    certification = certification_record(
        plan,
        Certified(
            judgements=(*(_judgement(tried, join) for tried, join in joins), *of_untried(doors, plan.requirements)),
            evidence=next((tried.of_join for tried in ways if tried.of_join), None),
            site=found.site,
            interrupted=found.interrupted,
            probes=probe_rows(probes),
            doors=doors,
        ),
        joined=bool(ways) and all(tried.outcome is Outcome.PASSED for tried in ways),
        today=found.started_at.date(),
    )
    scenarios = [_forgiven(_scenario(tried, join), certification) for tried, join in joins]
    record = run_record(scenarios, provider, started_at=found.started_at, interrupted=found.interrupted)
    return hide(replace(record, certification=certification))


def _judged(tried: TriedVersion, plan: Plan, probes: tuple[ProbeResult, ...]) -> JoinRecord | None:
    """Ask every requirement of a way, and of the probes with the first join."""
    run = tried.attempt.run
    if tried.of_join is not None:
        run = replace(run, evidence=replace(tried.of_join, probes=probes, federation=plan.federation))
    return judged(tried.flow, tried.called or plan.scenario.device.name, run, _asked_of(tried, plan))


def _asked_of(tried: TriedVersion, plan: Plan) -> tuple[Requirement, ...]:
    """Return the requirements that a way can answer; of a wrong password only what its refusal says."""
    asked = {item.id for item in BOOK.of_flow(tried.flow.table)}
    return tuple(
        item
        for item in plan.requirements
        if item.id in asked and (not tried.mistyped or item.area == "FAULT" or item.reads_part(MistypedPassword))
    )


def _judgement(tried: TriedVersion, join: JoinRecord | None) -> Judgement:
    verdicts = join.verdicts if join else ()
    return Judgement(label=tried.label or "any version", verdicts=verdicts, cut_off=tried.attempt.cut_off)


def _forgiven(scenario: ScenarioRecord, certification: CertificationRecord) -> ScenarioRecord:
    """Turn a join that failed for nothing but what the lists forgive into a warning, as it fails no run."""
    failed = [row for row in certification.requirements if row.outcome is Outcome.FAILED]
    if scenario.outcome is not Outcome.FAILED or not failed or not all(row.deviation for row in failed):
        return scenario
    return replace(scenario, outcome=Outcome.WARNING)


def _scenario(tried: TriedVersion, join: JoinRecord | None) -> ScenarioRecord:
    """Write a join down as a run's scenario, so that every report can draw it."""
    table = tried.flow.table
    found = join.result if join else JoinResult.FAILED
    door = "" if tried.flow is JOIN else f"-{door_of(table.name).name}"
    wrong = "-wrong-password" if tried.mistyped else ""
    version = f"-wstrust-{tried.version}" if tried.version else ""
    title = f"a join by WS-Trust {tried.version or 'any version'}"
    if tried.flow is not JOIN:
        words = ", with a wrong password" if tried.mistyped else ""
        title = f"{table.title}{f' by WS-Trust {tried.version}' if tried.version else ''}{words}"
    expectation = ExpectationRecord(
        name=table.expects[0],
        place=COMMAND,
        expected=tried.wanted,
        found=found,
        met=tried.is_good(found),
        explanation=tried.attempt.why_failed,
    )
    return ScenarioRecord(
        id=f"certify{door}{wrong}{version}",
        title=f"Certification: {title}",
        file=COMMAND,
        line=1,
        outcome=tried.outcome,
        expectations=() if tried.attempt.cut_off else (expectation,),
        join=join,
        started_at=tried.attempt.started_at,
        elapsed_s=tried.attempt.elapsed_s,
        error=tried.attempt.cut_off,
        tags=("certify",),
    )
