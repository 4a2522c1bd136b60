"""What a token service has to take: requests as real clients write them, which differ from each other."""

from __future__ import annotations

from hybridjoin.checks.places import at_answer, at_last_answer, at_probe
from hybridjoin.checks.probed import (
    LET_THE_AGENT_PASS,
    PLAIN_PROBE,
    answer_to_windows_agent,
    answers_beside_plain,
    answers_to,
)
from hybridjoin.checks.requirement import Finding, broken, expect, holds, not_applicable, requirement
from hybridjoin.checks.silence import judged_elsewhere, moot
from hybridjoin.evidence.facts import Asked
from hybridjoin.evidence.probe import Probes
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.mex import Trust
from hybridjoin.protocol.rstr import TokenResponse

_LENIENT = "Read the request by namespace and local name; ignore what the request does not need."


def _answered(probes: Probes, probe: str) -> Finding:
    """The request of a probe gets a token, as Windows' own does."""
    answers = answers_beside_plain(probes, probe)
    where = at_last_answer(probe, answers)
    return expect(answers[-1].tokens, expected="a token", found=answers[-1].words, where=where)


@requirement(
    "RST-01",
    Level.MUST,
    "DSREGTOOL windowstransport test",
    remedy="Do not require SOAPAction: SOAP 1.2 has no such header.",
    verified=True,
)
def soap_action_is_not_required(probes: Probes) -> Finding:
    """A request without SOAPAction is answered with a token, as one with it is."""
    plain, other = answers_to(probes, PLAIN_PROBE)[-1], answers_to(probes, "rst-soap-action")[-1]
    if plain.status is None:
        raise moot(PLAIN_PROBE, f"the request without SOAPAction has no answer: {plain.words}")
    if not plain.tokens and not other.tokens:
        raise moot("rst-soap-action", f"a request with SOAPAction gets no token either: {other.words}")
    return expect(plain.tokens, expected="a token", found=plain.words, where=at_answer(PLAIN_PROBE, plain))


@requirement(
    "RST-02",
    Level.SHOULD,
    "MSAL WsTrustWebRequestManager",
    remedy="Ignore SOAPAction, or take it as the action.",
    verified=True,
)
def soap_action_is_taken(probes: Probes) -> Finding:
    """A request with a SOAPAction header, as MSAL sends it, is answered with a token."""
    return _answered(probes, "rst-soap-action")


@requirement(
    "RST-03", Level.SHOULD, "RFC3902 2", remedy="Accept the action parameter of application/soap+xml.", verified=True
)
def action_parameter_is_taken(probes: Probes) -> Finding:
    """A request whose media type carries the action parameter is answered with a token."""
    return _answered(probes, "rst-action-parameter")


@requirement("RST-04", Level.SHOULD, "MSAL WsTrustEndpoint", remedy=_LENIENT, verified=True)
def msal_shape_is_taken(probes: Probes) -> Finding:
    """A request in MSAL's shape is answered with a token, as Windows' shape is."""
    return _answered(probes, "rst-msal")


@requirement("RST-05", Level.SHOULD, "MSAL4J WSTrustRequest", remedy=_LENIENT, verified=True)
def lower_case_message_id_is_taken(probes: Probes) -> Finding:
    """A request with a lower-case wsa:messageID, as MSAL for Java writes it, is answered with a token."""
    return _answered(probes, "rst-lower-case-message-id")


@requirement(
    "RST-06",
    Level.SHOULD,
    "RFC4559 6",
    remedy="Judge the body only after authentication: the first POST may be empty.",
    verified=True,
)
def empty_first_request_does_no_harm(probes: Probes) -> Finding:
    """After an empty, challenged POST the request with the ticket is answered with a token."""
    return _answered(probes, "rst-empty-first")


def _speaks(probes: Probes, probe: str, trust: Trust) -> Finding:
    answer = answers_beside_plain(probes, probe)[-1]
    found = f"{answer.words}, in {answer.response.trust}" if answer.response is not None else answer.words
    right = answer.response is not None and answer.tokens and answer.response.trust is trust
    where = at_answer(probe, answer)
    return expect(right, expected=f"a token in WS-Trust {trust}", found=found, where=where)


@requirement(
    "RST-07",
    Level.MUST,
    "WST13 1.3",
    remedy="Speak WS-Trust 1.3 at the port that says so, or take it out of MEX.",
    verified=True,
)
def trust_13_is_spoken_where_it_is_offered(probes: Probes) -> Finding:
    """The endpoint that the metadata offers for WS-Trust 1.3 answers in WS-Trust 1.3."""
    return _speaks(probes, "rst-13", Trust.V13)


@requirement(
    "RST-08",
    Level.MUST,
    "WST2005 2.2",
    remedy="Speak February 2005 at the port that says so, or take it out of MEX.",
    verified=True,
)
def trust_2005_is_spoken_where_it_is_offered(probes: Probes) -> Finding:
    """The endpoint that the metadata offers for WS-Trust February 2005 answers in that version."""
    return _speaks(probes, "rst-2005", Trust.FEB2005)


@requirement(
    "RST-09",
    Level.SHOULD,
    "WST13 3.1",
    remedy="Accept urn:oasis:names:tc:SAML:1.0:assertion as TokenType.",
    verified=True,
)
def token_type_may_be_named(probes: Probes) -> Finding:
    """A request that asks for SAML 1.1 by TokenType is answered with a token."""
    return _answered(probes, "rst-token-type")


@requirement(
    "RST-10",
    Level.SHOULD,
    "ROADTOOLS auth.py",
    remedy="Let the endpoint ignore unknown query parameters.",
    verified=True,
)
def query_does_no_harm(probes: Probes) -> Finding:
    """A request to the endpoint with an unknown query parameter is answered with a token."""
    return _answered(probes, "rst-query")


@requirement(
    "RST-11",
    Level.SHOULD,
    "MSAL4J WSTrustRequest",
    remedy="Accept a Timestamp that is not over, and compare in UTC; or pass over what need not be understood.",
    verified=True,
)
def good_timestamp_does_no_harm(probes: Probes) -> Finding:
    """A request with a good Timestamp, in a wsse:Security that need not be understood, is answered with a token."""
    return _answered(probes, "rst-timestamp")


@requirement(
    "RST-13",
    Level.SHOULD,
    "OKTA-RULES Okta Identity Engine (OIE) Steps",
    remedy=LET_THE_AGENT_PASS,
    verified=True,
)
def windows_agent_is_answered(probes: Probes) -> Finding:
    """A request under the name of Windows' token client is answered with a token, where one under no name is."""
    probe = "rst-other-agent"
    otherwise = "a request under no name gets no token either"
    windows = answer_to_windows_agent(probes, probe, serves=lambda answer: answer.tokens, otherwise=otherwise)
    where = at_answer(probe, windows, number=1)
    return expect(windows.tokens, expected="a token", found=windows.words, where=where)


@requirement("RST-12", Level.MUST, "WSA10 3.4", remedy="Repeat the request's MessageID in RelatesTo.", verified=True)
def every_token_relates_to_its_request(probes: Probes, response: TokenResponse | None, asked: Asked) -> Finding:
    """Each token response relates to the MessageID of its own request, even where it was not the first."""
    if response is not None and response.relates_to not in {None, asked.message_id}:
        raise judged_elsewhere("RSTR-07", "the join's own response relates to another request")
    answers = [
        (result.probe, item, item.response)
        for result in probes.results
        for item in result.answers
        if item.response is not None
    ]
    if not answers:
        answers_to(probes, PLAIN_PROBE)
        return not_applicable("no probe was answered with a token")
    written = [(probe, item, read) for probe, item, read in answers if read.relates_to]
    if not written:
        raise judged_elsewhere("RSTR-07", "the responses carry no RelatesTo at all")
    odd = [(probe, item, read) for probe, item, read in written if read.relates_to != item.message_id]
    probe, item, read = (*odd, *written)[0]
    where = at_probe(probe, "wsa:RelatesTo")
    if not odd:
        return holds(f"{len(written)} right ones", where=where)
    return broken(expected=item.message_id, found=str(read.relates_to), where=where)
