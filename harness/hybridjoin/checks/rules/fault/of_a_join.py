"""The fault that ends a join, as the token service words it; `faults` has those that probes bring about on purpose."""

from __future__ import annotations

from hybridjoin.checks.places import in_response, response_status
from hybridjoin.checks.requirement import Finding, expect, not_applicable, requirement
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.mex import MexEndpoint
from hybridjoin.protocol.rstr import SoapFault

# SOAP 1.2 defines these two whole, without a subcode (5.4.6): WCF and CXF write none.
_COMPLETE = {"MustUnderstand", "VersionMismatch"}
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
    """A fault carries a reason, and a subcode unless SOAP itself defines it whole; clients read both without asking."""
    found = f"subcode {fault.subcode or 'missing'}, reason {fault.reason or 'missing'}"
    right = (fault.subcode or fault.code in _COMPLETE) and fault.reason
    return expect(right, expected="both", found=found, where=in_response("soap:Fault"))


@requirement(
    "FAULT-02",
    Level.SHOULD,
    "WST13 11",
    remedy="Put the WS-Trust fault into Subcode, in the namespace of the version that was asked.",
    verified=True,
)
def fault_is_one_of_ws_trust(fault: SoapFault, endpoint: MexEndpoint) -> Finding:
    """The subcode of a fault is a WS-Trust fault in the namespace of the version asked for."""
    if fault.code in _COMPLETE:
        return not_applicable(f"{fault.code} is SOAP's own fault, without a subcode")
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
