"""Judges a certification once more from its record alone, by the plan that the record tells of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hybridjoin.checks.requirement import Requirement
from hybridjoin.checks.rules import BOOK
from hybridjoin.device.flow_run import FlowRun
from hybridjoin.device.habits import Habits
from hybridjoin.device.probes.catalogue import find_probe
from hybridjoin.device.probes.probe import ProbeContext
from hybridjoin.evidence.flow import FlowEvidence
from hybridjoin.evidence.probe import ProbeResult
from hybridjoin.intake.federation import DOMAIN, FederationSettings, setting_of
from hybridjoin.model.circumstances import site_of
from hybridjoin.model.exchange import Transcript
from hybridjoin.model.place_file import PlaceFile
from hybridjoin.model.record import CertificationRecord, DeviationRow, FlowResult, RunRecord, ScenarioRecord
from hybridjoin.run.attempt import Attempt
from hybridjoin.run.certification.certify import conclude
from hybridjoin.run.certification.plan import Plan, plain_scenario
from hybridjoin.run.certification.tried import Gathered, TriedVersion
from hybridjoin.run.flows import find_flow
from hybridjoin.run.replay.flows import CannotBeJudged, NotJudged, Replay, ask_again, attempt_again, replay_scenarios
from hybridjoin.scenario.site.deviation_file import Deviation
from hybridjoin.scenario.site.profile_file import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedSite:
    """Where a recorded run took place, by its names alone."""

    name: str
    backend: str
    place: PlaceFile | None = None


def replay(record: RunRecord) -> Replay:
    """Judge a run again; of a certification every requirement, of any other run each scenario by its own lines."""
    certified = record.certification
    return replay_scenarios(record) if certified is None else _certification(record, certified)


def _certification(record: RunRecord, certified: CertificationRecord) -> Replay:
    done = Replay(before=record, after=record)
    plan = _plan(record, certified, done)
    try:
        tried = [_tried(item) for item in record.scenarios]
    except CannotBeJudged as reason:
        done.not_judged.append(NotJudged(name="certification", reason=str(reason)))
        return done
    told = next((item.join.circumstances for item in record.scenarios if item.join), None)
    site = site_of(told.site, told.device) if told else None
    first = tried[0].of_join if tried else None
    agent_header = Habits.of(told.habits).agent_header if told else ()
    context = ProbeContext.of(first, site, agent_header) if first is not None and site is not None else None
    found = Gathered(
        plan=plan,
        started_at=record.started_at,
        site=site,
        tried=tried,
        probes=list(_probes(certified, context, done)),
        interrupted=record.interrupted,
        doors=certified.doors,
    )
    done.judged += [item.id for item in record.scenarios if item.join]
    done.judged += [item.id for item in certified.probes if item.exchanges]
    done.after = conclude(found, plan, RecordedSite(name=record.site, backend=record.backend, place=record.place))
    return done


def _tried(item: ScenarioRecord) -> TriedVersion:
    if item.join is None:
        nothing = FlowRun[FlowEvidence](evidence=None, transcript=Transcript())
        made = Attempt(run=nothing, started_at=item.started_at, elapsed_s=item.elapsed_s, cut_off=item.error)
        return TriedVersion(trust=None, attempt=made)
    made = replace(attempt_again(item.join), started_at=item.started_at, elapsed_s=item.elapsed_s)
    told = item.join.circumstances
    return TriedVersion(
        trust=Habits.of(told.habits).trust if told else None,
        attempt=made,
        wanted=_wanted(item, item.join.result),
        flow=find_flow(item.join.flow.name),
        called=item.join.device,
    )


def _wanted(item: ScenarioRecord, result: FlowResult) -> FlowResult:
    """Return what was meant to come of it: an expectation's word, where the way was not cut off before its end."""
    return type(result)(item.expectations[0].expected) if item.expectations else result


def _probes(certified: CertificationRecord, context: ProbeContext | None, done: Replay) -> Iterator[ProbeResult]:
    for row in certified.probes:
        try:
            yield ask_again(row, context)
        except CannotBeJudged as reason:
            done.not_judged.append(NotJudged(name=row.id, reason=str(reason)))
            yield ProbeResult(probe=row.id, interrupted=str(reason))


def _plan(record: RunRecord, certified: CertificationRecord, done: Replay) -> Plan:
    """Return the plan that was carried out: its requirements at their levels, its lists, its documents."""
    known = {item.id: item for item in BOOK}
    requirements: list[Requirement] = []
    for row in certified.requirements:
        if row.id in known:
            requirements.append(replace(known[row.id], level=row.level))
        else:
            done.not_judged.append(NotJudged(name=row.id, reason="this version has no requirement of that id"))
    device = next((item.join.device for item in record.scenarios if item.join), "")
    return Plan(
        scenario=plain_scenario(device),
        profile=Profile(name=certified.profile, sentence=""),
        requirements=tuple(requirements),
        deviations=tuple(_deviation(row) for row in certified.deviations),
        probes=tuple(probe for row in certified.probes if (probe := find_probe(row.id)) is not None),
        federation=_federation(certified),
    )


def _deviation(row: DeviationRow) -> Deviation:
    return Deviation(
        requirement=row.requirement,
        list=row.list,
        owner=row.owner,
        reason=row.reason,
        expires=row.expires,
        place=row.place,
    )


def _federation(certified: CertificationRecord) -> FederationSettings | None:
    """Return the domain's settings that the IdP was held against: the one document that a certification takes."""
    if not certified.documents:
        return None
    document = certified.documents[0]
    return setting_of(document.members, domain=dict(document.members).get(DOMAIN, ""), place=document.name)
