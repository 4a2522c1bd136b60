"""The token service's answer: its envelope, its shape, and what it says of the token inside."""

from __future__ import annotations

from hybridjoin.checks.readings import assertion_of, endpoint_of, fell_at, response_of, unreadable, waited_in_vain
from hybridjoin.checks.requirement import Finding, NotReached, broken, expect, holds, requirement
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.protocol import names
from hybridjoin.protocol.mex import Trust

_FINAL_ACTION: dict[Trust | None, str] = {
    Trust.V13: f"{names.TRUST_13}/RSTRC/IssueFinal",
    Trust.FEB2005: f"{names.TRUST_2005}/RSTR/Issue",
}
_BEARER_KEYS = {f"{names.TRUST_13}/Bearer", names.NO_PROOF_KEY}


@requirement(
    "RSTR-01",
    Level.MUST,
    "WST13 3.2",
    remedy="Look into the token service's log at this time; a fault names the cause, a 401 means that it refused the "
    "computer's ticket.",
    verified=True,
)
def request_is_answered_with_a_token(evidence: JoinEvidence) -> Finding:
    """The token service answers the computer's request with a token response, not with a fault or a refusal."""
    expected = "a RequestSecurityTokenResponse"
    if evidence.fault is not None:
        fault = evidence.fault
        found = f"{fault.subcode or fault.code}: {fault.reason}"
        return broken(expected=expected, found=found, where=f"RSTR, soap:Fault (HTTP {fault.http_status})")
    if unreadable(evidence, Step.RST) and evidence.response is None:
        raise NotReached(f"the reply could not be read: {unreadable(evidence, Step.RST)}")
    if waited_in_vain(evidence, Step.RST):
        raise NotReached("no complete answer came in time, which RSTR-18 judges")
    words = fell_at(evidence, Step.RST)
    if words and evidence.response is None:
        return broken(expected=expected, found=words, where="RST")
    return holds(f"{response_of(evidence).responses} response(s)", where="RSTR")


@requirement(
    "RSTR-02",
    Level.MUST,
    "MS-ADAL 0xCAA90013",
    remedy="Look what the endpoint really answered; a proxy may answer.",
    verified=True,
)
def reply_is_soap(evidence: JoinEvidence) -> Finding:
    """The token service's reply is a well-formed SOAP envelope with a token response or a fault."""
    words = unreadable(evidence, Step.RST)
    if words and evidence.response is None:
        return broken(expected="a SOAP envelope", found=words, where="RSTR")
    if evidence.fault is not None:
        return holds(f"SOAP {evidence.fault.soap_version} fault", where="RSTR")
    response = response_of(evidence)
    found = f"SOAP {response.soap_version}"
    return expect(response.soap_version != "none", expected="SOAP 1.2", found=found, where="RSTR, Envelope")


@requirement(
    "RSTR-03",
    Level.MUST,
    "SOAP12 2.8",
    remedy="Answer in the SOAP version of the request: SOAP 1.2 for application/soap+xml.",
    verified=True,
)
def reply_is_in_the_version_of_the_request(evidence: JoinEvidence) -> Finding:
    """The reply is in SOAP 1.2, as the request was."""
    found = evidence.fault.soap_version if evidence.fault is not None else response_of(evidence).soap_version
    return expect(found == "1.2", expected="1.2", found=found, where="RSTR, Envelope")


@requirement(
    "RSTR-04",
    Level.MUST,
    "WST13 1.3",
    remedy="Answer in the WS-Trust version of the request; 2005/02 and 1.3 have namespaces of their own.",
    verified=True,
)
def reply_speaks_the_version_asked_for(evidence: JoinEvidence) -> Finding:
    """The response is in the WS-Trust namespace of the endpoint that was asked."""
    found, wanted = response_of(evidence).trust, endpoint_of(evidence).trust
    return expect(found is wanted, expected=str(wanted), found=str(found), where="RSTR, namespace of the response")


@requirement(
    "RSTR-05",
    Level.MUST,
    "WST13 4.3",
    remedy="Answer WS-Trust 1.3 with a RequestSecurityTokenResponseCollection and February 2005 without one.",
    verified=True,
)
def collection_is_used_in_13_only(evidence: JoinEvidence) -> Finding:
    """A 1.3 response stands in a collection, a February 2005 response on its own."""
    response = response_of(evidence)
    wanted = response.trust is Trust.V13
    words = {True: "in a collection", False: "on its own"}
    right = response.in_collection is wanted
    return expect(right, expected=words[wanted], found=words[response.in_collection], where="RSTR, Body")


@requirement(
    "RSTR-06",
    Level.SHOULD,
    "WST13 4",
    remedy="Write the Action RSTRC/IssueFinal (WS-Trust 1.3) or RSTR/Issue (2005/02).",
    verified=True,
)
def action_is_the_final_one(evidence: JoinEvidence) -> Finding:
    """The reply's Action header is the one of a final issue response in its WS-Trust version."""
    response = response_of(evidence)
    wanted = _FINAL_ACTION.get(response.trust, "")
    found = response.action
    return expect(found == wanted, expected=wanted, found=found or "no Action", where="RSTR, wsa:Action")


@requirement("RSTR-07", Level.MUST, "WSA10 3.4", remedy="Repeat the request's MessageID in RelatesTo.", verified=True)
def reply_relates_to_the_request(evidence: JoinEvidence) -> Finding:
    """The reply's RelatesTo is the MessageID of the request."""
    fault = evidence.fault
    found = fault.relates_to if fault is not None else response_of(evidence).relates_to
    same = found == evidence.message_id
    return expect(same, expected=evidence.message_id, found=found or "no RelatesTo", where="RSTR, wsa:RelatesTo")


@requirement(
    "RSTR-08",
    Level.MUST,
    "MS-ADAL 0xCAA90002",
    remedy="Let the IdP issue SAML 1.1 for urn:federation:MicrosoftOnline.",
    verified=True,
)
def response_carries_a_saml_11_assertion(evidence: JoinEvidence) -> Finding:
    """The response carries a SAML 1.1 assertion in RequestedSecurityToken."""
    response = response_of(evidence)
    versions = ", ".join(f"SAML {item.version}" for item in response.assertions)
    found = versions or ", ".join(response.token_elements) or "no token"
    right = response.assertion is not None
    return expect(right, expected="SAML 1.1", found=found, where="RSTR, RequestedSecurityToken")


@requirement(
    "RSTR-09", Level.MUST, "WST13 3.2", remedy="Put one assertion into RequestedSecurityToken, and nothing beside it."
)
def response_carries_one_assertion(evidence: JoinEvidence) -> Finding:
    """The reply carries exactly one assertion and nothing beside it, so that no reader can take another one."""
    response = response_of(evidence)
    if not response.assertions:
        raise NotReached("the response holds no assertion")
    count, elements = len(response.assertions), response.token_elements
    alone = count == 1 and len(elements) <= 1
    found = str(count) if count != 1 else f"{count} among {', '.join(elements)}"
    return expect(alone, expected="1", found="1" if alone else found, where="RSTR, RequestedSecurityToken")


@requirement(
    "RSTR-10",
    Level.MUST,
    "MSAL WsTrustResponse",
    remedy="Write TokenType urn:oasis:names:tc:SAML:1.0:assertion.",
    verified=True,
)
def token_type_is_saml_11(evidence: JoinEvidence) -> Finding:
    """The response names SAML 1.1 as its TokenType."""
    found = response_of(evidence).token_type
    known = {names.SAML_11, names.SAML_11_PROFILE}
    return expect(found in known, expected=names.SAML_11, found=found or "no TokenType", where="RSTR, TokenType")


@requirement(
    "RSTR-11",
    Level.SHOULD,
    "WST13 9.2",
    remedy="Name the bearer key type of the WS-Trust version in KeyType.",
    verified=True,
)
def key_type_is_bearer(evidence: JoinEvidence) -> Finding:
    """The response names a bearer key type, as asked for."""
    found = response_of(evidence).key_type
    expected = "…/200512/Bearer or …/2005/05/identity/NoProofKey"
    return expect(found in _BEARER_KEYS, expected=expected, found=found or "no KeyType", where="RSTR, KeyType")


@requirement(
    "RSTR-12",
    Level.SHOULD,
    "WST13 4.4",
    remedy="Repeat AppliesTo with urn:federation:MicrosoftOnline in the response.",
    verified=True,
)
def applies_to_is_repeated(evidence: JoinEvidence) -> Finding:
    """The response repeats the realm that the token was asked for."""
    found = response_of(evidence).applies_to
    same = found == evidence.applies_to
    return expect(same, expected=evidence.applies_to, found=found or "no AppliesTo", where="RSTR, AppliesTo")


@requirement(
    "RSTR-13",
    Level.SHOULD,
    "WST13 4.4",
    remedy="Write a Lifetime whose Created and Expires are NotBefore and NotOnOrAfter of the Conditions.",
    verified=True,
)
def lifetime_covers_the_assertion(evidence: JoinEvidence) -> Finding:
    """The response's Lifetime is there and is the window of the assertion's Conditions."""
    response, assertion = response_of(evidence), assertion_of(evidence)
    if assertion.not_before is None or assertion.not_on_or_after is None:
        raise NotReached("the assertion has no window to compare with")
    created, expires = response.lifetime_created, response.lifetime_expires
    if created is None or expires is None:
        return broken(expected="Created and Expires", found="no readable Lifetime", where="RSTR, Lifetime")
    same = (created, expires) == (assertion.not_before, assertion.not_on_or_after)
    expected = f"{assertion.not_before} to {assertion.not_on_or_after}"
    return expect(same, expected=expected, found=f"{created} to {expires}", where="RSTR, Lifetime")


@requirement(
    "RSTR-14",
    Level.SHOULD,
    "WST13 4.4.2",
    remedy="Let RequestedAttachedReference and RequestedUnattachedReference name the AssertionID, or leave both out.",
    verified=True,
)
def references_name_the_assertion(evidence: JoinEvidence) -> Finding:
    """The attached and unattached references, where there are any, name the assertion's id."""
    response, wanted = response_of(evidence), assertion_of(evidence).assertion_id
    given = [item for item in (response.attached_reference, response.unattached_reference) if item is not None]
    odd = [item for item in given if item.removeprefix("#") != wanted]
    found = ", ".join(odd or given) or "no references"
    return expect(not odd, expected=wanted, found=found, where="RSTR, RequestedAttachedReference")


@requirement(
    "RSTR-15",
    Level.MUST,
    "MSAL-PY wstrust_response",
    remedy="Declare each namespace that the assertion uses on the assertion itself; it is cut out and sent alone.",
    verified=True,
)
def assertion_declares_its_namespaces(evidence: JoinEvidence) -> Finding:
    """The assertion declares every namespace it uses and borrows none from the envelope."""
    assertion_of(evidence)
    borrowed = response_of(evidence).borrowed_namespaces
    found = ", ".join(f"xmlns:{item}" if item else "xmlns" for item in borrowed) or "nothing borrowed"
    return expect(not borrowed, expected="declarations of its own", found=found, where="RSTR, saml:Assertion")


@requirement(
    "RSTR-16",
    Level.SHOULD,
    "SOAP12-2 7.1.4",
    remedy="Send the answer as application/soap+xml; charset=utf-8.",
    verified=True,
)
def content_type_is_soap(evidence: JoinEvidence) -> Finding:
    """The reply's Content-Type is application/soap+xml."""
    found = response_of(evidence).content_type
    media_type = found.partition(";")[0].strip().lower()
    right = media_type == "application/soap+xml"
    return expect(right, expected="application/soap+xml", found=found or "none", where="RSTR, Content-Type")


@requirement(
    "RSTR-17",
    Level.MUST,
    "MS-ADAL 0xCAA90002",
    remedy="Switch token encryption off for this relying party.",
    verified=True,
)
def token_is_not_encrypted(evidence: JoinEvidence) -> Finding:
    """The token is readable for the device, not encrypted for the relying party."""
    response = response_of(evidence)
    found = "EncryptedData" if response.encrypted else ", ".join(response.token_elements) or "no token"
    return expect(not response.encrypted, expected="Assertion", found=found, where="RSTR, RequestedSecurityToken")
