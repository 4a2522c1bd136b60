"""The fault that ends a join, as the token service words it; `faults` has those that probes bring about on purpose."""

from __future__ import annotations

from hybridjoin.checks.readings import endpoint_of
from hybridjoin.checks.requirement import Finding, NotReached, expect, requirement
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.rstr import SoapFault

_FAULTS = {
    "AuthenticationBadElements",
    "BadRequest",
    "ExpiredData",
    "FailedAuthentication",
    "InvalidRequest",
    "InvalidScope",
    "InvalidSecurityToken",
    "InvalidTimeRange",
    "RenewNeeded",
    "RequestFailed",
    "UnableToRenew",
}


def _fault_of(evidence: JoinEvidence) -> SoapFault:
    if evidence.fault is None:
        raise NotReached("the token service answered without a fault")
    return evidence.fault


@requirement(
    "FAULT-01",
    Level.SHOULD,
    "MSAL-PY wstrust_response",
    remedy="Send Code/Subcode/Value and Reason/Text; MSAL reads both.",
    verified=True,
)
def fault_says_what_and_why(evidence: JoinEvidence) -> Finding:
    """A fault carries a subcode and a reason, both of which clients read without asking."""
    fault = _fault_of(evidence)
    found = f"subcode {fault.subcode or 'missing'}, reason {fault.reason or 'missing'}"
    return expect(fault.subcode and fault.reason, expected="both", found=found, where="RSTR, soap:Fault")


@requirement(
    "FAULT-02",
    Level.SHOULD,
    "WST13 11",
    remedy="Put the WS-Trust fault into Subcode, in the namespace of the version that was asked.",
    verified=True,
)
def fault_is_one_of_ws_trust(evidence: JoinEvidence) -> Finding:
    """The subcode of a fault is a WS-Trust fault in the namespace of the version asked for."""
    fault = _fault_of(evidence)
    trust = endpoint_of(evidence).trust
    wanted = trust.namespace if trust is not None else None
    right = fault.subcode in _FAULTS and fault.subcode_namespace == wanted
    found = f"{{{fault.subcode_namespace or ''}}}{fault.subcode or 'none'}"
    return expect(right, expected=f"a fault of {wanted}", found=found, where="RSTR, Subcode")


@requirement(
    "FAULT-03",
    Level.SHOULD,
    "SOAP12-2 7.5.2.2",
    remedy="Send faults with HTTP 400 or 500; clients do not look for a fault in a 200.",
    verified=True,
)
def fault_has_an_error_status(evidence: JoinEvidence) -> Finding:
    """A fault comes with an HTTP status of 400 or above."""
    status = _fault_of(evidence).http_status
    return expect(status >= 400, expected="400 or 500", found=str(status), where="RSTR, HTTP status")
