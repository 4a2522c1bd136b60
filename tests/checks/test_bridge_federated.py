"""What is asked of a bridge's sign-in that leads by an identity provider, and of one that does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hybridjoin.checks import judge_flow
from hybridjoin.checks.rules import BOOK
from hybridjoin.evidence.bridge import BridgeEvidence
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.flows import BRIDGE, SIGN_IN_BROWSER
from hybridjoin.model.record import SignInResult
from hybridjoin.model.steps import Phase, Step
from hybridjoin.model.verdict import BROKEN, Outcome, Verdict
from hybridjoin.model.where import Side, Where
from hybridjoin.protocol import windows
from hybridjoin.protocol.authorization import SignInForm
from hybridjoin.protocol.oauth import error_of_a_page
from tests.checks.bridge_cases import answered, bridged, federated
from tests.checks.browser_cases import PASSIVE_BREAKING, browsed
from tests.checks.messages import kept

SHARED = {item.id for item in BOOK.of_flow(BRIDGE)} & {item.id for item in BOOK.of_flow(SIGN_IN_BROWSER)}
OF_A_BROWSER = {name for name in SHARED if name.split("-")[0] in {"PASSIVE", "SAML", "SIG", "USER"}}
BENT = sorted(OF_A_BROWSER & PASSIVE_BREAKING.keys())


def verdicts(evidence: BridgeEvidence) -> dict[str, Verdict]:
    return {item.requirement: item for item in judge_flow(evidence.parts)}


def test_all_that_a_browsers_way_is_asked_of_the_identity_provider_is_asked_here() -> None:
    at_the_provider = {
        item.id for item in BOOK.of_flow(SIGN_IN_BROWSER) if item.area in {"PASSIVE", "SAML", "SIG", "USER"}
    }

    assert at_the_provider == OF_A_BROWSER
    assert {"PASSIVE-01", "PASSIVE-21", "SAML-01", "SIG-01", "USER-06"} <= OF_A_BROWSER


def test_a_healthy_way_by_the_identity_provider_breaks_nothing_and_answers_as_a_sign_in_by_browser_does() -> None:
    found = verdicts(federated())
    alone = {item.requirement: item for item in judge_flow(browsed().parts)}

    assert [item for item in found.values() if item.outcome not in {Outcome.PASSED, Outcome.SKIPPED}] == []
    for name in OF_A_BROWSER:
        ours, theirs = found[name], alone[name]
        assert (name, ours.outcome, ours.found) == (name, theirs.outcome, theirs.found)


@pytest.mark.parametrize("requirement", BENT)
def test_what_is_broken_of_the_form_and_its_token_is_found_in_a_bridges_sign_in_too(requirement: str) -> None:
    case = PASSIVE_BREAKING[requirement]()
    evidence = replace(federated(), browser=replace(case, realm=None, published=None, failure=None))
    if case.failure is not None:
        evidence = replace(evidence, result=SignInResult.NOT_SIGNED_IN, failure=case.failure, response=None)
    found, alone = verdicts(evidence)[requirement], judge_flow(case.parts)
    (theirs,) = (item for item in alone if item.requirement == requirement)

    assert found.outcome in BROKEN
    assert (found.outcome, found.found) == (theirs.outcome, theirs.found)
    assert found.where == (Where(step=Step.SIGN_IN_PAGE) if requirement == "PASSIVE-17" else theirs.where)


def test_whom_entra_signs_in_itself_is_asked_nothing_of_an_identity_provider() -> None:
    assert verdicts(bridged()).keys() & OF_A_BROWSER == set()
    ended = Failure(phase=Phase.DISCOVER, step=Step.OPENID, reason="HTTP 404", cause=windows.UNKNOWN)
    assert verdicts(bridged(failure=ended, response=None)).keys() & OF_A_BROWSER == set()


def test_who_was_sent_on_and_came_no_further_is_told_why_the_rest_is_silent() -> None:
    ended = Failure(phase=Phase.AUTH, step=Step.PASSIVE, reason="the door hangs", cause=windows.UNKNOWN)
    nothing = {"visit": None, "form": None, "answer": None, "signature": None, "form_received_at": None}
    told = verdicts(replace(federated(**nothing), failure=ended, response=None, tokens=None, id_token=None))

    silent = told["PASSIVE-02"].not_tested
    assert silent is not None
    assert (silent.step, silent.detail) == (Step.PASSIVE, "the door hangs")
    assert told["PASSIVE-17"].outcome is Outcome.PASSED


def test_the_code_is_looked_for_in_the_answer_that_brought_it() -> None:
    by_provider = replace(federated(), response=answered(state=""))

    assert verdicts(by_provider)["BRIDGE-12"].where == Where(step=Step.WRESULT)
    assert verdicts(bridged(response=answered(state="")))["BRIDGE-12"].where == Where(step=Step.SIGN_IN)
    assert verdicts(by_provider)["BRIDGE-11"].where == Where(step=Step.SIGN_IN_PAGE, side=Side.REQUEST)


def test_the_redirect_to_the_identity_provider_is_the_answer_to_entras_page_where_there_was_one() -> None:
    case = PASSIVE_BREAKING["PASSIVE-17"]()
    form = kept(SignInForm(action="https://entra.example/login", user_field="login", password_field="passwd"), b"")
    sent_on = replace(federated(), browser=replace(case, realm=None, published=None), form=form)

    assert verdicts(sent_on)["PASSIVE-17"].where == Where(step=Step.SIGN_IN)


@pytest.mark.parametrize("step", [Step.WRESULT, Step.TOKEN])
def test_no_request_id_is_missed_in_a_refusal_for_an_application_sends_none(step: Step) -> None:
    told = error_of_a_page("AADSTS7000222: no. Correlation ID: another", http_status=401)
    ended = Failure(phase=Phase.AUTH, step=step, reason="refused", cause=windows.UNKNOWN, server=told)
    found = verdicts(replace(federated(), failure=ended, entra_error=told))

    assert found["TOKEN-04"].outcome is Outcome.SKIPPED
