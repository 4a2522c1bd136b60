"""The logon of a federated user on a joined device, told once: from the realm of the name to the token that stays.

What a sign-in by password is, and then no access token: the assertion goes to Entra inside a request that the device's
own key signs, with a nonce that was asked for before, and Entra answers with the primary refresh token and the session
key that belongs to it. The device was joined before, by whichever road; its keys are in nobody's record.

The codes are those that Windows shows of a logon (Microsoft: Troubleshoot primary refresh token issues), where that
page ties them to what happened here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from hybridjoin.device.needs import Flow, ReadSessionKey, Send, ask
from hybridjoin.device.signin.active import (
    SignInBuilder,
    SignInContext,
    Way,
    ask_realm,
    begin,
    get_assertion,
)
from hybridjoin.device.signin.username import by_password
from hybridjoin.device.steps.evidence_builder import StepFailed
from hybridjoin.device.steps.failures import demand, entra_refusal, failure, keep_failure
from hybridjoin.errors import PeerError
from hybridjoin.evidence.outcome import Failure
from hybridjoin.evidence.sign_in import LogonDevice, SignInEvidence
from hybridjoin.model.exchange import HttpReply, HttpRequest
from hybridjoin.model.flows import PRIMARY_REFRESH_TOKEN
from hybridjoin.model.record import SignInResult
from hybridjoin.model.steps import Step, StepRow
from hybridjoin.protocol import oauth, prt, windows
from hybridjoin.protocol.oauth import EntraError
from hybridjoin.protocol.prt import PrimaryRefreshToken, RequestNonce
from hybridjoin.protocol.rstr import SoapFault, TokenResponse

_NONCE = PRIMARY_REFRESH_TOKEN.row(Step.NONCE)
_PRT = PRIMARY_REFRESH_TOKEN.row(Step.PRT)
_NO_SAML, _NO_PASSWORD_ADDRESS, _BAD_REQUEST, _NETWORK = 0xC00484C1, 0xC004848B, 0xC000006D, 0xC000023C
_DTD, _DOCTYPE = 0xC00CEE4F, "DOCTYPE"  # as our own reader says it
_BY_STATUS = "inferred: the page names the code for HTTP 400 from Entra, and 0xc00000d0 beside it"


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedDevice:
    """A device that is joined, with its keys; the certificate is DER."""

    device_id: str
    certificate: bytes = field(repr=False)
    key: RSAPrivateKey = field(repr=False)
    transport_key: RSAPrivateKey = field(repr=False)


def at_logon(password: str) -> Way:
    """Return the way of a logon: a password's, with the codes that Windows shows then."""
    return replace(by_password(password), table=PRIMARY_REFRESH_TOKEN, no_endpoint=_NO_PASSWORD_ADDRESS)


def log_on(context: SignInContext, builder: SignInBuilder, way: Way, device: JoinedDevice) -> Flow[SignInEvidence]:
    """Log the user on, as far as the primary refresh token, or find out why there is none."""
    yield from begin(context, builder, way)
    builder.keep(device=LogonDevice(device_id=device.device_id))
    try:
        found = yield from ask_realm(context, builder, way)
        nonce = yield from _ask_nonce(context, builder)
        response = yield from get_assertion(context, builder, way, found)
        token = yield from _request_token(context, builder, device, nonce, response)
        builder.keep(prt=token, result=SignInResult.SIGNED_IN)
        reading = yield from ask(ReadSessionKey(jwe=token.session_key_jwe, transport_key=device.transport_key))
        builder.keep(session_key=reading)
    except StepFailed as end:
        keep_failure(builder, _as_shown(end.failure))
    return builder.evidence


def _ask_nonce(context: SignInContext, builder: SignInBuilder) -> Flow[RequestNonce]:
    """Ask Entra for a nonce.

    Raises:
        StepFailed: there is none.
    """
    request = _post(context, builder, prt.build_nonce_request())
    reply = yield from demand(Send(request=request, at=_NONCE))
    answer = builder.read(_NONCE, lambda: prt.parse_nonce_reply(reply), lambda error: _unreadable(_NONCE, reply, error))
    if isinstance(answer, EntraError):
        raise StepFailed(entra_refusal(_NONCE, answer))
    builder.keep(nonce=answer)
    return answer


def _request_token(
    context: SignInContext,
    builder: SignInBuilder,
    device: JoinedDevice,
    nonce: RequestNonce,
    response: TokenResponse,
) -> Flow[PrimaryRefreshToken]:
    """Trade the assertion for the primary refresh token.

    Raises:
        StepFailed: Entra refused the device or the assertion, or answered with something else.
    """
    body = prt.build_prt_request(
        certificate=device.certificate,
        key=device.key,
        nonce=nonce.value,
        assertion_xml=response.assertion_xml,
        os_version=context.habits.os_version,
    )
    reply = yield from demand(Send(request=_post(context, builder, body), at=_PRT))
    answer = builder.read(_PRT, lambda: prt.parse_prt_reply(reply), lambda error: _unreadable(_PRT, reply, error))
    if isinstance(answer, EntraError):
        raise StepFailed(entra_refusal(_PRT, answer))
    return answer


def _post(context: SignInContext, builder: SignInBuilder, body: bytes) -> HttpRequest:
    return HttpRequest(
        method="POST",
        url=f"{context.site.entra.login_url}/common/oauth2/token",
        headers=(
            *context.habits.agent_header,
            ("Accept", "application/json"),
            ("Content-Type", oauth.CONTENT_TYPE),
            ("client-request-id", builder.evidence.client_request_id),
        ),
        body=body,
    )


def _as_shown(end: Failure) -> Failure:
    """Give a failure the code that Windows shows of a logon, where one is known."""
    if end.breakage is not None:
        return replace(end, cause=windows.code(_NETWORK), wrapper=None)
    if end.step in {Step.MEX, Step.RST} and _DOCTYPE in end.reason:
        return replace(end, cause=windows.code(_DTD), wrapper=None)
    if end.step is Step.RST and isinstance(end.server, SoapFault | None):
        return replace(end, cause=windows.code(_NO_SAML), wrapper=None)
    if isinstance(end.server, EntraError) and end.server.http_status == 400:
        return replace(end, cause=windows.assumed(_BAD_REQUEST, _BY_STATUS), wrapper=None)
    return end


def _unreadable(at: StepRow, reply: HttpReply, error: PeerError) -> Failure:
    """Entra's answer is neither what was asked for nor an error document."""
    reason = f"Entra's answer (HTTP {reply.status}) cannot be read: {error.problem}"
    return failure(at, reason, windows.UNKNOWN, remedy="look for a proxy that answers in Entra's place")
