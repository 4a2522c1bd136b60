"""A device that leaves its tenant, told once: it shows the certificate of its registration and asks to be removed.

That is what `dsregcmd /leave` ends in. Nobody signs in for it: whoever holds the key of the certificate is the device
([MS-DVRJ] 3.1.5.1.2). The certificate is shown in the TLS handshake, which is the business of the hands.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from hybridjoin.device.habits import Habits
from hybridjoin.device.needs import Flow, NewId, Now, Send, ask
from hybridjoin.device.steps.evidence_builder import EvidenceBuilder, StepFailed
from hybridjoin.device.steps.failures import demand, failure
from hybridjoin.device.steps.registration import drs_headers
from hybridjoin.errors import PeerError
from hybridjoin.evidence.leave import LeaveEvidence, RegisteredDevice
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.exchange import HttpRequest
from hybridjoin.model.flows import LEAVE
from hybridjoin.model.record import LeaveResult
from hybridjoin.model.site import Site
from hybridjoin.model.steps import Step
from hybridjoin.protocol import enrolment, windows
from hybridjoin.protocol.enrolment import EnrolmentError
from hybridjoin.protocol.throttle import Wait, asked_to_wait

LEAVE_API_VERSION = "1.0"
_LEAVE = LEAVE.row(Step.LEAVE)

LeaveBuilder = EvidenceBuilder[LeaveEvidence]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveContext:
    """Which device leaves, where it is registered, and how it behaves."""

    device_id: str
    site: Site
    habits: Habits


def leave(context: LeaveContext, builder: LeaveBuilder) -> Flow[LeaveEvidence]:
    """Have the device removed, or find out why that cannot be."""
    request_id = yield from ask(NewId())
    builder.begin(
        LeaveEvidence(
            result=LeaveResult.NOT_LEFT,
            device=RegisteredDevice(device_id=context.device_id),
            client_request_id=str(request_id),
            started_at=(yield from ask(Now())),
        )
    )
    try:
        yield from _remove(context, builder)
    except StepFailed as end:
        builder.keep(failure=end.failure)
        if isinstance(end.failure.server, EnrolmentError):
            builder.keep(enrolment_error=end.failure.server)
    return builder.evidence


def _remove(context: LeaveContext, builder: LeaveBuilder) -> Flow[None]:
    """Ask for the removal; the body is empty, and the certificate is all that is shown."""
    query = urlencode({"api-version": LEAVE_API_VERSION})
    base = f"{context.site.entra.registration_url}/EnrollmentServer/device"
    request = HttpRequest(
        method="DELETE",
        url=f"{base}/{quote(context.device_id, safe='')}?{query}",
        headers=drs_headers(context.habits, builder.evidence.client_request_id),
    )
    reply = yield from demand(Send(request=request, at=_LEAVE))
    answer = builder.read(_LEAVE, lambda: enrolment.parse_leave_reply(reply), _unreadable)
    if isinstance(answer, EnrolmentError):
        raise StepFailed(_refused(context, answer, wait=asked_to_wait(reply)))
    builder.keep(removal=answer, result=LeaveResult.LEFT)


def _refused(context: LeaveContext, error: EnrolmentError, *, wait: Wait | None) -> Failure:
    """The registration service does not remove the device."""
    reason = f"the registration service answered {error.error_type or f'HTTP {error.http_status}'}: {error.message}"
    if wait is not None:
        remedy = f"wait {wait}, then leave again"
    elif error.http_status == 401:
        remedy = "it knows no device by this certificate: it has left already, or has joined anew since"
    else:
        remedy = "let an administrator remove the device from the tenant"
    cause = windows.enrolment_error(error.error_type, error.subcode, newer=context.habits.build.newer)
    return failure(_LEAVE, reason, cause, server=error, remedy=remedy)


def _unreadable(error: PeerError) -> Failure:
    """The registration service's answer cannot be read."""
    reason = f"the registration service's answer cannot be read: {error.problem}"
    return failure(_LEAVE, reason, windows.UNKNOWN, remedy="look for a proxy that answers in the service's place")
