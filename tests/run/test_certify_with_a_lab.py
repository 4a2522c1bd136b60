"""Certifications of the reference IdP: healthy ones pass, and each fault fails exactly what is meant for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from datetime import date

import pytest

from hybridjoin.checks.rules import JOIN_BOOK
from hybridjoin.device.adapters.directory import DirectoryClient
from hybridjoin.device.prober import Prober
from hybridjoin.device.probes.catalogue import PROBES
from hybridjoin.errors import LabError
from hybridjoin.lab.provider import Provider
from hybridjoin.model.events import Event, JobFinished, JobKind
from hybridjoin.model.exchange import Transcript
from hybridjoin.model.record import RunRecord
from hybridjoin.model.requirement_row import DeviationList
from hybridjoin.model.verdict import BROKEN, Level, Outcome
from hybridjoin.report.reason_text import reason_text
from hybridjoin.run.certification.certify import certify, conclude
from hybridjoin.run.certification.gather import gather
from hybridjoin.run.certification.outcome import certification_exit_code
from hybridjoin.run.certification.plan import EVERY_ID, Plan, levelled, plain_scenario
from hybridjoin.run.engine import INTERRUPTED_BY_HAND
from hybridjoin.scenario.site.adapter import find_adapter
from hybridjoin.scenario.site.deviation_file import Deviation
from hybridjoin.scenario.site.profile_file import load_profile
from tests.run.fault_table import ROWS, Row

pytestmark = pytest.mark.lab
UNWELCOME = {*BROKEN, Outcome.INTERRUPTED}


@pytest.fixture(scope="module")
def lab() -> Iterator[Provider]:
    with Provider(backend="process") as provider:
        yield provider


def plan(
    *faults: str | tuple[str, Mapping[str, object]], idp: str | None = None, profile: str = "default",
    deviations: tuple[Deviation, ...] = (),
    hostile: bool = False, limit_s: float = 20.0,
) -> Plan:  # fmt: skip
    chosen = load_profile(profile, EVERY_ID)
    used = [{"name": item} if isinstance(item, str) else {"name": item[0], "options": item[1]} for item in faults]
    settings = {"profile": idp or "pingone", "faults": used}
    return Plan(
        scenario=plain_scenario("WS01", settings),
        profile=chosen,
        requirements=levelled(JOIN_BOOK, chosen),
        deviations=deviations,
        hostile=hostile,
        hostile_hosts=None,
        timeout_s=limit_s,
    )


def ids(record: RunRecord, outcome: Outcome) -> Set[str]:
    assert record.certification is not None
    return {row.id for row in record.certification.requirements if row.outcome is outcome}


@pytest.mark.parametrize("idp", ["pingone", "adfs"])
@pytest.mark.parametrize("hostile", [False, True])
def test_a_healthy_idp_breaks_no_must(lab: Provider, idp: str, hostile: bool) -> None:
    record = certify(plan(idp=idp, hostile=hostile), lab)

    certification = record.certification
    assert certification is not None
    assert {row.id: row.outcome for row in certification.requirements if row.outcome in UNWELCOME} == {}
    assert certification.complete
    assert certification.adapter == idp
    assert certification_exit_code(record, whole=True) == 0
    assert (record.finished_at - record.started_at).total_seconds() < 30
    assert all(row.not_tested for row in certification.requirements if not row.tested)
    assert {probe.id for probe in certification.probes if probe.hostile and probe.sent_digest} == (
        {probe.id for probe in certification.probes if probe.hostile} if hostile else set()
    )


def test_a_join_is_made_for_each_version_of_ws_trust_on_offer(lab: Provider) -> None:
    told: list[Event] = []

    one, two = certify(plan(idp="pingone"), lab), certify(plan(idp="adfs"), lab, told.append)

    assert [item.id for item in one.scenarios] == ["certify-wstrust-1.3"]
    assert [item.id for item in two.scenarios] == ["certify-wstrust-1.3", "certify-wstrust-2005"]
    joins = [event.name for event in told if isinstance(event, JobFinished) and event.kind is JobKind.FLOW]
    assert joins == ["WS01 joins as Windows would", "WS01 joins by WS-Trust 2005"]


def test_every_refusal_is_broken_for_real_by_some_fault_but_the_kdcs_own() -> None:
    red = frozenset[str]().union(*(row.fails | row.warns | row.notes for row in ROWS))

    assert {item.id for item in JOIN_BOOK if item.area == "NEG"} - red == {"NEG-18"}


@pytest.fixture(scope="module")
def healthy(lab: Provider) -> dict[str, RunRecord]:
    """What is found of the two healthy IdPs, with hostile probes."""
    return {idp: certify(plan(idp=idp, hostile=True), lab) for idp in ("pingone", "adfs")}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_fault_is_found_by_exactly_the_requirements_meant_for_it(
    lab: Provider, healthy: dict[str, RunRecord], row: Row
) -> None:
    fault = (row.fault, dict(row.options))
    told = plan(fault, idp=row.idp, hostile=True, limit_s=row.limit_s)
    gathered = gather(told, lab)
    record = conclude(gathered, told, lab)
    # What was said is kept, and searched for secrets, once: no level has a part in it.
    judged_only = replace(gathered, probes=[replace(item, transcript=Transcript()) for item in gathered.probes])
    strict = conclude(judged_only, plan(fault, idp=row.idp, hostile=True, profile="strict"), lab)

    assert record.certification is not None
    found = (ids(record, outcome) for outcome in (Outcome.FAILED, Outcome.WARNING, Outcome.REVIEW))
    assert tuple(found) == (row.fails, row.warns, row.notes)
    assert ids(record, Outcome.INTERRUPTED) == set()
    assert record.certification.complete
    assert certification_exit_code(record, whole=True) == (1 if row.fails or record.unexplained_joins else 0)
    assert bool(record.unexplained_joins) == (row.fault == "holder-of-key")
    # A SHOULD is a MUST there, and nothing else is different.
    assert ids(strict, Outcome.FAILED) == ids(record, Outcome.FAILED) | ids(record, Outcome.WARNING)
    words = {item.found for item in record.certification.requirements if item.outcome in BROKEN}
    assert any(row.says in said for said in words) or not row.says, words


@pytest.mark.parametrize("row", [row for row in ROWS if row.skips is not None], ids=str)
def test_a_fault_without_harm_leaves_untested_what_it_takes_away_and_says_so(
    lab: Provider, healthy: dict[str, RunRecord], row: Row
) -> None:
    record = certify(plan((row.fault, dict(row.options)), idp=row.idp, hostile=True), lab)

    assert ids(record, Outcome.WARNING) == ids(healthy[row.idp], Outcome.WARNING)
    assert ids(record, Outcome.SKIPPED) - ids(healthy[row.idp], Outcome.SKIPPED) == row.skips
    assert record.certification is not None
    reasons = {
        reason_text(item.not_tested) for item in record.certification.requirements if item.id in (row.skips or ())
    }
    assert all(row.why in reason for reason in reasons)


def test_a_level_that_the_product_changes_says_why(lab: Provider) -> None:
    whole = plan("takes-users-for-computers", hostile=True)
    adapter = find_adapter("pingone")

    record = certify(replace(whole, adapter=adapter, requirements=levelled(JOIN_BOOK, whole.profile, adapter)), lab)

    assert record.certification is not None
    rows = {row.id: row for row in record.certification.requirements}
    assert (rows["NEG-12"].level, rows["NEG-12"].outcome) == (Level.SHOULD, Outcome.WARNING)
    assert "the constant" in rows["NEG-12"].level_why
    assert {name for name, item in rows.items() if item.level_why} == {"NEG-12", "MEX-06"}


def test_severity_is_the_profiles_not_the_checks(lab: Provider) -> None:
    record = certify(plan("mex-unprefixed-binding", profile="windows"), lab)

    assert record.certification is not None
    rows = {row.id: row for row in record.certification.requirements}
    assert (rows["MEX-11"].level, rows["MEX-11"].outcome) == (Level.MAY, Outcome.REVIEW)


@pytest.mark.parametrize(("profile", "code", "result"), [("synchronized", 0, "synchronized"), ("default", 1, "failed")])
def test_where_computers_join_by_synchronization_the_federated_road_may_be_closed(
    lab: Provider, profile: str, code: int, result: str
) -> None:
    record = certify(plan("accounttype-missing", profile=profile), lab)

    assert record.certification is not None
    joins = [item.join for item in record.scenarios]
    assert [join.result.value if join is not None else "" for join in joins] == [result]
    assert certification_exit_code(record, whole=True) == code
    rows = {row.id: row.outcome for row in record.certification.requirements}
    assert (rows["CLAIM-01"] is Outcome.REVIEW) is (code == 0)
    assert record.unexplained_joins == ()


def row(requirement: str, listed: DeviationList = DeviationList.KNOWN, expires: date = date.max) -> Deviation:
    return Deviation(
        requirement=requirement, list=listed, owner="identity", reason="ticket 7", expires=expires, place="x.yaml:2:3"
    )


def test_what_the_lists_know_of_does_not_fail_the_run(lab: Provider) -> None:
    lists = (row("SAML-02"), row("TOKEN-*", DeviationList.EXPECTED))

    record = certify(plan("wrong-issuer", deviations=lists), lab)

    assert record.certification is not None
    assert certification_exit_code(record, whole=True) == 0
    forgiven = {item.id: item.deviation for item in record.certification.requirements if item.deviation}
    assert {"SAML-02": "known", "TOKEN-01": "expected"}.items() <= forgiven.items()
    assert [item.happened for item in record.certification.deviations] == [True, True]
    assert [item.outcome for item in record.scenarios] == [Outcome.WARNING]


def test_an_expected_failure_that_does_not_happen_fails_the_run(lab: Provider) -> None:
    record = certify(plan(deviations=(row("SIG-03"), row("SIG-02", DeviationList.FLAPPING))), lab)

    assert record.certification is not None
    assert [item.problem for item in record.certification.deviations] == ["did not happen", ""]
    assert certification_exit_code(record, whole=True) == 1


def test_what_the_machine_spoilt_is_interrupted_and_never_the_idps_failure(
    lab: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(*_: object) -> None:
        raise LabError("the directory died", remedy="start it again")

    monkeypatch.setattr(DirectoryClient, "search", fall)
    told: list[Event] = []

    record = certify(plan(), lab, told.append)

    assert record.certification is not None
    assert not record.certification.complete
    assert ids(record, Outcome.INTERRUPTED) == {item.id for item in JOIN_BOOK}
    assert ids(record, Outcome.FAILED) == set()
    assert certification_exit_code(record, whole=True) == 3
    assert [(event.outcome, event.total) for event in told if isinstance(event, JobFinished)] == [
        (Outcome.INTERRUPTED, 1 + len(PROBES))
    ]
    assert [(item.outcome, item.join is None) for item in record.scenarios] == [(Outcome.INTERRUPTED, False)]


def test_a_certification_broken_off_by_hand_keeps_what_was_done(lab: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    def leave(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Prober, "ask", leave)
    told: list[Event] = []

    record = certify(plan(), lab, told.append)

    assert record.certification is not None
    assert not record.certification.complete
    assert len(record.scenarios) == 1
    assert "MEX-01" in ids(record, Outcome.PASSED)
    assert {"RST-01", "NEG-01"} <= ids(record, Outcome.INTERRUPTED)
    assert certification_exit_code(record, whole=True) == 130
    ended = [(event.kind, event.outcome, event.note) for event in told if isinstance(event, JobFinished)]
    assert ended[1:] == [(JobKind.PROBE, Outcome.INTERRUPTED, INTERRUPTED_BY_HAND)]
