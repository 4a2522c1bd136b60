"""SOAP 1.1 and 1.2 envelopes and the addressing headers a client reads (WS-Addressing 1.0, SOAP binding)."""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.errors import PeerError
from hybridjoin.protocol import names, xml
from hybridjoin.protocol.xml import Element

VERSIONS = {names.SOAP_11: "1.1", names.SOAP_12: "1.2"}
_ADDRESSING = (names.WSA, names.WSA_2004)
_PSF = "http://schemas.microsoft.com/Passport/SoapServices/SOAPFault"
_OWN_WORDS = tuple(xml.name(_PSF, local) for local in ("error", "internalerror", "text"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """An opened envelope; `body` is the Body element, `header` the Header element or None."""

    version: str
    namespace: str
    action: str | None
    relates_to: str | None
    header: Element | None
    body: Element


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultText:
    """What a fault says, whichever SOAP version it is in; `own_words` are Entra's, where it answers itself."""

    code: str
    subcode: str | None
    subcode_namespace: str | None
    reason: str
    detail: str
    own_words: str = ""


def is_envelope(root: Element) -> bool:
    """Say whether the document is a SOAP envelope of either version."""
    return xml.local_name(root) == "Envelope" and xml.namespace(root) in VERSIONS


def open_envelope(root: Element, *, where: str) -> Envelope:
    """Open an envelope.

    Raises:
        PeerError: it has no Body.
    """
    space = xml.namespace(root)
    if not is_envelope(root):
        raise PeerError(f"expected a SOAP 1.1 or 1.2 Envelope, found <{xml.local_name(root)}>", where=where)
    header = xml.first(root, xml.name(space, "Header"))
    return Envelope(
        version=VERSIONS[space],
        namespace=space,
        action=_addressing(header, "Action"),
        relates_to=_addressing(header, "RelatesTo"),
        header=header,
        body=xml.only(root, xml.name(space, "Body"), where=where),
    )


def _addressing(header: Element | None, local: str) -> str | None:
    if header is None:
        return None
    found = next(header.iterchildren(*(xml.name(space, local) for space in _ADDRESSING)), None)
    return None if found is None else xml.text(found)


def find_fault(envelope: Envelope) -> FaultText | None:
    """Read the fault in the Body, or return None where there is none."""
    fault = xml.first(envelope.body, xml.name(envelope.namespace, "Fault"))
    if fault is None:
        return None
    return _fault_12(fault) if envelope.version == "1.2" else _fault_11(fault)


def _fault_12(fault: Element) -> FaultText:
    """Read Code, the Subcode that names the trouble, Reason and Detail (SOAP 1.2 part 1, 5.4)."""

    def tag(local: str) -> str:
        return xml.name(names.SOAP_12, local)

    subcodes = []
    level = xml.first(fault, tag("Code"), tag("Subcode"))
    while level is not None:
        value = xml.first(level, tag("Value"))
        if value is not None:
            subcodes.append(xml.resolve_qname(value, xml.text(value)))
        level = xml.first(level, tag("Subcode"))
    trust = (item for item in subcodes if item[0] in {names.TRUST_13, names.TRUST_2005})
    chosen = next(trust, subcodes[0] if subcodes else None)
    return FaultText(
        code=_local(xml.text(xml.first(fault, tag("Code"), tag("Value")))),
        subcode=chosen[1] if chosen else None,
        subcode_namespace=chosen[0] if chosen else None,
        reason=xml.text(xml.first(fault, tag("Reason"), tag("Text"))),
        detail=xml.text(xml.first(fault, tag("Detail"))),
        own_words=xml.text(xml.first(fault, tag("Detail"), *_OWN_WORDS)),
    )


def _fault_11(fault: Element) -> FaultText:
    """Read faultcode, faultstring and detail; WS-Trust names its fault in faultcode itself (1.3, section 11)."""
    code = xml.first(fault, "faultcode")
    space, local = ("", "") if code is None else xml.resolve_qname(code, xml.text(code))
    standard = space in {"", names.SOAP_11}
    return FaultText(
        code=local,
        subcode=None if standard else local,
        subcode_namespace=None if standard else space,
        reason=xml.text(xml.first(fault, "faultstring")),
        detail=xml.text(xml.first(fault, "detail")),
    )


def _local(value: str) -> str:
    return value.rpartition(":")[2]
