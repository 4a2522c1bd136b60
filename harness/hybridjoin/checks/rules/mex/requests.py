"""The metadata asked in other ways than Windows asks for it: by message, twice, with other headers.

Each check names the document of the plain GET besides the probes: of an address that serves none, nothing else is said.
"""

from __future__ import annotations

from hybridjoin.checks.places import at_answer, at_header, at_probe
from hybridjoin.checks.probed import LET_THE_AGENT_PASS, answer_to_windows_agent, answers_to
from hybridjoin.checks.requirement import Finding, expect, requirement
from hybridjoin.checks.silence import Silence, moot
from hybridjoin.errors import PeerError
from hybridjoin.evidence.probe import ProbeAnswer, Probes
from hybridjoin.model.verdict import Level
from hybridjoin.protocol import transfer
from hybridjoin.protocol.mex import MexDocument, choose_windows

_BY_MESSAGE = "mex-transfer-get"
_XML_TYPES = {"text/xml", "application/xml", "application/soap+xml", "application/wsdl+xml"}
_ADDRESS = "Let the metadata address ignore what it does not know; look whether a proxy or a firewall stands before it."


def _by_message(probes: Probes) -> transfer.Addressing:
    answer = answers_to(probes, _BY_MESSAGE)[0]
    if answer.mex is None:
        raise _not_by_message(answer)
    try:
        return transfer.read_addressing(answer.body)
    except PeerError as error:
        raise moot(_BY_MESSAGE, f"the metadata came without an envelope: {error.problem}") from error


def _not_by_message(answer: ProbeAnswer) -> Silence:
    return moot(_BY_MESSAGE, f"the metadata cannot be asked for by message: {answer.words}")


def _endpoints(document: MexDocument | None) -> str:
    if document is None:
        return "no metadata"
    found = {f"{item.url} ({item.trust or 'unknown version'}, {item.credential})" for item in document.endpoints}
    return ", ".join(sorted(found)) or "no endpoints"


@requirement(
    "MEX-21", Level.MAY, "WSMEX 5.1", remedy="Answer a WS-Transfer Get in SOAP 1.2 with mex:Metadata.", verified=True
)
def metadata_is_served_by_message(_: MexDocument, probes: Probes) -> Finding:
    """The metadata is served to a WS-Transfer Get in SOAP 1.2 as well as to a plain GET."""
    answer = answers_to(probes, _BY_MESSAGE)[0]
    where = at_answer(_BY_MESSAGE, answer, number=1)
    return expect(answer.mex, expected="mex:Metadata in SOAP 1.2", found=answer.words, where=where)


@requirement("MEX-22", Level.SHOULD, "WSMEX 1.2", remedy=f"Write the Action {transfer.GET_RESPONSE}.", verified=True)
def reply_by_message_has_its_action(_: MexDocument, probes: Probes) -> Finding:
    """The reply to a WS-Transfer Get carries the Action of a GetResponse."""
    found = _by_message(probes).action
    where = at_probe(_BY_MESSAGE, "wsa:Action" if found else "soap:Envelope", number=1)
    right = found == transfer.GET_RESPONSE
    return expect(right, expected=transfer.GET_RESPONSE, found=found or "no Action", where=where)


@requirement("MEX-23", Level.MUST, "WSA10 3.4", remedy="Repeat the request's MessageID in RelatesTo.", verified=True)
def reply_by_message_relates_to_the_request(_: MexDocument, probes: Probes) -> Finding:
    """The reply to a WS-Transfer Get relates to the MessageID of the request."""
    found = _by_message(probes).relates_to
    wanted = answers_to(probes, _BY_MESSAGE)[0].message_id
    where = at_probe(_BY_MESSAGE, "wsa:RelatesTo" if found else "soap:Envelope", number=1)
    return expect(found == wanted, expected=wanted, found=found or "no RelatesTo", where=where)


@requirement("MEX-24", Level.MAY, "WSMEX 5.1", remedy="Make both answers from one document.")
def both_ways_bring_the_same_endpoints(_: MexDocument, probes: Probes) -> Finding:
    """The metadata describes the same endpoints whether it is asked for by message or by GET."""
    asked, plain = answers_to(probes, _BY_MESSAGE)
    if asked.mex is None:
        raise _not_by_message(asked)
    expected, found = _endpoints(plain.mex), _endpoints(asked.mex)
    where = at_probe(_BY_MESSAGE, "wsdl:definitions", number=1)
    return expect(found == expected, expected=expected, found=found, where=where)


@requirement("MEX-25", Level.MUST, "SOAP12 2.8", remedy="Answer in the SOAP version of the question.", verified=True)
def reply_by_message_is_in_its_soap_version(_: MexDocument, probes: Probes) -> Finding:
    """The reply to a WS-Transfer Get in SOAP 1.2 is in SOAP 1.2."""
    found = _by_message(probes).soap_version
    where = at_probe(_BY_MESSAGE, "soap:Envelope", number=1)
    return expect(found == "1.2", expected="1.2", found=found, where=where)


@requirement(
    "MEX-26",
    Level.SHOULD,
    "WSA10-SOAP 6.4.4",
    remedy="Answer an unknown Action with ActionNotSupported.",
    verified=True,
)
def unknown_action_is_refused(_: MexDocument, probes: Probes) -> Finding:
    """The metadata service does not answer an action that it cannot know as if it had been a Get."""
    probe = "mex-unknown-action"
    answer = answers_to(probes, probe)[0]
    refused = answer.mex is None
    return expect(refused, expected="a fault or a refusal", found=answer.words, where=at_answer(probe, answer))


@requirement("MEX-27", Level.MAY, "RFC9110 9.2.1", remedy="Let every node serve the same metadata.")
def two_fetches_bring_the_same_endpoints(_: MexDocument, probes: Probes) -> Finding:
    """Two fetches of the metadata, one after the other, describe the same endpoints."""
    probe = "mex-twice"
    first, second = answers_to(probes, probe)
    expected, found = _endpoints(first.mex), _endpoints(second.mex)
    lost = second.mex is None
    where = at_answer(probe, second, number=2) if lost else at_probe(probe, "wsdl:definitions", number=2)
    return expect(expected == found, expected=expected, found=found, where=where)


@requirement("MEX-28", Level.MAY, "RFC9110 4.1", remedy=_ADDRESS)
def unknown_query_is_ignored(_: MexDocument, probes: Probes) -> Finding:
    """The metadata is served with a query parameter that the IdP does not know, as clients add their request id."""
    answer = answers_to(probes, "mex-query")[0]
    where = at_answer("mex-query", answer)
    return expect(answer.mex, expected="the metadata", found=answer.words, where=where)


@requirement("MEX-29", Level.SHOULD, "RFC9110 12.4.1", remedy=_ADDRESS, verified=True)
def any_accept_is_served(_: MexDocument, probes: Probes) -> Finding:
    """The metadata is served to clients that accept anything, and to those that send no Accept at all."""
    answers = answers_to(probes, "mex-accept")
    found = " | ".join(item.words for item in answers)
    odd = [number for number, item in enumerate(answers, start=1) if item.mex is None]
    number = (*odd, 1)[0]
    where = at_answer("mex-accept", answers[number - 1], number=number)
    return expect(not odd, expected="the metadata both times", found=found, where=where)


@requirement(
    "MEX-34",
    Level.SHOULD,
    "OKTA-RULES Okta Identity Engine (OIE) Steps",
    remedy=LET_THE_AGENT_PASS,
    verified=True,
)
def windows_agent_is_served(probes: Probes) -> Finding:
    """The metadata is served to the name of Windows' token client, where it is served under no name."""
    probe = "mex-other-agent"
    otherwise = "it is not served under no name either"
    windows = answer_to_windows_agent(probes, probe, serves=lambda answer: answer.mex, otherwise=otherwise)
    where = at_answer(probe, windows, number=1)
    return expect(windows.mex, expected="the metadata", found=windows.words, where=where)


@requirement("MEX-30", Level.SHOULD, "RFC7303 4", remedy="Serve the document as text/xml or application/xml.")
def metadata_comes_as_xml(_: MexDocument, probes: Probes) -> Finding:
    """The metadata's Content-Type is one of XML."""
    answer = answers_to(probes, "mex-twice")[0]
    found = answer.header("content-type") or ""
    right = found.partition(";")[0].strip().lower() in _XML_TYPES
    where = at_header("mex-twice", answer, "Content-Type", number=1)
    return expect(right, expected="text/xml or application/xml", found=found or "none", where=where)


@requirement(
    "MEX-31",
    Level.MUST,
    "PINGONE Federated IdP settings",
    remedy="Set the federated domain's MetadataExchangeUri to …/wsf/mex13/<appId>.",
    verified=True,
)
def the_better_of_two_documents_is_in_use(_: MexDocument, probes: Probes) -> Finding:
    """Of two metadata documents of the IdP, the tenant names one that offers integrated Windows authentication."""
    mine, other = answers_to(probes, "mex-twin")
    if mine.mex is None:
        raise moot("mex-twin", f"the metadata in use could not be fetched again: {mine.words}")
    here = choose_windows(mine.mex)
    there = choose_windows(other.mex) if other.mex is not None else None
    return expect(
        here is not None or there is None,
        expected=there.url if there is not None else "no better one",
        found=here.url if here is not None else "no endpoint for integrated Windows authentication",
        where=at_probe("mex-twin", "wsdl:definitions", number=1),
    )
