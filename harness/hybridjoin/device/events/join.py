"""The events of User Device Registration/Admin that a computer's join leaves behind, in their order."""

from __future__ import annotations

import json
from collections.abc import Iterator

from hybridjoin.device.events import reasons
from hybridjoin.device.events.recorded_join import UNDEFINED, RecordedJoin, inner_code, outer_code
from hybridjoin.device.events.rows import EventReason, Moment, PlacedEvent, logged
from hybridjoin.device.screens import text
from hybridjoin.model.masks import mask_once
from hybridjoin.model.record import FailureRecord, JoinResult
from hybridjoin.model.steps import Phase, Step
from hybridjoin.protocol.enrolment import JoinType

Data = tuple[tuple[str, str], ...]
Events = Iterator[PlacedEvent]


def admin_events(told: RecordedJoin) -> Events:
    """Yield the events of a join."""
    failure = told.join.failure
    yield from _pre_checks(told)
    yield from _discovery(told, failure)
    if failure is not None and failure.phase is Phase.AUTH and failure.step is not Step.REALM:
        yield _no_token(told, failure)
    for step in (Step.JOIN, Step.SYNC_JOIN):
        if told.find(step) is not None:
            yield from _registration(told, step)
    yield from _end(told)


def registration_events(told: RecordedJoin) -> Events:
    """Yield the events of a device that a person joins: the service is looked for and asked as a computer does.

    Those of a device that is registered alone are in another log, whose texts are not public.
    """
    if told.join_type is not JoinType.REGISTERED:
        yield from _discovery(told, told.join.failure)
        if told.find(Step.JOIN) is not None:
            yield from _registration(told, Step.JOIN)


def _event(told: RecordedJoin, number: int, data: Data, at: Moment, reason: EventReason) -> PlacedEvent:
    return logged(number, data, at=at, computer=told.computer, reason=reason)


def _pre_checks(told: RecordedJoin) -> Events:
    if told.pre_checks:
        data = (("DebugOutput", "\n".join(told.pre_checks)),)
        yield _event(told, 331, data, told.started, reasons.PRE_CHECKS)


def _discovery(told: RecordedJoin, failure: FailureRecord | None) -> Events:
    """The search for the tenant; the failure's outer code is that of the whole search."""
    failed = failure if failure is not None and failure.phase is Phase.DISCOVER else None
    end = told.ended()
    if failed is not None and failed.step in {Step.COMPUTER, Step.SCP}:
        yield _event(told, 307, (("ExitCode", outer_code(failed)),), end, reasons.NO_SCP)
        return
    exchange = told.find(Step.DISCOVER)
    if exchange is None:
        return
    at, status, said = told.ended(Step.DISCOVER), told.status(Step.DISCOVER), _text(told.body(Step.DISCOVER))
    here = failed if failed is not None and failed.step is Step.DISCOVER else None
    if status is None:
        code = inner_code(here) if here is not None else ""
        yield _event(told, 200, (("ExitCode", code), ("Domain", told.tenant_name)), at, reasons.NOT_SENT)
    else:
        yield _event(told, 100, (), told.began(Step.DISCOVER), reasons.DISCOVERED)
        if here is None:
            yield _event(told, 101, (("ServerMessage", said),), at, reasons.DISCOVERED)
        else:
            data = (("ExitCode", inner_code(here)), ("HttpStatus", str(status)), ("ServerMessage", said))
            yield _event(told, 201, data, at, reasons.NOT_DISCOVERED)
    if here is not None:
        yield _event(told, 309, (("ExitCode", outer_code(here)),), at, reasons.NO_SERVICE)
    if failed is not None and failed.step is Step.REALM and told.status(Step.REALM) is not None:
        data = (
            ("ExitCode", inner_code(failed)),
            ("HttpStatus", str(told.status(Step.REALM))),
            ("ServerMessage", _text(told.body(Step.REALM))),
        )
        yield _event(told, 354, data, end, reasons.NO_REALM)


def _no_token(told: RecordedJoin, failure: FailureRecord) -> PlacedEvent:
    went_on = told.find(Step.SYNC_JOIN) is not None
    data = (
        ("ExitCode", inner_code(failure)),
        ("ServerErrorMessage", _adal_error(told)),
        ("TenantType", told.tenant_type),
        ("TenantName", told.tenant_name),
    )
    reason = reasons.NO_TOKEN_THEN_SYNC if went_on else reasons.NO_TOKEN
    return _event(told, 305, data, told.ended(failure.step), reason)


def _adal_error(told: RecordedJoin) -> str:
    """The token client's message, code, correlation id and log, as the screen has them."""
    fatal = told.said("LogFatalAuthError: AdalMessage: ")
    code = told.said("AdalErrorCode: ")
    lines = (
        f"AdalMessage: {fatal or text.GET_STATUS}",
        *((f"AdalErrorCode: {code}",) if code else ()),
        f"AdalCorrelationId: {_correlation(told)}",
        *told.adal_log,
    )
    return "\n".join(lines)


def _correlation(told: RecordedJoin) -> str:
    return f"{{{told.join.client_request_id.upper()}}}" if told.join.client_request_id else UNDEFINED


def _registration(told: RecordedJoin, step: Step) -> Events:
    """What is noted of a registration that was asked for, with a token or without."""
    synchronized = step is Step.SYNC_JOIN
    began, at = told.began(step), told.ended(step)
    data: Data = (
        ("JoinRequestType", _join_type(told.sent_body(step))),
        ("JoinRequestTypeSymbolicName", ""),
        ("Domain", told.tenant_name),
    )
    yield _event(told, 102, data, began, reasons.INITIALIZED)
    failures = (told.join.fallback_failure, told.join.failure)
    failed = next((item for item in failures if item is not None and item.step is step), None)
    status, activity = told.status(step), told.sent(step, "client-request-id")
    if status is None:
        code = inner_code(failed) if failed is not None else ""
        yield _event(told, 203, (("ExitCode", code), ("ActivityId", activity)), at, reasons.NOT_ANSWERED)
        return
    token = mask_once(told.sent(step, "authorization").partition(" ")[2])
    reason = reasons.SENT_WITHOUT_TOKEN if synchronized else reasons.SENT
    yield _event(told, 103, (("AuthToken", token),), began, reason)
    answer = _text(told.body(step))
    if failed is not None:
        data = (("ExitCode", inner_code(failed)), ("ActivityId", activity), ("HttpStatus", str(status)))
        yield _event(told, 204, (*data, ("ServerResponse", answer)), at, reasons.REFUSED)
        return
    yield _event(told, 104, (("ServerResponse", answer), ("ActivityId", activity)), at, reasons.ANSWERED)
    yield _event(told, 105, (), at, reasons.COMPLETED)
    yield _event(told, 106, (), at, reasons.COMPLETED)


def _join_type(body: bytes) -> str:
    """Return the number that the request has on the wire."""
    try:
        message = json.loads(body)
    except ValueError:
        return ""
    number = message.get("JoinType") if isinstance(message, dict) else None
    return str(number) if isinstance(number, int) and 0 <= number < 1 << 31 else ""


def _end(told: RecordedJoin) -> Events:
    """What the whole attempt came to; one that was cut off came to nothing that is noted."""
    last = told.last_failure
    if told.join.result is not JoinResult.FAILED:
        yield _event(told, 306, (), told.ended(), reasons.SUCCEEDED)
    if last is None:
        return
    data = (
        ("ExitCode", inner_code(last) if last.phase is Phase.JOIN else outer_code(last)),
        ("ServerErrorMessage", last.server_message if last.phase is Phase.JOIN else ""),
        ("TenantType", told.tenant_type),
        ("JoinType", told.registration_type),
        ("DebugOutput", "\n".join(_debug_output(told, last))),
    )
    yield _event(
        told, 304, data, told.ended(), reasons.FAILED if last.phase is Phase.AUTH else reasons.FAILED_OTHERWISE
    )


def _debug_output(told: RecordedJoin, last: FailureRecord) -> Iterator[str]:
    asked = last.phase is not Phase.DISCOVER and told.tenant_type == "Federated"
    yield "joinMode: Join"
    yield f"drsInstance: {'azure' if told.discovery is not None else UNDEFINED}"
    yield f"registrationType: {told.registration_type}"
    yield f"tenantType: {told.tenant_type}"
    yield f"tenantId: {told.tenant_id}"
    yield f"configLocation: {UNDEFINED}"
    yield f"errorPhase: {last.phase.value}"
    yield f"adalCorrelationId: {_correlation(told) if asked else UNDEFINED}"
    if not asked:
        yield f"adalLog: {UNDEFINED}"
        yield f"adalResponseCode: {UNDEFINED}"
        return
    failure = told.join.failure
    outer = outer_code(failure) if failure is not None and failure.phase is Phase.AUTH else ""
    last_line = text.ADAL_HRESULT.format(code=outer)
    yield "adalLog:"
    if outer and told.adal_log[:1] != (last_line,):
        yield last_line
    yield from told.adal_log
    yield ""
    yield f"adalResponseCode: {outer or UNDEFINED}"


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")
