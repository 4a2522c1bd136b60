"""The messages that evidence was read from, and whether a place really stands in one of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, TypeVar

from lxml import etree

from hybridjoin.evidence.bridge import BridgeEvidence
from hybridjoin.evidence.browser import BrowserEvidence
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.leave import LeaveEvidence
from hybridjoin.evidence.parts import Parts
from hybridjoin.evidence.probe import ProbeAnswer, Probes
from hybridjoin.evidence.sign_in import SignInEvidence
from hybridjoin.evidence.work_account import FirstLogon, WorkAccountEvidence
from hybridjoin.intake.federation import DOMAIN, FederationSettings
from hybridjoin.intake.gateway import GatewaySetup
from hybridjoin.model.exchange import Proof, ServerProof, TicketReply
from hybridjoin.model.flows import FLOWS
from hybridjoin.model.steps import Step
from hybridjoin.model.where import Side, Spot, Where
from hybridjoin.protocol import names
from hybridjoin.protocol.mex import MexDocument
from hybridjoin.protocol.rstr import TokenResponse

Read = TypeVar("Read")


@dataclass(frozen=True, kw_only=True)
class GivenEvidence:
    """Parts that somebody handed in, without any flow around them."""

    parts: Parts
    mex: None = None
    failure: None = None
    response: None = None


AnyEvidence = (
    JoinEvidence
    | SignInEvidence
    | LeaveEvidence
    | BrowserEvidence
    | BridgeEvidence
    | WorkAccountEvidence
    | GivenEvidence
)

REGISTRY = {"", "TenantId", "TenantName", "CurrentBuild"}
_SAID: dict[object, bytes] = {}
_SPACES = {
    "saml": {names.SAML_11},
    "ds": {names.DSIG},
    "wst": {names.TRUST_13, names.TRUST_2005},
    "wsa": {names.WSA, names.WSA_2004},
    "wsp": {names.WSP, names.WSP_15},
    "wsdl": {names.WSDL},
    "md": {names.SAML_METADATA},
    "fed": {names.FEDERATION},
    "soap": {names.SOAP_12, names.SOAP_11},
}


def kept(read: Read, body: bytes) -> Read:
    """Remember the octets that something was read from."""
    _SAID[read] = body
    return read


def said(read: object) -> bytes:
    """Return the octets that something was read from."""
    return _SAID[read]


def message_of(evidence: AnyEvidence, step: Step) -> bytes | None:
    """Return the reply of a step, None where none came."""
    if step is Step.MEX:
        document = evidence.parts.get(MexDocument)
        return document.body if document is not None else None
    first = evidence.parts.get(FirstLogon)
    if first is not None and step in {Step.LOGON_REALM, Step.RST}:
        answered = first.realm if step is Step.LOGON_REALM else first.response
        return None if answered is None else _SAID[answered]
    rows = (row for flow in FLOWS for row in flow if row.step is step)
    names_read = {name for row in rows for name in (*row.yields[:1], row.refused_with)}
    found = next((part for kind, part in evidence.parts.by_type.items() if kind.__name__ in names_read), None)
    return None if found is None else _SAID[found]


def stands(where: Where, evidence: AnyEvidence) -> bool:
    """Tell whether a place is complete, and whether what it names is there."""
    if [bool(where.step), bool(where.probe), bool(where.document)].count(True) != 1:
        return False
    if where.document:
        setup = evidence.parts.get(GatewaySetup)
        if setup is not None:
            return where.spot is Spot.MEMBER and where.name in dict(setup.members)
        return where.name in REGISTRY if where.document == "registry" else _is_setting(where)
    if where.probe:
        return any(_answered(where, item) for item in _answers(evidence, where.probe))
    assert where.step is not None
    if where.spot is Spot.TICKET:
        return where.step is Step.TICKET and where.name in {"", *(item.name for item in fields(TicketReply))}
    if where.spot is Spot.ENTRY:
        return where.step in {Step.COMPUTER, Step.SCP, Step.SID_OWNER} and where.name in {"", "userCertificate"}
    if where.spot is Spot.MESSAGE:
        return not where.name
    return where.side is Side.REPLY and _holds(where, message_of(evidence, where.step), evidence)


def _is_setting(where: Where) -> bool:
    known = {item.name.replace("_", "") for item in fields(FederationSettings)} | {DOMAIN.lower()}
    return where.spot is Spot.MEMBER and where.name.lower() in known


def _answers(evidence: AnyEvidence, probe: str) -> tuple[ProbeAnswer, ...]:
    asked = evidence.parts.get(Probes)
    found = asked.find(probe) if asked is not None else None
    return found.answers if found is not None else ()


def _answered(where: Where, answer: ProbeAnswer) -> bool:
    if where.spot is Spot.MESSAGE:
        return not where.name
    if where.spot is Spot.STATUS:
        return answer.status is not None
    if where.spot is Spot.HEADER:
        return answer.header(where.name) is not None
    return where.spot is Spot.ELEMENT and _has_element(where, answer.body)


def _holds(where: Where, body: bytes | None, evidence: AnyEvidence) -> bool:
    if body is None:
        return False
    if where.spot is Spot.STATUS:
        return True
    if where.spot is Spot.HEADER:
        proof = evidence.parts.get(ServerProof)
        if where.name == "WWW-Authenticate":
            return proof is not None and proof.proof is not Proof.NOT_SENT
        response = evidence.parts.get(TokenResponse)
        return where.name == "Content-Type" and response is not None and bool(response.content_type)
    if where.spot is Spot.MEMBER:
        return where.name in set(_members(json.loads(body)))
    return where.spot is Spot.ELEMENT and _has_element(where, body)


def _members(document: Any) -> Iterator[str]:  # noqa: ANN401 JSON
    if isinstance(document, dict):
        for name, value in document.items():
            yield name
            yield from _members(value)


@cache
def _root(body: bytes) -> etree._Element:
    return etree.fromstring(body)


def _has_element(where: Where, body: bytes) -> bool:
    try:
        root = _root(body)
    except etree.XMLSyntaxError:
        return False
    prefix, _, local = where.name.partition(":")
    found = [item for space in _SPACES[prefix] for item in root.iter(f"{{{space}}}{local}")]
    return any(_fits(where, item) for item in found)


def _fits(where: Where, element: etree._Element) -> bool:
    named = not where.label or where.label in {str(value) for value in element.attrib.values()}
    return named and (not where.line or where.line == element.sourceline)
