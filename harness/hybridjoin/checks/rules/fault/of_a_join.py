"""The fault that ends a join, as the token service words it; `faults` has those that probes bring about on purpose."""

from __future__ import annotations

from hybridjoin.checks.places import in_response, response_status
from hybridjoin.checks.requirement import Finding, expect, requirement
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.mex import MexEndpoint
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


@requirement(
    "FAULT-01",
    Level.SHOULD,
    "MSAL-PY wstrust_response",
    remedy="Send Code/Subcode/Value and Reason/Text; MSAL reads both.",
    verified=True,
)
def fault_says_what_and_why(fault: SoapFault) -> Finding:
    """A fault carries a subcode and a reason, both of which clients read without asking."""
    found = f"subcode {fault.subcode or 'missing'}, reason {fault.reason or 'missing'}"
    return expect(fault.subcode and fault.reason, expected="both", found=found, where=in_response("soap:Fault"))


@requirement(
    "FAULT-02",
    Level.SHOULD,
    "WST13 11",
    remedy="Put the WS-Trust fault into Subcode, in the namespace of the version that was asked.",
    verified=True,
)
def fault_is_one_of_ws_trust(fault: SoapFault, endpoint: MexEndpoint) -> Finding:
    """The subcode of a fault is a WS-Trust fault in the namespace of the version asked for."""
    wanted = endpoint.trust.namespace if endpoint.trust is not None else None
    right = fault.subcode in _FAULTS and fault.subcode_namespace == wanted
    found = f"{{{fault.subcode_namespace or ''}}}{fault.subcode or 'none'}"
    where = in_response("soap:Subcode" if fault.subcode and fault.soap_version == "1.2" else "soap:Fault")
    return expect(right, expected=f"a fault of {wanted}", found=found, where=where)


@requirement(
    "FAULT-03",
    Level.SHOULD,
    "SOAP12-2 7.5.2.2",
    remedy="Send faults with HTTP 400 or 500; clients do not look for a fault in a 200.",
    verified=True,
)
def fault_has_an_error_status(fault: SoapFault) -> Finding:
    """A fault comes with an HTTP status of 400 or above."""
    status = fault.http_status
    return expect(status >= 400, expected="400 or 500", found=str(status), where=response_status())
