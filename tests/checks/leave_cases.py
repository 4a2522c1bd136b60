"""Evidence of a device that leaves: one that is healthy, and one that the service refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hybridjoin.evidence.leave import LeaveEvidence, RegisteredDevice
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.record import LeaveResult
from hybridjoin.model.steps import Phase, Step
from hybridjoin.protocol import windows
from hybridjoin.protocol.enrolment import EnrolmentError, Removal
from tests.protocol.documents import GUID, NOW


def left(**changes: Any) -> LeaveEvidence:  # noqa: ANN401 the fields of LeaveEvidence
    """A leave in which every sentence that can be tested holds, with some of its evidence replaced."""
    healthy = LeaveEvidence(
        result=LeaveResult.LEFT,
        device=RegisteredDevice(device_id=str(GUID)),
        client_request_id="5d0c7f2e-8a41-4f5b-9d3e-77c1b2a90e14",
        started_at=NOW,
        removal=Removal(http_status=200),
    )
    return replace(healthy, **changes)


def not_left() -> LeaveEvidence:
    """A leave that the service refused, as it knows no device by the certificate."""
    error = EnrolmentError(
        http_status=401,
        error_type="AuthenticationError",
        message="The device certificate belongs to no device.",
        trace_id="",
        time="",
        response_date="",
        request_id="",
    )
    end = Failure(phase=Phase.JOIN, step=Step.LEAVE, reason="refused", cause=windows.UNKNOWN, server=error)
    return left(result=LeaveResult.NOT_LEFT, removal=None, enrolment_error=error, failure=end)


LEAVE_BREAKING = {"JOIN-05": not_left}
LEAVE_PASSING = {"JOIN-05": left}
