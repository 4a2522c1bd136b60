"""What Microsoft writes of assertions for sign-in by browser, and no client of a join is known to look at.

The text speaks of another flow, and is the only one of Microsoft's on the form of such assertions: to keep to it is as
good as it gets, and no join is known to break without.
"""

from __future__ import annotations

from hybridjoin.checks.places import in_response
from hybridjoin.checks.requirement import Finding, expect, requirement
from hybridjoin.checks.silence import judged_elsewhere
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.saml11 import Assertion

_UNWANTED = ("SubjectLocality", "AuthorityBinding")


@requirement(
    "SAML-16",
    Level.MAY,
    "MS-MWBF 2.2.4.2.1.2",
    remedy="Write all attributes into one AttributeStatement.",
    verified=True,
)
def attributes_stand_in_one_statement(assertion: Assertion) -> Finding:
    """The assertion has no more than one AttributeStatement."""
    count = assertion.attribute_statements
    where = in_response("saml:AttributeStatement" if count else "saml:Assertion")
    return expect(count <= 1, expected="1", found=str(count), where=where)


@requirement(
    "SAML-17", Level.MAY, "MS-MWBF 2.2.4.2", remedy="Leave every audience out but the relying party's.", verified=True
)
def one_audience_is_named(assertion: Assertion) -> Finding:
    """The audience restriction names one audience and no more."""
    if not assertion.audiences:
        raise judged_elsewhere("SAML-08", "the assertion names no audience")
    found = ", ".join(assertion.audiences)
    where = in_response("saml:Audience")
    return expect(len(assertion.audiences) == 1, expected="one Audience", found=found, where=where)


@requirement(
    "SAML-18",
    Level.MAY,
    "MS-MWBF 2.2.4.2.1.1",
    remedy="Leave SubjectLocality and AuthorityBinding out of the AuthenticationStatement.",
    verified=True,
)
def authentication_says_nothing_of_the_place(assertion: Assertion) -> Finding:
    """The AuthenticationStatement holds neither SubjectLocality nor AuthorityBinding."""
    odd = [name for name in _UNWANTED if name in assertion.authentication_parts]
    stated = in_response("saml:AuthenticationStatement" if assertion.authentication_statements else "saml:Assertion")
    where = in_response(f"saml:{odd[0]}") if odd else stated
    return expect(not odd, expected="neither", found=", ".join(odd) or "neither", where=where)
