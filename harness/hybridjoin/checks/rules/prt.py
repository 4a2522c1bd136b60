"""What a federated user's logon on a joined device needs of IdP and Entra, up to the primary refresh token.

Each check reads `LogonDevice`, so that it is asked of a logon and of nothing else.
"""

from __future__ import annotations

from hybridjoin.checks.missing import reached
from hybridjoin.checks.places import answer_to, in_answer
from hybridjoin.checks.requirement import Finding, broken, expect, holds, requirement
from hybridjoin.checks.rules.mex.structure import at_ports
from hybridjoin.checks.silence import absent, judged_elsewhere
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.evidence.sign_in import LogonDevice
from hybridjoin.model.reading import SessionKeyReading
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.model.where import Where
from hybridjoin.protocol.mex import Credential, MexDocument, Trust
from hybridjoin.protocol.oauth import EntraError
from hybridjoin.protocol.prt import PrimaryRefreshToken, RequestNonce

_ISSUED = "MS-PRT How is a PRT issued?"
_PROTECTED = "MS-PRT How is the PRT protected?"
_FOURTEEN_DAYS_S = 14 * 24 * 3600
_KEY_BITS = 256
_OF_THE_DEVICE, _OF_THE_NONCE, _OF_THE_KEYS = 50155, 140000, 5000611
_TOLD = {_OF_THE_DEVICE: "PRT-03", _OF_THE_NONCE: "PRT-04", _OF_THE_KEYS: "PRT-05"}


@requirement(
    "PRT-01",
    Level.MUST,
    "MS-OAPXBC 3.2.5.1.1.2",
    remedy="Let the device reach login.microsoftonline.com; a proxy that answers in its place stops a logon here.",
    verified=True,
)
def nonce_is_handed_out(_: LogonDevice, nonce: RequestNonce | None, outcome: FlowOutcome) -> Finding:
    """Entra hands out the nonce that the device's request has to name."""
    words = outcome.unreadable_at(Step.NONCE) or outcome.failed_at(Step.NONCE)
    if words:
        return broken(expected="a nonce", found=words, where=answer_to(Step.NONCE, outcome))
    reached(nonce, outcome, Step.NONCE)
    return holds("a nonce", where=in_answer(Step.NONCE, "Nonce"))


@requirement(
    "PRT-02",
    Level.MUST,
    _ISSUED,
    remedy="Explain the AADSTS number that stands there: hybridjoin explain AADSTS…",
    verified=True,
)
def token_is_issued(
    _: LogonDevice, token: PrimaryRefreshToken | None, error: EntraError | None, outcome: FlowOutcome
) -> Finding:
    """Entra answers a joined device's request with a primary refresh token."""
    words = outcome.unreadable_at(Step.PRT) or outcome.failed_at(Step.PRT)
    if error is not None and error.code in _TOLD:
        raise judged_elsewhere(_TOLD[error.code], error.description)
    if words:
        found = error.description if error is not None else words
        where = in_answer(Step.PRT, "error_description") if error is not None else answer_to(Step.PRT, outcome)
        return broken(expected="a primary refresh token", found=found, where=where)
    reached(token, outcome, Step.PRT)
    return holds("a primary refresh token", where=in_answer(Step.PRT, "refresh_token"))


@requirement(
    "PRT-03",
    Level.MUST,
    _ISSUED,
    remedy="Look for the device in Entra: where it was deleted, dsregcmd /leave and join it again; where it is "
    "disabled, enable it.",
    verified=True,
)
def device_is_known(_: LogonDevice, token: PrimaryRefreshToken | None, error: EntraError | None) -> Finding:
    """Entra takes the signature of the device's key: the device is registered, and neither deleted nor disabled."""
    return _not_refused_with(_OF_THE_DEVICE, "a registered device", token, error)


@requirement(
    "PRT-04",
    Level.MUST,
    "MS-OAPXBC 3.2.5.1.2.3",
    remedy="Look what delays or repeats the request between the device and Entra: a nonce is good for minutes, once.",
    verified=True,
)
def nonce_is_taken(_: LogonDevice, token: PrimaryRefreshToken | None, error: EntraError | None) -> Finding:
    """Entra takes the nonce that the device's request names."""
    return _not_refused_with(_OF_THE_NONCE, "the nonce that was handed out", token, error)


@requirement(
    "PRT-05",
    Level.MUST,
    "MS-ERRORS AADSTS5000611",
    remedy="Update the device, or the broker of somebody's own: kdf_ver is 2 in the header of the request.",
)
def key_derivation_is_taken(_: LogonDevice, token: PrimaryRefreshToken | None, error: EntraError | None) -> Finding:
    """Entra takes the version of the key derivation that the request names."""
    return _not_refused_with(_OF_THE_KEYS, "version 2 of the key derivation", token, error)


@requirement(
    "PRT-06",
    Level.MUST,
    _PROTECTED,
    remedy="Join the device again: Entra encrypts to the transport key that came with the registration.",
    verified=True,
)
def session_key_is_for_this_device(_: LogonDevice, token: PrimaryRefreshToken, key: SessionKeyReading) -> Finding:
    """The session key is encrypted to the transport key that this device registered."""
    where = _at_session_key(token)
    return expect(key.ours, expected="our transport key", found="ours" if key.ours else "not ours", where=where)


@requirement(
    "PRT-07",
    Level.SHOULD,
    "MS-OAPXBC 3.2.5.1.2",
    remedy="Look what stands between the device and Entra: no other party writes this key.",
)
def session_key_is_wrapped_as_specified(_: LogonDevice, token: PrimaryRefreshToken, key: SessionKeyReading) -> Finding:
    """The session key has 256 bits, and its JWE says RSA-OAEP and A256GCM."""
    if not key.ours:
        raise judged_elsewhere("PRT-06", "the session key is not for this device")
    found = f"{key.algorithm or 'no algorithm'}, {key.encryption or 'no encryption'}, {key.bits} bits"
    same = (key.algorithm, key.encryption, key.bits) == ("RSA-OAEP", "A256GCM", _KEY_BITS)
    return expect(same, expected="RSA-OAEP, A256GCM, 256 bits", found=found, where=_at_session_key(token))


@requirement(
    "PRT-08",
    Level.SHOULD,
    "MS-OAPXBC 3.2.5.1.2.2",
    remedy="Look what stands between the device and Entra: a bearer token is good for whoever holds it.",
    verified=True,
)
def token_is_bound_to_its_key(_: LogonDevice, token: PrimaryRefreshToken) -> Finding:
    """The answer's token_type is pop: the token is good with its session key alone."""
    found = token.token_type
    where = in_answer(Step.PRT, "token_type" if found else "")
    return expect(found.lower() == "pop", expected="pop", found=found or "no type", where=where)


@requirement(
    "PRT-09",
    Level.SHOULD,
    "MS-PRT What is the lifetime of a PRT?",
    remedy="Look for a policy of the tenant about sign-in frequency; people are asked to sign in more often.",
    verified=True,
)
def token_lives_for_fourteen_days(_: LogonDevice, token: PrimaryRefreshToken) -> Finding:
    """The primary refresh token is good for fourteen days."""
    where = in_answer(Step.PRT, "refresh_token_expires_in" if token.expires_in else "")
    found = f"{token.expires_in} s"
    return expect(token.expires_in == _FOURTEEN_DAYS_S, expected=f"{_FOURTEEN_DAYS_S} s", found=found, where=where)


@requirement(
    "PRT-10",
    Level.SHOULD,
    "MS-PRT How is a PRT renewed?",
    remedy="Publish usernamemixed in both versions of WS-Trust, 2005/02 and 1.3, and from outside of the network too.",
    verified=True,
)
def both_versions_take_a_password(_: LogonDevice, document: MexDocument) -> Finding:
    """The metadata offers an endpoint for a password in both versions of WS-Trust, which renewal asks of AD FS."""
    offered = {item.trust for item in document.endpoints if item.credential is Credential.USERNAME and item.trust}
    found = ", ".join(sorted(str(item) for item in offered)) or "none"
    wanted = ", ".join(sorted(str(item) for item in Trust))
    return expect(offered >= set(Trust), expected=wanted, found=found, where=at_ports(document))


def _not_refused_with(code: int, expected: str, token: PrimaryRefreshToken | None, error: EntraError | None) -> Finding:
    """A refusal for one reason; another one leaves it open, and a token proves that it was none."""
    if token is not None:
        return holds("taken", where=in_answer(Step.PRT, "refresh_token"))
    if error is not None and error.code == code:
        return broken(expected=expected, found=error.description, where=in_answer(Step.PRT, "error_description"))
    if error is not None:
        raise judged_elsewhere(_TOLD.get(error.code or 0, "PRT-02"), error.description)
    raise absent("the request was not answered", step=Step.PRT)


def _at_session_key(token: PrimaryRefreshToken) -> Where:
    return in_answer(Step.PRT, "session_key_jwe" if token.session_key_jwe else "")
