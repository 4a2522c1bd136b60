"""How refusals are worded: the faults that probes brought about on purpose, each with a known cause."""

from __future__ import annotations

from collections.abc import Iterator

from hybridjoin.checks.readings import probe_beside_plain
from hybridjoin.checks.requirement import Finding, Interrupted, NotReached, broken, expect, holds, requirement
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.probe import ProbeAnswer
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.rstr import SoapFault

# Authenticated and well-formed requests that WS-Trust has a fault for.
_REFUSED = ("rst-applies-to", "rst-request-type", "rst-unknown-token-type", "rst-action-mismatch", "rst-stale")
_CODES = {"VersionMismatch", "MustUnderstand", "DataEncodingUnknown", "Sender", "Receiver"}
_ADDRESSING = {"ActionNotSupported", "ActionMismatch", "InvalidAddressingHeader", "InvalidRequest", "BadRequest"}
_MAP = "Map each refusal to its WS-Trust fault; see the token service's log for what it threw."


def _refusals(evidence: JoinEvidence) -> list[tuple[str, ProbeAnswer]]:
    """Every refusal of a readable request that came in full; raises NotReached where there is none."""
    found = list(_gathered(evidence))
    if not found:
        raise NotReached("no readable request was refused")
    return found


def _gathered(evidence: JoinEvidence) -> Iterator[tuple[str, ProbeAnswer]]:
    for name in _REFUSED:
        try:
            answer = probe_beside_plain(evidence, name)[-1]
        except (NotReached, Interrupted):
            continue
        if answer.status is not None and not answer.tokens:
            yield name, answer


def _faults(evidence: JoinEvidence) -> list[tuple[str, ProbeAnswer, SoapFault]]:
    found = [(name, item, item.fault) for name, item in _refusals(evidence) if item.fault is not None]
    if not found:
        raise NotReached("no refusal is a SOAP fault, which FAULT-04 judges")
    return found


def _fault(evidence: JoinEvidence, name: str) -> SoapFault:
    """The fault that a probe brought about."""
    answer = probe_beside_plain(evidence, name)[-1]
    if answer.tokens:
        raise NotReached(f"the request was not refused: {answer.words}")
    if answer.fault is None:
        raise NotReached(f"the refusal is no SOAP fault: {answer.words}")
    return answer.fault


def _named(evidence: JoinEvidence, name: str, wanted: set[str]) -> Finding:
    fault = _fault(evidence, name)
    found = fault.subcode or fault.code
    return expect(found in wanted, expected=" or ".join(sorted(wanted)), found=found, where=f"fault, probe {name}")


@requirement(
    "FAULT-04",
    Level.SHOULD,
    "SOAP12 2.6",
    remedy="Answer with a SOAP 1.2 fault, not with an error page.",
    verified=True,
)
def refusal_is_a_fault(evidence: JoinEvidence) -> Finding:
    """A refusal of a readable request is a SOAP 1.2 fault."""
    refusals = _refusals(evidence)
    odd = [(name, item) for name, item in refusals if item.fault is None or item.fault.soap_version != "1.2"]
    if not odd:
        return holds(f"{len(refusals)} faults", where="faults of probes")
    return broken(expected="a SOAP 1.2 fault", found=odd[0][1].words, where=f"probe {odd[0][0]}")


@requirement(
    "FAULT-05",
    Level.MUST,
    "WSA10 3.4",
    remedy="Repeat the request's MessageID in RelatesTo of faults too.",
    verified=True,
)
def fault_relates_to_its_request(evidence: JoinEvidence) -> Finding:
    """Each fault relates to the MessageID of the request that it answers."""
    faults = _faults(evidence)
    odd = [(name, item, fault) for name, item, fault in faults if fault.relates_to != item.message_id]
    if not odd:
        return holds(f"{len(faults)} right ones", where="faults of probes")
    name, item, fault = odd[0]
    return broken(expected=item.message_id, found=fault.relates_to or "no RelatesTo", where=f"fault, probe {name}")


@requirement(
    "FAULT-06",
    Level.SHOULD,
    "MSAL-PY wstrust_response",
    remedy="Send Code/Subcode/Value and Reason/Text.",
    verified=True,
)
def each_fault_says_what_and_why(evidence: JoinEvidence) -> Finding:
    """Each fault of a refused request has a subcode and a reason, which MSAL reads without asking."""
    faults = _faults(evidence)
    odd = [(name, fault) for name, _, fault in faults if not (fault.subcode and fault.reason)]
    if not odd:
        return holds(f"{len(faults)} with both", where="faults of probes")
    name, fault = odd[0]
    found = f"subcode {fault.subcode or 'missing'}, reason {fault.reason or 'missing'}"
    return broken(expected="both", found=found, where=f"fault, probe {name}")


@requirement(
    "FAULT-07", Level.MUST, "SOAP12 5.4.6", remedy="Write Sender or Receiver, and the rest into Subcode.", verified=True
)
def fault_code_is_one_of_soaps(evidence: JoinEvidence) -> Finding:
    """The Code of each fault is one of the five that SOAP 1.2 has."""
    odd = [(name, fault.code) for name, _, fault in _faults(evidence) if fault.code not in _CODES]
    found = odd[0][1] or "no Code" if odd else "all of them"
    where = f"fault, probe {odd[0][0]}" if odd else "faults of probes"
    return expect(not odd, expected="Sender or Receiver", found=found, where=where)


@requirement("FAULT-08", Level.SHOULD, "SOAP12-2 7.5.2.2", remedy="Send faults with HTTP 400 or 500.", verified=True)
def each_fault_has_an_error_status(evidence: JoinEvidence) -> Finding:
    """Each fault of a refused request comes with an HTTP status of 400 or above."""
    odd = [(name, fault.http_status) for name, _, fault in _faults(evidence) if fault.http_status < 400]
    where = f"fault, probe {odd[0][0]}" if odd else "faults of probes"
    return expect(not odd, expected="400 or 500", found=str(odd[0][1]) if odd else "all of them", where=where)


@requirement(
    "FAULT-09", Level.SHOULD, "SOAP12 5.4.6", remedy="Blame the sender for the sender's mistakes.", verified=True
)
def fault_blames_the_sender(evidence: JoinEvidence) -> Finding:
    """The fault of a request that will never be good blames the sender, so that nobody tries again."""
    odd = [(name, fault.code) for name, _, fault in _faults(evidence) if fault.code == "Receiver"]
    where = f"fault, probe {odd[0][0]}" if odd else "faults of probes"
    return expect(not odd, expected="Sender", found="Receiver" if odd else "Sender", where=where)


@requirement("FAULT-10", Level.SHOULD, "WST13 11", remedy=_MAP, verified=True)
def unknown_relying_party_is_an_invalid_scope(evidence: JoinEvidence) -> Finding:
    """The fault for an unknown relying party is InvalidScope."""
    return _named(evidence, "rst-applies-to", {"InvalidScope"})


@requirement("FAULT-11", Level.SHOULD, "WST13 11", remedy=_MAP, verified=True)
def unknown_request_type_is_a_bad_request(evidence: JoinEvidence) -> Finding:
    """The fault for an unknown RequestType is BadRequest or InvalidRequest."""
    return _named(evidence, "rst-request-type", {"BadRequest", "InvalidRequest"})


@requirement("FAULT-12", Level.SHOULD, "WST13 11", remedy=_MAP, verified=True)
def stale_request_is_expired(evidence: JoinEvidence) -> Finding:
    """The fault for a stale Timestamp is ExpiredData, or WS-Security's MessageExpired."""
    return _named(evidence, "rst-stale", {"ExpiredData", "MessageExpired"})


@requirement("FAULT-13", Level.SHOULD, "WSA10-SOAP 6.4", remedy=_MAP, verified=True)
def contradiction_is_named(evidence: JoinEvidence) -> Finding:
    """The fault for an Action that contradicts the body is one of addressing's, or says that the request is bad."""
    return _named(evidence, "rst-action-mismatch", _ADDRESSING)


@requirement(
    "FAULT-14",
    Level.MUST,
    "SOAP12 2.6",
    remedy="Answer with Code MustUnderstand and a NotUnderstood header.",
    verified=True,
)
def unknown_header_is_named_so(evidence: JoinEvidence) -> Finding:
    """The fault for an unknown header block that must be understood has the Code MustUnderstand."""
    fault = _fault(evidence, "rst-must-understand")
    right = fault.code == "MustUnderstand"
    return expect(right, expected="MustUnderstand", found=fault.code, where="fault, probe rst-must-understand")


@requirement(
    "FAULT-15",
    Level.MUST,
    "SOAP12 2.8",
    remedy="Answer with Code VersionMismatch and an Upgrade header.",
    verified=True,
)
def unknown_version_is_named_so(evidence: JoinEvidence) -> Finding:
    """The fault for an unknown SOAP version has the Code VersionMismatch."""
    fault = _fault(evidence, "rst-envelope")
    right = fault.code == "VersionMismatch"
    return expect(right, expected="VersionMismatch", found=fault.code, where="fault, probe rst-envelope")


@requirement(
    "FAULT-16",
    Level.SHOULD,
    "SOAP12-2 7.5.2.1",
    remedy="Answer unreadable requests with 400 or a fault.",
    verified=True,
)
def malformed_request_is_the_clients_mistake(evidence: JoinEvidence) -> Finding:
    """A request that is not well-formed XML is refused with HTTP 4xx or a SOAP fault."""
    answer = probe_beside_plain(evidence, "rst-malformed")[-1]
    if answer.tokens:
        raise NotReached(f"the request was not refused: {answer.words}")
    right = answer.fault is not None or 400 <= (answer.status or 0) < 500
    return expect(right, expected="HTTP 400 or a fault", found=answer.words, where="RST, probe rst-malformed")
