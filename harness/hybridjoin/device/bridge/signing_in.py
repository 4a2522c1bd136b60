"""The user's part: Entra's page, a name and a password, and what comes back to the application."""

from __future__ import annotations

from hybridjoin.device.bridge.console import Console
from hybridjoin.device.bridge.endings import BridgeBuilder, ended, exchange, reading, refused
from hybridjoin.device.browser.entra import REDIRECTS, SentOn
from hybridjoin.device.needs import Flow, Send
from hybridjoin.model.exchange import HttpReply, HttpRequest
from hybridjoin.model.flows import BRIDGE
from hybridjoin.model.steps import Step, StepRow
from hybridjoin.protocol import authorization, passive
from hybridjoin.protocol.address import leads_to, split_address
from hybridjoin.protocol.authorization import AuthorizationResponse, SignInForm

_PAGE = BRIDGE.row(Step.SIGN_IN_PAGE)
_SIGN_IN = BRIDGE.row(Step.SIGN_IN)
_FORM_TYPE = "application/x-www-form-urlencoded"
_NO_FORM = (
    "let a browser sign in: a page that is a program in JavaScript, as Entra's own is, has no form that could be "
    "filled in here"
)


def ask_for_code(console: Console, builder: BridgeBuilder, url: str) -> Flow[SignInForm | SentOn]:
    """Send the user to Entra, and find the form on its page, or to which identity provider it sends everybody at once.

    Raises:
        StepFailed: Entra refuses, on its page or to the application; or there is no such form.
    """
    reply = yield from exchange(Send(request=HttpRequest(method="GET", url=url), at=_PAGE))
    with reading(builder, _PAGE, remedy=_NO_FORM):
        form = authorization.read_form(reply, url=url)
        if form is None:
            _refuse(_PAGE, console, reply)
    if form is None and reply.status in REDIRECTS:
        return _led_on(_PAGE, url, reply)
    if form is None:
        raise ended(_PAGE, f"HTTP {reply.status}: the page asks for no name and password in a form", remedy=_NO_FORM)
    if split_address(form.action).netloc != split_address(url).netloc:
        reason = f"the page's form goes to another host: {split_address(form.action).hostname}"
        raise ended(_PAGE, reason, remedy="look who answers in Entra's place; no password was sent")
    builder.keep(form=form)
    return form


def fill_in(console: Console, builder: BridgeBuilder, form: SignInForm) -> Flow[AuthorizationResponse | SentOn]:
    """Send name and password, and read what goes to the application, or to which identity provider the user is sent.

    Raises:
        StepFailed: Entra refuses, or leads somewhere else.
    """
    body = form.filled(console.credentials.name, console.credentials.password)
    request = HttpRequest(method="POST", url=form.action, headers=(("Content-Type", _FORM_TYPE),), body=body)
    reply = yield from exchange(Send(request=request, at=_SIGN_IN))
    return read_arrival(_SIGN_IN, console, builder, reply) or _led_on(_SIGN_IN, form.action, reply)


def read_arrival(
    at: StepRow, console: Console, builder: BridgeBuilder, reply: HttpReply
) -> AuthorizationResponse | None:
    """Read what goes to the application; None where nothing does, and nobody was refused.

    Raises:
        StepFailed: Entra refuses, or the answer is none to this request.
    """
    party = console.relying_party
    with reading(builder, at, remedy="look what really answered"):
        answer = authorization.read_answer(reply, redirect_uri=party.redirect_uri)
        if answer is None:
            _refuse(at, console, reply)
    target, fields = answer or ("", ())
    error = authorization.refusal_of(fields, http_status=reply.status)
    if error is not None:
        raise refused(at, error)
    said = dict(fields)
    if not said.get("code"):
        return None
    response = AuthorizationResponse(code=said["code"], state=said.get("state", ""), target=target)
    builder.keep(response=response)
    asked = builder.evidence.asked
    if target != party.redirect_uri or asked is None or response.state != asked.state:
        reason = "the answer belongs to another request: its address or its state is not the one that was sent"
        raise ended(at, reason, remedy="take no such code; look who stands between Entra and the bridge")
    return response


def _refuse(at: StepRow, console: Console, reply: HttpReply) -> None:
    """Raise what Entra refused with: told to the application, or shown to the user."""
    answer = authorization.read_answer(reply, redirect_uri=console.relying_party.redirect_uri)
    error = authorization.refusal_of(answer[1], http_status=reply.status) if answer else None
    error = error or authorization.refusal_shown(reply)
    if error is not None:
        raise refused(at, error)


def _led_on(at: StepRow, url: str, reply: HttpReply) -> SentOn:
    """Return where Entra sends a federated person on to.

    Raises:
        StepFailed: it sends nobody on, or to what is no identity provider of WS-Federation.
    """
    if reply.status not in REDIRECTS:
        raise ended(at, f"HTTP {reply.status}: neither a code nor a refusal came", remedy="look at the page itself")
    target = leads_to(url, reply.header("location") or "")
    if passive.read_request(target).value("wa") == passive.SIGN_IN:
        return SentOn(address=target, at=at)
    where = split_address(target).hostname or "nowhere"
    reason = f"Entra sends the user on to {where}, by an address that asks for no sign-in of WS-Federation (wa)"
    remedy = "sign such a person in by a browser: a domain that is federated by SAML 2.0 is not followed here"
    raise ended(at, reason, remedy=remedy)
