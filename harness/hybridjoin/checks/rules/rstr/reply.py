"""The token service's reply: that it came, that it is SOAP, and that it answers the question in its own version."""

from __future__ import annotations

from hybridjoin.checks.missing import reached, why_not
from hybridjoin.checks.places import answer_to, in_response
from hybridjoin.checks.requirement import Finding, broken, expect, holds, not_applicable, requirement
from hybridjoin.checks.silence import Silence, judged_elsewhere
from hybridjoin.evidence.facts import Asked
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.model.where import Where
from hybridjoin.protocol import names
from hybridjoin.protocol.mex import MexEndpoint, Trust
from hybridjoin.protocol.rstr import SoapFault, TokenResponse

_FINAL_ACTION: dict[Trust | None, str] = {
    Trust.V13: f"{names.TRUST_13}/RSTRC/IssueFinal",
    Trust.FEB2005: f"{names.TRUST_2005}/RSTR/Issue",
}


def _envelope(answer: TokenResponse | SoapFault) -> Where:
    """The SOAP envelope, or all of a reply that has none."""
    return in_response("" if answer.soap_version == "none" else "soap:Envelope")


def at_response(response: TokenResponse) -> Where:
    """The response itself; the collection where that is empty."""
    name = "RequestSecurityTokenResponse" if response.responses else "RequestSecurityTokenResponseCollection"
    return in_response(f"wst:{name}")


def _header(answer: TokenResponse | SoapFault, name: str, value: str | None) -> Where:
    """An addressing header of the reply; its envelope where there is no such header."""
    return in_response(name) if value else _envelope(answer)


@requirement(
    "RSTR-01",
    Level.MUST,
    "WST13 3.2",
    remedy="Look into the token service's log at this time; a fault names the cause, a 401 means that it refused the "
    "computer's ticket.",
    verified=True,
)
def request_is_answered_with_a_token(
    response: TokenResponse | None, fault: SoapFault | None, outcome: FlowOutcome
) -> Finding:
    """The token service answers the request with a token response, not with a fault or a refusal."""
    expected = "a RequestSecurityTokenResponse"
    if fault is not None:
        found = f"{fault.subcode or fault.code}: {fault.reason}"
        return broken(expected=expected, found=found, where=in_response("soap:Fault"))
    if outcome.unreadable_at(Step.RST) and response is None:
        raise Silence(why_not(outcome, Step.RST))
    if outcome.timed_out_at(Step.RST):
        raise judged_elsewhere("RSTR-18", "no complete answer came in time")
    words = outcome.failed_at(Step.RST)
    if words and response is None:
        return broken(expected=expected, found=words, where=answer_to(Step.RST, outcome))
    came = reached(response, outcome, Step.RST)
    return holds(f"{came.responses} response(s)", where=at_response(came))


@requirement(
    "RSTR-02",
    Level.MUST,
    "MS-ADAL 0xCAA90013",
    remedy="Look what the endpoint really answered; a proxy may answer.",
    verified=True,
)
def reply_is_soap(response: TokenResponse | None, fault: SoapFault | None, outcome: FlowOutcome) -> Finding:
    """The token service's reply is a well-formed SOAP envelope with a token response or a fault."""
    words = outcome.unreadable_at(Step.RST)
    if words and response is None:
        return broken(expected="a SOAP envelope", found=words, where=in_response())
    if fault is not None:
        return holds(f"SOAP {fault.soap_version} fault", where=_envelope(fault))
    came = reached(response, outcome, Step.RST)
    right = came.soap_version != "none"
    return expect(right, expected="SOAP 1.2", found=f"SOAP {came.soap_version}", where=_envelope(came))


@requirement(
    "RSTR-03",
    Level.MUST,
    "SOAP12 2.8",
    remedy="Answer in the SOAP version of the request: SOAP 1.2 for application/soap+xml.",
    verified=True,
)
def reply_is_in_the_version_of_the_request(
    response: TokenResponse | None, fault: SoapFault | None, outcome: FlowOutcome
) -> Finding:
    """The reply is in SOAP 1.2, as the request was."""
    answer = fault if fault is not None else reached(response, outcome, Step.RST)
    found = answer.soap_version
    return expect(found == "1.2", expected="1.2", found=found, where=_envelope(answer))


@requirement(
    "RSTR-04",
    Level.MUST,
    "WST13 1.3",
    remedy="Answer in the WS-Trust version of the request; 2005/02 and 1.3 have namespaces of their own.",
    verified=True,
)
def reply_speaks_the_version_asked_for(response: TokenResponse, endpoint: MexEndpoint) -> Finding:
    """The response is in the WS-Trust namespace of the endpoint that was asked."""
    found, wanted = response.trust, endpoint.trust
    return expect(found is wanted, expected=str(wanted), found=str(found), where=at_response(response))


def _at_collection(response: TokenResponse) -> Where:
    """The collection around the response; the response where there is none."""
    name = "wst:RequestSecurityTokenResponseCollection"
    return in_response(name) if response.in_collection else at_response(response)


@requirement(
    "RSTR-05",
    Level.MUST,
    "WST13 4.3",
    remedy="Answer WS-Trust 1.3 with a RequestSecurityTokenResponseCollection.",
    verified=True,
)
def response_stands_in_a_collection_in_13(response: TokenResponse) -> Finding:
    """A response in WS-Trust 1.3 stands in a RequestSecurityTokenResponseCollection."""
    if response.trust is Trust.FEB2005:
        return not_applicable("the response is in WS-Trust February 2005")
    found = "in a collection" if response.in_collection else "on its own"
    return expect(response.in_collection, expected="in a collection", found=found, where=_at_collection(response))


@requirement(
    "RSTR-19",
    Level.SHOULD,
    "MSAL4J WSTrustVersion",
    remedy="Answer WS-Trust February 2005 with one RequestSecurityTokenResponse, and no collection around it.",
    verified=True,
)
def response_stands_alone_in_2005(response: TokenResponse) -> Finding:
    """A response in WS-Trust February 2005 stands on its own, where MSAL for Java looks for it."""
    if response.trust is not Trust.FEB2005:
        return not_applicable("the response is not in WS-Trust February 2005")
    found = "in a collection" if response.in_collection else "on its own"
    return expect(not response.in_collection, expected="on its own", found=found, where=_at_collection(response))


@requirement(
    "RSTR-06",
    Level.SHOULD,
    "WST13 4",
    remedy="Write the Action RSTRC/IssueFinal (WS-Trust 1.3) or RSTR/Issue (2005/02).",
    verified=True,
)
def action_is_the_final_one(response: TokenResponse) -> Finding:
    """The reply's Action header is the one of a final issue response in its WS-Trust version."""
    wanted, found = _FINAL_ACTION.get(response.trust, ""), response.action
    where = _header(response, "wsa:Action", found)
    return expect(found == wanted, expected=wanted, found=found or "no Action", where=where)


@requirement("RSTR-07", Level.MUST, "WSA10 3.4", remedy="Repeat the request's MessageID in RelatesTo.", verified=True)
def reply_relates_to_the_request(
    asked: Asked, response: TokenResponse | None, fault: SoapFault | None, outcome: FlowOutcome
) -> Finding:
    """The reply's RelatesTo is the MessageID of the request."""
    answer = fault if fault is not None else reached(response, outcome, Step.RST)
    found, wanted = answer.relates_to, asked.message_id
    where = _header(answer, "wsa:RelatesTo", found)
    return expect(found == wanted, expected=wanted, found=found or "no RelatesTo", where=where)
