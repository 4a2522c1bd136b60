"""What a registration by a person needs of IdP and Entra: a page for whom no ticket helps, and a logon that matches it.

Each check reads `RegistrationRequest`, so that it is asked of a registration by a person and of nothing else. What the
browser's way and the logon need for themselves is asked by the requirements of those doors.
"""

from __future__ import annotations

from typing import Final

from hybridjoin.checks.missing import why_not
from hybridjoin.checks.places import answer_to, in_answer, in_response, in_the_page
from hybridjoin.checks.requirement import Finding, broken, expect, holds, requirement
from hybridjoin.checks.rules.mex.structure import at_ports
from hybridjoin.checks.silence import Silence, inapplicable, judged_elsewhere
from hybridjoin.evidence.browser import PassiveVisit
from hybridjoin.evidence.facts import Asked, RegistrationProblems
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.evidence.work_account import FirstLogon, RegistrationRequest
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.protocol import names
from hybridjoin.protocol.mex import Credential, MexDocument
from hybridjoin.protocol.rstr import SoapFault
from hybridjoin.protocol.saml11 import Assertion

_JOINED: Final = "MS-DEVREG Microsoft Entra joined in Federated environments"
_IMMUTABLE_IDS: Final = (names.CLAIM_IMMUTABLE_ID, names.CLAIM_IMMUTABLE_ID_XMLSOAP)


@requirement(
    "WORK-01",
    Level.MUST,
    "MS-DVRJ 3.1.5.1.1.3",
    remedy="Check the machine's clock and the tenant; a proxy that opens TLS cannot be the issuer either.",
    verified=True,
)
def certificate_is_for_the_registered_device(_: RegistrationRequest, problems: RegistrationProblems) -> Finding:
    """The certificate that a person's registration brings is for our key and our tenant, and is valid now."""
    found = "; ".join(problems.problems) or "as it should be"
    return expect(
        not problems.problems, expected="as it should be", found=found, where=in_answer(Step.JOIN, "Certificate")
    )


@requirement(
    "WORK-02",
    Level.MUST,
    _JOINED,
    remedy="Show a page for name and password to whoever has no ticket, beside the challenge or after it: a computer "
    "that is being set up is in no domain. AD FS: keep forms authentication on for the intranet too.",
)
def a_page_is_shown_to_whom_no_ticket_helps(
    _: RegistrationRequest, asked: Asked, visit: PassiveVisit, outcome: FlowOutcome
) -> Finding:
    """A computer that has no Kerberos ticket is shown a page for name and password, and not the challenge alone."""
    if asked.credential is Credential.WINDOWS:
        raise inapplicable("a ticket was shown")
    if visit.asked_to_type:
        return holds("a page for name and password", where=in_the_page())
    if not visit.challenged:
        raise inapplicable("the IdP asks for no ticket")
    words = outcome.failed_at(Step.PASSIVE)
    return expect(not words, expected="a page for name and password", found=words or "none", where=in_the_page())


@requirement(
    "WORK-03",
    Level.MUST,
    "MS-PRT How is a PRT issued?",
    remedy="Publish usernamemixed, from outside of the network too, and let it check a password as the page does; look "
    "for a policy against legacy authentication. An IdP that has no WS-Trust has no federated logon: staged roll-out "
    "to password hash synchronization is the way round.",
)
def the_token_service_takes_what_the_page_took(
    _: RegistrationRequest,
    logon: FirstLogon,
    document: MexDocument | None,
    fault: SoapFault | None,
    outcome: FlowOutcome,
) -> Finding:
    """The password that the page has taken is taken by the token service too, by which the owner is logged on."""
    expected = "an assertion"
    if logon.response is not None and logon.response.assertion is not None:
        return holds(expected, where=in_response("saml:Assertion"))
    if fault is not None:
        found = f"{fault.subcode or fault.code}: {fault.reason}"
        return broken(expected=expected, found=found, where=in_response("soap:Fault"))
    if document is not None and not any(item.credential is Credential.USERNAME for item in document.endpoints):
        return broken(expected=expected, found="no endpoint for a password", where=at_ports(document))
    for step in (Step.MEX, Step.RST):
        words = outcome.unreadable_at(step) or outcome.failed_at(step)
        if words:
            return broken(expected=expected, found=words, where=answer_to(step, outcome))
    raise Silence(why_not(outcome, Step.RST))


@requirement(
    "WORK-04",
    Level.MUST,
    "MS-ADFS Issuance transform rules set by Microsoft Entra Connect",
    remedy="Map ImmutableID from one attribute for both, page and token service: Entra looks people up by it alone.",
)
def page_and_token_service_speak_of_one_person(
    _: RegistrationRequest, assertion: Assertion, logon: FirstLogon
) -> Finding:
    """The assertion of the first logon names the same source anchor as the one of the page."""
    ours, theirs = _anchors(assertion), _anchors(_of_the_logon(logon))
    if not ours or not theirs:
        raise judged_elsewhere("USER-02", "one of the two names no source anchor")
    expected, found = ", ".join(sorted(ours)), ", ".join(sorted(theirs))
    return expect(ours == theirs, expected=expected, found=found, where=in_response("saml:Assertion"))


@requirement(
    "WORK-05",
    Level.MUST,
    "MS-FEDERATION issuerUri",
    remedy="Let the IdP write one Issuer for both, page and token service: the domain has one issuerUri.",
)
def page_and_token_service_have_one_issuer(_: RegistrationRequest, assertion: Assertion, logon: FirstLogon) -> Finding:
    """The assertion of the first logon is issued by the same Issuer as the one of the page."""
    theirs = _of_the_logon(logon).issuer
    where = in_response("saml:Assertion")
    return expect(assertion.issuer == theirs, expected=assertion.issuer, found=theirs or "none", where=where)


@requirement(
    "WORK-06",
    Level.MAY,
    "JUMPCLOUD Considerations",
    remedy="Where the page speaks of the device (Device Trust, a device policy), exempt the sign-in of computers that "
    "are being set up: nobody manages them yet.",
    verified=True,
)
def the_page_lets_a_new_device_in(_: RegistrationRequest, visit: PassiveVisit, outcome: FlowOutcome) -> Finding:
    """Whoever has shown the right password is let in, though nobody manages the device yet."""
    if not visit.asked_to_type:
        raise inapplicable("no password was typed")
    if outcome.failed_at(Step.CREDENTIALS):
        raise inapplicable("the password was not taken")
    words = outcome.failed_at(Step.PASSIVE)
    return expect(not words, expected="an answer for Entra", found=words or "an answer", where=in_the_page())


def _of_the_logon(logon: FirstLogon) -> Assertion:
    """Return the assertion of the first logon.

    Raises:
        Silence: the token service issued none.
    """
    found = logon.response.assertion if logon.response is not None else None
    if found is None:
        raise judged_elsewhere("WORK-03", "the token service issued no assertion")
    return found


def _anchors(assertion: Assertion) -> frozenset[str]:
    """Return what an assertion says for the source anchor: the claim, else the NameIdentifier."""
    claimed = {
        value.strip()
        for item in assertion.attributes
        if (item.namespace, item.name) in _IMMUTABLE_IDS
        for value in item.values
    }
    named = {item.name_identifier.strip() for item in assertion.subjects if item.name_identifier}
    return frozenset(claimed or named)
