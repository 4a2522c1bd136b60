"""`dsregcmd /join /debug`, line for line, from the evidence of a join.

Seen in public recordings: success, Entra's refusal with a fallback that succeeds, a fallback refused with
DirectoryError, and the first lines of a failure before any token request. Lines elsewhere are assumed, and each
function that writes such lines says so.
"""

from __future__ import annotations

from hybridjoin.device.screens import text
from hybridjoin.device.screens.facts import Facts, JoinReply
from hybridjoin.device.screens.status import short_status_lines
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.record import JoinResult
from hybridjoin.model.steps import Phase, Step
from hybridjoin.model.verdict import WindowsCode
from hybridjoin.protocol import windows
from hybridjoin.protocol.enrolment import EnrolmentError
from hybridjoin.protocol.oauth import EntraError

Lines = tuple[str, ...]

_MEX_REQUEST_FAILED = 0xCAA9002B


def debug_lines(evidence: JoinEvidence, facts: Facts) -> Lines:
    """Return the whole screen, the short status block at its end included."""
    body = (*_opening(evidence, facts), *_tenant(evidence), *_outcome(evidence, facts))
    return (*body, text.END, *short_status_lines(evidence))


def _opening(evidence: JoinEvidence, facts: Facts) -> Lines:
    """The log's start and the pre-checks."""
    request_id = text.CLIENT_REQUEST_ID.format(
        request_id=evidence.client_request_id,
        domain=facts.domain,
        forest=facts.forest,
        domain_controller=facts.domain_controller,
    )
    return (text.LOGGING, text.LOGGING, request_id, *text.PRE_JOIN_CHECKS)


def _tenant(evidence: JoinEvidence) -> Lines:
    """The tenant, once both Discover and the realm are known."""
    if evidence.discovery is None or evidence.realm is None:
        return ()
    line = text.TENANT_INFO.format(
        tenant_type="Federated" if evidence.realm.federated else "Managed",
        tenant_id=evidence.discovery.tenant_id,
        tenant_name=evidence.scp.tenant_name if evidence.scp else evidence.discovery.tenant_name,
    )
    return (line,)


def _outcome(evidence: JoinEvidence, facts: Facts) -> Lines:
    """Everything between the tenant and the status."""
    failure = evidence.failure
    if failure is None:
        log = (*_adal_until_oauth(evidence, facts), *text.ADAL_SUCCESS)
        return (*_get_token(evidence, facts), *log, *_reply(facts.join), text.FEDERATED_DONE)
    if failure.phase is Phase.DISCOVER:
        return (*_discovery_failed(failure), *_fallback(evidence, facts))
    if failure.phase is Phase.JOIN:
        log = (*_adal_until_oauth(evidence, facts), *text.ADAL_SUCCESS)
        return (*_get_token(evidence, facts), *log, *_refused(failure, facts.join, text.AUTO_ENROLL_FAILED))
    if failure.step is Step.REALM:  # a managed domain: assumed to go to the synchronized join without a word
        return _fallback(evidence, facts)
    before_token = failure.step is Step.MEX
    first, again = _integrated_auth_failed(evidence, facts) if before_token else _token_failed(evidence, facts)
    return (*_get_token(evidence, facts), *first, *again, *_no_token(evidence, failure), *_fallback(evidence, facts))


def _get_token(evidence: JoinEvidence, facts: Facts) -> Lines:
    """Where the token is asked for."""
    url = evidence.discovery.auth_code_endpoint if evidence.discovery else ""
    return tuple(line.format(auth_code_url=url, authority=_authority(facts)) for line in text.GET_TOKEN)


def _authority(facts: Facts) -> str:
    return f"{facts.login_url}/common"


def _adal_until_realm(evidence: JoinEvidence, facts: Facts) -> Lines:
    """ADAL's log up to the WS-Trust exchange."""
    realm = (line.format(applies_to=evidence.applies_to, authority=_authority(facts)) for line in text.ADAL_REALM)
    return (*text.ADAL_START, *realm)


def _adal_until_oauth(evidence: JoinEvidence, facts: Facts) -> Lines:
    """ADAL's log up to the status of the token answer."""
    error = evidence.entra_error
    status = error.http_status if error is not None else 200
    oauth = (line.format(status=status) for line in text.ADAL_OAUTH)
    return (*_adal_until_realm(evidence, facts), *oauth)


def _token_failed(evidence: JoinEvidence, facts: Facts) -> tuple[Lines, Lines]:
    """A failure after the token request began, and its replay in reverse.

    Recorded for Entra's refusal. For a failure at the IdP the same frame without the OAuth lines is assumed.
    """
    failure = evidence.failure
    server = failure.server if failure is not None else None
    log: Lines
    if isinstance(server, EntraError):
        refused = (
            line.format(status=server.http_status, text=server.raw, error=server.error, description=server.description)
            for line in text.ADAL_REFUSED
        )
        log = (*_adal_until_oauth(evidence, facts), *refused)
    else:
        log = _adal_until_realm(evidence, facts)
    inner = _hresults(failure.cause if failure else windows.UNKNOWN, windows.code(windows.WSTRUST_FAILED))
    outer = text.ADAL_HRESULT.format(code=windows.code(windows.ADAL_WRAPPER))
    whole = (*log, *inner, text.GET_STATUS, outer)
    middle = (
        text.ADAL_ERROR_CODE.format(code=windows.code(windows.ADAL_WRAPPER)),
        text.ADAL_CORRELATION.format(request_id=evidence.client_request_id),
    )
    return (*whole, *middle), tuple(reversed(whole))


def _integrated_auth_failed(evidence: JoinEvidence, facts: Facts) -> tuple[Lines, Lines]:
    """A failure before any token request. Its three head lines are recorded; what surrounds them is assumed."""
    failure = evidence.failure
    cause = failure.cause if failure is not None else windows.UNKNOWN
    transport = evidence.mex is None and not _is_about_the_document(cause)
    codes = (cause, windows.code(_MEX_REQUEST_FAILED)) if transport else (cause,)
    log = (*_adal_until_realm(evidence, facts), *_hresults(*codes))
    head = (
        text.FATAL_AUTH_ERROR,
        text.FATAL_ERROR_CODE.format(code=_shown(failure)),
        text.ADAL_CORRELATION.format(request_id=evidence.client_request_id),
    )
    return (*log, *head), tuple(reversed(log))


def _is_about_the_document(cause: WindowsCode) -> bool:
    """Tell a metadata document that is wrong from one that could not be fetched."""
    return 0xCAA90000 <= cause.code < 0xCAA91000


def _hresults(*codes: WindowsCode) -> Lines:
    """Log lines for codes; one that nobody knows is not printed."""
    return tuple(text.ADAL_HRESULT.format(code=code) for code in codes if not windows.is_unknown(code))


def _shown(failure: Failure | None) -> str:
    """The code that stands for a failure: the cause, else the wrapper, else the word that nobody knows it."""
    if failure is None:
        return str(windows.code(windows.ADAL_WRAPPER))
    known = (code for code in (failure.cause, failure.wrapper) if code is not None and not windows.is_unknown(code))
    return next((str(code) for code in known), windows.UNKNOWN.symbol)


def _no_token(evidence: JoinEvidence, failure: Failure) -> Lines:
    """The summary of a federated join that failed; without a fallback the invitation to it is assumed absent."""
    last = text.FEDERATED_FAILED.format(code=windows.code(windows.ADAL_WRAPPER))
    if _tried_fallback(evidence):
        last += text.TRY_SYNCHRONIZED
    return (text.NO_TOKEN.format(code=_shown(failure)), last)


def _tried_fallback(evidence: JoinEvidence) -> bool:
    return evidence.result is JoinResult.SYNCHRONIZED or evidence.fallback_failure is not None


def _fallback(evidence: JoinEvidence, facts: Facts) -> Lines:
    """The synchronized join, if there was one."""
    if evidence.fallback_failure is not None:
        return _refused(evidence.fallback_failure, facts.sync_join, text.AUTO_ENROLL_SYNC_FAILED)
    if evidence.result is JoinResult.SYNCHRONIZED:
        return (*_reply(facts.sync_join), text.SYNCHRONIZED_DONE)
    return ()


def _reply(reply: JoinReply | None) -> Lines:
    """The registration service's answer."""
    if reply is None:
        return ()
    return tuple(
        line.format(request_id=reply.request_id, response_time=reply.response_time, status=reply.http_status)
        for line in text.JOIN_REPLY
    )


def _refused(failure: Failure, reply: JoinReply | None, last: str) -> Lines:
    """A registration that was refused; recorded for the synchronized join, assumed for the other."""
    error: Lines = ()
    if isinstance(failure.server, EnrolmentError):
        server = failure.server
        error = tuple(line.format(error=server.error_type, message=server.message) for line in text.JOIN_ERROR)
    code = _shown(failure)
    return (*_reply(reply), *error, text.AUTO_JOIN_FAILED.format(code=code), last.format(code=code))


def _discovery_failed(failure: Failure) -> Lines:
    """A failure before the tenant was known: assumed."""
    return (text.DISCOVER_FAILED.format(code=_shown(failure)),)
