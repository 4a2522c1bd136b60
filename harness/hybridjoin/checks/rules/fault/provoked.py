"""How refusals are worded: the faults that probes brought about on purpose, each with a known cause."""

from __future__ import annotations

from collections.abc import Iterator

from hybridjoin.checks.places import at_answer, at_probe
from hybridjoin.checks.probed import answers_beside_plain
from hybridjoin.checks.requirement import Finding, broken, expect, holds, requirement
from hybridjoin.checks.silence import Silence, judged_elsewhere, moot
from hybridjoin.evidence.probe import ProbeAnswer, Probes
from hybridjoin.model.verdict import Level, NotTested, Untested
from hybridjoin.protocol.rstr import SoapFault

# Authenticated and well-formed requests that WS-Trust has a fault for.
_REFUSED = ("rst-applies-to", "rst-request-type", "rst-unknown-token-type", "rst-action-mismatch", "rst-stale")
# A node that does not know a header, or the envelope, raises these before it reads the message (SOAP 1.2, 2.6 and 2.8):
# right answers to a request with a Timestamp, and without a subcode, for none is defined.
_BEFORE_READING = {"MustUnderstand", "VersionMismatch"}
_CODES = {"VersionMismatch", "MustUnderstand", "DataEncodingUnknown", "Sender", "Receiver"}
_ADDRESSING = {"ActionNotSupported", "ActionMismatch", "InvalidAddressingHeader", "InvalidRequest", "BadRequest"}
_MAP = "Map each refusal to its WS-Trust fault; see the token service's log for what it threw."


Refusal = tuple[str, ProbeAnswer, SoapFault]


def _refusals(probes: Probes) -> list[tuple[str, ProbeAnswer]]:
    """Every refusal of a request that was read, and that came in full; keeps silent where there is none."""
    silences: list[Silence] = []
    found = list(_gathered(probes, silences))
    if len(silences) == len(_REFUSED):
        raise silences[0]
    if not found:
        raise Silence(NotTested(reason=Untested.NOT_APPLICABLE, detail="no readable request was refused"))
    return found


def _gathered(probes: Probes, silences: list[Silence]) -> Iterator[tuple[str, ProbeAnswer]]:
    for name in _REFUSED:
        try:
            answer = answers_beside_plain(probes, name)[-1]
        except Silence as silence:
            silences.append(silence)
            continue
        early = answer.fault is not None and answer.fault.code in _BEFORE_READING
        if answer.status is not None and not answer.tokens and not early:
            yield name, answer


def _faults(probes: Probes) -> list[Refusal]:
    found = [(name, item, item.fault) for name, item in _refusals(probes) if item.fault is not None]
    if not found:
        raise judged_elsewhere("FAULT-04", "no refusal is a SOAP fault")
    return found


def _fault(probes: Probes, name: str) -> SoapFault:
    """The fault that a probe brought about."""
    answer = answers_beside_plain(probes, name)[-1]
    if answer.tokens:
        raise moot(name, f"the request was not refused: {answer.words}")
    if answer.fault is None:
        raise moot(name, f"the refusal is no SOAP fault: {answer.words}")
    return answer.fault


def _named(probes: Probes, name: str, wanted: set[str]) -> Finding:
    fault = _fault(probes, name)
    found = fault.subcode or fault.code
    where = at_probe(name, "soap:Subcode" if fault.subcode and fault.soap_version == "1.2" else "soap:Fault")
    return expect(found in wanted, expected=" or ".join(sorted(wanted)), found=found, where=where)


def _coded(probes: Probes, name: str, wanted: str) -> Finding:
    code = _fault(probes, name).code
    return expect(code == wanted, expected=wanted, found=code, where=at_probe(name, "soap:Fault"))


@requirement(
    "FAULT-04",
    Level.SHOULD,
    "SOAP12 2.6",
    remedy="Answer with a SOAP 1.2 fault, not with an error page.",
    verified=True,
)
def refusal_is_a_fault(probes: Probes) -> Finding:
    """A refusal of a readable request is a SOAP 1.2 fault."""
    refusals = _refusals(probes)
    odd = [(name, item) for name, item in refusals if item.fault is None or item.fault.soap_version != "1.2"]
    if not odd:
        return holds(f"{len(refusals)} faults", where=at_probe(refusals[0][0], "soap:Fault"))
    name, item = odd[0]
    where = at_answer(name, item) if item.fault is None else at_probe(name, "soap:Envelope")
    return broken(expected="a SOAP 1.2 fault", found=item.words, where=where)


@requirement(
    "FAULT-05",
    Level.MUST,
    "WSA10 3.4",
    remedy="Repeat the request's MessageID in RelatesTo of faults too.",
    verified=True,
)
def fault_relates_to_its_request(probes: Probes) -> Finding:
    """Each fault relates to the MessageID of the request that it answers."""
    faults = _faults(probes)
    odd = [(name, item, fault) for name, item, fault in faults if fault.relates_to != item.message_id]
    name, item, fault = (*odd, *faults)[0]
    where = at_probe(name, "wsa:RelatesTo" if fault.relates_to else "soap:Envelope")
    if not odd:
        return holds(f"{len(faults)} right ones", where=where)
    return broken(expected=item.message_id, found=fault.relates_to or "no RelatesTo", where=where)


@requirement(
    "FAULT-06",
    Level.SHOULD,
    "MSAL-PY wstrust_response",
    remedy="Send Code/Subcode/Value and Reason/Text.",
    verified=True,
)
def each_fault_says_what_and_why(probes: Probes) -> Finding:
    """Each fault of a refused request has a subcode and a reason, which MSAL reads without asking."""
    faults = _faults(probes)
    odd = [(name, item, fault) for name, item, fault in faults if not (fault.subcode and fault.reason)]
    name, _, fault = (*odd, *faults)[0]
    where = at_probe(name, "soap:Fault")
    if not odd:
        return holds(f"{len(faults)} with both", where=where)
    found = f"subcode {fault.subcode or 'missing'}, reason {fault.reason or 'missing'}"
    return broken(expected="both", found=found, where=where)


@requirement(
    "FAULT-07", Level.MUST, "SOAP12 5.4.6", remedy="Write Sender or Receiver, and the rest into Subcode.", verified=True
)
def fault_code_is_one_of_soaps(probes: Probes) -> Finding:
    """The Code of each fault is one of the five that SOAP 1.2 has."""
    faults = _faults(probes)
    odd = [(name, item, fault) for name, item, fault in faults if fault.code not in _CODES]
    found = odd[0][2].code or "no Code" if odd else "all of them"
    where = at_probe((*odd, *faults)[0][0], "soap:Fault")
    return expect(not odd, expected="Sender or Receiver", found=found, where=where)


@requirement("FAULT-08", Level.SHOULD, "SOAP12-2 7.5.2.2", remedy="Send faults with HTTP 400 or 500.", verified=True)
def each_fault_has_an_error_status(probes: Probes) -> Finding:
    """Each fault of a refused request comes with an HTTP status of 400 or above."""
    faults = _faults(probes)
    odd = [(name, item, fault) for name, item, fault in faults if fault.http_status < 400]
    found = str(odd[0][2].http_status) if odd else "all of them"
    name, item, _ = (*odd, *faults)[0]
    return expect(not odd, expected="400 or 500", found=found, where=at_answer(name, item))


@requirement(
    "FAULT-09", Level.SHOULD, "SOAP12 5.4.6", remedy="Blame the sender for the sender's mistakes.", verified=True
)
def fault_blames_the_sender(probes: Probes) -> Finding:
    """The fault of a request that will never be good blames the sender, so that nobody tries again."""
    faults = _faults(probes)
    odd = [(name, item, fault) for name, item, fault in faults if fault.code == "Receiver"]
    where = at_probe((*odd, *faults)[0][0], "soap:Fault")
    return expect(not odd, expected="Sender", found="Receiver" if odd else "Sender", where=where)


@requirement("FAULT-10", Level.SHOULD, "WST13 11", remedy=_MAP, verified=True)
def unknown_relying_party_is_an_invalid_scope(probes: Probes) -> Finding:
    """The fault for an unknown relying party is InvalidScope, or RequestFailed."""
    return _named(probes, "rst-applies-to", {"InvalidScope", "RequestFailed"})


@requirement("FAULT-11", Level.SHOULD, "WST13 11", remedy=_MAP, verified=True)
def unknown_request_type_is_a_bad_request(probes: Probes) -> Finding:
    """The fault for an unknown RequestType is BadRequest or InvalidRequest."""
    return _named(probes, "rst-request-type", {"BadRequest", "InvalidRequest"})


@requirement("FAULT-12", Level.SHOULD, "WST13 11", remedy=_MAP, verified=True)
def stale_request_is_expired(probes: Probes) -> Finding:
    """The fault for a stale Timestamp is ExpiredData, MessageExpired, or MustUnderstand of who reads no Timestamp."""
    return _named(probes, "rst-stale", {"ExpiredData", "MessageExpired", "MustUnderstand"})


@requirement("FAULT-13", Level.SHOULD, "WSA10-SOAP 6.4", remedy=_MAP, verified=True)
def contradiction_is_named(probes: Probes) -> Finding:
    """The fault for an Action that contradicts the body is one of addressing's, or says that the request is bad."""
    return _named(probes, "rst-action-mismatch", _ADDRESSING)


@requirement(
    "FAULT-14",
    Level.MUST,
    "SOAP12 2.6",
    remedy="Answer with Code MustUnderstand and a NotUnderstood header.",
    verified=True,
)
def unknown_header_is_named_so(probes: Probes) -> Finding:
    """The fault for an unknown header block that must be understood has the Code MustUnderstand."""
    return _coded(probes, "rst-must-understand", "MustUnderstand")


@requirement(
    "FAULT-15",
    Level.MUST,
    "SOAP12 2.8",
    remedy="Answer with Code VersionMismatch and an Upgrade header.",
    verified=True,
)
def unknown_version_is_named_so(probes: Probes) -> Finding:
    """The fault for an unknown SOAP version has the Code VersionMismatch."""
    return _coded(probes, "rst-envelope", "VersionMismatch")


@requirement(
    "FAULT-16",
    Level.SHOULD,
    "SOAP12-2 7.5.2.1",
    remedy="Answer unreadable requests with 400 or a fault.",
    verified=True,
)
def malformed_request_is_the_clients_mistake(probes: Probes) -> Finding:
    """A request that is not well-formed XML is refused with HTTP 4xx or a SOAP fault."""
    answer = answers_beside_plain(probes, "rst-malformed")[-1]
    if answer.tokens:
        raise moot("rst-malformed", f"the request was not refused: {answer.words}")
    right = answer.fault is not None or 400 <= (answer.status or 0) < 500
    where = at_answer("rst-malformed", answer)
    return expect(right, expected="HTTP 400 or a fault", found=answer.words, where=where)
