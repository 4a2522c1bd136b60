"""What a computer of a managed domain needs beside its certificate: a synchronized device, a tenant, a Windows for it.

Each check reads `ManagedDevice` or `OwnCertificates`, so that it is asked of a managed join and of nothing else.
"""

from __future__ import annotations

import uuid

from hybridjoin.checks.missing import reached
from hybridjoin.checks.places import answer_to, in_answer
from hybridjoin.checks.requirement import Finding, broken, expect, holds, requirement, review
from hybridjoin.checks.silence import absent, inapplicable, judged_elsewhere
from hybridjoin.evidence.facts import ManagedDevice, OwnCertificates
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.model.record import JoinResult
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.model.where import Spot, Where
from hybridjoin.protocol.enrolment import EnrolmentError, Registration
from hybridjoin.protocol.realm import UserRealm
from hybridjoin.protocol.scp import Scp

_HOW = "MS-DEVREG Microsoft Entra hybrid joined in Managed environments"
_TARGETED = "MS-TARGETED Configure client-side registry setting for SCP"
_FIRST_TO_JOIN, _FIRST_CO_MANAGED = 14393, 16299  # the builds of versions 1607 and 1709
_NO_DEVICE, _NO_CERTIFICATE, _WRONG_SID = "the device object by the given id", "user certificate", "computer's sid"
_TOLD = {_NO_DEVICE: "MANAGED-09", _NO_CERTIFICATE: "MANAGED-10", _WRONG_SID: "MANAGED-11"}


@requirement(
    "MANAGED-01",
    Level.MUST,
    _HOW,
    remedy="Let azureADName of the service connection point, or TenantName of the registry, name a managed domain; "
    "a federated one is joined with `flow: join`.",
    verified=True,
)
def domain_is_managed(_: ManagedDevice, realm: UserRealm | None, outcome: FlowOutcome) -> Finding:
    """The domain that the computer joins for is managed: nobody but Entra vouches for it."""
    words = outcome.unreadable_at(Step.REALM) or ("" if realm is not None else outcome.failed_at(Step.REALM))
    if words:
        return broken(expected="a user realm", found=words, where=answer_to(Step.REALM, outcome))
    found = reached(realm, outcome, Step.REALM)
    same = found.account_type.lower() == "managed"
    where = in_answer(Step.REALM, "account_type")
    return expect(same, expected="Managed", found=found.account_type or "nothing", where=where)


@requirement(
    "MANAGED-09",
    Level.MUST,
    _HOW,
    remedy="Put the computers' organizational unit into the scope of Entra Connect, and wait for a cycle "
    "(Start-ADSyncSyncCycle -PolicyType Delta); where the object was made anew, delete the old device object.",
    verified=True,
)
def device_is_synchronized(own: OwnCertificates, error: EnrolmentError | None, outcome: FlowOutcome) -> Finding:
    """Entra has a device object of the computer's objectGUID, which Entra Connect brought, when the computer asks."""
    words = _said(error, outcome)
    if _NO_DEVICE not in words.lower():
        return _entra_knows(words, outcome)
    if own.written:
        raise inapplicable("the certificate was written in this very attempt, which no cycle can have brought yet")
    return broken(expected="a device object", found=words, where=in_answer(Step.SYNC_JOIN, "Message"))


@requirement(
    "MANAGED-10",
    Level.MUST,
    _HOW,
    remedy="Let Entra Connect export userCertificate of computers, as its default attributes do.",
    verified=True,
)
def device_has_a_certificate(_: OwnCertificates, error: EnrolmentError | None, outcome: FlowOutcome) -> Finding:
    """The device object in Entra holds the certificate that the computer wrote to its userCertificate."""
    words = _said(error, outcome)
    if _NO_CERTIFICATE not in words.lower():
        return _entra_knows(words, outcome, but=_NO_DEVICE)
    return broken(expected="a certificate", found=words, where=in_answer(Step.SYNC_JOIN, "Message"))


@requirement(
    "MANAGED-11",
    Level.MUST,
    _HOW,
    remedy="Wait for a cycle of Entra Connect: the certificate that it brought is of another key, from before the "
    "computer was installed anew, or of another computer of the same name.",
    verified=True,
)
def entra_holds_the_key_that_signs(own: OwnCertificates, error: EnrolmentError | None, outcome: FlowOutcome) -> Finding:
    """The certificate that Entra holds is of the key that the computer authenticates with."""
    words = _said(error, outcome)
    if _WRONG_SID not in words.lower():
        return _entra_knows(words, outcome, but=_NO_DEVICE)
    if own.written:
        expected = "the certificate of this attempt, after the next cycle"
        return review(expected=expected, found=words, where=in_answer(Step.SYNC_JOIN, "Message"))
    return broken(expected="the same key", found=words, where=in_answer(Step.SYNC_JOIN, "Message"))


@requirement(
    "MANAGED-12",
    Level.MUST,
    _HOW,
    remedy="hybridjoin explain <the code of the join's failure>; let the device reach "
    "enterpriseregistration.windows.net and device.login.microsoftonline.com without inspection of TLS.",
    verified=True,
)
def synchronized_device_is_registered(
    _: ManagedDevice, registration: Registration | None, error: EnrolmentError | None, outcome: FlowOutcome
) -> Finding:
    """The registration service answers the synchronized join with a device certificate."""
    words = _said(error, outcome)
    told = next((other for mark, other in _TOLD.items() if mark in words.lower()), "")
    if told:
        raise judged_elsewhere(told, words)
    if words:
        return broken(expected="a device certificate", found=words, where=_answer(error, outcome))
    found = reached(registration, outcome, Step.SYNC_JOIN)
    return holds(found.thumbprint, where=in_answer(Step.SYNC_JOIN, "Certificate"))


@requirement(
    "MANAGED-13",
    Level.MUST,
    _TARGETED,
    remedy="Write the tenant's id, a GUID, into TenantId (REG_SZ) of HKLM\\SOFTWARE\\Microsoft\\Windows\\"
    "CurrentVersion\\CDJ\\AAD; on the AD FS servers too, or AD FS deletes device objects after MaximumInactiveDays.",
    verified=True,
)
def registry_names_the_tenant_by_its_id(_: ManagedDevice, scp: Scp) -> Finding:
    """TenantId of a client-side service connection point is the tenant's id, a GUID."""
    _demand_client_side(scp)
    return expect(
        _is_guid(scp.tenant_id), expected="a GUID", found=scp.tenant_id or "nothing", where=_registry("TenantId")
    )


@requirement(
    "MANAGED-14",
    Level.MUST,
    _TARGETED,
    remedy="Write a verified domain of the tenant, or its onmicrosoft.com name, into TenantName (REG_SZ) beside "
    "TenantId.",
    verified=True,
)
def registry_names_a_domain_of_the_tenant(
    _: ManagedDevice, scp: Scp, realm: UserRealm | None, outcome: FlowOutcome
) -> Finding:
    """TenantName of a client-side service connection point is a domain that Entra knows."""
    _demand_client_side(scp)
    failed = outcome.failed_at(Step.REALM) or outcome.failed_at(Step.DISCOVER)
    if failed and (realm is None or realm.account_type.lower() not in {"federated", "managed"}):
        return broken(
            expected="a domain of the tenant", found=f"{scp.tenant_name}: {failed}", where=_registry("TenantName")
        )
    found = reached(realm, outcome, Step.REALM)
    return holds(f"{scp.tenant_name} ({found.account_type})", where=_registry("TenantName"))


@requirement(
    "MANAGED-15",
    Level.MUST,
    "MS-TARGETED Targeted deployment of Microsoft Entra hybrid join on Windows devices",
    remedy="Bring the computer to a Windows 10 that is still supported, or to Windows 11.",
    verified=True,
)
def windows_may_join(device: ManagedDevice) -> Finding:
    """The computer runs Windows 10, version 1607, or later."""
    return _of_build(device, _FIRST_TO_JOIN, "1607")


@requirement(
    "MANAGED-16",
    Level.MAY,
    "COMANAGEMENT Windows 10",
    remedy="Upgrade the computer before co-management is enabled in Configuration Manager.",
    verified=True,
)
def windows_may_be_co_managed(device: ManagedDevice) -> Finding:
    """The computer runs Windows 10, version 1709, or later, as co-management asks."""
    return _of_build(device, _FIRST_CO_MANAGED, "1709")


@requirement(
    "MANAGED-17",
    Level.MAY,
    "COMANAGEMENT Azure AD",
    remedy="Finish the hybrid join first; Configuration Manager's client setting under Cloud Services starts it. "
    "A device that is only registered is not enough. Enrolment in Intune itself is not tried here: look for the "
    "administrator's licence there, and for a MAM scope over the same group.",
    verified=True,
)
def device_may_be_co_managed(_: ManagedDevice, result: JoinResult, outcome: FlowOutcome) -> Finding:
    """The device is hybrid joined, joined to Active Directory and registered in Entra, as co-management asks."""
    joined = result is not JoinResult.FAILED
    where = in_answer(Step.SYNC_JOIN, "Certificate") if joined else _last(outcome)
    return expect(joined, expected="hybrid joined", found="hybrid joined" if joined else "not joined", where=where)


def _registry(value: str) -> Where:
    """A value of the computer's registry."""
    return Where(document="registry", spot=Spot.MEMBER, name=value)


def _said(error: EnrolmentError | None, outcome: FlowOutcome) -> str:
    """Return the registration service's refusal in its own words, or why there was no answer of it."""
    words = outcome.unreadable_at(Step.SYNC_JOIN) or outcome.failed_at(Step.SYNC_JOIN)
    return f"{error.error_type}: {error.message}" if error is not None and words else words


def _answer(error: EnrolmentError | None, outcome: FlowOutcome) -> Where:
    if error is None:
        return answer_to(Step.SYNC_JOIN, outcome)
    return in_answer(Step.SYNC_JOIN, "Message" if error.message else "")


def _entra_knows(words: str, outcome: FlowOutcome, *, but: str = "") -> Finding:
    """What an answer that says something else tells: it came as far as that, unless it says the one thing before."""
    if but and but in words.lower():
        raise judged_elsewhere(_TOLD[but], words)
    if words and not any(mark in words.lower() for mark in _TOLD):
        raise judged_elsewhere("MANAGED-12", words)
    if not words and outcome.failure is not None:
        raise absent("the computer came not so far as to ask", step=Step.SYNC_JOIN)
    return holds("Entra knows it", where=Where(step=Step.SYNC_JOIN))


def _demand_client_side(scp: Scp) -> None:
    """Raise Silence where the tenant is named by the forest."""
    if not scp.client_side:
        raise inapplicable("the tenant is named by the forest's service connection point, not by the registry")


def _of_build(device: ManagedDevice, least: int, version: str) -> Finding:
    parts = device.os_version.split(".")
    build = int(parts[2]) if len(parts) > 2 and parts[2].isdecimal() else 0
    expected = f"build {least} (version {version}) or later"
    return expect(build >= least, expected=expected, found=device.os_version, where=_registry("CurrentBuild"))


def _is_guid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower().strip("{}")
    except ValueError:
        return False


def _last(outcome: FlowOutcome) -> Where:
    """The answer that the join ended with."""
    return answer_to(outcome.failure.step, outcome) if outcome.failure is not None else Where(step=Step.SYNC_JOIN)
