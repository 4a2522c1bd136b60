"""`dsregcmd /join /debug`, line for line, from the evidence of a join.

Seen in public recordings: success, Entra's refusal with a fallback that succeeds, a fallback refused with
DirectoryError, a forest without service connection point, and a failure before any token request. Lines elsewhere are
assumed, and each function that writes such lines says so; docs/fidelity.md has a row for every line.
"""

from __future__ import annotations

from hybridjoin.device.screens import text
from hybridjoin.device.screens.codes import inner, outer
from hybridjoin.device.screens.facts import Facts, JoinReply
from hybridjoin.device.screens.status import short_status_lines
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.flows import MANAGED_JOIN
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
    if evidence.flow == MANAGED_JOIN.name and (failure is None or failure.phase is Phase.JOIN):
        return _synchronized(evidence, failure, facts)
    if failure is None:
        log = (*_adal_until_oauth(evidence, facts), *text.ADAL_SUCCESS)
        return (*_get_token(evidence, facts), *log, *_reply(facts.join), text.FEDERATED_DONE)
    if failure.phase is Phase.DISCOVER:
        return _discovery_failed(failure)
    if failure.phase is Phase.JOIN:
        log = (*_adal_until_oauth(evidence, facts), *text.ADAL_SUCCESS)
        return (*_get_token(evidence, facts), *log, *_refused(failure, facts, facts.join, text.AUTO_ENROLL_FAILED))
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
    codes = _hresults(failure.cause if failure else windows.UNKNOWN, windows.code(windows.WSTRUST_FAILED))
    wrapper = text.ADAL_HRESULT.format(code=windows.code(windows.ADAL_WRAPPER))
    whole = (*log, *codes, text.GET_STATUS, wrapper)
    middle = (
        text.ADAL_ERROR_CODE.format(code=windows.code(windows.ADAL_WRAPPER)),
        text.ADAL_CORRELATION.format(request_id=evidence.client_request_id),
    )
    return (*whole, *middle), tuple(reversed(whole))


def _integrated_auth_failed(evidence: JoinEvidence, facts: Facts) -> tuple[Lines, Lines]:
    """A failure before any token request, and its replay in reverse with the outer code after it.

    The three head lines, the replay and its end are recorded; what the log holds until then is assumed.
    """
    failure = evidence.failure
    cause = failure.cause if failure is not None else windows.UNKNOWN
    transport = evidence.mex is None and not _is_about_the_document(cause)
    codes = (cause, windows.code(_MEX_REQUEST_FAILED)) if transport else (cause,)
    log = (*_adal_until_realm(evidence, facts), *_hresults(*codes))
    head = (
        text.FATAL_AUTH_ERROR,
        text.FATAL_ERROR_CODE.format(code=inner(failure) if failure else windows.UNKNOWN.symbol),
        text.FATAL_CORRELATION.format(request_id=evidence.client_request_id.upper()),
    )
    outer_code = text.ADAL_HRESULT.format(code=windows.code(windows.ADAL_WRAPPER))
    return (*log, *head), (*reversed(log), outer_code)


def _is_about_the_document(cause: WindowsCode) -> bool:
    """Tell a metadata document that is wrong from one that could not be fetched."""
    return 0xCAA90000 <= cause.code < 0xCAA91000


def _hresults(*codes: WindowsCode) -> Lines:
    """Log lines for codes; one that nobody knows is not printed."""
    return tuple(text.ADAL_HRESULT.format(code=code) for code in codes if not windows.is_unknown(code))


def _no_token(evidence: JoinEvidence, failure: Failure) -> Lines:
    """The summary of a federated join that failed; without a fallback the invitation to it is assumed absent."""
    last = text.FEDERATED_FAILED.format(code=windows.code(windows.ADAL_WRAPPER))
    if _tried_fallback(evidence):
        last += text.TRY_SYNCHRONIZED
    return (text.NO_TOKEN.format(code=inner(failure)), last)


def _tried_fallback(evidence: JoinEvidence) -> bool:
    return evidence.result is JoinResult.SYNCHRONIZED or evidence.fallback_failure is not None


def _fallback(evidence: JoinEvidence, facts: Facts) -> Lines:
    """The synchronized join, if there was one."""
    return _synchronized(evidence, evidence.fallback_failure, facts)


def _synchronized(evidence: JoinEvidence, failure: Failure | None, facts: Facts) -> Lines:
    """The synchronized join, as a managed domain's only one or as a fallback; nothing where there was none."""
    if failure is not None:
        return _refused(failure, facts, facts.sync_join, text.AUTO_ENROLL_SYNC_FAILED)
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


def _refused(failure: Failure, facts: Facts, reply: JoinReply | None, last: str) -> Lines:
    """A registration that was refused; recorded for the synchronized join, assumed for the other."""
    code = inner(failure)
    said = _server_error(failure.server, newer=facts.newer) if isinstance(failure.server, EnrolmentError) else ()
    return (*_reply(reply), *said, text.AUTO_JOIN_FAILED.format(code=code), last.format(code=code))


def _server_error(server: EnrolmentError, *, newer: bool) -> Lines:
    """What the registration service said of its refusal; older clients do not print the subcode."""
    subcode = (text.JOIN_SUBCODE.format(subcode=server.subcode),) if newer and server.subcode else ()
    return (
        text.JOIN_ERROR.format(error=server.error_type),
        *subcode,
        text.JOIN_MESSAGE.format(message=server.message),
    )


def _discovery_failed(failure: Failure) -> Lines:
    """A failure before the tenant was known: recorded for an SCP that is not there, the last line also for others."""
    last = text.DISCOVER_FAILED.format(code=outer(failure))
    if failure.step is not Step.SCP or failure.wrapper is None:
        return (last,)
    return (text.READ_FAILED.format(code=inner(failure)), last)
