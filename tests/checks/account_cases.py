"""Evidence of registrations by a person: a healthy one with its first logon, and ones that break a requirement."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hybridjoin.evidence.sign_in import SignedInUser
from hybridjoin.evidence.work_account import RegistrationRequest, SignInEndpoints, WorkAccountEvidence
from hybridjoin.model.record import RegistrationResult
from hybridjoin.protocol import names
from hybridjoin.protocol.enrolment import JoinType
from tests.checks.browser_cases import browsed
from tests.checks.evidence_factory import HEALTHY, registration_evidence
from tests.checks.messages import kept
from tests.checks.prt_cases import logged_on
from tests.checks.sign_in_cases import NAME
from tests.protocol.documents import NOW
from tests.protocol.test_enrolment import issue

LOGIN = "https://login.microsoftonline.com/common/oauth2"
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
