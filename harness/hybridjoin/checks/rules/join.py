"""The registration itself: the device certificate, and which kind of join it really was."""

from __future__ import annotations

from hybridjoin.checks.readings import computer_of, fell_at, registration_of, token_of, unreadable
from hybridjoin.checks.requirement import Finding, broken, expect, holds, requirement
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.record import JoinResult
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level


@requirement(
    "JOIN-01",
    Level.MUST,
    "MS-DVRJ 3.1.5.1.1.2",
    remedy="hybridjoin explain <the code of the join's failure>; the IdP's part ends with the token.",
    verified=True,
)
def registration_is_granted(evidence: JoinEvidence) -> Finding:
    """The registration service answers the join with a device certificate."""
    token_of(evidence)
    error = evidence.enrolment_error
    words = unreadable(evidence, Step.JOIN) or fell_at(evidence, Step.JOIN)
    if error is not None and words:
        words = f"{error.error_type}: {error.message}"
    if words:
        return broken(expected="a device certificate", found=words, where="device registration")
    return holds(registration_of(evidence).thumbprint, where="device registration")


@requirement(
    "JOIN-02",
    Level.MUST,
    "MS-DVRJ 3.1.5.1.1.3",
    remedy="Check the machine's clock and the tenant; a proxy that opens TLS cannot be the issuer either.",
    verified=True,
)
def certificate_is_for_this_device(evidence: JoinEvidence) -> Finding:
    """The device certificate is for our key, our tenant and our device, and is valid now."""
    registration_of(evidence)
    problems = evidence.registration_problems
    found = "; ".join(problems) or "as it should be"
    return expect(not problems, expected="as it should be", found=found, where="device registration, certificate")


@requirement(
    "JOIN-03",
    Level.MUST,
    "MS-DVRJ 3.1.5.1.1.3",
    remedy="Issue onpremobjectguid from the computer's objectGUID; Entra takes the device id from it.",
    verified=True,
)
def device_id_is_the_object_guid(evidence: JoinEvidence) -> Finding:
    """The device id is the computer's objectGUID, so that Entra Connect finds the device again."""
    wanted = str(computer_of(evidence).object_guid)
    found = registration_of(evidence).device_id
    same = found.lower() == wanted.lower()
    return expect(same, expected=wanted, found=found, where="device registration, certificate")


@requirement(
    "JOIN-04",
    Level.MUST,
    "PINGONE Fallback sync issue",
    remedy="While you set up the IdP, set FallbackToSyncJoin (REG_DWORD) to 0 under "
    "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\CDJ, so that a failure is seen; then mend what made the "
    "federated join fail.",
    verified=True,
)
def join_was_federated(evidence: JoinEvidence) -> Finding:
    """A device that shows AzureAdJoined : YES came there by the federated join, not by the fallback that hides one."""
    result = evidence.result
    if result is JoinResult.FAILED:
        registration_of(evidence)
    failure = evidence.failure
    why = f" after the federated join failed: {failure.reason}" if failure is not None else ""
    right = result is JoinResult.FEDERATED
    return expect(right, expected=JoinResult.FEDERATED, found=f"{result}{why}", where="device registration")
