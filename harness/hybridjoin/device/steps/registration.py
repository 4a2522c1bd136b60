"""Finding a tenant's registration service and registering there: the same, whoever's token it is."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from hybridjoin.device.habits import Habits
from hybridjoin.device.needs import Flow, Now, ReadDeviceKey, Send, ask
from hybridjoin.device.steps.evidence_builder import Evidence, EvidenceBuilder, StepFailed
from hybridjoin.device.steps.failures import demand, failure
from hybridjoin.errors import PeerError
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.exchange import Headers, HttpReply, HttpRequest
from hybridjoin.model.steps import StepRow
from hybridjoin.model.verdict import WindowsCode
from hybridjoin.protocol import discovery, enrolment, windows
from hybridjoin.protocol.discovery import DrsDiscovery
from hybridjoin.protocol.enrolment import EnrolmentError, Registration
from hybridjoin.protocol.throttle import Wait, asked_to_wait

DISCOVER_API_VERSION = "1.7"
JOIN_API_VERSION = "2.0"
WAIT = "wait {wait}; the scheduled task tries again at the next sign-in or within the hour"


def drs_headers(habits: Habits, request_id: str) -> Headers:
    """Return the headers of every request to the registration service, whatever is asked."""
    return (
        ("Accept", "application/json"),
        ("User-Agent", f"Dsreg/10.0 (Windows {habits.os_version})"),
        ("ocp-adrs-client-name", "dsreg"),
        ("ocp-adrs-client-version", "10"),
        ("client-request-id", request_id),
    )


def discover_service(
    builder: EvidenceBuilder[Evidence], at: StepRow, base: str, name: str, *, headers: Headers, look_at: str
) -> Flow[DrsDiscovery]:
    """Ask the registration service at `base` where the services of a tenant are, by a name of it.

    Raises:
        StepFailed: it does not answer, or names no service; `look_at` is where that name came from.
    """
    url = f"{base}/{quote(name)}/discover?{urlencode({'api-version': DISCOVER_API_VERSION})}"
    reply = yield from demand(Send(request=HttpRequest(method="GET", url=url, headers=headers), at=at))
    if reply.status != 200:
        reason = f"discovery answered HTTP {reply.status}"
        raise StepFailed(failure(at, reason, _discovery_code(reply.status), remedy=look_at))
    found = builder.read(
        at,
        lambda: discovery.parse_discovery(reply.body),
        lambda error: failure(
            at,
            f"the discovery document cannot be read: {error.problem}",
            windows.code(0x8007000D),
            remedy="look for a proxy that answers in the service's place",
        ),
    )
    builder.keep(discovery=found)
    return found


def read_registration(
    builder: EvidenceBuilder[Evidence], at: StepRow, reply: HttpReply, *, habits: Habits, remedy: str, wait: str = WAIT
) -> Registration:
    """Read the certificate, or end the step with the service's refusal; `remedy` is what mends one, `wait` a busy one.

    Raises:
        StepFailed: there is no certificate.
    """
    answer = builder.read(at, lambda: enrolment.parse_join_reply(reply), lambda error: _unreadable(at, error))
    if isinstance(answer, EnrolmentError):
        raise StepFailed(_refused(at, answer, habits, remedy=remedy, busy=asked_to_wait(reply), wait=wait))
    return answer


def keep_registration(
    builder: EvidenceBuilder[Evidence], registration: Registration, key: RSAPrivateKey, *, device_id: str, tenant: str
) -> Flow[None]:
    """Keep the device certificate and what is wrong with it; `tenant` is the id of the one that it should name."""
    builder.keep(registration=registration)
    now = yield from ask(Now())
    ours = (yield from ask(ReadDeviceKey(certificate=registration.certificate, key=key))).ours
    problems = enrolment.certificate_problems(registration, ours=ours, device_id=device_id, tenant_id=tenant, now=now)
    builder.keep(registration_problems=problems)


def _refused(
    at: StepRow, error: EnrolmentError, habits: Habits, *, remedy: str, busy: Wait | None, wait: str
) -> Failure:
    """The registration service refused the device; `busy` is for how long it asked to be left alone."""
    reason = f"the registration service answered {error.error_type or f'HTTP {error.http_status}'}: {error.message}"
    cause = windows.enrolment_error(error.error_type, error.subcode, newer=habits.build.newer)
    mends = wait.format(wait=busy) if busy is not None else remedy
    return failure(at, reason, cause, server=error, remedy=mends)


def _unreadable(at: StepRow, error: PeerError) -> Failure:
    """The registration service's answer cannot be read."""
    reason = f"the registration service's answer cannot be read: {error.problem}"
    return failure(at, reason, windows.UNKNOWN, remedy="look for a proxy that answers in the service's place")


def _discovery_code(status: int) -> WindowsCode:
    """Return the code nearest to an HTTP status of the Discover request."""
    if status == 503:
        return windows.code(windows.SERVER_BUSY)
    if status == 429:
        return windows.assumed(windows.SERVER_BUSY, "inferred: the number is documented for HTTP 503")
    if status in {400, 404}:
        return windows.assumed(0x801C003A, "inferred: the service refuses a tenant that it does not know")
    return windows.code(0x801C0021)
