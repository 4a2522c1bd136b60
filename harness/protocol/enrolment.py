"""Device registration: the join request, the synchronized join, and the device certificate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What the service issued; `certificate` is DER, `membership_sids` what ReturnClientSid brought."""

    http_status: int
    certificate: bytes
    thumbprint: str
    device_id: str
    tenant_id: str | None
    issuer: str
    not_before: datetime
    not_after: datetime
    user_upn: str | None
    membership_sids: tuple[str, ...]
    response_date: str
    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentError:
    """The service's ErrorDetails: `error_type` as `DirectoryError`."""

    http_status: int
    error_type: str
    message: str
    trace_id: str
    time: str
    response_date: str = ""
