"""Wherever a join ends, what could not be asked any more says that it ended there, and nothing that nobody saw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from hybridjoin.checks.rules import JOIN_BOOK
from hybridjoin.checks.verdicts import judge
from hybridjoin.device.habits import Habits
from hybridjoin.device.probes.catalogue import PROBES
from hybridjoin.device.probes.probe import ProbeContext
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.outcome import Failure
from hybridjoin.evidence.probe import ProbeResult
from hybridjoin.model.flows import HYBRID_JOIN
from hybridjoin.model.site import Site
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import NotTested, Outcome, Untested, Verdict
from hybridjoin.protocol.mex import Trust
from tests.checks.evidence_factory import healthy
from tests.device import documents
from tests.device.script import SITE
from tests.device.test_flow import FAILURES, evidence_of, no_ticket

ENDINGS = {name: changes for name, (changes, *_) in FAILURES.items()}
ENDINGS["realm: managed"] = {Step.REALM: documents.realm("Managed")}
ORDER = list(HYBRID_JOIN.steps)
WITH_METADATA = replace(SITE, idp=replace(SITE.idp, mex_url="https://sts.contoso.example/mex"))
NOT_SENT = "nothing is sent in this test"
OFFERS_NONE = "the metadata offers no https endpoint for integrated Windows authentication"
OFFERS_13_ONLY = "the metadata offers no WS-Trust February 2005 endpoint for integrated Windows authentication"
NO_USER = "the site names no user account for probes (accounts: role user)"
NO_DISABLED = "the site names no disabled computer for probes (accounts: role disabled)"


@cache
def ended(name: str) -> tuple[JoinEvidence, Failure]:
    evidence = evidence_of(ENDINGS[name])
    assert evidence.failure is not None
    return evidence, evidence.failure


def reasons(evidence: JoinEvidence, site: Site) -> dict[str, str]:
    """Say of each probe why it cannot be asked; empty where it can."""
    context = ProbeContext.of(evidence, site)
    return {probe.id: probe.why_not(context) for probe in PROBES}


def certified(evidence: JoinEvidence) -> Iterator[tuple[Verdict, NotTested]]:
    """Judge a join with the probes that it left askable, and yield what was not tested."""
    probes = (
        ProbeResult(probe=name, skipped=words) if words else ProbeResult(probe=name, interrupted=NOT_SENT)
        for name, words in reasons(evidence, SITE).items()
    )
    for verdict in judge(replace(evidence, probes=tuple(probes)).parts, JOIN_BOOK):
        if verdict.not_tested is not None and verdict.not_tested.detail != NOT_SENT:
            yield verdict, verdict.not_tested


@pytest.mark.parametrize("name", ENDINGS)
@pytest.mark.parametrize("site", [SITE, WITH_METADATA], ids=["no mex_url", "mex_url"])
def test_a_probe_says_what_the_join_really_came_to(name: str, site: Site) -> None:
    evidence, failure = ended(name)
    end = f"the flow ended at step '{failure.step}': {failure.reason}"
    found = reasons(evidence, site)
    tokens = {words.split("; the site names no")[0] for probe, words in found.items() if probe.startswith("rst-")}
    metadata = {words for probe, words in found.items() if probe.startswith("mex-") and probe != "mex-twin"}
    realm = evidence.realm

    if evidence.mex is None:
        assert tokens == {end}
    elif evidence.endpoint is None:
        assert tokens == {OFFERS_NONE}
    else:
        assert tokens == {"", OFFERS_13_ONLY, NO_USER, NO_DISABLED}
    assert metadata == ({""} if site.idp.mex_url or (realm is not None and realm.metadata_url) else {end})
    assert "; ".join(dict.fromkeys(found["rst-2005"].split("; "))) == found["rst-2005"], "nothing is said twice"


@pytest.mark.parametrize("name", ENDINGS)
def test_a_requirement_says_where_the_join_ended(name: str) -> None:
    evidence, failure = ended(name)
    unreadable = {step for step, _ in evidence.unreadable}
    for verdict, reason in certified(evidence):
        assert reason.reason is not Untested.NOT_REACHED, f"{verdict.requirement}: the join had an end, which says more"
        if reason.reason is Untested.STEP_FAILED:
            assert (reason.step, reason.detail) == (failure.step, failure.reason), verdict.requirement
        if reason.reason is Untested.UNREADABLE:
            assert reason.step in unreadable, verdict.requirement


@pytest.mark.parametrize("name", ENDINGS)
def test_what_came_before_the_end_is_not_missing_because_of_it(name: str) -> None:
    evidence, failure = ended(name)
    yields = {part: row.step for row in HYBRID_JOIN for part in row.yields}
    parts = evidence.parts
    for verdict, reason in certified(evidence):
        if reason.reason is not Untested.STEP_FAILED:
            continue
        requirement = JOIN_BOOK.find(verdict.requirement)
        assert requirement is not None
        for kind in requirement.missing(parts):
            step = yields.get(kind.__name__, failure.step)
            assert ORDER.index(step) >= ORDER.index(failure.step), f"{verdict.requirement}: {kind.__name__} of {step}"


@pytest.mark.parametrize("name", [name for name in ENDINGS if ENDINGS[name].keys() & {*ORDER[: ORDER.index(Step.MEX)]}])
def test_nothing_is_said_of_answers_that_nobody_asked_for(name: str) -> None:
    """Neither that no probe got a token, nor that none was refused: none was sent."""
    evidence, failure = ended(name)
    about_probes = {"RST-12", "NEG-17", "FAULT-04", "FAULT-05", "HTTP-01"}
    for verdict, reason in certified(evidence):
        if verdict.requirement in about_probes:
            assert (reason.reason, reason.detail) == (
                Untested.PROBE_SKIPPED,
                f"the flow ended at step '{failure.step}': {failure.reason}",
            ), verdict.requirement


def test_a_refused_ticket_for_the_directory_is_no_reason_where_the_registry_names_the_tenant() -> None:
    """The computer's own object could not be read, and the join went on: what reads it says that, not the later end."""
    habits = Habits(client_side_scp=(documents.TENANT_NAME, documents.TENANT_ID), fallback_to_sync_join=False)
    evidence = evidence_of({Step.COMPUTER: no_ticket(), Step.RST: documents.fault()}, habits)
    told = {verdict.requirement: reason for verdict, reason in certified(evidence) if reason.step == Step.COMPUTER}
    assert {reason.reason for reason in told.values()} <= {Untested.UNREADABLE}


def test_a_join_that_came_to_its_end_leaves_every_probe_askable() -> None:
    evidence = healthy()
    assert {words for words in reasons(evidence, SITE).values() if "ended" in words} == set()
    assert ProbeContext.of(evidence, SITE).ended == ""
    assert Trust.V13 in ProbeContext.of(evidence, SITE).endpoints
    assert not [verdict for verdict, reason in certified(evidence) if reason.reason is Untested.STEP_FAILED]
    assert Outcome.FAILED not in {verdict.outcome for verdict, _ in certified(evidence)}
