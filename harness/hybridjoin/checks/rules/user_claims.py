"""What an assertion says of a person besides who it is: each thing once, in its form, and nothing that was not done.

Each check reads `SignedInUser`, so that it is asked of a sign-in and of nothing else.
"""

from __future__ import annotations

import re
from typing import Final

from hybridjoin.checks.places import in_response
from hybridjoin.checks.requirement import Finding, expect, requirement
from hybridjoin.checks.silence import inapplicable
from hybridjoin.evidence.facts import Asked, TrustedIssuer
from hybridjoin.evidence.sign_in import ShownPassword, SignedInUser
from hybridjoin.model.verdict import Level
from hybridjoin.protocol import names
from hybridjoin.protocol.mex import Credential
from hybridjoin.protocol.saml11 import Assertion, Attribute

_RULES: Final = "MS-ADFS Issuance transform rules set by Microsoft Entra Connect"
_SEVERAL_FACTORS: Final = (
    "http://schemas.microsoft.com/claims/multipleauthn",
    "http://schemas.microsoft.com/claims/wiaormultiauthn",
)
_METHOD: Final = "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/"
_SHOWN: Final = {Credential.WINDOWS: f"{_METHOD}windows", Credential.USERNAME: f"{_METHOD}password"}
_IMMUTABLE_IDS: Final = (names.CLAIM_IMMUTABLE_ID, names.CLAIM_IMMUTABLE_ID_XMLSOAP)
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


@requirement(
    "USER-07",
    Level.SHOULD,
    _RULES,
    remedy="Map NameIdentifier and ImmutableID from the same attribute of the directory.",
)
def both_anchors_are_the_same(_: SignedInUser, assertion: Assertion) -> Finding:
    """Where the assertion says the source anchor twice, NameIdentifier and ImmutableID are the same."""
    subjects = {item.name_identifier.strip() for item in assertion.subjects if item.name_identifier}
    claims = {value.strip() for item in _anchors(assertion) for value in item.values}
    if not subjects or not claims:
        raise inapplicable("the assertion says the source anchor once at most")
    where = in_response("saml:Attribute", label="ImmutableID")
    expected, found = ", ".join(sorted(subjects)), ", ".join(sorted(claims))
    return expect(subjects == claims, expected=expected, found=found, where=where)


@requirement(
    "USER-08",
    Level.SHOULD,
    _RULES,
    remedy="Issue ImmutableID by one rule: a second one for the same person makes two people of it.",
)
def immutable_id_is_one_value(_: SignedInUser, assertion: Assertion) -> Finding:
    """ImmutableID is issued to a person once, with one value."""
    values = [value for item in _anchors(assertion) for value in item.values]
    if not values:
        raise inapplicable("no ImmutableID claim is issued; USER-02 judges whether there is an anchor")
    where = in_response("saml:Attribute", label="ImmutableID")
    return expect(len(values) == 1, expected="one value", found=", ".join(values), where=where)


@requirement(
    "USER-09",
    Level.SHOULD,
    _RULES,
    remedy="Issue UPN by one rule, from userPrincipalName or the attribute that Entra Connect takes for it.",
)
def upn_is_one_value(_: SignedInUser, assertion: Assertion) -> Finding:
    """UPN is issued to a person once, with one value."""
    values = [value for item in assertion.named("UPN") for value in item.values]
    if not values:
        raise inapplicable("no UPN claim is issued, which USER-06 judges")
    where = in_response("saml:Attribute", label="UPN")
    return expect(len(values) == 1, expected="one value", found=", ".join(values), where=where)


@requirement(
    "USER-10",
    Level.SHOULD,
    "MS-MFA Using WS-Fed or SAML 1.1 federated IdP",
    remedy="Issue multipleauthn only where a second factor was asked for; else Entra lets people past its own.",
    verified=True,
)
def no_second_factor_is_claimed(_: ShownPassword, assertion: Assertion) -> Finding:
    """A sign-in by a password alone claims no second factor: Entra takes multipleauthn for one that was asked for."""
    claims = [value for item in assertion.attributes for value in item.values]
    found = [item for item in (assertion.authentication_method or "", *claims) if item.strip() in _SEVERAL_FACTORS]
    stated = (assertion.authentication_method or "").strip() in _SEVERAL_FACTORS
    where = in_response("saml:AuthenticationStatement" if stated or not found else "saml:AttributeStatement")
    return expect(not found, expected="one factor", found=", ".join(found) or "one factor", where=where)


@requirement(
    "USER-11",
    Level.MAY,
    _RULES,
    remedy="Issue insidecorporatenetwork as true or false, in small letters, or leave it out.",
)
def inside_corporate_network_is_a_truth_value(_: SignedInUser, assertion: Assertion) -> Finding:
    """Where insidecorporatenetwork is issued to a person, it is true or false."""
    values = _values(assertion, "insidecorporatenetwork")
    where = in_response("saml:Attribute", label="insidecorporatenetwork")
    odd = [item for item in values if item not in ("true", "false")]
    return expect(not odd, expected="true or false", found=", ".join(odd or values), where=where)


@requirement(
    "USER-12",
    Level.SHOULD,
    _RULES,
    remedy="Let authnmethodsreferences follow what was shown: the password's method after a password, Windows' after a "
    "ticket.",
    verified=True,
)
def method_references_say_what_was_shown(_: SignedInUser, assertion: Assertion, asked: Asked) -> Finding:
    """Where authnmethodsreferences is issued, it names what was shown, and not the other of password and ticket."""
    values = _values(assertion, "authnmethodsreferences")
    shown = _SHOWN.get(asked.credential, "")
    others = [item for item in _SHOWN.values() if item != shown]
    wrong = [item for item in values if item in others]
    where = in_response("saml:Attribute", label="authnmethodsreferences")
    return expect(not wrong, expected=shown, found=", ".join(wrong or values), where=where)


@requirement(
    "USER-13",
    Level.SHOULD,
    "MS-MULTI SupportMultipleDomain Parameter",
    remedy="Build issuerid from the UPN suffix of the person, and let subdomains come to the domain that is federated.",
    verified=True,
)
def issuer_id_is_the_domains_issuer(_: SignedInUser, assertion: Assertion, issuer: TrustedIssuer) -> Finding:
    """Where issuerid is issued to a person, it is the IssuerUri of the person's domain in Entra."""
    values = _values(assertion, "issuerid")
    where = in_response("saml:Attribute", label="issuerid")
    return expect(set(values) == {issuer.uri}, expected=issuer.uri, found=", ".join(values), where=where)


@requirement(
    "USER-14",
    Level.MAY,
    _RULES,
    remedy="Write the time and the days to the end of the password as numbers, or leave these claims out.",
)
def password_expiry_is_a_number(_: SignedInUser, assertion: Assertion) -> Finding:
    """Where passwordexpirationtime and passwordexpirationdays are issued, they are numbers."""
    told = ("passwordexpirationtime", "passwordexpirationdays")
    named = [item for name in told for item in assertion.named(name)]
    if not named:
        raise inapplicable("neither of them is issued")
    odd = [value for item in named for value in item.values if not _NUMBER.fullmatch(value)]
    where = in_response("saml:Attribute", label=named[0].name)
    found = ", ".join(odd or [value for item in named for value in item.values])
    return expect(not odd, expected="a number", found=found, where=where)


@requirement(
    "USER-15",
    Level.SHOULD,
    "MS-MFA Using sign-in frequency and session control Conditional Access policies with WS-Fed or SAML 1.1",
    remedy="Write the moment at which the password or the ticket was taken, on a clock that is right.",
)
def authentication_instant_is_not_ahead(_: SignedInUser, assertion: Assertion) -> Finding:
    """The AuthenticationInstant, by which sign-in frequency is reckoned, is not later than the assertion itself."""
    made, issued = assertion.authentication_instant, assertion.issue_instant
    if made is None or issued is None:
        raise inapplicable("the assertion says no two times that could be compared; SAML-07 judges that")
    where = in_response("saml:AuthenticationStatement")
    return expect(made <= issued, expected=f"not later than {issued:%FT%TZ}", found=f"{made:%FT%TZ}", where=where)


def _values(assertion: Assertion, name: str) -> list[str]:
    """Return the values of a claim.

    Raises:
        Silence: it is not issued.
    """
    values = [value for item in assertion.named(name) for value in item.values]
    if not values:
        raise inapplicable(f"{name} is not issued")
    return values


def _anchors(assertion: Assertion) -> list[Attribute]:
    return [item for item in assertion.attributes if (item.namespace, item.name) in _IMMUTABLE_IDS]
