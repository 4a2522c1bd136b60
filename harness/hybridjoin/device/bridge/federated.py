"""A federated person's way: from Entra's page to the identity provider of her domain, and back by its form."""

from __future__ import annotations

from hybridjoin.device.bridge.console import Console
from hybridjoin.device.bridge.endings import BridgeBuilders, without_windows
from hybridjoin.device.bridge.signing_in import read_arrival
from hybridjoin.device.browser.context import BrowserContext
from hybridjoin.device.browser.entra import SentOn, hand_over, sent_on, to_the_idp
from hybridjoin.device.browser.flow import begin, by_the_idp
from hybridjoin.device.needs import Flow
from hybridjoin.model.flows import BRIDGE
from hybridjoin.model.record import SignInResult
from hybridjoin.model.steps import Step
from hybridjoin.protocol.authorization import AuthorizationResponse
from hybridjoin.protocol.passive import PassiveForm

_WRESULT = BRIDGE.row(Step.WRESULT)


def go_by_the_idp(
    console: Console, browser: BrowserContext, builders: BridgeBuilders, sent: SentOn
) -> Flow[AuthorizationResponse]:
    """Sign in at the identity provider that Entra named, as a browser does, and return what comes to the application.

    The password leaves for that host, or for one that the site file names, and for no other.

    Raises:
        StepFailed: its pages lead nowhere, it refuses the person, or Entra refuses its answer.
    """
    yield from begin(browser, builders.browser)
    with without_windows():
        address = to_the_idp(builders.browser, sent.address, sent.at)
        response = yield from by_the_idp(
            browser, builders.browser, address, lambda form: _bring(console, browser, builders, form)
        )
    builders.browser.keep(result=SignInResult.SIGNED_IN)
    return response


def _bring(
    console: Console, browser: BrowserContext, builders: BridgeBuilders, form: PassiveForm
) -> Flow[AuthorizationResponse | SentOn]:
    """Take the provider's answer to Entra.

    Raises:
        StepFailed: Entra refuses it, or leads somewhere else.
    """
    reply = yield from hand_over(browser, form)
    return read_arrival(_WRESULT, console, builders.own, reply) or sent_on(builders.browser, form, reply)
