"""Evidence of logons: a healthy one, and for each PRT requirement one that breaks it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hybridjoin.evidence.outcome import Failure
from hybridjoin.evidence.sign_in import LogonDevice, SignInEvidence
from hybridjoin.model.flows import PRIMARY_REFRESH_TOKEN
from hybridjoin.model.reading import SessionKeyReading
from hybridjoin.model.record import SignInResult
from hybridjoin.model.steps import Phase, Step
from hybridjoin.protocol import windows
from hybridjoin.protocol.oauth import EntraError
from hybridjoin.protocol.prt import PrimaryRefreshToken, RequestNonce
from tests.checks.messages import kept
from tests.checks.sign_in_cases import offered, signed_in
from tests.protocol.documents import T2005
from tests.protocol.metadata import USERNAME_13, WAYS, Way

USERNAME_2005 = Way(
    name="Username2005", path="/trust/2005/usernamemixed", trust=T2005, assertions=USERNAME_13.assertions, spn=None
)
Case = Callable[[], SignInEvidence]
FOURTEEN_DAYS_S = 1209600
OURS = SessionKeyReading(ours=True, bits=256, algorithm="RSA-OAEP", encryption="A256GCM")


def token(**changes: object) -> PrimaryRefreshToken:
    given: dict[str, Any] = {
        "token_type": "pop", "refresh_token": "0.A", "expires_in": FOURTEEN_DAYS_S, "session_key_jwe": "e30.a.b..c",
        "id_token": "", **changes,
    }  # fmt: skip
    said = {
        "token_type": given["token_type"], "refresh_token": "0.A", "refresh_token_expires_in": given["expires_in"],
        "session_key_jwe": given["session_key_jwe"],
    }  # fmt: skip
    return kept(PrimaryRefreshToken(**given), json.dumps(said).encode())


def logged_on(**changes: Any) -> SignInEvidence:  # noqa: ANN401 the fields of SignInEvidence
    """A logon in which every sentence that can be tested holds, with some of its evidence replaced."""
    healthy = signed_in(
        flow=PRIMARY_REFRESH_TOKEN.name,
        **offered(USERNAME_2005, *WAYS),
        token=None,
        device=LogonDevice(device_id="5c0c4151-e2aa-435e-987a-a97ae798c444"),
        nonce=kept(RequestNonce(value="n"), b'{"Nonce": "n"}'),
        prt=token(),
        session_key=OURS,
    )
    return replace(healthy, **changes)


def ended(step: Step, reason: str, **changes: Any) -> SignInEvidence:  # noqa: ANN401 the fields of SignInEvidence
    """A logon that ended at a step of Entra's."""
    failure = Failure(phase=Phase.AUTH, step=step, reason=reason, cause=windows.UNKNOWN)
    lost: dict[str, Any] = {
        "result": SignInResult.NOT_SIGNED_IN, "failure": failure, "prt": None, "session_key": None, **changes
    }  # fmt: skip
    return logged_on(**lost)


def refused(code: int) -> Case:
    """Entra refused the request with a code."""
    words = f"AADSTS{code}: No."
    error = EntraError(
        http_status=400, error="invalid_grant", description=words, code=code, trace_id="", correlation_id="",
        timestamp="", raw="{}",
    )  # fmt: skip
    said = json.dumps({"error": "invalid_grant", "error_description": words}).encode()
    return lambda: ended(Step.PRT, words, entra_error=kept(error, said))


PRT_BREAKING: dict[str, Case] = {
    "PRT-01": lambda: ended(Step.NONCE, "HTTP 503", nonce=None),
    "PRT-02": refused(51004),
    "PRT-03": refused(50155),
    "PRT-04": refused(140000),
    "PRT-05": refused(5000611),
    "PRT-06": lambda: logged_on(session_key=SessionKeyReading(ours=False)),
    "PRT-07": lambda: logged_on(session_key=replace(OURS, bits=128)),
    "PRT-08": lambda: logged_on(prt=token(token_type="Bearer")),
    "PRT-09": lambda: logged_on(prt=token(expires_in=86400)),
    "PRT-10": lambda: logged_on(**offered(USERNAME_13)),
}
PRT_PASSING: dict[str, Case] = dict.fromkeys(PRT_BREAKING, logged_on)
