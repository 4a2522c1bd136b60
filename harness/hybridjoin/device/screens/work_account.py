"""`dsregcmd /status` after a person had a device registered: joined to Entra, or registered beside a local account.

Which section says what follows Microsoft's page on dsregcmd: a join stands in the device's state, a registration in
the user's. The computer is in no domain.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from hybridjoin.device.screens import text
from hybridjoin.device.screens.diagnosis import Pairs
from hybridjoin.device.screens.single_sign_on import single_sign_on_lines
from hybridjoin.device.screens.status import Lines, device_pairs, no_token_yet, section, tenant_pairs
from hybridjoin.evidence.work_account import WorkAccountEvidence
from hybridjoin.model.exchange import Transcript
from hybridjoin.model.site import Site
from hybridjoin.protocol.enrolment import JoinType, Registration


def account_lines(evidence: WorkAccountEvidence, transcript: Transcript, *, site: Site, at: datetime) -> Lines:
    """Return the screen as it stands after all of it; `at` is the device's clock then."""
    return (*_sections(evidence, transcript, site, at), text.MORE)


def _sections(evidence: WorkAccountEvidence, transcript: Transcript, site: Site, at: datetime) -> Iterator[str]:
    found = evidence.registration
    joined = found if evidence.asked.join_type is JoinType.JOINED else None
    registered = found if evidence.asked.join_type is JoinType.REGISTERED else None
    state = (
        ("AzureAdJoined", _said(joined)), ("EnterpriseJoined", "NO"), ("DomainJoined", "NO"),
        ("Device Name", evidence.asked.computer),
    )  # fmt: skip
    yield from section("Device State", state)
    if joined is not None:
        yield from section("Device Details", device_pairs(joined))
        yield from section("Tenant Details", tenant_pairs(evidence.discovery))
    yield from section("User State", _user(registered))
    if evidence.logon is not None:
        yield from single_sign_on_lines(evidence.logon, transcript, site=site, at=at)
    else:
        yield from section("SSO State", no_token_yet(joined=joined is not None))
    if registered is not None:
        yield from section("Work Account 1", _account(registered, evidence, site))


def _said(registration: Registration | None) -> str:
    return "YES" if registration is not None else "NO"


def _user(registered: Registration | None) -> Pairs:
    count = (("WorkAccountCount", "1"),) if registered is not None else ()
    return (("NgcSet", "NO"), ("WorkplaceJoined", _said(registered)), *count, ("WamDefaultSet", "NO"))


def _account(registered: Registration, evidence: WorkAccountEvidence, site: Site) -> Pairs:
    known = dict(device_pairs(registered))
    named = ("DeviceCertificateValidity", "KeyContainerId", "KeyProvider", "TpmProtected")
    tenant = evidence.discovery.tenant_id if evidence.discovery is not None else ""
    return (
        ("WorkplaceDeviceId", known["DeviceId"]),
        ("WorkplaceThumbprint", known["Thumbprint"]),
        *((name, known[name]) for name in named),
        ("WorkplaceTenantId", tenant or site.entra.tenant_id),
        ("WorkplaceTenantName", ""),
        ("WorkplaceMdmUrl", ""),
        ("WorkplaceSettingsUrl", ""),
        ("NgcSet", "NO"),
    )
