"""The tables of the flows are complete: what a new row needs elsewhere is named here, one by one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from hybridjoin.model.flows import (
    BRIDGE,
    FLOWS,
    HYBRID_JOIN,
    LEAVE,
    MANAGED_JOIN,
    PRIMARY_REFRESH_TOKEN,
    SIGN_IN_BROWSER,
    SIGN_IN_INTEGRATED,
    SIGN_IN_USERNAME,
    WORK_ACCOUNT,
    find_flow,
)
from hybridjoin.model.record import JoinResult, LeaveResult, RegistrationResult, SignInResult
from hybridjoin.model.steps import FlowTable, Party, Phase, Step
from hybridjoin.report.page.ladder import NAMES
from hybridjoin.run.flows import FLOWS as ENGINE_FLOWS
from hybridjoin.scenario.expect_schema import ExpectModel
from hybridjoin.scenario.load import load_scenarios
from tests.device.script import SUCCESS, play
from tests.device.test_flow import FAILURES

COLLECTION = Path(__file__).parents[2] / "scenarios"
EVERY_FLOW = pytest.mark.parametrize("flow", FLOWS, ids=[flow.name for flow in FLOWS])


def test_every_step_belongs_to_a_flow() -> None:
    assert set(Step) - {row.step for flow in FLOWS for row in flow} == set()


@EVERY_FLOW
def test_a_flow_makes_each_step_once_and_says_what_it_does(flow: FlowTable) -> None:
    assert [step for step, count in Counter(flow.steps).items() if count > 1] == []
    assert [row.step for row in flow if not row.title or row.title[0].isupper() or not row.yields] == []
    assert [title for title, count in Counter(row.title for row in flow).items() if count > 1] == []
    assert find_flow(flow.name) is flow


def test_flows_call_the_message_of_a_step_the_same() -> None:
    names = {(row.step, row.reply, row.request) for flow in FLOWS for row in flow}

    assert [step for step, count in Counter(step for step, _, _ in names).items() if count > 1] == []


@EVERY_FLOW
def test_nobody_asks_the_device_and_every_lane_of_the_ladder_has_a_name(flow: FlowTable) -> None:
    assert [row.step for row in flow if row.party is Party.DEVICE] == []
    assert set(flow.parties) - set(NAMES) == set()


@EVERY_FLOW
def test_a_step_that_replaces_another_or_explains_is_none_that_windows_falls_back_from(flow: FlowTable) -> None:
    assert {row.instead_of for row in flow} - {None, *flow.steps} == set()
    assert [row.step for row in flow if (row.instead_of or row.aside) and row.may_fall_back] == []


def test_a_step_that_is_not_there_is_named_with_those_that_are() -> None:
    short = FlowTable(name="short", title="go", called="flow", rows=HYBRID_JOIN.rows[:2])

    with pytest.raises(KeyError, match="the flow short has no step 'mex'; it has computer, scp"):
        short.row(Step.MEX)
    with pytest.raises(KeyError, match="no step of the flow short yields Token"):
        short.yielding("Token")
    assert short.parties == (Party.DEVICE, Party.DIRECTORY)
    assert find_flow("no-such-flow") is None


def test_whom_only_some_are_sent_to_is_a_party_where_they_were_and_what_they_bring_is_told_apart() -> None:
    at_entra = (Step.OPENID, Step.SIGN_IN)

    assert BRIDGE.parties_of(at_entra) == (Party.DEVICE, Party.ENTRA)
    assert BRIDGE.parties_of((*at_entra, Step.PASSIVE)) == BRIDGE.parties == (Party.DEVICE, Party.IDP, Party.ENTRA)
    assert {"PassiveRequest", "PassiveForm", "Assertion"} <= BRIDGE.sometimes.keys()
    assert "AuthorizationResponse" not in BRIDGE.sometimes, "whom Entra signs in itself brings one too"
    assert {row.step for row in BRIDGE.sometimes.values()} == {Step.PASSIVE}
    assert [flow.name for flow in FLOWS if flow.sometimes] == [BRIDGE.name]
    assert HYBRID_JOIN.parties_of(()) == HYBRID_JOIN.parties


KNOWN_WITHOUT_ASKING = {
    "JoinResult",
    "FlowOutcome",
    "Asked",
    "GatheredAt",
    "TrustedIssuer",
    "TrustedCertificates",
    "UserPractice",
}


def test_every_part_of_the_evidence_comes_from_a_step_and_every_step_brings_a_part() -> None:
    run, _ = play({})
    assert run.evidence is not None
    brought = run.evidence.parts.names - KNOWN_WITHOUT_ASKING
    yielded = {part for row in HYBRID_JOIN if not row.aside for part in row.yields}

    assert yielded - brought == set(), "the table yields what a join does not bring"
    assert brought - HYBRID_JOIN.parts == set(), "a join brings parts that no step yields"
    assert HYBRID_JOIN.yielding("Registration").step is Step.JOIN


def test_probes_ask_the_idp_and_have_a_title_of_their_own_there() -> None:
    at_the_idp = {row.step for row in HYBRID_JOIN if row.party is Party.IDP}

    assert {row.step for row in HYBRID_JOIN if row.probe_title} ^ at_the_idp == set()


def test_the_scripted_device_answers_every_step_and_each_step_was_seen_to_fail() -> None:
    failed = {(phase, step) for _, phase, step, _ in FAILURES.values()}
    must_fail = {row.step for row in HYBRID_JOIN if not row.aside and row.instead_of is None}

    assert set(HYBRID_JOIN.steps) - set(SUCCESS) == set()
    assert must_fail - {step for _, step in failed} == set()
    assert failed - {(row.phase, row.step) for row in HYBRID_JOIN} == set(), "phases that the table does not say"


def test_what_a_flow_may_come_to_is_what_its_evidence_says_and_every_result_has_words() -> None:
    enums: dict[str, list[JoinResult] | list[SignInResult] | list[LeaveResult] | list[RegistrationResult]] = {
        HYBRID_JOIN.name: list(JoinResult),
        SIGN_IN_USERNAME.name: list(SignInResult),
        MANAGED_JOIN.name: [JoinResult.SYNCHRONIZED, JoinResult.FAILED],  # there is nobody to ask for the other
        SIGN_IN_INTEGRATED.name: list(SignInResult),
        LEAVE.name: list(LeaveResult),
        SIGN_IN_BROWSER.name: list(SignInResult),
        BRIDGE.name: list(SignInResult),
        PRIMARY_REFRESH_TOKEN.name: list(SignInResult),
        WORK_ACCOUNT.name: list(RegistrationResult),
    }

    assert {flow.name for flow in FLOWS} ^ set(enums) == set()
    for flow in FLOWS:
        assert [name for name, _ in flow.results] == [item.value for item in enums[flow.name]]
        assert [name for name, words in flow.results if not words] == []
    named = {(name, flow.expects[0]) for flow in FLOWS for name, _ in flow.results}
    assert [name for name, count in Counter(name for name, _ in named).items() if count > 1] == [], "one word, one key"


def test_the_engine_can_perform_judge_and_replay_every_flow() -> None:
    performed = {flow.table for flow in ENGINE_FLOWS}

    assert {flow.name for flow in set(FLOWS) ^ performed} == set()
    assert [flow.name for flow in ENGINE_FLOWS if flow.again is None] == []


def test_the_collection_of_scenarios_goes_through_every_flow_and_sees_each_of_its_results() -> None:
    seen: dict[str, set[str]] = {flow.name: set() for flow in FLOWS}
    results = {flow.name: flow.expects[0] for flow in FLOWS}
    for scenario in load_scenarios([COLLECTION]):
        for line in scenario.expectations:
            if line.name == results[scenario.flow]:
                seen[scenario.flow].update(line.wanted)

    assert {flow.name: {name for name, _ in flow.results} - seen[flow.name] for flow in FLOWS} == {
        flow.name: set() for flow in FLOWS
    }


def test_a_scenario_file_may_name_every_step_and_phase() -> None:
    schema = ExpectModel.model_json_schema()["$defs"]

    assert schema["Step"]["enum"] == [step.value for step in Step]
    assert schema["Phase"]["enum"] == [phase.value for phase in Phase]
