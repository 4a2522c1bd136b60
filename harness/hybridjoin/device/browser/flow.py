"""Signing a user in by browser, told once: from the program's request for a code to the user's access token.

It is WS-Federation's passive requestor with a browser that runs no script: ask Entra whose the name is, be redirected
to the IdP, show a ticket or fill in its page, take the form that comes back to Entra, and trade the code that follows.
A form that submits itself is submitted, a redirect is followed, and each hop is an exchange of its own.

Three things leave for one place alone: a ticket for the host that Entra named, a password for the page of that host
(or of one that the site file names), and wresult for Entra's own login.srf.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hybridjoin.device.browser import entra
from hybridjoin.device.browser.answer import take
from hybridjoin.device.browser.context import BrowserBuilder, BrowserContext
from hybridjoin.device.browser.entra import SentOn
from hybridjoin.device.browser.publication import look_up_publication
from hybridjoin.device.browser.visit import visit
from hybridjoin.device.needs import Flow, NewId, Now, ask
from hybridjoin.device.steps.evidence_builder import StepFailed
from hybridjoin.device.steps.failures import keep_failure
from hybridjoin.evidence.browser import BrowserEvidence
from hybridjoin.evidence.sign_in import SignedInUser
from hybridjoin.model.record import SignInResult
from hybridjoin.protocol import names
from hybridjoin.protocol.mex import Credential
from hybridjoin.protocol.oauth import Token
from hybridjoin.protocol.passive import PassiveForm

Brought = TypeVar("Brought")

MOST_ROUNDS = 3


def browse(context: BrowserContext, builder: BrowserBuilder) -> Flow[BrowserEvidence]:
    """Sign the user in, or find out why that cannot be."""
    yield from begin(context, builder)
    try:
        state, address = yield from _set_out(context, builder)
        yield from look_up_publication(context, builder, address)
        yield from _come_back(context, builder, state, address)
    except StepFailed as end:
        keep_failure(builder, end.failure)
    return builder.evidence


def go_through(context: BrowserContext, builder: BrowserBuilder) -> Flow[Token]:
    """Go to the IdP as often as Entra sends the browser there, and back to the program with a code for its token.

    Raises:
        StepFailed: one of them ends it.
    """
    state, address = yield from _set_out(context, builder)
    return (yield from _come_back(context, builder, state, address))


def _set_out(context: BrowserContext, builder: BrowserBuilder) -> Flow[tuple[str, str]]:
    yield from entra.ask_realm(context, builder)
    return (yield from entra.ask_for_a_code(context, builder))


def _come_back(context: BrowserContext, builder: BrowserBuilder, state: str, address: str) -> Flow[Token]:
    code = yield from by_the_idp(context, builder, address, lambda form: entra.bring(context, builder, form, state))
    token = yield from entra.redeem(context, builder, code)
    builder.keep(token=token, result=SignInResult.SIGNED_IN)
    return token


def by_the_idp(
    context: BrowserContext,
    builder: BrowserBuilder,
    address: str,
    bring: Callable[[PassiveForm], Flow[Brought | SentOn]],
) -> Flow[Brought]:
    """Go to the IdP as often as Entra sends the browser there; `bring` takes each answer to Entra.

    Raises:
        StepFailed: the IdP's pages lead nowhere, Entra takes no answer, or none is enough.
    """
    for number in range(1, MOST_ROUNDS + 1):
        form, answered = yield from visit(context, builder, address, number=number)
        yield from take(context, builder, form, answered)
        arrived = yield from bring(form)
        if not isinstance(arrived, SentOn):
            return arrived
        address = arrived.address
    raise StepFailed(entra.sent_round(MOST_ROUNDS))


def begin(context: BrowserContext, builder: BrowserBuilder) -> Flow[None]:
    """Start the evidence with what is known before anybody was asked."""
    request_id = yield from ask(NewId())
    builder.begin(
        BrowserEvidence(
            result=SignInResult.NOT_SIGNED_IN,
            user=SignedInUser(name=context.name, client_id=context.client_id, scope=context.scope),
            credential=Credential.WINDOWS if context.by_ticket else Credential.USERNAME,
            client_request_id=str(request_id),
            started_at=(yield from ask(Now())),
            applies_to=names.MICROSOFT_ONLINE,
            issuer=context.site.idp.issuer,
            signing_certificates=context.site.idp.signing_certificates,
        )
    )
