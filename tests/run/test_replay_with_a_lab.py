"""Judged live and judged again from the disk, with the lab down and the network forbidden: the same.

`make scenarios` replays the record of every scenario of every backend; here is a spread of them, with certifications.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from hybridjoin.bundle.anonymise import anonymised, outcomes
from hybridjoin.bundle.names import names_in
from hybridjoin.checks.rules import BOOK
from hybridjoin.device.events import windows_events
from hybridjoin.doubles.idp.faults import FAULTS
from hybridjoin.intake.federation import FederationSettings
from hybridjoin.lab.provider import Provider
from hybridjoin.model.logged_event import LoggedEvent
from hybridjoin.model.record import (
    JoinRecord,
    JoinResult,
    LeaveResult,
    RegistrationResult,
    RunRecord,
    ScenarioRecord,
    SignInResult,
)
from hybridjoin.model.requirement_row import DeviationList
from hybridjoin.model.verdict import Outcome
from hybridjoin.report.compare.replayed import judged_otherwise
from hybridjoin.report.formats.catalogue import find_format
from hybridjoin.report.json_report import encode_record, read_record, write_record
from hybridjoin.run.certification.certify import certify
from hybridjoin.run.certification.plan import EVERY_ID, Plan, levelled, plain_scenario
from hybridjoin.run.replay.flows import Replay
from hybridjoin.run.replay.runs import replay
from hybridjoin.run.session import run_all
from hybridjoin.scenario.load import find_scenario_files, load_file
from hybridjoin.scenario.scenario import Scenario
from hybridjoin.scenario.site.deviation_file import Deviation
from hybridjoin.scenario.site.profile_file import load_profile
from tests.intake.files.reading import answers, case_from
from tests.report.sample import sample_record

pytestmark = pytest.mark.lab
SCENARIOS = Path(__file__).parents[2] / "scenarios"


def spread() -> list[Scenario]:
    """One scenario of every file that wants no lab or site of its own: each bends something else."""
    first = (load_file(path)[0] for path in find_scenario_files([SCENARIOS]))
    return [item for item in first if item.lab is None and item.site is None]


def run_in_a_lab(scenarios: list[Scenario]) -> RunRecord:
    """Run scenarios; the lab is down when this returns."""
    with Provider(backend="process") as provider:
        return run_all(scenarios, provider)


@pytest.fixture(scope="module", params=["pingone", "adfs", "broken"])
def certified(request: pytest.FixtureRequest) -> Iterator[RunRecord]:
    """Certifications with hostile probes, lists and federation settings; the last of an IdP that breaks sentences."""
    broken = request.param == "broken"
    profile = load_profile("strict" if broken else "default", EVERY_ID)
    faults = ("sha1-signature", "wrong-audience", "rst-get-500") if broken else ()
    used = [{"name": name} for name in faults if name in FAULTS]
    plan = Plan(
        scenario=plain_scenario("WS01", {"profile": "pingone" if broken else request.param, "faults": used}),
        profile=profile,
        requirements=levelled(BOOK, profile),
        deviations=(
            Deviation(
                requirement="SIG-*",
                list=DeviationList.KNOWN,
                owner="somebody",
                reason="the old signer",
                expires=date(2100, 1, 1),
                place="x.deviations.yaml:2:5",
            ),
        ),
        hostile=True,
        hostile_hosts=None,
        federation=FederationSettings(
            place="federation.txt:1",
            issuer_uri="https://sts.hybridjoin.test/other",
            metadata_exchange_uri="https://sts.hybridjoin.test/mex",
            active_sign_in_uri="http://sts.hybridjoin.test/active",
        ),
    )
    with Provider(backend="process") as provider:
        yield certify(plan, provider)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lab is down, and whoever dials fails the test."""

    def dial(*_: object, **__: object) -> object:
        raise AssertionError("a replay dials nobody")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, dial)
    monkeypatch.setattr(socket, "getaddrinfo", dial)
    monkeypatch.setattr(Provider, "__enter__", dial)


def from_disk(record: RunRecord, folder: Path) -> Replay:
    done = replay(read_record(write_record(record, folder)))
    assert done.not_judged == []
    return done


def test_scenarios_are_judged_the_same_from_their_record(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """And the replay leaves the same record: masking again changes nothing, the flow asked the very same."""
    ran = run_in_a_lab(spread())
    request.getfixturevalue("no_network")
    done = from_disk(ran, tmp_path)

    assert ran.interrupted == ""
    assert len(done.judged) == len([item for item in ran.scenarios if item.join]) > 50
    assert judged_otherwise(ran, done.after) == ()
    results = {item.join.result for item in done.after.scenarios if item.join}
    assert results == {*JoinResult, *SignInResult, *LeaveResult, *RegistrationResult}
    joins = [item.join for item in done.after.scenarios if item.join]
    assert all(join.verdicts for join in joins)
    assert all(join.debug_screen for join in joins if isinstance(join.result, JoinResult)), "a sign-in has no screen"
    for then, now in zip(ran.scenarios, done.after.scenarios, strict=True):
        if then.join is not None and now.join is not None:
            assert_the_same(then.join, now.join)
        assert without_times(now) == without_times(then)
        if then.join is not None and isinstance(then.join.result, JoinResult):
            assert_its_log_tells_it(then, then.join)


def without_times(item: ScenarioRecord) -> list[LoggedEvent]:
    """The events; how long an exchange takes differs from time to time."""
    return [replace(event, at=item.started_at) for event in windows_events(item)]


def assert_its_log_tells_it(item: ScenarioRecord, join: JoinRecord) -> None:
    """Read the events of a join as a customer's: they come to the road and the phase of the record."""
    log = find_format("windows-events").draw(replace(sample_record(), scenarios=(item,)))
    case = case_from(log_xml=log)
    stopped = [bend for bend in item.dial if bend.event == "event 334"]
    failure = join.fallback_failure or join.failure

    assert case.contradictions == ()
    assert len(answers(case, "road")) == 1, item.id
    if stopped:
        assert answers(case, "phase") == ["pre-check"]
    elif join.result is JoinResult.FAILED:
        assert failure is not None
        assert (answers(case, "road"), answers(case, "phase")) == (["not joined"], [failure.phase]), item.id
    else:
        roads = {"by federation"} if join.result is JoinResult.FEDERATED else {"by fallback", "synchronized"}
        assert set(answers(case, "road")) <= roads, item.id


def assert_the_same(then: JoinRecord, now: JoinRecord) -> None:
    """Hold what was exchanged, asked of the hands and found around, piece by piece."""
    assert [(item.step, item.request, item.reply) for item in now.exchanges] == [
        (item.step, item.request, item.reply) for item in then.exchanges
    ]
    assert (now.moments, now.identifiers) == (then.moments, then.identifiers)
    assert [item.reading for item in now.readings] == [item.reading for item in then.readings]
    assert now.circumstances == then.circumstances


@pytest.mark.usefixtures("no_network")
def test_certifications_are_judged_the_same_from_their_record(certified: RunRecord, tmp_path: Path) -> None:
    done = from_disk(certified, tmp_path)

    assert certified.certification is not None
    asked = [row for row in certified.certification.probes if row.exchanges]
    assert len(asked) > 35
    assert {row.id for row in asked if row.hostile} >= {"rst-replay", "rst-dtd", "rst-ntlm", "rst-garbage"}
    assert judged_otherwise(certified, done.after) == ()
    assert done.after.certification is not None
    assert any(row.outcome is Outcome.FAILED for row in done.after.certification.requirements if row.area == "FED")


def test_scenarios_come_to_the_same_under_other_names(request: pytest.FixtureRequest) -> None:
    ran = run_in_a_lab(spread()[::6])
    request.getfixturevalue("no_network")

    under_other_names(ran)


@pytest.mark.usefixtures("no_network")
def test_certifications_come_to_the_same_under_other_names(certified: RunRecord) -> None:
    under_other_names(certified)


def under_other_names(record: RunRecord) -> None:
    """Each of the names is another one, none of the real ones is left, and a replay finds nothing else."""
    done = anonymised(record)

    assert outcomes(done) == outcomes(record)
    again = replay(done)
    assert again.not_judged == []
    assert judged_otherwise(done, again.after) == ()
    told = encode_record(done).decode().lower()
    names = names_in(record)
    assert len(names.domains) >= 3
    assert [name for name in (*names.domains, *map(str, names.guids)) if name in told] == []
    assert [name for name in names.accounts if len(name) > 3 and re.search(rf"\b{re.escape(name)}\b", told)] == []
