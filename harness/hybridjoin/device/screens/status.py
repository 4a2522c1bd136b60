"""`dsregcmd /status`, and the short block that `/join /debug` ends with.

No user has signed in on the simulated device, so the user, SSO and Ngc sections say what Windows says then.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from hybridjoin.device.screens import text
from hybridjoin.device.screens.facts import Facts
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.flows import HYBRID_JOIN
from hybridjoin.model.steps import Phase, Step, StepRow
from hybridjoin.protocol import windows
from hybridjoin.protocol.discovery import DrsDiscovery, Service
from hybridjoin.protocol.enrolment import EnrolmentError, Registration
from hybridjoin.protocol.oauth import EntraError

Lines = tuple[str, ...]
Pairs = tuple[tuple[str, str], ...]

_NO_USER: Pairs = (("NgcSet", "NO"), ("WorkplaceJoined", "NO"), ("WamDefaultSet", "NO"))
_NO_PRT: Pairs = (
    ("AzureAdPrt", "NO"),
    ("AzureAdPrtAuthority", ""),
    ("EnterprisePrt", "NO"),
    ("EnterprisePrtAuthority", ""),
)
_IE_PROXY: Pairs = (
    ("Auto Detect Settings", "YES"),
    ("Auto-Configuration URL", ""),
    ("Proxy Server List", ""),
    ("Proxy Bypass List", ""),
)
_WINHTTP_PROXY: Pairs = (("Access Type", "DIRECT"),)


def short_status_lines(evidence: JoinEvidence) -> Lines:
    """Return the block after DSREGCMD_END_STATUS; of a device that did not join it has two lines."""
    pairs = _state(evidence)
    if evidence.registration is not None:
        pairs += _device(evidence.registration) + _tenant(evidence.discovery)
    return _lines(pairs)


def status_lines(evidence: JoinEvidence, facts: Facts) -> Lines:
    """Return the screen of `dsregcmd /status` as it stands after the join."""
    joined = evidence.registration is not None
    sections = [("Device State", _state(evidence) + _domain(evidence, facts))]
    if evidence.registration is not None:
        sections.append(("Device Details", _device(evidence.registration)))
        sections.append(("Tenant Details", _tenant(evidence.discovery)))
    sections += [
        ("User State", _NO_USER),
        ("SSO State", _NO_PRT),
        ("Diagnostic Data", _healthy(facts) if joined else _diagnosis(evidence, facts)),
        ("IE Proxy Config for Current User", _IE_PROXY),
        ("WinHttp Default Proxy Config", _WINHTTP_PROXY),
        ("Ngc Prerequisite Check", _ngc(joined=joined)),
    ]
    return (*(line for title, pairs in sections for line in _section(title, pairs)), text.MORE)


def _lines(pairs: Iterable[tuple[str, str]]) -> Lines:
    """Write `label : value` with the labels' ends under one another; an empty value leaves no blank behind."""
    return tuple(f"{label:>26} : {value}".rstrip() if label else "" for label, value in pairs)


def _section(title: str, pairs: Pairs) -> Lines:
    """Write one boxed section."""
    return (text.RULE, f"| {title:<68} |", text.RULE, "", *_lines(pairs), "")


def _state(evidence: JoinEvidence) -> Pairs:
    """What the device is joined to."""
    return (("AzureAdJoined", "YES" if evidence.registration is not None else "NO"), ("EnterpriseJoined", "NO"))


def _domain(evidence: JoinEvidence, facts: Facts) -> Pairs:
    """The domain, and the machine's full name."""
    own = evidence.computer
    name = own.dns_host_name if own is not None and own.dns_host_name else f"{facts.computer}.{facts.domain}"
    return (("DomainJoined", "YES"), ("DomainName", facts.netbios), ("Device Name", name))


def _device(registration: Registration) -> Pairs:
    """The device certificate; the key container's name is made from its thumbprint, so that it stays the same."""
    validity = f"[ {_moment(registration.not_before)} -- {_moment(registration.not_after)} ]"
    return (
        ("DeviceId", registration.device_id),
        ("Thumbprint", registration.thumbprint.upper()),
        ("DeviceCertificateValidity", validity),
        ("KeyContainerId", str(uuid.uuid5(uuid.NAMESPACE_OID, registration.thumbprint.upper()))),
        ("KeyProvider", text.KEY_PROVIDER),
        ("TpmProtected", "NO"),
        ("DeviceAuthStatus", "SUCCESS"),
    )


def _tenant(discovery: DrsDiscovery | None) -> Pairs:
    """The tenant's services as Discover named them."""
    if discovery is None:
        return ()
    return (
        ("TenantName", ""),
        ("TenantId", discovery.tenant_id),
        ("AuthCodeUrl", discovery.auth_code_endpoint),
        ("AccessTokenUrl", discovery.token_endpoint),
        ("MdmUrl", ""),
        ("MdmTouUrl", ""),
        ("MdmComplianceUrl", ""),
        ("SettingsUrl", ""),
        *_service(discovery.join, "JoinSrvVersion", "JoinSrvUrl", "JoinSrvId"),
        *_service(discovery.key, "KeySrvVersion", "KeySrvUrl", "KeySrvId"),
        *_service(discovery.webauthn, "WebAuthNSrvVersion", "WebAuthNSrvUrl", "WebAuthNSrvId"),
        *_service(discovery.management, "DeviceManagementSrvVer", "DeviceManagementSrvUrl", "DeviceManagementSrvId"),
    )


def _service(service: Service | None, version: str, url: str, resource: str) -> Pairs:
    """One service of the tenant."""
    if service is None:
        return ((version, ""), (url, ""), (resource, ""))
    return ((version, service.version), (url, service.endpoint), (resource, service.resource_id))


def _account(facts: Facts) -> str:
    return f"{facts.netbios}\\{facts.computer}$, {facts.computer}$@{facts.domain}"


def _healthy(facts: Facts) -> Pairs:
    """Diagnostic Data of a joined device, by whichever road it joined."""
    return (
        ("AadRecoveryEnabled", "NO"),
        ("Executing Account Name", _account(facts)),
        ("KeySignTest", "PASSED"),
    )


def _diagnosis(evidence: JoinEvidence, facts: Facts) -> Pairs:
    """Diagnostic Data of a device that did not join (Windows 10 1809 and later)."""
    last = evidence.fallback_failure or evidence.failure
    return (
        ("Diagnostics Reference", "www.microsoft.com/aadjerrors"),
        ("User Context", "SYSTEM"),
        ("Client Time", _moment(facts.at)),
        *_tests(evidence),
        ("Fallback to Sync-Join", "ENABLED" if evidence.fallback_enabled else "DISABLED"),
        ("", ""),
        *(_previous(evidence, facts, last) if last is not None else ()),
    )


def _tests(evidence: JoinEvidence) -> Pairs:
    """The tests in the order of the flow; each ends with the last step that it covers."""
    covered: dict[str, list[StepRow]] = {}
    for row in HYBRID_JOIN:
        for name in row.status_tests:
            covered.setdefault(name, []).append(row)
    return tuple((name, _test(evidence, rows)) for name, rows in covered.items())


def _test(evidence: JoinEvidence, rows: Sequence[StepRow]) -> str:
    """One of the tests: passed, failed with its code, or never reached."""
    if rows[-1].yields[0] in evidence.parts.names:
        return "PASS"
    failure = evidence.failure
    if failure is None or failure.step not in {row.step for row in rows}:
        return "SKIPPED"
    return f"FAIL [{_code(failure)}]"


def _previous(evidence: JoinEvidence, facts: Facts, last: Failure) -> Pairs:
    """The last attempt and its error."""
    error, message, status, request_id = _server(last, evidence, facts)
    return (
        ("Previous Registration", _moment(evidence.started_at)),
        ("Registration Type", "sync" if evidence.fallback_failure is not None else "fed"),
        ("Error Phase", last.phase.value),
        ("Client ErrorCode", _code(last)),
        ("Server ErrorCode", error),
        ("Server Message", message),
        ("Https Status", status),
        ("Request Id", request_id),
    )


def _server(last: Failure, evidence: JoinEvidence, facts: Facts) -> tuple[str, str, str, str]:
    """What the server said: error, message, HTTP status, request id."""
    server = last.server
    if isinstance(server, EntraError):
        return server.error, server.description, str(server.http_status), evidence.client_request_id
    if isinstance(server, EnrolmentError):
        reply = facts.sync_join if last.step is Step.SYNC_JOIN else facts.join
        return server.error_type, server.message, str(server.http_status), reply.request_id if reply else ""
    return "", "", "", evidence.client_request_id if last.phase is Phase.AUTH else ""


def _code(failure: Failure) -> str:
    """The code that stands for a failure; the wrapper where nobody knows the cause."""
    if windows.is_unknown(failure.cause):
        return str(failure.wrapper) if failure.wrapper is not None else "unknown"
    return str(failure.cause)


def _ngc(*, joined: bool) -> Pairs:
    """The prerequisites of Windows Hello, which a machine without a user does not meet."""
    return (
        ("IsDeviceJoined", "YES" if joined else "NO"),
        ("IsUserAzureAD", "NO"),
        ("PolicyEnabled", "NO"),
        ("PostLogonEnabled", "YES"),
        ("DeviceEligible", "NO"),
        ("SessionIsNotRemote", "NO"),
        ("CertEnrollment", "none"),
        ("PreReqResult", "WillNotProvision"),
    )


def _moment(moment: datetime) -> str:
    """Write a time as `2025-07-10 16:52:13.000 UTC`."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%d %H:%M:%S}.{utc.microsecond // 1000:03d} UTC"
