"""The registration itself: the device certificate, and which kind of join it really was."""

from __future__ import annotations

from hybridjoin.checks.assumed import only_assumed
from hybridjoin.checks.missing import reached
from hybridjoin.checks.places import answer_to, in_answer
from hybridjoin.checks.requirement import Finding, broken, expect, holds, not_applicable, requirement, review
from hybridjoin.evidence.facts import RegistrationProblems
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.model.flows import MANAGED_JOIN
from hybridjoin.model.record import JoinResult, LeaveResult
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.model.where import Where
from hybridjoin.protocol.computer import Computer
from hybridjoin.protocol.enrolment import EnrolmentError, Registration, Removal
from hybridjoin.protocol.oauth import Token


def _certificate(result: JoinResult) -> Where:
    """Where the device certificate came: from the join that was made in the end."""
    return in_answer(Step.SYNC_JOIN if result is JoinResult.SYNCHRONIZED else Step.JOIN, "Certificate")


@requirement(
    "JOIN-01",
    Level.MUST,
    "MS-DVRJ 3.1.5.1.1.2",
    remedy="hybridjoin explain <the code of the join's failure>; the IdP's part ends with the token.",
    verified=True,
)
def registration_is_granted(
    _: Token, registration: Registration | None, error: EnrolmentError | None, outcome: FlowOutcome
) -> Finding:
    """The registration service answers the join with a device certificate."""
    words = outcome.unreadable_at(Step.JOIN) or outcome.failed_at(Step.JOIN)
    if error is not None and words:
        words, where = f"{error.error_type}: {error.message}", in_answer(Step.JOIN, "Message" if error.message else "")
    else:
        where = answer_to(Step.JOIN, outcome)
    if words:
        return broken(expected="a device certificate", found=words, where=where)
    return holds(reached(registration, outcome, Step.JOIN).thumbprint, where=in_answer(Step.JOIN, "Certificate"))


@requirement(
    "JOIN-02",
    Level.MUST,
    "MS-DVRJ 3.1.5.1.1.3",
    remedy="Check the machine's clock and the tenant; a proxy that opens TLS cannot be the issuer either.",
    verified=True,
)
def certificate_is_for_this_device(problems: RegistrationProblems, result: JoinResult) -> Finding:
    """The device certificate is for our key, our tenant and our device, and is valid now."""
    found = "; ".join(problems.problems) or "as it should be"
    return expect(not problems.problems, expected="as it should be", found=found, where=_certificate(result))


@requirement(
    "JOIN-03",
    Level.MUST,
    "MS-DVRJ 3.1.5.1.1.3",
    remedy="Issue onpremobjectguid from the computer's objectGUID; Entra takes the device id from it.",
    verified=True,
)
def device_id_is_the_object_guid(computer: Computer, registration: Registration, result: JoinResult) -> Finding:
    """The device id is the computer's objectGUID, so that Entra Connect finds the device again."""
    wanted, found = str(computer.object_guid), registration.device_id
    same = found.lower() == wanted.lower()
    return expect(same, expected=wanted, found=found, where=_certificate(result))


@requirement(
    "JOIN-04",
    Level.MUST,
    "PINGONE Fallback sync issue",
    remedy="While you set up the IdP, set FallbackToSyncJoin (REG_DWORD) to 0 under "
    "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\CDJ, so that a failure is seen; then mend what made the "
    "federated join fail.",
    verified=True,
)
def join_was_federated(result: JoinResult, registration: Registration | None, outcome: FlowOutcome) -> Finding:
    """A device that shows AzureAdJoined : YES came there by the federated join, not by the fallback that hides one."""
    if outcome.flow == MANAGED_JOIN.name:
        return not_applicable("a managed domain has no federated join that a fallback could hide")
    if result is JoinResult.FAILED:
        reached(registration, outcome, Step.JOIN)
    failure = outcome.failure
    why = f" after the federated join failed: {failure.reason}" if failure is not None else ""
    right = result is JoinResult.FEDERATED
    doubt = only_assumed(failure.server) if failure is not None else ""
    if doubt and not right:
        found = f"{result}{why} ({doubt})"
        return review(expected=JoinResult.FEDERATED, found=found, where=_certificate(result))
    return expect(right, expected=JoinResult.FEDERATED, found=f"{result}{why}", where=_certificate(result))


@requirement(
    "LEAVE-01",
    Level.MUST,
    "MS-DVRJ 3.1.5.1.2.3",
    remedy="Show the certificate of the device's last registration; where it is lost, an administrator removes the "
    "device.",
    verified=True,
)
def device_is_removed(
    _: LeaveResult, removal: Removal | None, error: EnrolmentError | None, outcome: FlowOutcome
) -> Finding:
    """The registration service removes the device that shows the certificate of its registration."""
    words = outcome.unreadable_at(Step.LEAVE) or outcome.failed_at(Step.LEAVE)
    if error is not None:
        words = f"HTTP {error.http_status}, {error.error_type}: {error.message}"
    if words:
        return broken(expected="HTTP 200", found=words, where=answer_to(Step.LEAVE, outcome))
    status = reached(removal, outcome, Step.LEAVE).http_status
    return holds(f"HTTP {status}", where=answer_to(Step.LEAVE, outcome))
