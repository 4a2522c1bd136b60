"""Evidence of a device that leaves: one that is healthy, and one that the service refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hybridjoin.evidence.leave import LeaveEvidence, RegisteredDevice
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.exchange import HttpReply
from hybridjoin.model.record import LeaveResult
from hybridjoin.model.steps import Phase, Step
from hybridjoin.protocol import enrolment, windows
from hybridjoin.protocol.enrolment import EnrolmentError, Removal
from tests.checks.messages import kept
from tests.protocol.documents import GUID, NOW

REFUSED = b'{"ErrorType":"AuthenticationError","Message":"The device certificate belongs to no device."}'


def left(**changes: Any) -> LeaveEvidence:  # noqa: ANN401 the fields of LeaveEvidence
    """A leave in which every sentence that can be tested holds, with some of its evidence replaced."""
    removal = kept(enrolment.parse_leave_reply(HttpReply(status=200, reason="OK", headers=(), body=b"")), b"")
    assert isinstance(removal, Removal)
    healthy = LeaveEvidence(
        result=LeaveResult.LEFT,
        device=RegisteredDevice(device_id=str(GUID)),
        client_request_id="5d0c7f2e-8a41-4f5b-9d3e-77c1b2a90e14",
        started_at=NOW,
        removal=removal,
    )
    return replace(healthy, **changes)


def not_left() -> LeaveEvidence:
    """A leave that the service refused, as it knows no device by the certificate."""
    reply = HttpReply(status=401, reason="Unauthorized", headers=(), body=REFUSED)
    error = kept(enrolment.parse_leave_reply(reply), REFUSED)
    assert isinstance(error, EnrolmentError)
    end = Failure(phase=Phase.JOIN, step=Step.LEAVE, reason="refused", cause=windows.UNKNOWN, server=error)
    return left(result=LeaveResult.NOT_LEFT, removal=None, enrolment_error=error, failure=end)


LEAVE_BREAKING = {"LEAVE-01": not_left}
LEAVE_PASSING = {"LEAVE-01": left}
