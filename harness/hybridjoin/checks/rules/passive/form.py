"""The form by which an IdP hands a browser its answer for Entra (MS-MWBF 2.2.4)."""

from __future__ import annotations

from hybridjoin.checks.places import in_the_page
from hybridjoin.checks.requirement import Finding, broken, expect, holds, requirement
from hybridjoin.checks.silence import inapplicable, judged_elsewhere
from hybridjoin.evidence.browser import PassiveVisit
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.passive import SIGN_IN, PassiveForm, PassiveRequest

_POST = 'Write method="POST" into the form: wresult is too long, and too secret, for an address.'


@requirement(
    "PASSIVE-01",
    Level.MUST,
    "MS-MWBF 3.1.5.4.7",
    remedy="Look at the page that came instead: what it says, and whether it needs a script engine, another field, or "
    "a cookie that was not kept.",
    verified=True,
)
def a_form_for_the_relying_party_comes(outcome: FlowOutcome, visit: PassiveVisit, form: PassiveForm | None) -> Finding:
    """Whoever has signed in gets a form that takes the answer to the relying party."""
    if form is None and outcome.failed_at(Step.CREDENTIALS):
        raise inapplicable("the password was not taken, so that nobody had signed in")
    if form is None and not (failed := outcome.failed_at(Step.PASSIVE)):
        raise inapplicable("the browser did not come so far")
    if form is None:
        return broken(expected="a form with wresult", found=failed, where=in_the_page())
    return holds(f"a form after {visit.pages} pages", where=in_the_page())


@requirement("PASSIVE-02", Level.MUST, "MS-MWBF 3.1.5.4.7", remedy=_POST, verified=True)
def the_form_is_posted(form: PassiveForm) -> Finding:
    """The answer is sent by POST."""
    return expect(form.method == "POST", expected="POST", found=form.method, where=in_the_page())


@requirement(
    "PASSIVE-03",
    Level.MUST,
    "MS-MWBF 3.1.5.4.7",
    remedy="Send the form to https://login.microsoftonline.com/login.srf, the address that belongs to the relying "
    "party urn:federation:MicrosoftOnline; a browser takes the token wherever the form says.",
    verified=True,
)
def the_form_goes_to_the_relying_party(form: PassiveForm) -> Finding:
    """The form goes to the address that is designated for the relying party: Entra's login.srf."""
    found = form.action.partition("?")[0]
    return expect(form.at_home, expected=form.meant_for, found=found, where=in_the_page())


@requirement(
    "PASSIVE-04", Level.MUST, "MS-MWBF 2.2.4", remedy="Give the form a hidden field wa=wsignin1.0.", verified=True
)
def wa_is_the_sign_in(form: PassiveForm) -> Finding:
    """The form has wa, and it says wsignin1.0."""
    found = "no field wa" if form.wa is None else form.wa or "an empty one"
    return expect(form.wa == SIGN_IN, expected=SIGN_IN, found=found, where=in_the_page())


@requirement(
    "PASSIVE-05",
    Level.MUST,
    "MS-MWBF 2.2.4",
    remedy="Give the form a hidden field wresult with the RequestSecurityTokenResponse, escaped once.",
    verified=True,
)
def wresult_is_there(form: PassiveForm) -> Finding:
    """The form has wresult, and it is not empty."""
    found = "no field wresult" if form.wresult is None else "a wresult" if form.wresult else "an empty one"
    return expect(form.wresult, expected="a wresult", found=found, where=in_the_page())


@requirement(
    "PASSIVE-06",
    Level.MUST,
    "MS-MWBF 2.2.4",
    remedy="Return wctx as it came, decoded once from the address and escaped once in the form; it is opaque, and may "
    "be some thousand characters long.",
    verified=True,
)
def wctx_comes_back(request: PassiveRequest, form: PassiveForm) -> Finding:
    """The wctx of the request comes back unchanged, character by character."""
    sent = request.value("wctx")
    if not sent:
        raise inapplicable("the request had no wctx")
    if form.wctx is None:
        return broken(expected="the wctx of the request", found="no field wctx", where=in_the_page())
    return expect(form.wctx == sent, expected=_shown(sent), found=_shown(form.wctx), where=in_the_page())


@requirement(
    "PASSIVE-07",
    Level.SHOULD,
    "HTML Preprocessing the input stream",
    remedy="Write signature and certificate without line breaks (PingFederate: ignoreLineBreaks), or with line feeds "
    "alone.",
    verified=True,
)
def no_carriage_return_is_lost(form: PassiveForm) -> Finding:
    """The page has no carriage return within wresult, for HTML makes a line feed of each, in what was signed too."""
    if not form.wresult:
        raise judged_elsewhere("PASSIVE-05", "there is no wresult")
    found = "carriage returns in the page" if form.carriage_returns else "none"  # how many, what is masked may hide
    return expect(not form.carriage_returns, expected="none", found=found, where=in_the_page())


@requirement(
    "PASSIVE-08",
    Level.MAY,
    "MS-MWBF 4.1",
    remedy="Put a button into the form, inside noscript, for browsers that run no script.",
    verified=True,
)
def people_without_script_can_go_on(form: PassiveForm) -> Finding:
    """The form has a button for people whose browser runs no script."""
    found = "a button" if form.button else "none"
    return expect(form.button, expected="a button", found=found, where=in_the_page())


def _shown(text: str) -> str:
    """Show the beginning and the end of an opaque value."""
    return text if len(text) <= 60 else f"{text[:40]}…{text[-12:]} ({len(text)} characters)"
