"""What the libraries that sign people in trip over, and how a wrong password is answered."""

from __future__ import annotations

from typing import Final

from hybridjoin.checks.places import answer_to, in_answer, in_response
from hybridjoin.checks.requirement import Finding, broken, expect, holds, requirement
from hybridjoin.checks.rules.mex.structure import at, at_ports
from hybridjoin.checks.silence import inapplicable, judged_elsewhere
from hybridjoin.evidence.facts import Asked
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.evidence.sign_in import MistypedPassword, ShownPassword, SignedInUser
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.protocol import names
from hybridjoin.protocol.address import split_address
from hybridjoin.protocol.mex import Credential, MexDocument, MexEndpoint, Trust, choose
from hybridjoin.protocol.policy import transport_declares
from hybridjoin.protocol.realm import UserRealm
from hybridjoin.protocol.rstr import SoapFault, TokenResponse
from hybridjoin.protocol.saml11 import Assertion

_MARKUP: Final = "&<>'\""


@requirement(
    "USER-16",
    Level.SHOULD,
    "MSAL-GO wstrust_mex_document",
    remedy="Publish usernamemixed for WS-Trust 1.3 as well; MSAL for Go knows no other version.",
    verified=True,
)
def password_is_taken_by_13(_: ShownPassword, document: MexDocument) -> Finding:
    """An endpoint for user name and password speaks WS-Trust 1.3, the only version that MSAL for Go asks for."""
    if choose(document, Credential.USERNAME) is None:
        raise judged_elsewhere("USER-01", "there is no endpoint for user name and password at all")
    found = choose(document, Credential.USERNAME, Trust.V13)
    where = at(found) if found is not None else at_ports(document)
    return expect(found, expected="WS-Trust 1.3", found=str(found.trust) if found else "WS-Trust 2005", where=where)


@requirement(
    "USER-17",
    Level.SHOULD,
    "MSAL-GO-HTTP comm",
    remedy="Serve the metadata at an address without a query string: MSAL for Go leaves that out.",
    verified=True,
)
def metadata_address_has_no_query(_: SignedInUser, realm: UserRealm) -> Finding:
    """The metadata's address has no query string, which MSAL for Go does not send."""
    if not realm.metadata_url:
        raise inapplicable("the user realm names no metadata address")
    where, query = in_answer(Step.REALM, "federation_metadata_url"), split_address(realm.metadata_url).query
    return expect(not query, expected="no query string", found=query or realm.metadata_url, where=where)


@requirement(
    "USER-18",
    Level.SHOULD,
    "MSAL-GO-HTTP comm",
    remedy="Take passwords at an address without a query string: MSAL for Go leaves that out.",
    verified=True,
)
def password_address_has_no_query(_: ShownPassword, document: MexDocument) -> Finding:
    """The address that takes user name and password has no query string, which MSAL for Go does not send."""
    found = _password_endpoint(document)
    query = split_address(found.url).query
    return expect(not query, expected="no query string", found=query or found.url, where=at(found))


@requirement(
    "USER-19",
    Level.SHOULD,
    "MSAL-PY wstrust_request",
    remedy="Publish an address without &, < or quotation marks: one parameter at most behind the question mark.",
    verified=True,
)
def password_address_needs_no_escape(_: ShownPassword, document: MexDocument) -> Finding:
    """The address that takes user name and password holds no character of XML's: MSAL Python writes it unescaped."""
    found = _password_endpoint(document)
    odd = [character for character in found.url if character in _MARKUP]
    return expect(not odd, expected="no & < > ' or \"", found=" ".join(odd) or found.url, where=at(found))


@requirement(
    "USER-20",
    Level.SHOULD,
    "MSAL-PY application",
    remedy="Set the domain's activeSignInUri to the IdP's usernamemixed address.",
    verified=True,
)
def active_address_is_an_endpoint(_: ShownPassword, realm: UserRealm, document: MexDocument) -> Finding:
    """The active sign-in address, to which MSAL Python goes without metadata, is one that takes passwords."""
    where = in_answer(Step.REALM, "federation_active_auth_url")
    known = [item.url for item in document.endpoints if item.credential is Credential.USERNAME]
    if not known:
        raise judged_elsewhere("USER-01", "there is no endpoint for user name and password at all")
    expected = " or ".join(dict.fromkeys(known))
    if not realm.active_auth_url:
        return broken(expected=expected, found="no address", where=where)
    return expect(realm.active_auth_url in known, expected=expected, found=realm.active_auth_url, where=where)


@requirement(
    "USER-21",
    Level.SHOULD,
    "MSAL-GO saml_assertion_definitions",
    remedy='Declare xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion" on the Assertion; write its elements so.',
    verified=True,
)
def assertion_is_written_with_the_prefix_saml(_: SignedInUser, assertion: Assertion) -> Finding:
    """The assertion's namespace has the prefix saml: MSAL for Go reads the version from that declaration."""
    found = ", ".join(f"xmlns:{item}" if item else "xmlns" for item in assertion.prefixes)
    expected = f"xmlns:saml={names.SAML_11}"
    right = "saml" in assertion.prefixes
    return expect(right, expected=expected, found=found or "no such namespace", where=in_response("saml:Assertion"))


@requirement(
    "USER-22",
    Level.MUST,
    "CWE 287",
    remedy="Let the token service check the password against the directory before it issues anything.",
    verified=True,
)
def wrong_password_gets_no_token(
    _: MistypedPassword, response: TokenResponse | None, fault: SoapFault | None, outcome: FlowOutcome
) -> Finding:
    """A wrong password gets no token."""
    if response is not None:
        return broken(expected="a refusal", found="a token response", where=in_response())
    if fault is None and not outcome.failed_at(Step.RST):
        raise inapplicable("the password was never sent")
    return holds(fault.reason if fault is not None else "a refusal", where=in_response())


@requirement(
    "USER-23",
    Level.SHOULD,
    "MSAL-PY wstrust_request",
    remedy="Answer a wrong password with a SOAP fault, not with a page or a bare status: libraries read a fault alone.",
    verified=True,
)
def wrong_password_is_a_fault(
    _: MistypedPassword, response: TokenResponse | None, fault: SoapFault | None, outcome: FlowOutcome
) -> Finding:
    """A wrong password is refused by a SOAP fault, whatever its HTTP status."""
    if response is not None:
        raise judged_elsewhere("USER-22", "there was no refusal")
    words = outcome.unreadable_at(Step.RST) or outcome.failed_at(Step.RST)
    if fault is None and not words:
        raise inapplicable("the password was never sent")
    found = fault.subcode or "a fault" if fault is not None else words
    return expect(fault, expected="a SOAP fault", found=found, where=answer_to(Step.RST, outcome))


@requirement(
    "USER-24",
    Level.SHOULD,
    "WST13 11",
    remedy="Name wst:FailedAuthentication as the Subcode of the fault.",
    verified=True,
)
def wrong_password_is_failed_authentication(_: MistypedPassword, fault: SoapFault) -> Finding:
    """A wrong password is refused with FailedAuthentication, by which it is told from a broken service."""
    found = fault.subcode or fault.code
    where = in_response("soap:Subcode" if fault.subcode else "soap:Fault")
    return expect(found == "FailedAuthentication", expected="FailedAuthentication", found=found, where=where)


@requirement(
    "USER-25",
    Level.SHOULD,
    "CWE 209",
    remedy="Say that name or password are wrong, and repeat neither of them.",
    verified=True,
)
def refusal_does_not_repeat_the_password(_: MistypedPassword, fault: SoapFault) -> Finding:
    """The refusal of a wrong password does not repeat it: a mistyped one is nearly the right one."""
    repeated = any("[masked" in text for text in (fault.reason, fault.detail))
    found = "the password" if repeated else "no password"
    return expect(not repeated, expected="no password", found=found, where=in_response("soap:Fault"))


@requirement(
    "USER-26",
    Level.MUST,
    "WSA10 3.4",
    remedy="Copy the MessageID of the request into RelatesTo of the fault.",
    verified=True,
)
def refusal_relates_to_its_request(_: MistypedPassword, fault: SoapFault, asked: Asked) -> Finding:
    """The refusal of a wrong password relates to the MessageID of the request."""
    found = fault.relates_to or "no RelatesTo"
    where = in_response("wsa:RelatesTo" if fault.relates_to else "soap:Fault")
    return expect(found == asked.message_id, expected=asked.message_id, found=found, where=where)


@requirement(
    "USER-27",
    Level.SHOULD,
    "MSAL-GO wstrust_mex_document",
    remedy="Declare xmlns:sp on sp:TransportBinding itself, in the policy of each port, as AD FS writes it.",
    verified=True,
)
def transport_binding_declares_sp(_: ShownPassword, document: MexDocument) -> Finding:
    """The policy for a password declares the prefix sp on its TransportBinding, where MSAL for Go looks for it."""
    found = choose(document, Credential.USERNAME, Trust.V13)
    if found is None:
        raise judged_elsewhere("USER-16", "no endpoint for user name and password speaks WS-Trust 1.3")
    binding = document.named.get(found.binding)
    named = {uri.removeprefix("#") for uri in binding.policies} if binding is not None else set()
    policies = [item for item in document.policies if item.id in named]
    if not policies:
        raise inapplicable("the endpoint's policy stands in its binding, and is referred to by nobody")
    right = any(transport_declares(document.body, item.id, "sp") for item in policies)
    said = "xmlns:sp in the start tag" if right else "no xmlns:sp in the start tag"
    return expect(right, expected="xmlns:sp in the start tag", found=said, where=at(policies[0]))


def _password_endpoint(document: MexDocument) -> MexEndpoint:
    """Return the endpoint that a client with a password chooses.

    Raises:
        Silence: there is none.
    """
    found = choose(document, Credential.USERNAME)
    if found is None:
        raise judged_elsewhere("USER-01", "there is no endpoint for user name and password at all")
    return found
