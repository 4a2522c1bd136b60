"""Evidence of sign-ins at Entra's own token service: a healthy one, and one that breaks what is asked of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hybridjoin.evidence.outcome import Failure
from hybridjoin.evidence.sign_in import SignInEvidence
from hybridjoin.model.record import SignInResult
from hybridjoin.model.steps import Phase, Step
from hybridjoin.protocol import windows
from hybridjoin.protocol.oauth import EntraError
from tests.checks.evidence_factory import realm_of
from tests.checks.messages import kept
from tests.checks.sign_in_cases import signed_in

Case = Callable[[], SignInEvidence]
REALM = {
    "ver": "1.0", "account_type": "Federated", "domain_name": "hybridjoin.test", "federation_protocol": "WSTrust",
    "federation_metadata_url": "https://autologon.microsoftazuread-sso.com/t/winauth/trust/mex",
    "federation_active_auth_url": "https://autologon.microsoftazuread-sso.com/t/winauth/trust/2005/usernamemixed",
}  # fmt: skip


def seamless(**changes: Any) -> SignInEvidence:  # noqa: ANN401 the fields of SignInEvidence
    return signed_in(**{"realm": realm_of(REALM), **changes})


def refused() -> SignInEvidence:
    """Entra has another key than the one that the ticket was encrypted with."""
    words = "AADSTS81004: Kerberos authentication attempt failed."
    error = EntraError(
        http_status=400, error="", description=words, code=81004, trace_id="", correlation_id="", timestamp="", raw=""
    )
    failure = Failure(phase=Phase.AUTH, step=Step.RST, reason=words, cause=windows.UNKNOWN)
    return seamless(
        result=SignInResult.NOT_SIGNED_IN,
        failure=failure,
        response=None,
        signature=None,
        token=None,
        entra_error=kept(error, json.dumps({}).encode()),
    )


SEAMLESS_BREAKING: dict[str, Case] = {"SEAMLESS-01": refused}
SEAMLESS_PASSING: dict[str, Case] = {"SEAMLESS-01": seamless}
