"""`dsregcmd /status`, and the short block that `/join /debug` ends with.

No user has signed in on the simulated device, so the user, SSO and Ngc sections say what Windows says then.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from hybridjoin.device.screens import text
from hybridjoin.device.screens.diagnosis import Pairs, diagnosis, healthy, moment
from hybridjoin.device.screens.facts import Facts
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.protocol.discovery import DrsDiscovery, Service
from hybridjoin.protocol.enrolment import Registration

Lines = tuple[str, ...]

_NO_USER: Pairs = (("NgcSet", "NO"), ("WorkplaceJoined", "NO"), ("WamDefaultSet", "NO"))
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
        pairs += device_pairs(evidence.registration) + tenant_pairs(evidence.discovery)
    return _lines(pairs)


def status_lines(evidence: JoinEvidence, facts: Facts) -> Lines:
    """Return the screen of `dsregcmd /status` as it stands after the join."""
    joined = evidence.registration is not None
    sections = [("Device State", _state(evidence) + _domain(evidence, facts))]
    if evidence.registration is not None:
        sections.append(("Device Details", device_pairs(evidence.registration)))
        sections.append(("Tenant Details", tenant_pairs(evidence.discovery)))
    sections += [
        ("User State", _NO_USER),
        ("SSO State", no_token_yet(joined=joined, newer=facts.newer)),
        ("Diagnostic Data", healthy(facts) if joined else diagnosis(evidence, facts)),
        ("IE Proxy Config for Current User", _IE_PROXY),
        ("WinHttp Default Proxy Config", _WINHTTP_PROXY),
        ("Ngc Prerequisite Check", _ngc(joined=joined)),
    ]
    return (*(line for title, pairs in sections for line in section(title, pairs)), text.MORE)


def _lines(pairs: Iterable[tuple[str, str]]) -> Lines:
    """Write `label : value` with the labels' ends under one another; an empty value leaves no blank behind."""
    return tuple(f"{label:>26} : {value}".rstrip() if label else "" for label, value in pairs)


def section(title: str, pairs: Pairs) -> Lines:
    """Write one boxed section."""
    return (text.RULE, f"| {title:<68} |", text.RULE, "", *_lines(pairs), "")


def _state(evidence: JoinEvidence) -> Pairs:
    """What the device is joined to."""
    return (("AzureAdJoined", "YES" if evidence.registration is not None else "NO"), ("EnterpriseJoined", "NO"))


def _domain(evidence: JoinEvidence, facts: Facts) -> Pairs:
    """The domain, and the machine's full name."""
    own = evidence.computer
    name = own.dns_host_name if own is not None and own.dns_host_name else f"{facts.computer}.{facts.domain}"
    desktop = (("Virtual Desktop", "NOT SET"),) if facts.newer else ()
    return (("DomainJoined", "YES"), ("DomainName", facts.netbios), *desktop, ("Device Name", name))


def no_token_yet(*, joined: bool, newer: bool = False) -> Pairs:
    """The tokens of a user, of whom there is none; a joined Windows 11 has rows for Kerberos tickets besides."""
    authority = "" if joined else "NO"
    tickets = (("OnPremTgt", "NO"), ("CloudTgt", "NO"), ("KerbTopLevelNames", "")) if joined and newer else ()
    return (
        ("AzureAdPrt", "NO"),
        ("AzureAdPrtAuthority", authority),
        ("EnterprisePrt", "NO"),
        ("EnterprisePrtAuthority", authority),
        *tickets,
    )


def device_pairs(registration: Registration) -> Pairs:
    """The device certificate; the key container's name is made from its thumbprint, so that it stays the same."""
    validity = f"[ {moment(registration.not_before)} -- {moment(registration.not_after)} ]"
    return (
        ("DeviceId", registration.device_id),
        ("Thumbprint", registration.thumbprint.upper()),
        ("DeviceCertificateValidity", validity),
        ("KeyContainerId", str(uuid.uuid5(uuid.NAMESPACE_OID, registration.thumbprint.upper()))),
        ("KeyProvider", text.KEY_PROVIDER),
        ("TpmProtected", "NO"),
        ("DeviceAuthStatus", "SUCCESS"),
    )


def tenant_pairs(discovery: DrsDiscovery | None) -> Pairs:
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
