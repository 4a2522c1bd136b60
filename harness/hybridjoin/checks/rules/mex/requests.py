"""The metadata asked in other ways than Windows asks for it: by message, twice, with other headers."""

from __future__ import annotations

from hybridjoin.checks.readings import mex_of, probe
from hybridjoin.checks.requirement import Finding, NotReached, expect, requirement
from hybridjoin.errors import PeerError
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.probe import ProbeAnswer
from hybridjoin.model.verdict import Level
from hybridjoin.protocol import transfer
from hybridjoin.protocol.mex import MexDocument, choose_windows

_XML_TYPES = {"text/xml", "application/xml", "application/soap+xml", "application/wsdl+xml"}
_ADDRESS = "Let the metadata address ignore what it does not know; look whether a proxy or a firewall stands before it."


def _asked(evidence: JoinEvidence, probe_id: str) -> tuple[ProbeAnswer, ...]:
    """The answers to a probe of metadata that a plain GET brings."""
    mex_of(evidence)
    return probe(evidence, probe_id)


def _by_message(evidence: JoinEvidence) -> transfer.Addressing:
    answer = _asked(evidence, "mex-transfer-get")[0]
    if answer.mex is None:
        raise NotReached(f"the metadata cannot be asked for by message: {answer.words}")
    try:
        return transfer.read_addressing(answer.body)
    except PeerError as error:
        raise NotReached(f"the metadata came without an envelope: {error.problem}") from error


def _endpoints(document: MexDocument | None) -> str:
    if document is None:
        return "no metadata"
    found = {f"{item.url} ({item.trust or 'unknown version'}, {item.credential})" for item in document.endpoints}
    return ", ".join(sorted(found)) or "no endpoints"


@requirement(
    "MEX-21", Level.MAY, "WSMEX 5.1", remedy="Answer a WS-Transfer Get in SOAP 1.2 with mex:Metadata.", verified=True
)
def metadata_is_served_by_message(evidence: JoinEvidence) -> Finding:
    """The metadata is served to a WS-Transfer Get in SOAP 1.2 as well as to a plain GET."""
    answer = _asked(evidence, "mex-transfer-get")[0]
    return expect(
        answer.mex, expected="mex:Metadata in SOAP 1.2", found=answer.words, where="MEX by POST, probe mex-transfer-get"
    )


@requirement("MEX-22", Level.SHOULD, "WSMEX 1.2", remedy=f"Write the Action {transfer.GET_RESPONSE}.", verified=True)
def reply_by_message_has_its_action(evidence: JoinEvidence) -> Finding:
    """The reply to a WS-Transfer Get carries the Action of a GetResponse."""
    found = _by_message(evidence).action
    right = found == transfer.GET_RESPONSE
    return expect(
        right, expected=transfer.GET_RESPONSE, found=found or "no Action", where="wsa:Action, probe mex-transfer-get"
    )


@requirement("MEX-23", Level.MUST, "WSA10 3.4", remedy="Repeat the request's MessageID in RelatesTo.", verified=True)
def reply_by_message_relates_to_the_request(evidence: JoinEvidence) -> Finding:
    """The reply to a WS-Transfer Get relates to the MessageID of the request."""
    found = _by_message(evidence).relates_to
    wanted = probe(evidence, "mex-transfer-get")[0].message_id
    return expect(
        found == wanted, expected=wanted, found=found or "no RelatesTo", where="wsa:RelatesTo, probe mex-transfer-get"
    )


@requirement("MEX-24", Level.SHOULD, "WSMEX 5.1", remedy="Make both answers from one document.")
def both_ways_bring_the_same_endpoints(evidence: JoinEvidence) -> Finding:
    """The metadata describes the same endpoints whether it is asked for by message or by GET."""
    asked, plain = _asked(evidence, "mex-transfer-get")
    if asked.mex is None:
        raise NotReached(f"the metadata cannot be asked for by message: {asked.words}")
    expected, found = _endpoints(plain.mex), _endpoints(asked.mex)
    return expect(found == expected, expected=expected, found=found, where="ports, probe mex-transfer-get")


@requirement("MEX-25", Level.MUST, "SOAP12 2.8", remedy="Answer in the SOAP version of the question.", verified=True)
def reply_by_message_is_in_its_soap_version(evidence: JoinEvidence) -> Finding:
    """The reply to a WS-Transfer Get in SOAP 1.2 is in SOAP 1.2."""
    found = _by_message(evidence).soap_version
    return expect(found == "1.2", expected="1.2", found=found, where="Envelope, probe mex-transfer-get")


@requirement(
    "MEX-26",
    Level.SHOULD,
    "WSA10-SOAP 6.4.4",
    remedy="Answer an unknown Action with ActionNotSupported.",
    verified=True,
)
def unknown_action_is_refused(evidence: JoinEvidence) -> Finding:
    """The metadata service does not answer an action that it cannot know as if it had been a Get."""
    answer = _asked(evidence, "mex-unknown-action")[0]
    refused = answer.mex is None
    return expect(
        refused, expected="a fault or a refusal", found=answer.words, where="MEX by POST, probe mex-unknown-action"
    )


@requirement("MEX-27", Level.SHOULD, "MS-HYBRID Prerequisites", remedy="Let every node serve the same metadata.")
def two_fetches_bring_the_same_endpoints(evidence: JoinEvidence) -> Finding:
    """Two fetches of the metadata, one after the other, describe the same endpoints."""
    first, second = (_endpoints(item.mex) for item in _asked(evidence, "mex-twice"))
    return expect(first == second, expected=first, found=second, where="MEX, probe mex-twice")


@requirement("MEX-28", Level.SHOULD, "RFC9110 4.1", remedy=_ADDRESS)
def unknown_query_is_ignored(evidence: JoinEvidence) -> Finding:
    """The metadata is served with a query parameter that the IdP does not know, as clients add their request id."""
    answer = _asked(evidence, "mex-query")[0]
    return expect(answer.mex, expected="the metadata", found=answer.words, where="MEX, probe mex-query")


@requirement("MEX-29", Level.SHOULD, "RFC9110 12.4.1", remedy=_ADDRESS, verified=True)
def any_accept_is_served(evidence: JoinEvidence) -> Finding:
    """The metadata is served to clients that accept anything, and to those that send no Accept at all."""
    answers = _asked(evidence, "mex-accept")
    found = " | ".join(item.words for item in answers)
    right = all(item.mex is not None for item in answers)
    return expect(right, expected="the metadata both times", found=found, where="MEX, probe mex-accept")


@requirement("MEX-30", Level.SHOULD, "RFC7303 4", remedy="Serve the document as text/xml or application/xml.")
def metadata_comes_as_xml(evidence: JoinEvidence) -> Finding:
    """The metadata's Content-Type is one of XML."""
    found = _asked(evidence, "mex-twice")[0].header("content-type") or ""
    right = found.partition(";")[0].strip().lower() in _XML_TYPES
    return expect(
        right, expected="text/xml or application/xml", found=found or "none", where="Content-Type, probe mex-twice"
    )


@requirement(
    "MEX-31",
    Level.MUST,
    "PINGONE Federated IdP settings",
    remedy="Set the federated domain's MetadataExchangeUri to …/wsf/mex13/<appId>.",
    verified=True,
)
def the_better_of_two_documents_is_in_use(evidence: JoinEvidence) -> Finding:
    """Of two metadata documents of the IdP, the tenant names one that offers integrated Windows authentication."""
    mine, other = _asked(evidence, "mex-twin")
    if mine.mex is None:
        raise NotReached(f"the metadata in use could not be fetched again: {mine.words}")
    here = choose_windows(mine.mex)
    there = choose_windows(other.mex) if other.mex is not None else None
    expected = there.url if there is not None else "no better one"
    return expect(
        here is not None or there is None,
        expected=expected,
        found=here.url if here is not None else "no endpoint for integrated Windows authentication",
        where="mex against mex13, probe mex-twin",
    )
