"""Which requirements belong to which flow follows from its table; a healthy flow breaks none of its own."""

from __future__ import annotations

from typing import Any

import pytest

from hybridjoin.checks import judge_flow
from hybridjoin.checks.rules import BOOK
from hybridjoin.evidence.outcome import Failure, FlowOutcome
from hybridjoin.evidence.parts import Parts
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
    parts_of_other_flows,
)
from hybridjoin.model.steps import FlowTable, Phase, Step
from hybridjoin.model.verdict import BROKEN, Outcome
from hybridjoin.model.where import Where
from hybridjoin.protocol import windows
from hybridjoin.protocol.oauth import error_of_a_page
from tests.checks.account_cases import registered
from tests.checks.bridge_cases import bridged
from tests.checks.browser_cases import browsed
from tests.checks.evidence_factory import HEALTHY
from tests.checks.leave_cases import left
from tests.checks.managed_cases import managed
from tests.checks.prt_cases import logged_on
from tests.checks.sign_in_cases import offered, signed_in, signed_in_by_ticket
from tests.protocol.metadata import USERNAME_13

HEALTHY_PARTS = {
    HYBRID_JOIN.name: HEALTHY.parts,
    SIGN_IN_USERNAME.name: signed_in().parts,
    SIGN_IN_INTEGRATED.name: signed_in_by_ticket().parts,
    MANAGED_JOIN.name: managed().parts,
    LEAVE.name: left().parts,
    SIGN_IN_BROWSER.name: browsed().parts,
    BRIDGE.name: bridged().parts,
    PRIMARY_REFRESH_TOKEN.name: logged_on().parts,
    WORK_ACCOUNT.name: registered().parts,
}
AT_LEAST = {MANAGED_JOIN.name: 6, LEAVE.name: 1, BRIDGE.name: 21}  # requirements that a flow without an IdP can answer
EVERY_FLOW = pytest.mark.parametrize("flow", FLOWS, ids=[flow.name for flow in FLOWS])


def test_there_is_healthy_evidence_of_every_flow() -> None:
    assert {flow.name for flow in FLOWS} ^ set(HEALTHY_PARTS) == set()


@EVERY_FLOW
def test_a_healthy_flow_breaks_none_of_the_requirements_that_it_can_answer(flow: FlowTable) -> None:
    verdicts = judge_flow(HEALTHY_PARTS[flow.name])

    assert [item for item in verdicts if item.outcome not in {Outcome.PASSED, Outcome.SKIPPED}] == []
    assert sum(item.outcome is Outcome.PASSED for item in verdicts) >= AT_LEAST.get(flow.name, 41)


@EVERY_FLOW
def test_the_parts_of_a_flow_are_none_that_belong_to_another(flow: FlowTable) -> None:
    assert HEALTHY_PARTS[flow.name].names & parts_of_other_flows(flow) == set()


def test_every_requirement_is_asked_in_some_flow() -> None:
    asked = {item.id for flow in FLOWS for item in BOOK.of_flow(flow)}

    assert {item.id for item in BOOK} - asked == set()


def test_a_sign_in_is_asked_what_its_messages_say_and_nothing_of_a_computer() -> None:
    asked = {item.area for item in BOOK.of_flow(SIGN_IN_USERNAME)}
    join = {item.area for item in BOOK.of_flow(HYBRID_JOIN)}

    assert {"REALM", "MEX", "RSTR", "FAULT", "SAML", "SIG", "TOKEN", "USER"} <= asked
    assert asked & {"AD", "SCP", "DISC", "KRB", "CLAIM", "JOIN"} == set()
    assert join - asked == {"AD", "SCP", "DISC", "KRB", "CLAIM", "JOIN"}
    assert asked - join == {"USER", "SEAMLESS"}


def test_who_signs_in_by_name_is_not_held_against_what_a_computer_would_miss() -> None:
    without_windows = signed_in(**offered(USERNAME_13))
    broken = {item.requirement for item in judge_flow(without_windows.parts) if item.outcome in BROKEN}

    assert broken == set()


@pytest.mark.parametrize("flow", ["browser", "work account"])
def test_what_login_srf_refuses_is_held_against_no_request_id_for_a_browsers_form_has_none(flow: str) -> None:
    told = error_of_a_page("AADSTS51004: no. Correlation ID: another", http_status=200)
    failure = Failure(phase=Phase.AUTH, step=Step.WRESULT, reason="refused", cause=windows.UNKNOWN, server=told)
    refused: dict[str, Any] = {"failure": failure, "entra_error": told}
    lost = {"browser": browsed(code=None, token=None), "logon": None}
    evidence = browsed(**refused, code=None, token=None) if flow == "browser" else registered(**refused, **lost)
    found = {item.requirement: item for item in judge_flow(evidence.parts)}
    verdict = found["TOKEN-04"]

    assert found["TOKEN-01"].where == Where(step=Step.WRESULT), "Entra's page said so, and no token endpoint"
    assert verdict.outcome is Outcome.SKIPPED
    assert verdict.not_tested is not None
    assert "had no id of its own" in verdict.not_tested.detail


def test_without_evidence_a_flow_is_silent() -> None:
    begun = Parts.of(FlowOutcome(flow=SIGN_IN_USERNAME.name))

    assert {item.outcome for item in judge_flow(begun)} == {Outcome.SKIPPED}
    assert {item.requirement for item in judge_flow(begun)} <= {item.id for item in BOOK.of_flow(SIGN_IN_USERNAME)}
