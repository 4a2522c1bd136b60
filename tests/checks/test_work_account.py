"""What the requirements of a registration by a person say of ways that break none of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hybridjoin.checks import judge_flow
from hybridjoin.evidence.browser import PassiveVisit
from hybridjoin.evidence.outcome import Failure
from hybridjoin.evidence.work_account import RegistrationRequest, WorkAccountEvidence
from hybridjoin.model.steps import Phase, Step
from hybridjoin.model.verdict import Outcome, Verdict
from hybridjoin.protocol import windows
from hybridjoin.protocol.enrolment import JoinType
from hybridjoin.protocol.mex import Credential
from tests.checks.account_cases import Case, followed, registered, turned_away
from tests.checks.browser_cases import browsed
from tests.checks.evidence_factory import faulted
from tests.checks.prt_cases import logged_on


def said(evidence: WorkAccountEvidence, requirement: str) -> Verdict:
    return next(item for item in judge_flow(evidence.parts) if item.requirement == requirement)


def by_ticket() -> WorkAccountEvidence:
    visit = PassiveVisit(pages=2, challenged=True)
    return registered(browser=browsed(credential=Credential.WINDOWS, visit=visit), logon=None)


def beside() -> WorkAccountEvidence:
    return registered(asked=RegistrationRequest(join_type=JoinType.REGISTERED, computer="LAPTOP-01"), logon=None)


def without_a_nonce() -> WorkAccountEvidence:
    failure = Failure(phase=Phase.AUTH, step=Step.NONCE, reason="HTTP 503", cause=windows.UNKNOWN)
    nothing = {"nonce": None, "mex": None, "endpoint": None, "response": None, "prt": None, "session_key": None}
    return followed(failure=failure, **nothing)


SILENT: dict[str, tuple[str, Case, str]] = {
    "a ticket was shown": ("WORK-02", by_ticket, "a ticket was shown"),
    "no ticket is asked for": (
        "WORK-02", lambda: turned_away(challenged=False, asked_to_type=False), "the IdP asks for no ticket",
    ),
    "no first logon": ("WORK-03", beside, ""),
    "nobody was asked": ("WORK-03", without_a_nonce, "HTTP 503"),
    "no assertion": ("WORK-04", without_a_nonce, "the token service issued no assertion"),
    "no password": ("WORK-06", by_ticket, "no password was typed"),
    "a wrong password": ("WORK-06", lambda: turned_away(step=Step.CREDENTIALS), "the password was not taken"),
}  # fmt: skip


@pytest.mark.parametrize(("requirement", "case", "words"), SILENT.values(), ids=SILENT)
def test_what_the_way_cannot_tell_is_not_said(requirement: str, case: Case, words: str) -> None:
    verdict = said(case(), requirement)

    assert verdict.outcome is Outcome.SKIPPED
    assert verdict.not_tested is not None
    assert words in verdict.not_tested.detail


def test_a_fault_of_the_first_logon_is_a_place_in_the_token_services_reply_and_not_in_the_page() -> None:
    fault = faulted().fault
    assert fault is not None
    failure = Failure(phase=Phase.AUTH, step=Step.RST, reason="a fault", cause=windows.UNKNOWN, server=fault)
    logon = replace(logged_on(), response=None, fault=fault, prt=None, session_key=None, failure=failure)
    verdict = said(registered(logon=logon, failure=failure, fault=fault), "WORK-03")

    assert verdict.outcome is Outcome.FAILED
    assert verdict.where is not None
    assert (verdict.where.step, verdict.where.name) == (Step.RST, "soap:Fault")
    assert fault.reason in verdict.found
