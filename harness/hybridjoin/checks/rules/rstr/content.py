"""What the token service's response says of the token inside, and how it carries it."""

from __future__ import annotations

from datetime import timedelta

from hybridjoin.checks.places import in_response, response_header, response_status
from hybridjoin.checks.requirement import Finding, broken, expect, not_applicable, requirement
from hybridjoin.checks.rules.rstr.reply import at_response
from hybridjoin.checks.silence import absent, inapplicable, judged_elsewhere
from hybridjoin.evidence.facts import Asked
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.model.where import Where
from hybridjoin.protocol import names
from hybridjoin.protocol.rstr import TokenResponse
from hybridjoin.protocol.saml11 import Assertion

# The first number of an assertion's version: SAML 1.0 and 1.1 share their namespace, and the first of these names.
_SAML_VERSIONS = {
    names.SAML_11: "1",
    names.SAML_11_PROFILE: "1",
    names.SAML_20: "2",
    names.SAML_11_PROFILE.replace("#SAMLV1.1", "#SAMLV2.0"): "2",
}
_ONE_READING = timedelta(seconds=1)  # a service that reads its clock for each of the two is right as well
_BEARER_KEYS = {f"{names.TRUST_13}/Bearer", names.NO_PROOF_KEY}


def _child(response: TokenResponse, name: str) -> Where:
    """A child of the response; the response where there is no such child."""
    return in_response(name) if name.rpartition(":")[2] in response.child_order else at_response(response)


@requirement(
    "RSTR-08",
    Level.MUST,
    "MS-ADAL 0xCAA90002",
    remedy="Let the IdP issue SAML 1.1 for urn:federation:MicrosoftOnline.",
    verified=True,
)
def response_carries_a_saml_11_assertion(response: TokenResponse) -> Finding:
    """The response carries a SAML 1.1 assertion in RequestedSecurityToken."""
    if response.desktop_sso:
        raise inapplicable("Entra's own token service answered, whose token only Entra reads")
    versions = ", ".join(f"SAML {item.version}" for item in response.assertions)
    found = versions or ", ".join(response.token_elements) or "no token"
    right = response.assertion is not None
    return expect(right, expected="SAML 1.1", found=found, where=_child(response, "wst:RequestedSecurityToken"))


@requirement(
    "RSTR-09", Level.MUST, "WST13 3.2", remedy="Put one assertion into RequestedSecurityToken, and nothing beside it."
)
def response_carries_one_assertion(response: TokenResponse) -> Finding:
    """The reply carries exactly one assertion and nothing beside it, so that no reader can take another one."""
    if not response.assertions:
        raise absent("the response holds no assertion", step=Step.RST)
    count, elements = len(response.assertions), response.token_elements
    alone = count == 1 and len(elements) <= 1
    found = str(count) if count != 1 else f"{count} among {', '.join(elements)}"
    where = _child(response, "wst:RequestedSecurityToken")
    return expect(alone, expected="1", found="1" if alone else found, where=where)


@requirement(
    "RSTR-21",
    Level.SHOULD,
    "MSAL4J WSTrustResponse",
    remedy="Write RequestedSecurityToken without indentation: its end tag right behind the assertion's.",
    verified=True,
)
def nothing_is_written_behind_the_assertion(response: TokenResponse) -> Finding:
    """No text follows the assertion in RequestedSecurityToken, not even a line feed: MSAL for Java would repeat it."""
    if response.assertion is None:
        raise judged_elsewhere("RSTR-08", "the response holds no SAML 1.1 assertion")
    behind = response.behind_assertion
    where = _child(response, "wst:RequestedSecurityToken")
    return expect(not behind, expected="nothing", found=repr(behind) if behind else "nothing", where=where)


@requirement(
    "RSTR-10",
    Level.SHOULD,
    "MSAL WsTrustResponse",
    remedy="Write TokenType urn:oasis:names:tc:SAML:1.0:assertion.",
    verified=True,
)
def token_type_is_saml_11(response: TokenResponse) -> Finding:
    """The response names SAML 1.1 as its TokenType."""
    found = response.token_type
    right = found in {names.SAML_11, names.SAML_11_PROFILE}
    where = _child(response, "wst:TokenType")
    return expect(right, expected=names.SAML_11, found=found or "no TokenType", where=where)


@requirement(
    "RSTR-20",
    Level.MUST,
    "MS-ERRORS AADSTS7500514",
    remedy="Issue SAML 1.1 and name it so, urn:oasis:names:tc:SAML:1.0:assertion; clients choose the grant by it.",
)
def token_is_what_its_type_says(response: TokenResponse) -> Finding:
    """A response that names a version of SAML in TokenType holds an assertion of that very version."""
    said = _SAML_VERSIONS.get(response.token_type or "")
    if said is None or not response.assertions:
        return not_applicable("the response names no version of SAML, or holds no assertion")
    found = ", ".join(f"SAML {item.version}" for item in response.assertions)
    right = all(item.version.partition(".")[0] == said for item in response.assertions)
    expected = f"SAML {said}, as {response.token_type}"
    return expect(right, expected=expected, found=found, where=_child(response, "wst:TokenType"))


@requirement(
    "RSTR-11",
    Level.MAY,
    "WST13 9.2",
    remedy="Name the bearer key type of the WS-Trust version in KeyType.",
    verified=True,
)
def key_type_is_bearer(response: TokenResponse) -> Finding:
    """The response names a bearer key type, as asked for."""
    found = response.key_type
    expected = "…/200512/Bearer or …/2005/05/identity/NoProofKey"
    where = _child(response, "wst:KeyType")
    return expect(found in _BEARER_KEYS, expected=expected, found=found or "no KeyType", where=where)


@requirement(
    "RSTR-12",
    Level.SHOULD,
    "WST13 4.4",
    remedy="Repeat AppliesTo with urn:federation:MicrosoftOnline in the response.",
    verified=True,
)
def applies_to_is_repeated(response: TokenResponse, asked: Asked) -> Finding:
    """The response repeats the realm that the token was asked for."""
    found, wanted = response.applies_to, asked.applies_to
    where = _child(response, "wsp:AppliesTo")
    return expect(found == wanted, expected=wanted, found=found or "no AppliesTo", where=where)


@requirement(
    "RSTR-13",
    Level.SHOULD,
    "WST13 4.4",
    remedy="Write a Lifetime whose Created and Expires lie between NotBefore and NotOnOrAfter of the Conditions.",
    verified=True,
)
def lifetime_covers_the_assertion(response: TokenResponse, assertion: Assertion) -> Finding:
    """The response's Lifetime is there, and to a second within the window of the assertion's Conditions."""
    if assertion.not_before is None or assertion.not_on_or_after is None:
        raise absent("the assertion has no window to compare with", step=Step.RST)
    created, expires = response.lifetime_created, response.lifetime_expires
    where = _child(response, "wst:Lifetime")
    if created is None or expires is None:
        return broken(expected="Created and Expires", found="no readable Lifetime", where=where)
    early, late = assertion.not_before - created, expires - assertion.not_on_or_after  # no instant lies past year 9999
    within = max(early, late) <= _ONE_READING
    expected = f"within {assertion.not_before} to {assertion.not_on_or_after}"
    return expect(within, expected=expected, found=f"{created} to {expires}", where=where)


@requirement(
    "RSTR-14",
    Level.SHOULD,
    "WST13 4.4.2",
    remedy="Let RequestedAttachedReference and RequestedUnattachedReference name the AssertionID, or leave both out.",
    verified=True,
)
def references_name_the_assertion(response: TokenResponse, assertion: Assertion) -> Finding:
    """The attached and unattached references, where there are any, name the assertion's id."""
    wanted = assertion.assertion_id
    named = (
        ("wst:RequestedAttachedReference", response.attached_reference),
        ("wst:RequestedUnattachedReference", response.unattached_reference),
    )
    given = [(name, item) for name, item in named if item is not None]
    odd = [(name, item) for name, item in given if item.removeprefix("#") != wanted]
    found = ", ".join(item for _, item in odd or given) or "no references"
    where = in_response((odd or given)[0][0]) if given else at_response(response)
    return expect(not odd, expected=wanted, found=found, where=where)


@requirement(
    "RSTR-15",
    Level.SHOULD,
    "MSAL-PY wstrust_response",
    remedy="Declare each namespace that the assertion uses on the assertion itself; it is cut out and sent alone.",
    verified=True,
)
def assertion_declares_its_namespaces(response: TokenResponse, _: Assertion) -> Finding:
    """The assertion declares every namespace it uses and borrows none from the envelope."""
    borrowed = response.borrowed_namespaces
    found = ", ".join(f"xmlns:{item}" if item else "xmlns" for item in borrowed) or "nothing borrowed"
    where = in_response("saml:Assertion")
    return expect(not borrowed, expected="declarations of its own", found=found, where=where)


@requirement(
    "RSTR-16",
    Level.SHOULD,
    "SOAP12-2 7.1.4",
    remedy="Send the answer as application/soap+xml; charset=utf-8.",
    verified=True,
)
def content_type_is_soap(response: TokenResponse) -> Finding:
    """The reply's Content-Type is application/soap+xml."""
    found = response.content_type
    right = found.partition(";")[0].strip().lower() == "application/soap+xml"
    where = response_header("Content-Type") if found else response_status()
    return expect(right, expected="application/soap+xml", found=found or "none", where=where)


@requirement(
    "RSTR-17",
    Level.MUST,
    "MS-ADAL 0xCAA90002",
    remedy="Switch token encryption off for this relying party.",
    verified=True,
)
def token_is_not_encrypted(response: TokenResponse) -> Finding:
    """The token is readable for the device, not encrypted for the relying party."""
    found = "EncryptedData" if response.encrypted else ", ".join(response.token_elements) or "no token"
    where = _child(response, "wst:RequestedSecurityToken")
    return expect(not response.encrypted, expected="Assertion", found=found, where=where)
