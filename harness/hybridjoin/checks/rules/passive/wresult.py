"""What stands in wresult: one RequestSecurityTokenResponse with one SAML 1.1 assertion (MS-MWBF 2.2.4.1)."""

from __future__ import annotations

from hybridjoin.checks.places import in_response, in_the_page
from hybridjoin.checks.requirement import Finding, broken, expect, requirement
from hybridjoin.checks.silence import inapplicable, judged_elsewhere
from hybridjoin.evidence.browser import PassiveResponse
from hybridjoin.model.verdict import Level
from hybridjoin.protocol import names
from hybridjoin.protocol.mex import Trust
from hybridjoin.protocol.rstr import TokenResponse

_FOR_BROWSERS = "Answer browsers with the one RequestSecurityTokenResponse of February 2005, as AD FS does"
_NO_PROOF_KEY = ("http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey", f"{names.TRUST_13}/Bearer")


@requirement(
    "PASSIVE-09",
    Level.MUST,
    "MS-MWBF 2.2.4.1",
    remedy="Escape the response once in the form, and let no firewall cut it; what a browser sends on has to be XML.",
    verified=True,
)
def wresult_is_a_response(answer: PassiveResponse) -> Finding:
    """Wresult is a RequestSecurityTokenResponse that can be read."""
    found = answer.problem or "a response"
    return expect(answer.response, expected="a RequestSecurityTokenResponse", found=found, where=in_the_page())


@requirement("PASSIVE-10", Level.MUST, "MS-MWBF 2.2.4.1", remedy=f"{_FOR_BROWSERS}.", verified=True)
def wresult_is_one_response(answer: PassiveResponse) -> Finding:
    """Wresult is one RequestSecurityTokenResponse, and neither a collection of them nor in an envelope."""
    response = _response(answer)
    if response.soap_version != "none":
        found, name = "a SOAP envelope", "soap:Envelope"
    elif response.in_collection:
        found, name = f"a collection of {response.responses}", "wst:RequestSecurityTokenResponseCollection"
    else:
        found, name = "one response", "wst:RequestSecurityTokenResponse"
    return expect(found == "one response", expected="one response", found=found, where=in_response(name))


@requirement("PASSIVE-11", Level.SHOULD, "MS-MWBF 4.3.6", remedy=f"{_FOR_BROWSERS}.", verified=True)
def the_response_is_of_february_2005(answer: PassiveResponse) -> Finding:
    """The response is written in the namespace of WS-Trust of February 2005."""
    response = _response(answer)
    if response.in_collection:
        raise judged_elsewhere("PASSIVE-10", "a collection belongs to WS-Trust 1.3")
    found = response.trust.namespace if response.trust is not None else "another namespace"
    where = in_response("wst:RequestSecurityTokenResponse")
    return expect(response.trust is Trust.FEB2005, expected=Trust.FEB2005.namespace, found=found, where=where)


@requirement(
    "PASSIVE-12",
    Level.MUST,
    "MS-MWBF 2.2.4.2",
    remedy="Issue SAML 1.1 for this relying party: Entra reads no other version in wresult (AADSTS50008).",
    verified=True,
)
def the_token_is_saml_11(answer: PassiveResponse) -> Finding:
    """RequestedSecurityToken holds an assertion of SAML 1.1."""
    response = _response(answer)
    held = ", ".join(response.token_elements) or "nothing"
    versions = ", ".join(sorted({f"SAML {item.version}" for item in response.assertions}))
    where = in_response("wst:RequestedSecurityToken" if response.token_elements else "wst:RequestSecurityTokenResponse")
    return expect(response.assertion, expected="an assertion of SAML 1.1", found=versions or held, where=where)


@requirement(
    "PASSIVE-13",
    Level.MUST,
    "MS-MWBF 2.2.4.1",
    remedy="Write the relying party's URI into AppliesTo as into the Audience, or leave AppliesTo out.",
    verified=True,
)
def applies_to_repeats_the_audience(answer: PassiveResponse) -> Finding:
    """AppliesTo, where there is one, says the same as the assertion's Audience."""
    response = _response(answer)
    if response.applies_to is None:
        raise inapplicable("the response has no AppliesTo, and need not have one")
    if response.assertion is None:
        raise judged_elsewhere("PASSIVE-12", "there is no assertion to compare with")
    audiences = response.assertion.audiences
    expected = ", ".join(audiences) or "the assertion's Audience"
    where = in_response("wsp:AppliesTo")
    return expect(response.applies_to in audiences, expected=expected, found=response.applies_to, where=where)


@requirement(
    "PASSIVE-14",
    Level.MAY,
    "MS-MWBF 2.2.4.1",
    remedy=f"Write TokenType {names.SAML_11}, or leave it out.",
)
def token_type_is_the_tokens(answer: PassiveResponse) -> Finding:
    """TokenType, where there is one, is the URN of the assertion that came."""
    response = _response(answer)
    if response.token_type is None:
        raise inapplicable("the response has no TokenType, and need not have one")
    where = in_response("wst:TokenType")
    return expect(response.token_type == names.SAML_11, expected=names.SAML_11, found=response.token_type, where=where)


@requirement(
    "PASSIVE-15", Level.MAY, "MS-MWBF 2.2.4.1", remedy="Write a KeyType without a proof key, or leave it out.",
)  # fmt: skip
def the_token_is_a_bearers(answer: PassiveResponse) -> Finding:
    """KeyType, where there is one, says that no key has to be proven: a browser has none."""
    response = _response(answer)
    if response.key_type is None:
        raise inapplicable("the response has no KeyType, and need not have one")
    where = in_response("wst:KeyType")
    expected = " or ".join(_NO_PROOF_KEY)
    return expect(response.key_type in _NO_PROOF_KEY, expected=expected, found=response.key_type, where=where)


@requirement(
    "PASSIVE-16",
    Level.SHOULD,
    "MS-MWBF 2.2.4.1",
    remedy="Issue one assertion: a relying party reads one, and which of several is its own choice.",
    verified=True,
)
def one_token_comes(answer: PassiveResponse) -> Finding:
    """RequestedSecurityToken holds one token and nothing beside it."""
    response = _response(answer)
    found = ", ".join(response.token_elements) or "nothing"
    if not response.token_elements:
        where = in_response("wst:RequestSecurityTokenResponse")
        return broken(expected="one token", found=found, where=where)
    where = in_response("wst:RequestedSecurityToken")
    return expect(len(response.token_elements) == 1, expected="one token", found=found, where=where)


def _response(answer: PassiveResponse) -> TokenResponse:
    """Return the response.

    Raises:
        Silence: there is none, which is judged elsewhere.
    """
    if answer.response is None:
        raise judged_elsewhere("PASSIVE-09", "wresult is no response that can be read")
    return answer.response
