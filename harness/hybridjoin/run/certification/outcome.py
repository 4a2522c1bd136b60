"""What a certification came to, as data, and the exit code that follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from hybridjoin.checks.untested import UNTESTED
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.door_row import DoorRow
from hybridjoin.model.record import CertificationRecord, DocumentRecord, ProbeRow, RunRecord, UntestedRow
from hybridjoin.model.requirement_row import RequirementRow
from hybridjoin.model.site import Site
from hybridjoin.model.verdict import Outcome, Untested
from hybridjoin.run.certification.deviations import hold_against
from hybridjoin.run.certification.plan import Plan
from hybridjoin.run.certification.requirement_rows import Judgement, requirement_rows
from hybridjoin.run.engine import INTERRUPTED_BY_HAND
from hybridjoin.run.session import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_LAB, EXIT_OK
from hybridjoin.scenario.site.adapter import Adapter, adapter_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """What was brought to light, judged; `interrupted` says what stopped it before its end."""

    judgements: tuple[Judgement, ...]
    evidence: JoinEvidence | None
    site: Site | None
    interrupted: str = ""
    probes: tuple[ProbeRow, ...] = ()
    doors: tuple[DoorRow, ...] = ()


def certification_record(plan: Plan, found: Certified, *, joined: bool, today: date) -> CertificationRecord:
    """Return the certification's record; `joined` says that every join was federated."""
    rows = requirement_rows(plan.requirements, found.judgements, interrupted=found.interrupted)

    def undecided(row: RequirementRow) -> bool:
        return not joined or (row.not_tested is not None and row.not_tested.reason is Untested.PROBE_SKIPPED)

    rows = tuple(_of_product(row, plan.adapter) for row in rows)
    held = hold_against(rows, plan.deviations, today=today, undecided=undecided)
    adapter = recognised(found.site, found.evidence)
    settings = plan.federation
    documents = (DocumentRecord(name=settings.place, members=settings.members),) if settings is not None else ()
    outcomes = [*(row.outcome for row in rows), *(probe.outcome for probe in found.probes)]
    return CertificationRecord(
        profile=plan.profile.name,
        adapter=adapter.name if adapter else "",
        requirements=held.requirements,
        deviations=held.deviations,
        untested=untested_rows(),
        probes=found.probes,
        complete=not found.interrupted and Outcome.INTERRUPTED not in outcomes,
        documents=documents,
        doors=found.doors,
        join=plan.profile.join,
    )


def _of_product(row: RequirementRow, adapter: Adapter | None) -> RequirementRow:
    told = adapter.level_of(row.id) if adapter is not None else None
    if adapter is None or told is None:
        return row
    return replace(row, level_why=f"{adapter.title}: {told.reason} ({told.source})")


def untested_rows() -> tuple[UntestedRow, ...]:
    """Return the sentences that are known and that no check of ours tests."""
    return tuple(
        UntestedRow(sentence=item.sentence, specification=item.specification, section=item.section, reason=item.reason)
        for item in UNTESTED
    )


def recognised(site: Site | None, evidence: JoinEvidence | None) -> Adapter | None:
    """Return the adapter that the site file names, or whose addresses the site's IdP has."""
    return adapter_of(site.idp.product if site is not None else "", _addresses(site, evidence))


def _addresses(site: Site | None, evidence: JoinEvidence | None) -> Iterator[str]:
    if site is not None and site.idp.mex_url:
        yield site.idp.mex_url
    if evidence is not None and evidence.realm is not None and evidence.realm.metadata_url:
        yield evidence.realm.metadata_url
    if evidence is not None and evidence.endpoint is not None:
        yield evidence.endpoint.url
    if site is not None:
        yield site.idp.issuer


def certification_exit_code(record: RunRecord, *, whole: bool) -> int:
    """Return 0 certified, 1 the IdP failed or its lists are wrong, 3 not found out, 130 interrupted by hand.

    `whole` says that every requirement was asked: only then is a join that failed for no stated reason one more.
    """
    certification = record.certification
    if record.interrupted == INTERRUPTED_BY_HAND:
        return EXIT_INTERRUPTED
    if certification is None or record.interrupted or not certification.complete:
        return EXIT_LAB
    wrong_rows = any(row.problem for row in certification.deviations)
    if certification.unforgiven or wrong_rows or (whole and record.unexplained_joins):
        return EXIT_FAILED
    return EXIT_OK
