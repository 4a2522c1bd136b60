"""Evidence of registrations by a person: a healthy one with its first logon, and ones that break a requirement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hybridjoin.evidence.browser import PassiveVisit
from hybridjoin.evidence.outcome import Failure
from hybridjoin.evidence.sign_in import SignedInUser
from hybridjoin.evidence.work_account import RegistrationRequest, SignInEndpoints, WorkAccountEvidence
from hybridjoin.model.record import RegistrationResult, SignInResult
from hybridjoin.model.steps import Phase, Step
from hybridjoin.protocol import names, windows
from hybridjoin.protocol.enrolment import JoinType
from tests.checks.browser_cases import browsed
from tests.checks.evidence_factory import HEALTHY, registration_evidence
from tests.checks.messages import kept
from tests.checks.prt_cases import logged_on
from tests.checks.sign_in_cases import NAME, UPN, assertion, offered, reply
from tests.protocol.documents import NOW, AssertionText
from tests.protocol.metadata import WINDOWS_13
from tests.protocol.test_enrolment import TRANSPORT, issue

LOGIN = "https://login.microsoftonline.com/common/oauth2"
Case = Callable[[], WorkAccountEvidence]
ENDPOINTS = (
    f'{{"issuer": "https://sts.windows.net/{{tenantid}}/", "authorization_endpoint": "{LOGIN}/authorize", '
    f'"token_endpoint": "{LOGIN}/token"}}'
).encode()


def registered(**changes: Any) -> WorkAccountEvidence:  # noqa: ANN401 the fields of WorkAccountEvidence
    """A registration in which every sentence that can be tested holds, with some of its evidence replaced."""
    user = SignedInUser(name=NAME, client_id=names.DRS_CLIENT_ID, scope="")
    found = registration_evidence(issue())
    healthy = WorkAccountEvidence(
        result=RegistrationResult.REGISTERED,
        asked=RegistrationRequest(join_type=JoinType.JOINED, computer="LAPTOP-01", first_logon=True),
        client_request_id="5d0c7f2e-8a41-4f5b-9d3e-77c1b2a90e15",
        started_at=NOW,
        endpoints=kept(SignInEndpoints(authorization=f"{LOGIN}/authorize", token=f"{LOGIN}/token"), ENDPOINTS),
        browser=browsed(user=user, published=None),
        discovery=HEALTHY.discovery,
        registration=found["registration"],
        registration_problems=found["registration_problems"],
        logon=logged_on(),
    )
    return replace(healthy, **changes)


def followed(**changes: Any) -> WorkAccountEvidence:  # noqa: ANN401 the fields of SignInEvidence
    """A registration whose first logon went otherwise."""
    logon = logged_on(**changes)
    found = registered(logon=logon)
    if logon.failure is None:
        return found
    return replace(found, result=RegistrationResult.NO_FIRST_LOGON, failure=logon.failure, fault=logon.fault)


def answered(text: AssertionText) -> Case:
    """The token service of the first logon issued another assertion than the page."""

    def made() -> WorkAccountEvidence:
        found = reply(text)
        return registered(logon=logged_on(**found))

    return made


def without_password_door() -> WorkAccountEvidence:
    """The metadata offers tickets alone: the page signs people in, and the logon has nowhere to go."""
    failure = Failure(phase=Phase.AUTH, step=Step.MEX, reason="no endpoint", cause=windows.UNKNOWN)
    lost: dict[str, Any] = {
        "response": None, "signature": None, "rstr_received_at": None, "prt": None, "session_key": None,
        "result": SignInResult.NOT_SIGNED_IN, "failure": failure,
    }  # fmt: skip
    return followed(**{**offered(WINDOWS_13), "endpoint": None, **lost})


def turned_away(*, step: Step = Step.PASSIVE, **visit: Any) -> WorkAccountEvidence:  # noqa: ANN401 of PassiveVisit
    """The IdP ended the sign-in at its page."""
    failure = Failure(phase=Phase.AUTH, step=step, reason="HTTP 403; it says: not managed", cause=windows.UNKNOWN)
    nothing: dict[str, Any] = {
        "form": None, "answer": None, "signature": None, "form_received_at": None, "code": None, "token": None,
    }  # fmt: skip
    browser = browsed(**nothing, visit=PassiveVisit(**{"pages": 2, "asked_to_type": True, **visit}))
    lost: dict[str, Any] = {"discovery": None, "registration": None, "registration_problems": None, "logon": None}
    return registered(result=RegistrationResult.NOT_REGISTERED, browser=browser, failure=failure, **lost)


WORK_BREAKING: dict[str, Case] = {
    "WORK-01": lambda: registered(**registration_evidence(issue(key=TRANSPORT))),
    "WORK-02": lambda: turned_away(challenged=True, asked_to_type=False),
    "WORK-03": without_password_door,
    "WORK-04": answered(assertion(claims=(UPN,), name_identifier="AAAAAAAAAAAAAAAAAAAAAA==")),
    "WORK-05": answered(replace(assertion(), issuer="http://another.test/")),
    "WORK-06": turned_away,
}
WORK_PASSING: dict[str, Case] = dict.fromkeys(WORK_BREAKING, registered)
WORK_PLACES: dict[str, str] = {
    "WORK-01": "join: member Certificate",
    "WORK-02": "passive: message",
    "WORK-03": "mex: element wsdl:service",
    "WORK-04": "rst: element saml:Assertion",
    "WORK-05": "rst: element saml:Assertion",
    "WORK-06": "passive: message",
}
