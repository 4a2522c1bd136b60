"""What people need who sign in at a token service: an endpoint, an assertion that Entra finds them by, and its form.

Each check reads `SignedInUser`, so that it is asked of a sign-in and of nothing else; `ShownPassword` keeps it to those
by password.
"""

from __future__ import annotations

import base64
import binascii

from hybridjoin.checks.places import in_response
from hybridjoin.checks.requirement import Finding, broken, expect, holds, not_applicable, requirement, review
from hybridjoin.checks.rules.mex.structure import at, at_ports
from hybridjoin.checks.rules.rstr.reply import at_response
from hybridjoin.evidence.sign_in import ShownPassword, SignedInUser
from hybridjoin.model.verdict import Level
from hybridjoin.model.where import Where
from hybridjoin.protocol import names
from hybridjoin.protocol.mex import Credential, MexDocument, choose
from hybridjoin.protocol.rstr import TokenResponse
from hybridjoin.protocol.saml11 import Assertion

_GUID_BYTES = 16
_IMMUTABLE_IDS = (names.CLAIM_IMMUTABLE_ID, names.CLAIM_IMMUTABLE_ID_XMLSOAP)


@requirement(
    "USER-01",
    Level.MUST,
    "MSAL ReadPolicyBindings",
    remedy="Publish a usernamemixed port: an https address, SOAP 1.2 over HTTP, the Issue action, and a policy with a "
    "UsernameToken.",
    verified=True,
)
def password_finds_an_endpoint(_: ShownPassword, document: MexDocument) -> Finding:
    """A client with a name and a password can choose an endpoint: https, SOAP 1.2, a UsernameToken."""
    found = choose(document, Credential.USERNAME)
    where = at(found) if found is not None else at_ports(document)
    kinds = ", ".join(sorted({item.credential for item in document.endpoints})) or "no ports"
    expected = "an endpoint for user name and password"
    return expect(found, expected=expected, found=found.url if found is not None else kinds, where=where)


@requirement(
    "USER-02",
    Level.MUST,
    "MS-ERRORS AADSTS90020",
    remedy="Issue the user's source anchor (mS-DS-ConsistencyGuid, else objectGUID, in base64) as NameIdentifier and "
    "as ImmutableID.",
    verified=True,
)
def user_is_named_by_the_source_anchor(_: SignedInUser, assertion: Assertion) -> Finding:
    """The assertion carries an ImmutableID, by which Entra finds the user: the NameIdentifier or the claim."""
    found = _anchors(assertion)
    where = _where(assertion)
    return expect(found, expected="an ImmutableID", found=", ".join(found) or "neither of them", where=where)


@requirement(
    "USER-03",
    Level.MAY,
    "MS-ANCHOR Selecting a good sourceAnchor attribute",
    remedy="Where the source anchor is mS-DS-ConsistencyGuid or objectGUID, encode its 16 bytes in base64, in the "
    "order in which the directory keeps them. Where it is another attribute, leave it as it is.",
    verified=True,
)
def source_anchor_is_base64_of_a_guid(_: SignedInUser, assertion: Assertion) -> Finding:
    """The ImmutableID is the base64 of sixteen bytes, as Entra Connect's usual source anchor gives it."""
    found = _anchors(assertion)
    if not found:
        return not_applicable("the assertion carries no ImmutableID, which USER-02 judges")
    odd = [item for item in found if not _is_guid(item)]
    expected = "24 characters of base64, ending in =="
    return expect(not odd, expected=expected, found=", ".join(odd or found), where=_where(assertion))


@requirement(
    "USER-04",
    Level.SHOULD,
    "MSAL WsTrustResponse",
    remedy="Write TokenType urn:oasis:names:tc:SAML:1.0:assertion; MSAL.NET and MSAL4J take every other one for SAML 2 "
    "and get AADSTS7500514.",
    verified=True,
)
def token_type_is_the_one_that_every_client_takes(_: SignedInUser, response: TokenResponse) -> Finding:
    """TokenType is the URN of SAML 1.0's assertions, by which every client chooses the grant for SAML 1.1."""
    found = response.token_type or ""
    where = in_response("wst:TokenType") if "TokenType" in response.child_order else at_response(response)
    return expect(found == names.SAML_11, expected=names.SAML_11, found=found or "no TokenType", where=where)


@requirement(
    "USER-05",
    Level.SHOULD,
    "MS-MWBF 3.1.5.4.6",
    remedy=f"Say {names.PASSWORD_METHODS[0]} in the AuthenticationMethod after a sign-in by password.",
    verified=True,
)
def authentication_method_is_the_passwords(_: ShownPassword, assertion: Assertion) -> Finding:
    """The AuthenticationStatement says that a password was shown, neither a ticket nor several factors."""
    expected = " or ".join(names.PASSWORD_METHODS)
    if not assertion.authentication_statements:
        return broken(expected=expected, found="no AuthenticationStatement", where=in_response("saml:Assertion"))
    found = assertion.authentication_method
    where = in_response("saml:AuthenticationStatement")
    return expect(found in names.PASSWORD_METHODS, expected=expected, found=found or "no method", where=where)


@requirement(
    "USER-06",
    Level.SHOULD,
    "MS-ADFS Issuance transform rules set by Microsoft Entra Connect",
    remedy="Issue userPrincipalName as the UPN claim; with an alternate login id the two may differ on purpose.",
)
def upn_is_the_name_that_was_typed(user: SignedInUser, assertion: Assertion) -> Finding:
    """The UPN claim is the name that the user signed in with, which operators look for in Entra's sign-in log."""
    given = [value for item in assertion.named("UPN") for value in item.values]
    if not given:
        return broken(expected=user.name, found="no UPN claim", where=in_response("saml:AttributeStatement"))
    found, where = ", ".join(given), in_response("saml:Attribute", label="UPN")
    if [item.lower() for item in given] == [user.name.lower()]:
        return holds(found, where=where)
    return review(expected=user.name, found=found, where=where)


def _anchors(assertion: Assertion) -> tuple[str, ...]:
    """Return what Entra may find the user by, each value once; the NameIdentifier first."""
    subjects = (item.name_identifier or "" for item in assertion.subjects)
    claims = (
        value for item in assertion.attributes if (item.namespace, item.name) in _IMMUTABLE_IDS for value in item.values
    )
    return tuple(dict.fromkeys(item.strip() for item in (*subjects, *claims) if item.strip()))


def _where(assertion: Assertion) -> Where:
    if any(item.name_identifier is not None for item in assertion.subjects):
        return in_response("saml:NameIdentifier")
    if assertion.named("ImmutableID"):
        return in_response("saml:Attribute", label="ImmutableID")
    return in_response("saml:Assertion")


def _is_guid(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == _GUID_BYTES
    except (binascii.Error, ValueError):
        return False
