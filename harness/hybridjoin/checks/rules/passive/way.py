"""The way to the answer: the address, tickets, and whether the person signed in as the request asked."""

from __future__ import annotations

from hybridjoin.checks.places import in_response, in_the_page, in_the_redirect
from hybridjoin.checks.requirement import Finding, broken, expect, requirement
from hybridjoin.checks.silence import inapplicable
from hybridjoin.evidence.browser import PassiveVisit
from hybridjoin.evidence.facts import Asked
from hybridjoin.model.verdict import Level
from hybridjoin.protocol import names
from hybridjoin.protocol.mex import Credential
from hybridjoin.protocol.passive import PassiveRequest
from hybridjoin.protocol.saml11 import Assertion

MULTIPLE = "http://schemas.microsoft.com/claims/multipleauthn"
WINDOWS_OR_MULTIPLE = "http://schemas.microsoft.com/claims/wiaormultiauthn"
WINDOWS = "urn:federation:authentication:windows"
_PASSWORDS = (
    *names.PASSWORD_METHODS,
    "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password",
)
_FACTORS = ("authnmethodsreferences", "authenticationmethod")


@requirement(
    "PASSIVE-17",
    Level.SHOULD,
    "MS-MWBF 2.1",
    remedy="Set passiveSignInUri to the https address of the passive endpoint.",
    verified=True,
)
def the_passive_address_is_https(request: PassiveRequest) -> Finding:
    """The address that Entra sends browsers to begins with https."""
    found = request.address
    return expect(found.startswith("https://"), expected="https://…", found=found, where=in_the_redirect())


@requirement(
    "PASSIVE-18",
    Level.MAY,
    "MS-MWBF 3.1.5.4.3",
    remedy="Ask browsers of the domain for a ticket (401 with Negotiate); AD FS goes by their User-Agent: "
    "Set-AdfsProperties -WIASupportedUserAgents.",
    verified=True,
)
def a_ticket_is_asked_for(asked: Asked, request: PassiveRequest, visit: PassiveVisit) -> Finding:
    """A browser that has a Kerberos ticket signs its user in by it, without a page to type into."""
    if asked.credential is not Credential.WINDOWS:
        raise inapplicable("the browser has no ticket to show")
    if request.value("prompt") == "login" or request.value("wauth") in _PASSWORDS:
        raise inapplicable("the request wants a password")
    found = "a page for name and password" if visit.asked_to_type else "no page to type into"
    return expect(not visit.asked_to_type, expected="a challenge", found=found, where=in_the_page())


@requirement(
    "PASSIVE-19",
    Level.SHOULD,
    "MS-MWBF 3.1.5.4.6",
    remedy=f"Say {WINDOWS} in the AuthenticationMethod after a ticket, {_PASSWORDS[0]} after a password.",
    verified=True,
)
def the_method_is_the_one_that_was_used(asked: Asked, request: PassiveRequest, assertion: Assertion) -> Finding:
    """The AuthenticationMethod is the one that the user signed in by: a ticket or a password."""
    if request.value("wauth") in {MULTIPLE, WINDOWS_OR_MULTIPLE}:
        raise inapplicable("a second factor was asked for, which PASSIVE-20 judges")
    wanted = (WINDOWS,) if asked.credential is Credential.WINDOWS else names.PASSWORD_METHODS
    if not assertion.authentication_statements:
        return broken(expected=wanted[0], found="no AuthenticationStatement", where=in_response("saml:Assertion"))
    found = assertion.authentication_method or "no method"
    where = in_response("saml:AuthenticationStatement")
    return expect(found in wanted, expected=" or ".join(wanted), found=found, where=where)


@requirement(
    "PASSIVE-20",
    Level.MUST,
    "MS-MFA Using WS-Fed or SAML 1.1 federated IdP",
    remedy=f"Answer wauth={MULTIPLE} with a second factor, and say {MULTIPLE} in the AuthenticationMethod or in the "
    "claim authnmethodsreferences; or set federatedIdpMfaBehavior to acceptIfMfaDoneByFederatedIdp.",
    verified=True,
)
def a_second_factor_is_told_of(request: PassiveRequest, assertion: Assertion) -> Finding:
    """Where Entra asks for a second factor (wauth), the assertion says that there was one."""
    wanted = {MULTIPLE, WINDOWS_OR_MULTIPLE}
    if request.value("wauth") not in wanted:
        raise inapplicable("Entra asked for no second factor")
    claimed = {value for item in assertion.attributes if item.name in _FACTORS for value in item.values}
    found = sorted({assertion.authentication_method or "no method", *claimed})
    where = in_response("saml:AuthenticationStatement" if assertion.authentication_statements else "saml:Assertion")
    return expect(wanted.intersection(found), expected=MULTIPLE, found=", ".join(found), where=where)


@requirement(
    "PASSIVE-21",
    Level.SHOULD,
    "MS-MWBF 3.1.5.3.4",
    remedy="Ask the user to sign in anew where wfresh=0 or prompt=login says so, and write that moment into the "
    "AuthenticationInstant.",
    verified=True,
)
def a_fresh_sign_in_is_one(request: PassiveRequest, visit: PassiveVisit, _: Assertion) -> Finding:
    """Where the request wants a fresh sign-in (wfresh=0, prompt=login), the user is asked to sign in."""
    if request.value("wfresh") != "0" and request.value("prompt") != "login":
        raise inapplicable("the request wants no fresh sign-in")
    found = "asked" if visit.asked_to_type or visit.challenged else "not asked"
    return expect(found == "asked", expected="asked", found=found, where=in_the_page())
