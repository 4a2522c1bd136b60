"""Reading the form that an IdP hands back, and letting it leave for Entra alone."""

from __future__ import annotations

from hybridjoin.device.browser.context import BrowserBuilder, BrowserContext
from hybridjoin.device.needs import Flow, Now, ask
from hybridjoin.device.steps.evidence_builder import StepFailed
from hybridjoin.device.steps.failures import failure
from hybridjoin.device.steps.response import read_signature
from hybridjoin.errors import PeerError
from hybridjoin.evidence.browser import PassiveResponse
from hybridjoin.model.steps import StepRow
from hybridjoin.protocol import rstr, windows
from hybridjoin.protocol.passive import PassiveForm
from hybridjoin.protocol.rstr import TokenResponse


def take(context: BrowserContext, builder: BrowserBuilder, form: PassiveForm, at: StepRow) -> Flow[None]:
    """Keep what the form says; go on only where it goes to Entra's login.srf by POST.

    Raises:
        StepFailed: it goes elsewhere, and the token with it.
    """
    builder.keep(form=form, form_received_at=(yield from ask(Now())))
    response = _read(form)
    builder.keep(answer=response)
    if response.response is not None and response.response.assertion is not None:
        with builder.tolerating(at.step):
            trusted = context.site.idp.signing_certificates
            assertion = response.response.assertion
            builder.keep(signature=(yield from read_signature(assertion, response.response, trusted)))
    if not form.at_home:
        reason = f"the form would take the token to {form.action.partition('?')[0]}, not to {form.meant_for}: refused"
        remedy = "set the relying party's reply address to https://login.microsoftonline.com/login.srf"
        raise StepFailed(failure(at, reason, windows.UNKNOWN, remedy=remedy))
    if form.method != "POST":
        reason = f"the form is sent by {form.method}: Entra takes wresult by POST alone"
        raise StepFailed(failure(at, reason, windows.UNKNOWN, remedy="write method=POST into the form"))


def _read(form: PassiveForm) -> PassiveResponse:
    """Read wresult as a token response; what cannot be read is a finding, for a browser takes it on unread."""
    if not form.wresult:
        return PassiveResponse(response=None, problem="there is no wresult")
    try:
        answer = rstr.parse_reply(form.wresult.encode("utf-8", "replace"), http_status=200, content_type="wresult")
    except PeerError as error:
        return PassiveResponse(response=None, problem=error.problem)
    if not isinstance(answer, TokenResponse):
        return PassiveResponse(response=None, problem=f"it is a SOAP fault: {answer.reason}")
    return PassiveResponse(response=answer)
